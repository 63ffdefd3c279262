"""Search: how papers are asked for, and what an answer holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from broadsheet.types.papers import Paper


class Sort(StrEnum):
    """How a result list is ordered."""

    RELEVANCE = "relevance"
    DATE = "date"


class Mode(StrEnum):
    """How papers are found: by the words of the query, by its meaning, or by both."""

    KEYWORD = "keyword"
    MEANING = "meaning"
    HYBRID = "hybrid"


@dataclass(slots=True)
class Why:
    """Why a hit stands where it does: parts of its score by name, and the words that matched.

    The parts make up the score: "keyword" (the words, wherever they stand), "title" (more for words of the title),
    "exact title" and "meaning". `cosine` is how near the paper is in meaning, from -1 to 1, where that was asked.
    `said` is a reason in a few words, where there is one to say: what somebody kept that it is like.
    """

    parts: Mapping[str, float] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    cosine: float | None = None
    said: str = ""


@dataclass(slots=True)
class Hit:
    """A paper in a result list. `score` compares hits of one answer only."""

    paper: Paper
    score: float
    why: Why | None = None


@dataclass(slots=True)
class Facets:
    """How the papers that match divide: the value and how many papers it leaves as one more filter.

    `years` is the newest first and without papers of no known day, `categories` and `authors` the commonest first;
    of authors there are the first twenty, in the spelling that most of their papers have.
    """

    years: list[tuple[str, int]] = field(default_factory=list)
    categories: list[tuple[str, int]] = field(default_factory=list)
    authors: list[tuple[str, int]] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """One page of a result list.

    `total` counts all papers that match by their words (exactly), `near` those that come along for their meaning;
    `notes` are sentences about what of the query was ignored
    or read differently; `terms` are the stems of the query's words, which `library.marks` finds in a text;
    `took_ms` is the time of the search
    alone; `exact` is the one paper the query names by identifier or title, if it does.
    """

    query: str
    hits: list[Hit]
    total: int
    offset: int
    limit: int
    sort: Sort
    notes: list[str] = field(default_factory=list)
    terms: tuple[str, ...] = ()
    exact: Paper | None = None
    took_ms: float = 0.0
    near: int = 0
