"""What a live source is: something on the network that is asked again and again, and goes on where it stopped.

A source of files yields items once (`item`); a live one yields batches, each with the *cursor* from which to go
on after it. The cursor is the source's own text: who runs the source keeps it, in the transaction that takes in
the batch, and hands it back. Nothing here knows where it is kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from broadsheet.errors import BadRecord
from broadsheet.types import Announcement, Citing, Deletion, Identifier, Record, Signal


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a source. A source leaves aside what its protocol has no word for.

    `since` and `until` are days (inclusive), `categories` arXiv categories of which one must fit, `query` a search
    in the source's own language, `papers` identifiers to look up. `now` is the present instant, with a time zone.
    """

    now: datetime
    since: str | None = None
    until: str | None = None
    categories: tuple[str, ...] = ()
    query: str = ""
    papers: tuple[Identifier, ...] = ()


@dataclass(slots=True)
class Batch:
    """What one answer of a source held, and the cursor from which to go on after it.

    With `done` there is nothing more for now, and `cursor` is where the next run begins. `total` is how many results
    the whole run has, where the source says so. `note` is a sentence for the log of the run. `asked` are those of
    `Request.papers` that this answer settles, known there or not.
    """

    results: Sequence[Record | Deletion | BadRecord]
    cursor: str
    done: bool = False
    total: int | None = None
    announcements: Sequence[Announcement] = ()
    signals: Sequence[Signal] = field(default_factory=tuple)
    citations: Sequence[Citing] = ()
    note: str = ""
    asked: Sequence[Identifier] = ()


class LiveSource(Protocol):
    """A source on the network."""

    @property
    def name(self) -> str:
        """What it is called: `Record.source` of all it yields, and the key its cursor is kept under."""
        ...

    def batches(self, cursor: str, request: Request) -> Iterator[Batch]:
        """What the source has for a request, from a cursor on ("" is the beginning).

        Raises Unavailable where it does not answer now, and BadSource where it answers nonsense: after every batch
        that came before was yielded.
        """
        ...
