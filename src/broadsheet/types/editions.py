"""Editions: a stretch of days, the papers in their order, and the account of what was announced."""

from dataclasses import dataclass, field
from enum import StrEnum

from broadsheet.types.papers import Paper
from broadsheet.types.people import Person


class Span(StrEnum):
    """How long an edition is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(slots=True)
class Entry:
    """A paper's place in an edition, and why it has it.

    `reason` is "trending" where the list is of what trends, "submitted" (then `by` is who did, unless they left),
    "listed", "announced", "scheduled" (by when it was handed in) or "published"; `why` are the automatic editor's few
    words, where it chose the place. `day` is the day of the edition that has it.
    """

    paper: Paper
    position: int
    reason: str
    why: str = ""
    day: str = ""
    by: Person | None = None


class Announced(StrEnum):
    """How a paper stands in an announcement: new, a cross-list, or a replacement of either."""

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"


@dataclass(slots=True)
class Announcement:
    """What a source announced on one day in one category: arXiv ids, each with how it stands there.

    `expected` is how many new papers and cross-lists the source itself counts, where it does.
    """

    day: str
    category: str
    source: str
    entries: tuple[tuple[str, Announced], ...]
    expected: int | None = None


@dataclass(slots=True)
class Account:
    """How complete a day is in one category: papers announced there (new and cross-listed) and held here.

    `missing` are the keys of those that are not here yet. `expected` may exceed `announced` where a source counts
    more than it names.
    """

    day: str
    category: str
    announced: int
    held: int
    missing: tuple[str, ...] = ()
    expected: int | None = None
    checked: str | None = None


@dataclass(slots=True)
class Edition:
    """A day's, week's or month's papers, or a stretch of them.

    `key` names it in addresses: "2026-11-20", "2026-W47", "2026-11". `previous` and `next` are keys of
    the nearest editions that hold papers. `note` says in a sentence what a reader should know of it (why
    it is empty, say). `accounts` tell, for a day, what was announced in each category and how much of it is here.
    """

    span: Span
    key: str
    first: str
    last: str
    entries: list[Entry]
    total: int
    offset: int
    limit: int
    previous: str | None = None
    next: str | None = None
    note: str = ""
    latest: bool = False
    accounts: list[Account] = field(default_factory=list)


@dataclass(slots=True)
class Candidate:
    """What ranking needs to know of a paper to place it in an edition.

    `votes` and `comments` are those of its sources and those given here together; `listed`: people put it here, by a
    daily list or a submission, and `by` is the number of who submitted it. `pick` is the place the automatic editor
    gave it in its day, `score` how sure it was, `why` its few words.
    """

    number: int
    key: str
    day: str
    listed: bool
    position: int | None
    votes: int
    comments: int
    reason: str
    pick: int | None = None
    score: float | None = None
    why: str = ""
    by: int | None = None


@dataclass(slots=True)
class Pick:
    """The automatic editor's place for a paper in its day: `position` from 1, `reason` a few words for a reader."""

    number: int
    position: int
    score: float
    reason: str = ""
