"""Where a channel leads: what people type for each service, and what of it may be shown.

What is typed is words between spaces: an address of the web, and where a service needs them a token and a room. Only
what has the shape that a service gives out is taken, and it is put together anew from its parts, so that nothing else
(an option that switches off the check of certificates, say) comes along.
"""

import re
import socket
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, ip_address
from types import MappingProxyType
from urllib.parse import parse_qsl, quote, urlencode

import httpx2

from broadsheet.errors import Refused
from broadsheet.fetching.addresses import is_public

WEBHOOK = "webhook"
_LONGEST = 2_000  # characters
# Names that no public registry gives out (RFC 6761, 6762, 8375; ICANN's .internal), and those without a dot.
_INSIDE = re.compile(r"(?:.+\.)?(?:localhost|local|internal|home\.arpa)\.?|[^.]+\.?")
_SHOWN = 3  # last letters of a secret that tell two channels apart


@dataclass(frozen=True, slots=True)
class Destination:
    """A place that something can be sent to.

    `address` is what was typed, in its normal form; `plugin` the address that apprise knows it by, empty for a webhook.
    Both may hold secrets, and so they are not in its repr. `shown` is what may be shown of it, and `host` whom it asks.
    """

    kind: str
    host: str
    shown: str
    address: str = field(repr=False)
    plugin: str = field(repr=False, default="")


def parsed(kind: str, text: str, *, inside: Collection[str] = ()) -> Destination:
    """A place, from what somebody typed. `inside` are hosts that may be asked in a private network, and without TLS.

    Raises Refused, which says what the address of such a service looks like and repeats nothing of a secret.
    """
    if kind not in _READERS:
        raise Refused(f"There is no service {kind[:40]!r}; there are {', '.join(KINDS)}.")
    words = text.split()
    if not words or len(text) > _LONGEST or any(not word.isprintable() for word in words):
        raise Refused(f"An address is missing. {KINDS[kind]}")
    found = _READERS[kind](words, frozenset(host.lower() for host in inside))
    if found is None:
        raise Refused(f"This is no address of this service. {KINDS[kind]}")
    return found


def _slack(words: list[str], _: frozenset[str]) -> Destination | None:
    found = re.fullmatch(r"https://hooks\.slack\.com/services/(T\w+)/(B\w+)/(\w{20,})/?", words[0], re.ASCII)
    if found is None or len(words) > 1:
        return None
    team, hook, secret = found.groups()
    address = f"https://hooks.slack.com/services/{team}/{hook}/{secret}"
    plugin = f"slack://{team}/{hook}/{secret}/?image=no&footer=no&timestamp=no"
    return Destination("slack", "hooks.slack.com", f"hooks.slack.com, {team}, {_end(secret)}", address, plugin)


def _discord(words: list[str], _: frozenset[str]) -> Destination | None:
    shape = r"https://(?:\w+\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/(\d{5,30})/([\w-]{20,})/?"
    found = re.fullmatch(shape, words[0], re.ASCII)
    if found is None or len(words) > 1:
        return None
    number, secret = found.groups()
    address = f"https://discord.com/api/webhooks/{number}/{secret}"
    plugin = f"discord://{number}/{secret}/?image=no&footer=no&avatar=no"
    return Destination("discord", "discord.com", f"discord.com, {number}, {_end(secret)}", address, plugin)


def _teams(words: list[str], _: frozenset[str]) -> Destination | None:
    shape = (
        r"https://([\w.-]+\.(?:logic\.azure\.com|api\.powerplatform\.com))(?::443)?"
        r"(/powerautomate/automations/direct)?/workflows/(\w+)/triggers/[\w-]+/paths/invoke/?\?(.+)"
    )
    found = re.fullmatch(shape, words[0], re.ASCII)
    if found is None or len(words) > 1:
        return None
    host, automate, workflow, query = found.groups()
    given = dict(parse_qsl(query))
    if not re.fullmatch(r"[\w-]{10,200}", given.get("sig", ""), re.ASCII):
        return None
    kept = {name: given[name] for name in ("api-version", "sp", "sv", "sig") if name in given}
    way = f"{automate or ''}/workflows/{workflow}/triggers/manual/paths/invoke"
    address = f"https://{host}:443{way}?{urlencode(kept)}"
    options = {"image": "no", "pa": "yes" if automate else "no", "ver": kept.get("api-version", "")}
    options = {name: value for name, value in options.items() if value}
    plugin = f"workflow://{host}:443/{workflow}/{quote(kept['sig'], safe='')}/?{urlencode(options)}"
    return Destination("teams", host, f"{host}, {_end(kept['sig'])}", address, plugin)


def _telegram(words: list[str], _: frozenset[str]) -> Destination | None:
    if len(words) != 2:
        return None
    token, chat = words
    if not re.fullmatch(r"\d{5,20}:[\w-]{20,80}", token, re.ASCII):
        return None
    if not re.fullmatch(r"-?\d{1,20}|@[A-Za-z]\w{3,40}", chat, re.ASCII):
        return None
    plugin = f"tgram://{token}/{chat}/?image=no&preview=no&detect=no"
    shown = f"{chat}, by the bot {token.partition(':')[0]}"
    return Destination("telegram", "api.telegram.org", shown, f"{token} {chat}", plugin)


def _matrix(words: list[str], inside: frozenset[str]) -> Destination | None:
    if len(words) != 3:
        return None
    server, token, room = words
    url = _web(server, inside)
    if url is None or url.path != "/" or url.query or not re.fullmatch(r"[\w.~=-]{8,300}", token, re.ASCII):
        return None
    if not re.fullmatch(r"[!#][^\s/?&:]{1,200}(?::[\w.:-]+)?", room, re.ASCII):
        return None
    address = f"{url.scheme}://{_netloc(url)} {token} {room}"
    scheme = "matrixs" if url.scheme == "https" else "matrix"
    options = "image=no&format=html&e2ee=no&hsreq=no"
    plugin = f"{scheme}://{quote(token, safe='')}@{_netloc(url)}/{quote(room, safe='')}?{options}"
    return Destination("matrix", url.host, f"{room} at {url.host}", address, plugin)


def _ntfy(words: list[str], inside: frozenset[str]) -> Destination | None:
    if len(words) > 2:
        return None
    url = _web(words[0], inside)
    topic = url.path.strip("/") if url is not None else ""
    if url is None or url.query or not re.fullmatch(r"[\w-]{1,64}", topic, re.ASCII):
        return None
    token = words[1] if len(words) > 1 else ""
    if token and not re.fullmatch(r"tk_\w{10,60}", token, re.ASCII):
        return None
    address = " ".join(filter(None, [f"{url.scheme}://{_netloc(url)}/{topic}", token]))
    scheme, by = "ntfys" if url.scheme == "https" else "ntfy", f"{token}@" if token else ""
    options = {"mode": "private", "image": "no", **({"auth": "token"} if token else {})}
    plugin = f"{scheme}://{by}{_netloc(url)}/{topic}?{urlencode(options)}"
    # Who knows a topic reads it, and writes to it.
    return Destination("ntfy", url.host, f"{url.host}, topic {_end(topic)}", address, plugin)


def _webhook(words: list[str], inside: frozenset[str]) -> Destination | None:
    url = _web(words[0], inside) if len(words) == 1 else None
    if url is None:
        return None
    address = str(url.copy_with(fragment=None))
    tail = url.path.strip("/") + (f"?{url.query.decode('ascii')}" if url.query else "")
    return Destination(WEBHOOK, url.host, f"{_netloc(url)}{f', {_end(tail)}' if tail else ''}", address)


def _web(text: str, inside: frozenset[str]) -> httpx2.URL | None:
    """An address with TLS, or of a host that may be asked inside; None for all else. Raises Refused for one inside."""
    try:
        url = httpx2.URL(text)
    except (httpx2.InvalidURL, ValueError):
        return None
    named = url.host.lower() in inside
    fits = url.scheme == "https" or (url.scheme == "http" and named)
    if not fits or not url.raw_host or url.userinfo:
        return None
    if not named and _is_inside(url.raw_host.decode("ascii")):
        raise Refused(
            f"{url.host[:100]} is inside a private network, and is not asked from here. If it is meant, whoever runs"
            " this place can name it in the setting channel_hosts."
        )
    return url


def _is_inside(host: str) -> bool:
    """Whether a host is inside a private network by what it is called.

    A name that looks public may lead there too: that is seen at each connection (`fetching`).
    """
    try:
        address = ip_address(host)
    except ValueError:
        try:
            address = IPv4Address(socket.inet_aton(host))  # "127.1", "0x7f000001": resolvers read them as addresses
        except OSError:
            return _INSIDE.fullmatch(host.lower()) is not None
    return not is_public(address)


def _netloc(url: httpx2.URL) -> str:
    return url.netloc.decode("ascii")


def _end(secret: str) -> str:
    """The end of a secret: enough to tell two of them apart, and of a short one nothing."""
    return f"…{secret[-_SHOWN:]}" if len(secret) >= 4 * _SHOWN else "…"


KINDS: Mapping[str, str] = MappingProxyType(
    {
        "slack": "Slack gives a webhook an address like https://hooks.slack.com/services/T…/B…/….",
        "discord": "Discord gives a webhook an address like https://discord.com/api/webhooks/…/….",
        "teams": (
            "Teams gives a workflow an address like https://….logic.azure.com/workflows/…/triggers/manual/paths/"
            "invoke?…&sig=…."
        ),
        "telegram": "Type the bot's token, a space and the chat: 123456:ABC… -1001234567890, or @channelname.",
        "matrix": "Type the server, the access token and the room: https://matrix.example.org syt_… !room:example.org.",
        "ntfy": "Type the topic's address, and its token if it has one: https://ntfy.example.org/papers tk_….",
        "webhook": "Type an address that begins with https://.",
    }
)
"""The services, and what an address of each looks like."""

_READERS: Mapping[str, Callable[[list[str], frozenset[str]], Destination | None]] = MappingProxyType(
    {
        "slack": _slack,
        "discord": _discord,
        "teams": _teams,
        "telegram": _telegram,
        "matrix": _matrix,
        "ntfy": _ntfy,
        WEBHOOK: _webhook,
    }
)
