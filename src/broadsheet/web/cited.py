"""What a paper cites, and what cites it, in the words of its page."""

from urllib.parse import quote

from broadsheet import said, tex
from broadsheet.library import Library
from broadsheet.types import Citations, Identifier
from broadsheet.web import cards
from broadsheet.web.contexts import Link
from broadsheet.web.contexts.reading import CitedRow, CitedSide

PAPERS, WORKS = 10, 12  # on a side of a page
TITLE = 160  # characters
_LOOKED_AT = 2_000  # characters of a title
_ADDRESSES = {
    "arxiv": "https://arxiv.org/abs/{}",
    "doi": "https://doi.org/{}",
    "acl": "https://aclanthology.org/{}/",
    "openreview": "https://openreview.net/forum?id={}",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/{}/",
    "s2": "https://www.semanticscholar.org/paper/{}",
    "openalex": "https://openalex.org/{}",
}


def sides(library: Library, key: str) -> list[CitedSide]:
    """Both sides of a paper, each where there is something on it."""
    both = [("Cites", True), ("Cited by", False)]
    found = [(label, library.citations(key, cites=cites, limit=PAPERS)) for label, cites in both]
    return [_side(label, one) for label, one in found if one.papers or one.works]


def _side(label: str, found: Citations) -> CitedSide:
    here = [
        CitedRow(Link(cards.path(paper.id), _title(paper.title)), said.day(paper.published or paper.day or ""))
        for paper in found.papers[:PAPERS]
    ]
    titled = [work for work in found.works if work.title][:WORKS]
    elsewhere = [CitedRow(Link(_address(work.identifier), _title(work.title)), work.year) for work in titled]
    left = found.total - len(here) - len(elsewhere)
    more = f"and {left:,} more" if left > 0 else ""
    return CitedSide(label, here, elsewhere, more)


def _title(text: str) -> str:
    words = tex.plain(text[:_LOOKED_AT])
    return words if len(words) <= TITLE else words[: TITLE - 1].rsplit(" ", 1)[0].rstrip(",;") + " …"


def _address(name: Identifier) -> str:
    return _ADDRESSES[name.scheme].format(quote(name.value, safe="/:;()._-"))
