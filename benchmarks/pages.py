"""The five saved result pages as queries: how many of a page's papers do our own first papers bring back?

The pages do not say what was asked. `QUERIES` names, in our own words, what the papers of each page have in
common. The page's order is its maker's; only which papers stand on it counts here.

`reworded.tsv` asks for each of their papers by itself, in other words than its title: what somebody might type who
remembers what a paper is about. Nothing was chosen by these questions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from broadsheet.search.encoder import words
from broadsheet.sources import open_source
from broadsheet.types import Record

QUERIES = (
    "layers of neural networks and of mixtures of experts",
    "feedforward neural networks",
    "regularization and redundancy of weights in training",
    "annealing and importance",
    "activations and weights",
)


_REWORDED = Path(__file__).with_name("reworded.tsv")


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page: what it answers, and its papers as (title, abstract)."""

    name: str
    query: str
    papers: tuple[tuple[str, str], ...]


def read_pages(folder: Path) -> list[SavedPage]:
    """The pages of a folder, in the order of their names. Raises BadSource if a file is no page."""
    pages = []
    for path, query in zip(sorted(folder.glob("page-*.txt")), QUERIES, strict=True):
        source = open_source(path, now=datetime.now(UTC))
        records = [item.result for item in source.items() if isinstance(item.result, Record)]
        papers = tuple((record.title, record.abstract or "") for record in records)
        pages.append(SavedPage(path.stem, query, papers))
    return pages


def reworded() -> dict[str, str]:
    """The question for each paper of the pages, by its title as `same_title` has it."""
    lines = _REWORDED.read_text("utf-8").splitlines()
    return {same_title(title): question for title, question in (line.split("\t") for line in lines)}


def same_title(title: str) -> str:
    """Titles that differ in case, accents and punctuation alone are one."""
    return " ".join(words(title))


def found_again(ranked: Sequence[str], page: Mapping[str, int]) -> tuple[float, float]:
    """The shares of a page's papers among as many first papers as the page has, and among the first hundred."""
    first = len(set(ranked[: len(page)]) & page.keys()) / len(page)
    return first, len(set(ranked[:100]) & page.keys()) / len(page)
