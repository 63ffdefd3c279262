"""A live source that says what a test wants it to say."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from broadsheet.errors import BadRecord, BroadsheetError
from broadsheet.sources.live import Batch, Request
from broadsheet.types import Announcement, Author, Deletion, Identifier, Record, Signal


def said(number: int, source: str = "arxiv", **facts: object) -> Record:
    """What a source says of the invented paper with this number."""
    key = f"2611.{number:05}"
    usual: dict[str, object] = {
        "source": source,
        "source_key": key,
        "title": f"The Invented Paper with the Number {number}",
        "abstract": f"It says {number}, and nothing else.",
        "identifiers": (Identifier("arxiv", key),),
        "authors": (Author("Ada Lovelace"),),
        "categories": ("cs.LG",),
    }
    return Record(**{**usual, **facts})  # type: ignore[arg-type]


@dataclass
class Told:
    """One batch of a script."""

    results: Sequence[Record | Deletion | BadRecord] = ()
    announcements: Sequence[Announcement] = ()
    signals: Sequence[Signal] = ()
    note: str = ""
    asked: Sequence[Identifier] | None = None  # None: all that were asked for


@dataclass
class Scripted:
    """Tells its batches in order; the cursor is the number of batches told. `fails` breaks off before a batch."""

    name: str
    script: Sequence[Told]
    fails: dict[int, BroadsheetError] = field(default_factory=dict)
    asked: list[tuple[str, Request]] = field(default_factory=list)
    between: Callable[[int], None] = lambda _: None

    def batches(self, cursor: str, request: Request) -> Iterator[Batch]:
        self.asked.append((cursor, request))
        for number in range(int(cursor or 0), len(self.script)):
            if number in self.fails:
                raise self.fails[number]
            told = self.script[number]
            yield Batch(
                told.results,
                str(number + 1),
                done=number + 1 == len(self.script),
                announcements=told.announcements,
                signals=told.signals,
                note=told.note,
                asked=request.papers if told.asked is None else told.asked,
            )
            self.between(number)
