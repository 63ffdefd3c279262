"""The nouns of Broadsheet: slotted dataclasses without behaviour, shared by every floor.

A *record* is what one source says of a paper, a *paper* is what all its sources together say
(`catalogue.merge` makes one of the other). Text is kept as the source wrote it, TeX included;
`tex.py` makes plain text and HTML of it.

Dates are ISO 8601 strings and may be partial: "2024", "2024-05" or "2024-05-17". A date that
a source does not give stays unknown (None); nothing here invents a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple


class Identifier(NamedTuple):
    """One name of a paper in one scheme, in its normal form (see `ids`): ("arxiv", "2406.09519")."""

    scheme: str
    value: str


@dataclass(slots=True)
class Author:
    """One author, in the order of the paper."""

    name: str
    affiliation: str | None = None
    orcid: str | None = None


@dataclass(slots=True)
class Version:
    """One version of a paper; `created` is the day it was submitted."""

    number: int
    created: str | None = None


@dataclass(slots=True)
class Record:
    """What one source says of one paper. Unknown is None or empty; nothing is guessed.

    `source` names where it was said ("arxiv-snapshot", "records:papers.jsonl") and `source_key`
    the record in it: saying something new under the same pair replaces what was said before.
    `edition` is the day whose edition this source puts the paper in, at `position` (from 1).
    `votes` and `comments` count what people did at that source.
    """

    source: str
    source_key: str
    title: str
    abstract: str | None = None
    summary: str | None = None
    authors: tuple[Author, ...] = ()
    author_count: int | None = None
    categories: tuple[str, ...] = ()
    published: str | None = None
    updated: str | None = None
    announced: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    comment: str | None = None
    journal_ref: str | None = None
    licence: str | None = None
    versions: tuple[Version, ...] = ()
    withdrawn: bool = False
    links: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    votes: int | None = None
    comments: int | None = None
    edition: str | None = None
    position: int | None = None


@dataclass(slots=True)
class Paper:
    """A paper as the catalogue knows it: its sources' records, merged.

    `id` is its public key and the tail of its address: the arXiv id where it has one, else
    "doi:10.1000/x", else another identifier, else "bs:" and a name made from its title.
    `day` is the day it belongs to in the editions (announced, else published), if known.
    `summary` is a description in words that are not the authors' own; `summary_source` wrote it.
    `number` is the catalogue's own row number: for the index, never shown.
    """

    id: str
    title: str
    number: int = 0
    abstract: str | None = None
    summary: str | None = None
    summary_source: str | None = None
    authors: tuple[Author, ...] = ()
    author_count: int | None = None
    categories: tuple[str, ...] = ()
    published: str | None = None
    updated: str | None = None
    announced: str | None = None
    day: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    comment: str | None = None
    journal_ref: str | None = None
    licence: str | None = None
    versions: tuple[Version, ...] = ()
    withdrawn: bool = False
    links: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    votes: int = 0
    comments: int = 0
    sources: tuple[str, ...] = ()

    @property
    def arxiv_id(self) -> str | None:
        """Its arXiv id, if it has one."""
        return next((value for scheme, value in self.identifiers if scheme == "arxiv"), None)

    @property
    def doi(self) -> str | None:
        """Its first DOI, if it has one."""
        return next((value for scheme, value in self.identifiers if scheme == "doi"), None)


@dataclass(slots=True)
class Fact:
    """One thing a source said, for the page that shows where each fact came from."""

    field: str
    value: str
    source: str
    since: str
    used: bool = True


@dataclass(slots=True)
class Revision:
    """One change of what a source says: the field, what it said before, what it says now, when."""

    field: str
    old: str | None
    new: str | None
    source: str
    at: str


@dataclass(slots=True)
class Merge:
    """Two records of one paper that were joined; `number` undoes it (`Library.split`)."""

    number: int
    kept: str
    merged: str
    reason: str
    at: str
    undone: str | None = None


@dataclass(slots=True)
class Provenance:
    """All that is known of how a paper's record came about."""

    paper: str
    facts: list[Fact] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)


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
    """

    parts: Mapping[str, float] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    cosine: float | None = None


@dataclass(slots=True)
class Hit:
    """A paper in a result list. `score` compares hits of one answer only."""

    paper: Paper
    score: float
    why: Why | None = None


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


class Span(StrEnum):
    """How long an edition is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(slots=True)
class Entry:
    """A paper's place in an edition, and why it has it ("listed", "announced", "published")."""

    paper: Paper
    position: int
    reason: str


@dataclass(slots=True)
class Edition:
    """A day's, week's or month's papers, or a stretch of them.

    `key` names it in addresses: "2026-11-20", "2026-W47", "2026-11". `previous` and `next` are keys of
    the nearest editions that hold papers. `note` says in a sentence what a reader should know of it (why
    it is empty, say).
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


@dataclass(slots=True)
class Candidate:
    """What ranking needs to know of a paper to place it in an edition."""

    number: int
    key: str
    day: str
    listed: bool
    position: int | None
    votes: int
    comments: int
    reason: str


@dataclass(slots=True)
class Refusal:
    """A record that was not taken: where it stood and why."""

    path: str
    line: int | None
    reason: str


@dataclass(slots=True)
class ImportReport:
    """What an import did. `refusals` holds the first hundred; `refused` counts them all."""

    path: str
    source: str = ""
    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    merged: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    resumed_after: int = 0
    finished: bool = False
    error: str = ""
    seconds: float = 0.0


@dataclass(slots=True)
class Status:
    """The figures of an installation. Sizes are in bytes."""

    home: str
    papers: int
    indexed: int
    behind: int
    editions: int
    latest_edition: str | None
    catalogue_bytes: int
    index_bytes: int
    last_import: str | None
    version: str


@dataclass(slots=True)
class Finding:
    """One line of `broadsheet doctor`: how it stands, what was looked at, and how to mend it."""

    level: Literal["ok", "warning", "error"]
    subject: str
    message: str
    mend: str = ""


@dataclass(slots=True)
class Actor:
    """Who acts. `verbs` are the writing verbs this actor may use; reading is everybody's."""

    name: str
    verbs: frozenset[str] = frozenset()


ANYONE = Actor("anyone")
OWNER = Actor("owner", frozenset({"import", "index", "merge", "split"}))
