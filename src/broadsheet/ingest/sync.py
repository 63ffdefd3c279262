"""A live source -> catalogue: takes in batch after batch, and goes on where the last run stopped.

The batch and the source's cursor after it are written in one transaction. A run that is killed, or whose source
breaks off, therefore loses nothing and repeats nothing but the batch it was in. What goes wrong costs this source
only: it ends in the report, never as an exception of the source's.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from time import monotonic

from broadsheet.catalogue import Catalogue, Outcome
from broadsheet.errors import BadRecord, Refused, Unavailable
from broadsheet.permissions import require
from broadsheet.sources.live import Batch, LiveSource, Request
from broadsheet.types import OWNER, Actor, Refusal, SyncReport

SHOWN_REFUSALS = 100

SyncProgress = Callable[[SyncReport], None]


def sync(
    catalogue: Catalogue,
    source: LiveSource,
    *,
    request: Request,
    now: Callable[[], datetime],
    scope: str = "",
    progress: SyncProgress | None = None,
    stop: Callable[[], bool] = lambda: False,
    actor: Actor = OWNER,
) -> SyncReport:
    """Runs a source from where it last stopped until it has nothing more, and says what came.

    `scope` tells apart runs of one source that ask for different things ("cs.LG since 2024"): each has a cursor of
    its own. `progress` is called after each batch. `stop` is asked between batches; a stopped run goes on later.
    A source that fails ends the run with `error` and keeps all that came before. Raises Forbidden, Busy, StorageFull.
    """
    require(actor, "sync")
    began = monotonic()
    run = catalogue.begin_sync(source.name, scope=scope, at=now())
    report = SyncReport(source.name, resumed=run.resumed)
    try:
        for batch in source.batches(run.cursor, request):
            # These two say the same when they are said again: first, so that no kill comes between them and the cursor.
            if batch.announcements:
                catalogue.announce(batch.announcements, at=now())
            if batch.signals:
                catalogue.put_signals(batch.signals)
            records = [one for one in batch.results if not isinstance(one, BadRecord)]
            count_in(report, batch, catalogue.put(records, at=now(), sync=run, cursor=batch.cursor))
            report.seconds = monotonic() - began
            if progress is not None:
                progress(report)
            if not batch.done and stop():
                return report
    except (Unavailable, Refused) as error:
        report.error, report.retry_after = str(error), getattr(error, "retry_after", None)
    catalogue.finish_sync(run, at=now(), error=report.error)
    report.finished, report.seconds = not report.error, monotonic() - began
    return report


def ask(
    catalogue: Catalogue,
    source: LiveSource,
    request: Request,
    report: SyncReport,
    *,
    now: Callable[[], datetime],
    took: Callable[[Batch], None] = lambda _: None,
) -> None:
    """Asks a source about certain papers and takes in what it says: nothing to go on from, the papers are the memory.

    `took` is called with each batch whose records are in. What goes wrong ends in the report.
    """
    try:
        for batch in source.batches("", request):
            records = [one for one in batch.results if not isinstance(one, BadRecord)]
            count_in(report, batch, catalogue.put(records, at=now()))
            took(batch)
    except (Unavailable, Refused) as error:
        report.error, report.retry_after = str(error), getattr(error, "retry_after", None)


def count_in(report: SyncReport, batch: Batch, outcomes: Sequence[Outcome]) -> None:
    """Adds to a report what a batch held and what became of it."""
    report.read += len(batch.results) + len(batch.signals)
    report.total = batch.total if batch.total is not None else report.total
    report.notes += [batch.note] if batch.note else []
    for outcome in outcomes:
        report.new += outcome.state == "new"
        report.changed += outcome.state == "changed"
        report.unchanged += outcome.state == "unchanged"
        report.deleted += outcome.state == "deleted"
        report.merged += outcome.merged
    for one in batch.results:
        if isinstance(one, BadRecord):
            report.refused += 1
            if len(report.refusals) < SHOWN_REFUSALS:
                report.refusals.append(Refusal(report.source, one.line, str(one)))
