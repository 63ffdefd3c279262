"""What other sources know of papers that are here already: venues, DOIs, citations, stars.

Never on the way of an edition: who does not answer is asked again another day. Papers that were never asked about
come first, the newest of them before the older ones; then those whose answer is oldest.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from time import monotonic

from broadsheet.catalogue import Catalogue
from broadsheet.ingest.sync import SyncProgress, ask
from broadsheet.permissions import require
from broadsheet.sources.github import repositories
from broadsheet.sources.live import Batch, LiveSource, Request
from broadsheet.types import OWNER, Actor, Identifier, Paper, SyncReport

AT_ONCE = 500
FRESH = 7  # days for which an answer is believed


def look_up(
    catalogue: Catalogue,
    source: LiveSource,
    *,
    now: Callable[[], datetime],
    most: int = 5_000,
    progress: SyncProgress | None = None,
    stop: Callable[[], bool] = lambda: False,
    actor: Actor = OWNER,
) -> SyncReport:
    """Asks a source about the papers whose turn it is, `most` at most, and says what came.

    Each batch of answers is kept before the next is asked for. A source that fails ends the run with `error`.
    Raises Forbidden, Busy, StorageFull.
    """
    require(actor, "sync")
    began, report, left = monotonic(), SyncReport(source.name), most
    while left > 0 and not report.error and not stop():
        numbers = catalogue.due(source.name, limit=min(AT_ONCE, left), older_than_days=FRESH, now=now())
        if not numbers:
            break
        left -= len(numbers)
        _Questions(catalogue, source.name, catalogue.papers(numbers), now).put_to(source, report)
        report.seconds = monotonic() - began
        if progress is not None:
            progress(report)
    report.finished, report.seconds = not report.error, monotonic() - began
    return report


class _Questions:
    """What a source is asked about some papers, and which it has answered for. GitHub knows repositories only."""

    def __init__(self, catalogue: Catalogue, source: str, papers: Iterable[Paper], now: Callable[[], datetime]) -> None:
        self._catalogue, self._source, self._now = catalogue, source, now
        self._open: dict[int, set[Identifier]] = {}
        self._meant: dict[Identifier, list[Paper]] = {}
        for paper in papers:
            # Of several repositories the first is the one its sources link to: their stars must not mix.
            asked = repositories(paper)[:1] if source == "github" else paper.identifiers
            self._open[paper.number] = set(asked)
            for one in asked:
                self._meant.setdefault(one, []).append(paper)

    def put_to(self, source: LiveSource, report: SyncReport) -> None:
        """Asks all of them. Papers that are settled before something fails are not asked about again."""
        self._settle()  # there is nothing to ask about some
        if self._meant:
            request = Request(self._now(), papers=tuple(self._meant))
            ask(self._catalogue, source, request, report, now=self._now, took=self._take)
        if self._open and not report.error:  # it would be asked the same for ever
            report.error = f"{self._source} said nothing of {len(self._open):,} papers it was asked about."

    def _take(self, batch: Batch) -> None:
        self._catalogue.put_signals(
            [
                replace(one, subject=Identifier("key", paper.id))
                for one in batch.signals
                for paper in self._meant.get(one.subject, ())
            ]
        )
        self._catalogue.put_citations(
            [
                replace(one, subject=Identifier("key", paper.id))
                for one in batch.citations
                for paper in self._meant.get(one.subject, ())
            ]
        )
        for one in batch.asked:
            for paper in self._meant.get(one, ()):
                if paper.number in self._open:
                    self._open[paper.number].discard(one)
        self._settle()

    def _settle(self) -> None:
        settled = [number for number, asked in self._open.items() if not asked]
        self._catalogue.looked_up(self._source, settled, at=self._now())
        for number in settled:
            del self._open[number]
