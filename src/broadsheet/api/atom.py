"""arXiv's Atom: a feed of papers, and the feed that says what was wrong, element by element in arXiv's order.

Programs read this with regular expressions and with parsers older than they are, so the little things count: `id` is
arXiv's http address with the version, the PDF's link has the title "pdf", times are whole seconds with a Z. A paper
that arXiv does not have keeps our own address as its id. At arXiv every paper has a category and an author, and
programs take the first without looking: where none is known here, an empty one stands. Written with lxml: feedgen drops
what links are for (https://github.com/lkiesow/python-feedgen/issues/135).
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from lxml import etree

from broadsheet import ids, tex
from broadsheet.types import Author, Paper

ATOM = "http://www.w3.org/2005/Atom"
ARXIV = "http://arxiv.org/schemas/atom"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
MEDIA = "application/atom+xml; charset=utf-8"
_NAMES = {None: ATOM, "arxiv": ARXIV, "opensearch": OPENSEARCH}
_NEVER = "1970-01-01T00:00:00Z"  # of a paper without any date: clients need one


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself: what was asked, when it was answered, and which stretch of how many it is."""

    asked: str
    at: str
    base: str
    total: int
    start: int
    size: int


def feed(feed: Feed, papers: Sequence[tuple[Paper, int]]) -> bytes:
    """A feed of papers, each with the version that was asked for; 0 is the newest."""
    root = _opened(feed)
    for paper, version in papers:
        _entry(root, paper, version, feed.base)
    return _written(root)


def error(feed: Feed, message: str, kind: str) -> bytes:
    """A feed of one entry that says what was wrong with the question."""
    root = _opened(feed)
    entry = _add(root, ATOM, "entry")
    _add(entry, ATOM, "id", f"https://arxiv.org/api/errors#{kind}")
    _add(entry, ATOM, "title", "Error")
    _add(entry, ATOM, "updated", feed.at)
    _add(entry, ATOM, "link", href=f"https://arxiv.org/api/errors#{kind}", rel="alternate", type="text/html")
    _add(entry, ATOM, "summary", message)
    _add(_add(entry, ATOM, "author"), ATOM, "name", "arXiv api core")
    return _written(root)


def published(paper: Paper) -> str:
    """When the first version came in: the instant where it is known, else the beginning of the day."""
    return _instant(paper.submitted or paper.published or paper.day)


def updated(paper: Paper) -> str:
    """When the newest version came in, as far as it is known."""
    return _instant(paper.updated or paper.submitted or paper.published or paper.day)


def _opened(feed: Feed) -> etree._Element:
    digest = base64.b64encode(hashlib.sha1(feed.asked.encode("utf-8", "replace"), usedforsecurity=False).digest())
    root = etree.Element(f"{{{ATOM}}}feed", nsmap=_NAMES)  # type: ignore[arg-type]  # the stubs know no default namespace
    _add(root, ATOM, "id", f"https://arxiv.org/api/{digest.decode()[:27]}")
    _add(root, ATOM, "title", f"arXiv Query: {feed.asked}")
    _add(root, ATOM, "updated", feed.at)
    _add(root, ATOM, "link", href=f"{feed.base}api/query?{quote(feed.asked, safe='=&')}", type="application/atom+xml")
    _add(root, OPENSEARCH, "itemsPerPage", str(feed.size))
    _add(root, OPENSEARCH, "totalResults", str(feed.total))
    _add(root, OPENSEARCH, "startIndex", str(feed.start))
    return root


def _entry(root: etree._Element, paper: Paper, version: int, base: str) -> None:
    entry = _add(root, ATOM, "entry")
    here = f"{base}papers/{quote(paper.id, safe='/:')}"
    arxiv = paper.arxiv_id
    last = max((one.number for one in paper.versions), default=1)
    number = version if 0 < version <= last else last
    address = f"http://arxiv.org/abs/{arxiv}v{number}" if arxiv else here
    _add(entry, ATOM, "id", address)
    _add(entry, ATOM, "title", " ".join(paper.title.split()))
    _add(entry, ATOM, "updated", _updated(paper, number))
    _add(entry, ATOM, "link", href=address.replace("http://arxiv", "https://arxiv"), rel="alternate", type="text/html")
    if arxiv:
        pdf = f"https://arxiv.org/pdf/{arxiv}v{number}"
        _add(entry, ATOM, "link", href=pdf, rel="related", type="application/pdf", title="pdf")
        _add(entry, ATOM, "link", href=here, rel="related", type="text/html", title="broadsheet")
    if doi := paper.doi:
        address = f"https://doi.org/{quote(doi, safe='/:;()._-')}"
        _add(entry, ATOM, "link", href=address, rel="related", title="doi")
    _add(entry, ATOM, "summary", (paper.abstract or paper.summary or "").strip())
    categories = paper.categories or ("",)
    for category in categories:
        _add(entry, ATOM, "category", term=category, scheme=ARXIV)
    _add(entry, ATOM, "published", published(paper))
    if paper.comment:
        _add(entry, ARXIV, "comment", " ".join(paper.comment.split()))
    _add(entry, ARXIV, "primary_category", term=categories[0])
    if paper.journal_ref:
        _add(entry, ARXIV, "journal_ref", " ".join(paper.journal_ref.split()))
    if doi:
        _add(entry, ARXIV, "doi", doi)
    for one in paper.authors or (Author(""),):
        author = _add(entry, ATOM, "author")
        _add(author, ATOM, "name", " ".join(one.name.split()))
        if one.affiliation:
            _add(author, ARXIV, "affiliation", " ".join(one.affiliation.split()))


def _updated(paper: Paper, number: int) -> str:
    """When this version came in; the first is the paper itself."""
    if number == 1:
        return published(paper)
    created = {one.number: one.created for one in paper.versions}.get(number)
    return _instant(created) if created else updated(paper)


def _instant(text: str | None) -> str:
    if not text:
        return _NEVER
    return text if "T" in text else f"{ids.first_day(text)}T00:00:00Z"


def _add(parent: etree._Element, space: str, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{space}}}{name}", {key: _safe(one) for key, one in attributes.items()})
    if text is not None:
        element.text = _safe(text)
    return element


def _safe(text: str) -> str:
    """The text without what XML cannot hold."""
    return tex.for_xml(text)


def _written(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
