"""What a setting's value must be: each check returns what is wrong with it, or an empty string."""

import ipaddress
import re
from collections.abc import Callable

from broadsheet import ids
from broadsheet.ids import people

SOURCES = (
    "arxiv",
    "arxiv-raw",
    "arxiv-listing",
    "arxiv-feed",
    "hf-daily",
    "openalex",
    "crossref",
    "semanticscholar",
    "github",
    "zotero",
)
"""The sources that can be asked on schedule, in the order in which they are asked."""

OTHERS = ("arxiv-query", "feeds", "llm", "websub")
"""Sources that are asked for something in particular only, or are many; the language model; the hub of our feeds."""

_ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s]*", re.ASCII)
_CONTACT = re.compile(r"[^\s()<>@]+@[^\s()<>@]+|https?://[^\s()<>]+", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9a-fA-F:]*:[0-9a-fA-F:.]*", re.ASCII)
_NO_ADDRESS = "an address begins with http:// or https://"


def from_to(least: int, most: int) -> Callable[[object], str]:
    """A check for numbers of a range."""
    return lambda value: "" if isinstance(value, int) and least <= value <= most else f"it goes from {least} to {most}"


def address(value: object) -> str:
    """An address of the web, or nothing."""
    return "" if not value or _ADDRESS.fullmatch(str(value)) else _NO_ADDRESS


def base_address_or_nothing(value: object) -> str:
    """As `base_address`, or nothing."""
    return base_address(value) if value else ""


def base_address(value: object) -> str:
    """An address to which parts and parameters are added."""
    if not _ADDRESS.fullmatch(str(value)):
        return _NO_ADDRESS
    return "it must be without parameters (? and #)" if {"?", "#"} & set(str(value)) else ""


def addresses(value: object) -> str:
    """Addresses of the web."""
    wrong = [word for word in _words(value) if not _ADDRESS.fullmatch(word)]
    return f"{_NO_ADDRESS}, which {wrong[0]!r} does not" if wrong else ""


def contact(value: object) -> str:
    """An e-mail address or an address of the web, fit for a header field."""
    if not value or _CONTACT.fullmatch(str(value)):
        return ""
    return "it must be an e-mail address (you@example.org) or a web address (https://example.org/us)"


def email(value: object) -> str:
    """An e-mail address, or nothing."""
    return "" if not value or people.email(str(value)) else "it must be an e-mail address (papers@example.org)"


def host(value: object) -> str:
    """A name or an address of a machine, or nothing."""
    return "" if not value or _HOST.fullmatch(str(value)) else "it must be the name of a machine (smtp.example.org)"


def hosts(value: object) -> str:
    """Names or addresses of machines."""
    wrong = [word for word in _words(value) if not _HOST.fullmatch(word)]
    return f"{wrong[0]!r} is no name of a machine; one is written like chat.internal or 10.0.0.7" if wrong else ""


def access(value: object) -> str:
    """Who may have an account."""
    return "" if value in ("", "open", "invite", "single") else "it must be open, invite or single, or empty"


def mail_security(value: object) -> str:
    """How a connection to a mail server is kept secret."""
    return "" if value in ("tls", "starttls", "none") else "it must be tls, starttls or none"


def label(value: object) -> str:
    """A name in the DNS, of one part or several."""
    return (
        ""
        if re.fullmatch(r"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*", str(value))
        else ("it must be a name in the DNS, as broadsheet")
    )


def doubtful(value: object) -> str:
    """What is done with letters of which nobody knows whether they arrived."""
    return "" if value in ("send", "hold") else "it must be send or hold"


def networks(value: object) -> str:
    """Addresses on the network, or networks of them."""
    for word in _words(value):
        try:
            ipaddress.ip_network(word)
        except ValueError:
            return f"{word!r} is no address on the network (127.0.0.1) and no network (10.0.0.0/8)"
    return ""


def domains(value: object) -> str:
    """Domains of e-mail addresses."""
    wrong = [word for word in _words(value) if people.email(f"a@{word}") is None]
    return f"{wrong[0]!r} is no domain of e-mail addresses; one is written like example.edu" if wrong else ""


def categories(value: object) -> str:
    """Categories of arXiv."""
    wrong = [word for word in _words(value) if ids.category(word) is None]
    return f"{wrong[0]!r} is no category of arXiv; one is written like cs.LG or hep-th" if wrong else ""


def sources(value: object) -> str:
    """Names of sources that run on schedule."""
    return _of(SOURCES, value)


def private_sources(value: object) -> str:
    """Names of any sources."""
    return _of((*SOURCES, *OTHERS), value)


def _of(known: tuple[str, ...], value: object) -> str:
    wrong = [word for word in _words(value) if word not in known]
    return f"there is no source {wrong[0]!r}; there are {', '.join(known)}" if wrong else ""


def _words(value: object) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
