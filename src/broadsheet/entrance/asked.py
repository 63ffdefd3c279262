"""What a request says of its sender: from where, to which host, through which proxy, and with what in its hand.

Nothing of it is believed but the peer's own address; what a proxy adds is believed of proxies that are named.
"""

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from starlette.types import Scope

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORWARDED = frozenset({b"forwarded", b"x-real-ip"})  # and all that begin with "x-forwarded"
_PORT = re.compile(r":\d{1,5}$")
_MOST_HOPS = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A request's sender as far as the request tells.

    `client` is the address on the network, `peer` whether it is this machine itself. `host` is the name that was asked
    for with its port, `forwarded` whether anything speaks of a proxy. `elsewhere`: a page of another site sends this.
    """

    client: str
    loopback: bool
    host: str
    secure: bool
    forwarded: bool
    elsewhere: bool
    safe: bool
    cookies: str
    token: str

    @classmethod
    def of(cls, scope: Scope, proxies: Sequence[Network], address: str) -> Self:
        """Reads a request. `address` is the public one of this site: who asks for its host came by its scheme."""
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            joint = b"; " if name == b"cookie" else b", "
            headers[name] = headers[name] + joint + value if name in headers else value
        peer = str((scope.get("client") or ("", 0))[0])
        host = headers.get(b"host", b"").decode("latin-1").strip().lower()
        scheme = str(scope.get("scheme", "http"))
        client = peer
        if _among(peer, proxies):
            client = _client(headers.get(b"x-forwarded-for", b"").decode("latin-1"), peer, proxies)
            said = headers.get(b"x-forwarded-proto", b"").decode("latin-1").strip().lower()
            scheme = said if said in ("http", "https") else scheme
        public = urlsplit(address)
        if public.netloc and public.netloc.lower() == host:
            scheme = public.scheme
        kind, _, token = headers.get(b"authorization", b"").decode("latin-1").strip().partition(" ")
        return cls(
            client=client,
            loopback=is_loopback(peer),
            host=host,
            secure=scheme == "https",
            forwarded=any(name in _FORWARDED or name.startswith(b"x-forwarded") for name in headers),
            elsewhere=_elsewhere(headers, host, scope["method"], public.netloc.lower()),
            safe=scope["method"] in SAFE,
            cookies=headers.get(b"cookie", b"").decode("latin-1"),
            token=token.strip() if kind.lower() == "bearer" else "",
        )

    @property
    def of_this_machine(self) -> bool:
        """Whether somebody at this machine asks for this machine by its own name, with nothing between."""
        name = _PORT.sub("", self.host).strip("[]")
        return self.loopback and not self.forwarded and (name == "localhost" or is_loopback(name))


def networks(words: Sequence[str]) -> tuple[Network, ...]:
    """Addresses and networks as they are written: "10.0.0.7", "fd00::/8". Raises ValueError for what is neither."""
    return tuple(ipaddress.ip_network(word, strict=False) for word in words)


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own."""
    address = _parsed(host)
    return address is not None and address.is_loopback


def household(client: str) -> str:
    """What counts as one sender: an IPv4 address, or the /64 network that one household or machine has of IPv6."""
    address = _parsed(client)
    if address is None or address.version == 4:
        return client
    return str(ipaddress.ip_network((int(address), 64), strict=False))


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    # What listens on :: sees IPv4 peers as ::ffff:127.0.0.1.
    return getattr(address, "ipv4_mapped", None) or address


def _among(host: str, proxies: Sequence[Network]) -> bool:
    address = _parsed(host)
    return address is not None and any(address in network for network in proxies)


def _client(said: str, peer: str, proxies: Sequence[Network]) -> str:
    """The last address in X-Forwarded-For that is no proxy of ours: those before it are only claimed."""
    for hop in reversed([hop.strip() for hop in said.split(",")][-_MOST_HOPS:]):
        address = _parsed(_PORT.sub("", hop).strip("[]") if hop.count(":") <= 1 or "]" in hop else hop)
        if address is None:
            return peer
        if not _among(str(address), proxies):
            return str(address)
    return peer


def _elsewhere(headers: dict[bytes, bytes], host: str, method: str, public: str) -> bool:
    """Whether a page of another site sends this, and not by a link that somebody follows.

    Browsers say so by themselves; older ones say the page's origin. A program says neither.
    """
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        followed = method in SAFE and headers.get(b"sec-fetch-mode") == b"navigate"
        return site not in (b"same-origin", b"none") and not followed
    origin = headers.get(b"origin")
    if origin is None:
        return False
    said = origin.decode("latin-1").lower()
    return said == "null" or "://" not in said or said.partition("://")[2] not in {host, public} - {""}
