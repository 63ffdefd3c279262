"""What sources say of papers, and what the catalogue makes of it.

A *record* is what one source says of a paper, a *paper* is what all its sources together say
(`catalogue.merge` makes one of the other). Text is kept as the source wrote it, TeX included;
`tex` makes plain text and HTML of it.

Dates are ISO 8601 strings and may be partial: "2024", "2024-05" or "2024-05-17". A date that
a source does not give stays unknown (None); nothing here invents a day.
"""

from dataclasses import dataclass, field
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
    `votes`, `comments`, `citations` and `stars` count what people did at that source, when it was asked.
    `submitted` is the instant (UTC, "2026-11-20T17:59:01Z") at which the first version was handed in; arXiv's
    announcements follow from it. `venue` is where the paper was published, in the words of the source.
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
    citations: int | None = None
    stars: int | None = None
    venue: str | None = None
    submitted: str | None = None
    edition: str | None = None
    position: int | None = None


@dataclass(slots=True)
class Deletion:
    """A source says that it no longer has the record it gave under this key. What it said before is kept."""

    source: str
    source_key: str


@dataclass(slots=True)
class Signal:
    """How often something was counted for a paper at a source, on the day of counting.

    `subject` is an identifier of the paper. `kind` is "votes", "comments", "stars" or "citations".
    """

    subject: Identifier
    kind: str
    source: str
    day: str
    count: int


@dataclass(slots=True)
class Counted:
    """How often something was counted for a paper: on which day, what, where, and how many."""

    day: str
    kind: str
    source: str
    count: int


@dataclass(slots=True)
class Paper:
    """A paper as the catalogue knows it: its sources' records, merged.

    `id` is its public key and the tail of its address: the arXiv id where it has one, else
    "doi:10.1000/x", else another identifier, else "bs:" and a name made from its title.
    `day` is the day it belongs to in the editions (announced, else published), if known.
    `summary` is a description in words that are not the authors' own; `summary_source` wrote it.
    `number` is the catalogue's own row number: for the index, never shown.
    `day` of a paper that no source announced follows from `submitted`, by arXiv's schedule.
    `withdrawn`: its authors took it back. `deleted`: every source that had it says it is no more.
    `votes` and `comments` are what sources count; `own_votes` and `own_comments` were given here, by everybody.
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
    citations: int | None = None
    stars: int | None = None
    venue: str | None = None
    submitted: str | None = None
    deleted: bool = False
    own_votes: int = 0
    own_comments: int = 0
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


EventKind = Literal[
    "version", "title", "abstract", "authors", "categories", "withdrawn", "deleted", "venue", "doi", "code"
]


@dataclass(slots=True)
class Event:
    """Something that happened to a paper after it was first known: `old` and `new` are what it said before and since.

    `version` is the paper's newest version at that time, where known; `number` orders all events and names one.
    """

    number: int
    paper: str
    kind: EventKind
    at: str
    version: int | None = None
    old: str | None = None
    new: str | None = None


@dataclass(slots=True)
class Harvested:
    """A paper as harvesters see it: its key, when it last changed, and the paper; None where it is part of another now.

    `place` is where the list goes on after it.
    """

    key: str
    at: str
    paper: Paper | None
    place: str
