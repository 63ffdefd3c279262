"""What of a paper a reference tells: where it appeared, when, under which names, and the key it is cited by."""

# ruff: noqa: SIM905 - tables of words read best as words
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from broadsheet import ids, tex
from broadsheet.citing.names import split
from broadsheet.types import Paper

Kind = Literal["preprint", "article", "conference"]

_MEETING = re.compile(
    r"proceedings|proc\.|conference|symposium|workshop|congress|annual meeting|findings of|"
    r"advances in neural information|"
    r"\b(?:AAAI|ACL|AISTATS|COLING|COLM|COLT|CVPR|EACL|ECCV|EMNLP|ICASSP|ICCV|ICLR|ICML|ICRA|IJCAI|INTERSPEECH|IROS|"
    r"KDD|MICCAI|NAACL|NeurIPS|NIPS|SIGGRAPH|SIGIR|UAI|WACV|WWW)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_SKIPPED = frozenset(
    "a an and are as at by can do does for from how in into is it its of on or over the through to toward towards "
    "under using via we what when where which who why with without".split()
)


@dataclass(frozen=True, slots=True)
class Publication:
    """Where and when a paper appeared. `date` has one to three parts: year, month, day; none if unknown."""

    kind: Kind
    container: str
    date: tuple[int, ...]
    arxiv: str | None
    doi: str | None
    url: str


def publication(paper: Paper, address: str = "") -> Publication:
    """The publication of a paper; `address` is where it is shown here, for one that is nowhere else."""
    arxiv, doi = paper.arxiv_id, paper.doi
    container = tex.plain(paper.venue or "")
    kind: Kind = "preprint" if not container else "conference" if _MEETING.search(container) else "article"
    if arxiv:
        url = f"https://arxiv.org/abs/{quote(arxiv)}"
    else:
        url = f"https://doi.org/{quote(doi, safe='/:;()._-')}" if doi else address
    named = doi or (f"10.48550/arXiv.{arxiv}" if arxiv else None)
    date = tuple(int(part) for part in (paper.published or "").split("-") if part)
    return Publication(kind, container, date, arxiv, named, url)


def key(paper: Paper) -> str:
    """The key a paper is cited by, in ASCII letters and digits: first family name, year, first word of the title."""
    first = next((author.name for author in paper.authors if author.name.strip()), "")
    name = _ascii(split(first).whole or ids.last_name(first))
    year = (paper.published or "")[:4]
    words = (_ascii(word) for word in _WORD.findall(tex.plain(paper.title)) if word.lower() not in _SKIPPED)
    word = next(filter(None, words), "")
    return f"{name[:40]}{year}{word[:30]}" if name else _ascii(paper.id) or "paper"


def _ascii(text: str) -> str:
    return "".join(char for char in ids.title_key(text) if char.isascii() and char.isalnum())
