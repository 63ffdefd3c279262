"""Code and project pages found in a paper: among its links and in its text.

Only http and https pass; `tex.hosts` tells what in a text is an address, and which hosts keep code.
"""

import re
from urllib.parse import quote, urlsplit

from broadsheet import ids, tex
from broadsheet.tex.hosts import CODE
from broadsheet.types import Paper
from broadsheet.web.contexts import Link

MOST = 12  # links of one paper

_DATA = ("huggingface.co", "zenodo.org", "kaggle.com", "figshare.com", "osf.io")
_OURS = ("arxiv.org", "doi.org", "dx.doi.org")  # shown from the identifiers already
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")


def identifiers(paper: Paper) -> list[Link]:
    """Where a paper itself is: abstract, PDF, publisher."""
    links = []
    if arxiv := paper.arxiv_id:
        links += [
            Link(f"https://arxiv.org/abs/{quote(arxiv)}", "arXiv abstract"),
            Link(f"https://arxiv.org/pdf/{quote(arxiv)}", "PDF"),
        ]
    for scheme, value in paper.identifiers:
        if scheme == "doi":
            links.append(Link(_doi(value), "DOI"))
        elif scheme == "acl":
            links.append(Link(f"https://aclanthology.org/{quote(value)}/", "ACL Anthology"))
        elif scheme == "openreview":
            links.append(Link(f"https://openreview.net/forum?id={quote(value, safe='')}", "OpenReview"))
    return links


def elsewhere(text: str) -> list[Link]:
    """Where a paper that is not here may be: its identifier at the place that gave it."""
    if arxiv := ids.arxiv(text):
        return [Link(f"https://arxiv.org/abs/{quote(arxiv[0])}", f"Look for {arxiv[0]} on arXiv")]
    if doi := ids.doi(text):
        return [Link(_doi(doi), f"Look for {doi} at its publisher")]
    return []


def found(paper: Paper) -> list[Link]:
    """Code, data and project pages: those a source names, then those in the abstract and the comment."""
    texts = [tex.plain(text) for text in (paper.abstract, paper.comment) if text]
    seen: dict[str, Link] = {}
    for address in (*paper.links, *(address for text in texts for address in tex.web_addresses(text))):
        link = _link(address)
        if link and len(seen) < MOST:
            seen.setdefault(_same(link.href), link)
    return list(seen.values())


def _link(address: str) -> Link | None:
    """The address as a link with words for it; None where it is not on the web or leads back to the paper."""
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").removeprefix("www.")
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host) or host in _OURS or "@" in parts.netloc:
        return None
    path = parts.path.rstrip("/").removesuffix(".git")
    if (host in CODE or host == "huggingface.co") and path.count("/") < 1:
        return None
    netloc = parts.netloc if port else parts.netloc.removesuffix(":")
    href = f"{parts.scheme}://{netloc}{quote(parts.path, safe='/%:@!$&()*+,;=~._-')}"
    href += f"?{quote(parts.query, safe='/%:@!$&()*+,;=~._-?')}" if parts.query else ""
    href += f"#{quote(parts.fragment, safe='/%:@!$&()*+,;=~._-?')}" if parts.fragment else ""
    kind = "Code" if host in CODE else "Data and models" if host in _DATA else "Project"
    return Link(href, f"{kind}: {_short(host + path)}")


def _doi(value: str) -> str:
    return f"https://doi.org/{quote(value, safe='/:;()._-')}"


def _same(href: str) -> str:
    parts = urlsplit(href)
    path = parts.path.rstrip("/").removesuffix(".git")
    return f"{(parts.hostname or '').removeprefix('www.')}{path}?{parts.query}".lower()


def _short(text: str) -> str:
    for prefix in CODE:
        text = text.removeprefix(f"{prefix}/")
    return text if len(text) <= 60 else text[:58] + "…"
