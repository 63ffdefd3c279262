"""What an engine must do, and the plain values that go in and out. The keyword engine is `keyword.py`.

An engine keeps documents by number, remembers in the same commit how far it has followed the catalogue's change
log, and answers from its last commit while the next one is made.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from broadsheet.search.query import Node
from broadsheet.types import Sort, Why

DEEPEST = 10_000  # results that can be paged through: each costs memory and time in the engine
# Queries that are answered at once. Of eight threads came a fifth more answers a second than without a limit: many
# steps are short and let go of the interpreter's lock, and each thread then waits for it again and again.
TURNS = max(2, os.cpu_count() or 1)
MOST_LEAVES = 64  # words, phrases and filters besides the free words
By = Literal["order", "submitted", "updated"]


@dataclass(slots=True)
class Document:
    """A paper as it is indexed. `texts` are its abstract, its description and its keywords, as far as there are any.

    `day` is ISO 8601 and whole; `identifiers` are the paper's key and "scheme:value" of all its names; `code` says
    that it links to a code host. `submitted` and `updated` are minutes, YYYYMMDDHHMM, 0 where unknown. `claims` says
    that the first of the texts is an abstract, whose results are searched for.
    """

    number: int
    title: str
    texts: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    day: str | None = None
    code: bool = False
    comment: str = ""
    journal: str = ""
    submitted: int = 0
    updated: int = 0
    claims: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A query for an engine. `title` is the folded title (`ids.title_key`) that the words may be, or "".

    `count` asks for the exact number of papers that match, which can cost more than finding the first of them.
    `depth` is how many papers are ranked by the whole formula; the others follow in the engine's order.
    `recency` is the weight of new papers (`search.recency`). `stop` says that nobody waits for the answer any more:
    then it may be short. A list by date is sorted `by` one, the newest first unless it is `ascending`; `deepest` is
    how far a list can be paged through, and `leaves` how many conditions besides the free words are read.
    """

    tree: Node | None
    title: str = ""
    limit: int = 20
    offset: int = 0
    sort: Sort = Sort.RELEVANCE
    count: bool = True
    recency: float = 0.0
    depth: int = 200
    stop: Callable[[], bool] = field(default=lambda: False, compare=False)
    by: By = "order"
    ascending: bool = False
    deepest: int = DEEPEST
    leaves: int = MOST_LEAVES


@dataclass(slots=True)
class Found:
    """An answer: one stretch of the matching papers, best or newest first, and how many there are in all.

    `near` counts those that come along for their meaning and are not in `total`.
    `titled` are papers whose whole title is the query.
    `terms` are the stems to mark in texts; `notes` are sentences on what was ignored or read differently.
    """

    numbers: list[int] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    whys: list[Why] = field(default_factory=list)
    total: int = 0
    notes: list[str] = field(default_factory=list)
    terms: tuple[str, ...] = ()
    near: int = 0
    titled: tuple[int, ...] = ()


class Snapshot(Protocol):
    """One commit of an engine, for reading. Safe to share among threads."""

    @property
    def sequence(self) -> int:
        """The last change of the catalogue that is in this commit."""

    def count(self) -> int:
        """How many documents there are."""

    def search(self, request: Request) -> Found:
        """Never raises because of what is asked for, only when files are damaged (Damaged)."""


class Writer(Protocol):
    """The one writer of an engine. All that was committed is visible and safe when `finish` returns, or sooner."""

    def replace(self, documents: Sequence[Document], gone: Sequence[int]) -> None:
        """Puts documents in place of those with the same numbers, and takes others out."""

    def commit(self, sequence: int) -> None:
        """Makes all of it durable and visible, together with the sequence. Raises StorageFull, Damaged."""

    def finish(self) -> None:
        """Ends the last commit and tidies up, which may take seconds, and lets go of the files."""

    def abandon(self) -> None:
        """Forgets what was not committed and lets go of the files."""
