"""Where code is kept: the web addresses of a text, and which of them lead to code.

Authors write addresses in every way: with and without scheme, in \\url{}, with a full stop after them. What is no
address of a known host needs its scheme, since "a.b/c" alone may be a fraction.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from broadsheet.tex.prose import addresses as spans

CODE = ("github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "git.sr.ht", "gitee.com", "sourceforge.net")
_BARE = re.compile(
    r"(?<![\w@/.:-])(?:www\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|huggingface\.co)"
    r"/[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*"
)


def web_addresses(text: str) -> list[str]:
    """The web addresses in plain text, in order; those of code hosts also where the scheme is left out."""
    found = [(start, text[start:end]) for start, end in spans(text)]
    found += [(match.start(), "https://" + match[0].rstrip(".")) for match in _BARE.finditer(text)]
    return [address for _, address in sorted(found)]


def host(address: str) -> str:
    """The host of a web address without "www."; "" where it has none."""
    try:
        return (urlsplit(address.strip()).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def leads_to_code(address: str) -> bool:
    """Whether an address is somebody's place on a code host, and not the host's front page."""
    if host(address) not in CODE:
        return False
    return bool(urlsplit(address.strip()).path.strip("/"))


def _names_a_host(low: str) -> bool:
    return any(name in low for name in CODE)


def has_code(links: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether one of the links, or an address in one of the plain texts, leads to code."""
    if any(map(leads_to_code, links)):
        return True
    # Most texts name no host, and that is quickly seen: an address that leads to code has a path.
    named = (text for text in texts if "/" in text and _names_a_host(text.lower()))
    return any(leads_to_code(address) for text in named for address in web_addresses(text))
