"""Topics and trends: how a subject goes through the months, what grows in it, and what is near it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from broadsheet.types.papers import Paper


class TopicKind(StrEnum):
    """What a topic is named by."""

    KEYWORD = "keyword"
    AUTHOR = "author"
    CATEGORY = "category"


@dataclass(slots=True)
class Grown:
    """Words of titles that became commoner: in how many of the topic's newer and older papers looked at they stand."""

    words: str
    newer: int
    older: int


@dataclass(slots=True)
class Topic:
    """A keyword, an author or a category: its papers and what is near it.

    `query` finds the papers in the language of the search. `months` are all months ("2026-11", the oldest first) from
    the first with a paper to the last, with how many there are. `papers` are the newest; `grown` and `words` come from
    the titles of `looked_at` papers, of which the newer ones begin on the day `since`.
    """

    kind: TopicKind
    name: str
    query: str
    total: int
    months: Sequence[tuple[str, int]] = ()
    papers: Sequence[Paper] = ()
    grown: Sequence[Grown] = ()
    words: Sequence[str] = ()
    categories: Sequence[tuple[str, int]] = ()
    authors: Sequence[tuple[str, int]] = ()
    looked_at: int = 0
    since: str = ""


@dataclass(slots=True)
class Series:
    """How many papers match a query in each month of `Trends.months`, and notes on how it was read."""

    query: str
    counts: Sequence[int]
    notes: Sequence[str] = field(default_factory=list)


@dataclass(slots=True)
class Trends:
    """Several queries over the same months, and how many papers each month has in all."""

    months: Sequence[str]
    totals: Sequence[int]
    series: Sequence[Series]
