"""What a setting's value must be: each check returns what is wrong with it, or an empty string."""

import re
from collections.abc import Callable

from broadsheet import ids

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

OTHERS = ("arxiv-query", "feeds")
"""Sources that are asked for something in particular only, or are many."""

_ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s]*", re.ASCII)
_CONTACT = re.compile(r"[^\s()<>@]+@[^\s()<>@]+|https?://[^\s()<>]+", re.ASCII)
_NO_ADDRESS = "an address begins with http:// or https://"


def from_to(least: int, most: int) -> Callable[[object], str]:
    """A check for numbers of a range."""
    return lambda value: "" if isinstance(value, int) and least <= value <= most else f"it goes from {least} to {most}"


def address(value: object) -> str:
    """An address of the web, or nothing."""
    return "" if not value or _ADDRESS.fullmatch(str(value)) else _NO_ADDRESS


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
