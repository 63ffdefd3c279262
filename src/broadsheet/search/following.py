"""The index follows the catalogue: it pulls the change log, batch by batch, and remembers how far it came."""

import gc
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Protocol

from broadsheet import ids, tex
from broadsheet.catalogue import Change
from broadsheet.errors import BroadsheetError
from broadsheet.search.engine import Document, Writer
from broadsheet.types import Paper

BATCH = 1_000  # papers read and handed over at once
OBJECTS = 100_000  # made and not freed before Python looks for circles among them: those of a few batches
COMMIT_EVERY = 15.0  # seconds: what an interruption can cost at first, and how long new papers wait
# In a long run each pause is four times the last, up to five minutes: every commit leaves a segment or more, and
# many of them slow each search down until they are merged, which costs a third of the work once more.
LENGTHENED, LONGEST = 4, 20 * COMMIT_EVERY

Progress = Callable[[int, int], None]


class Truth(Protocol):
    """What of the catalogue the index needs."""

    def changes(self, after: int, limit: int) -> Sequence[Change]:
        """The oldest changes after a sequence."""

    def papers(self, numbers: Sequence[int]) -> Sequence[Paper]:
        """The papers with these numbers; those that are no more are left out."""

    def last_change(self) -> int:
        """The sequence of the last change."""

    def count(self) -> int:
        """How many papers there are."""


def follow(catalogue: Truth, writer: Writer, after: int, progress: Progress | None = None) -> None:
    """Brings an index that has all changes up to `after` up to date.

    `progress` is told how many changes are done and how many there were to do. Whatever it or the catalogue raises
    leaves the index at its last commit, from where the next run goes on.
    """
    start, last = after, catalogue.last_change()
    committed, pause = time.monotonic(), COMMIT_EVERY
    while changes := catalogue.changes(after, BATCH):
        papers = catalogue.papers([change.number for change in changes if not change.gone])
        there = {paper.number for paper in papers}
        writer.replace(
            [document(paper) for paper in papers],
            [change.number for change in changes if change.number not in there],
        )
        after = changes[-1].sequence
        if time.monotonic() - committed > pause:
            writer.commit(after)
            committed, pause = time.monotonic(), min(pause * LENGTHENED, LONGEST)
        if progress:
            progress(after - start, max(last, after) - start)
    writer.commit(after)


def document(paper: Paper) -> Document:
    """A paper as it is indexed."""
    return Document(
        number=paper.number,
        title=paper.title,
        texts=tuple(filter(None, (paper.abstract, paper.summary, " ".join(paper.keywords)))),
        authors=tuple(author.name for author in paper.authors),
        categories=paper.categories,
        identifiers=(paper.id, *(f"{scheme}:{value}" for scheme, value in paper.identifiers)),
        day=day(paper),
        code=tex.has_code(paper.links, filter(None, (paper.abstract, paper.comment))),
        comment=paper.comment or "",
        journal=paper.journal_ref or "",
        submitted=_minutes(paper.submitted or paper.published or day(paper)),
        updated=_minutes(paper.updated or paper.submitted or paper.published or day(paper)),
        claims=bool(paper.abstract),
    )


def _minutes(text: str | None) -> int:
    """An instant or a date, even a partial one, as YYYYMMDDHHMM; 0 for none."""
    if not text:
        return 0
    whole = text if "T" in text else f"{ids.first_day(text)}T00:00"
    return int("".join(filter(str.isdigit, whole))[:12])


def day(paper: Paper) -> str | None:
    """The day a paper is filtered and sorted by: its own, or the first one that its date or its arXiv id allows."""
    if paper.day:
        return ids.first_day(paper.day)
    dates = [date for date in (paper.announced, paper.published) if date]
    if paper.arxiv_id:
        dates.append(ids.arxiv_month(paper.arxiv_id))
    return ids.first_day(max(dates, key=len)) if dates else None


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Python looks for unreachable circles of objects less often: papers make many objects, no circle among them.

    That took a seventh of the time. The thresholds are those of the process, so it is for the one who writes.
    """
    before = gc.get_threshold()
    gc.set_threshold(OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class Together:
    """Two runs beside each other that report as one. An interruption stops both; an error of ours only its own."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._lock = threading.Lock()
        self._done, self._total = [0, 0], [0, 0]
        self._errors: list[BaseException] = []

    def run(self, which: int, work: Callable[[Progress], None]) -> None:
        """Does one of the two (0 or 1); `end` raises what it raised."""
        try:
            work(partial(self._told, which))
        except BaseException as error:  # noqa: BLE001  an interruption too must reach the other
            self._errors.append(error)

    def end(self) -> None:
        """Raises what stopped the first of them, if anything did."""
        if self._errors:
            raise self._errors[0]

    def _told(self, which: int, done: int, total: int) -> None:
        if not all(isinstance(error, BroadsheetError) for error in self._errors):
            raise InterruptedError
        with self._lock:
            self._done[which], self._total[which] = done, total
            self._progress(sum(self._done), sum(self._total))
