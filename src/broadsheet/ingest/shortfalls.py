"""Announced papers that are missing here, asked for by name until they come.

An announcement names its papers, so a day's account (`Catalogue.accounts`) shows what is missing whatever the reason:
a batch that was late, a record that could not be read, a run that was killed. This closes the gap from another side.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from broadsheet.catalogue import Catalogue
from broadsheet.ingest.sync import SyncProgress, ask
from broadsheet.permissions import require
from broadsheet.sources.live import LiveSource, Request
from broadsheet.types import OWNER, Actor, Identifier, SyncReport

MOST = 1_000
SINCE = timedelta(days=14)  # older gaps are arXiv's own: papers removed before they came out


def close_shortfalls(
    catalogue: Catalogue,
    source: LiveSource,
    *,
    now: Callable[[], datetime],
    progress: SyncProgress | None = None,
    actor: Actor = OWNER,
) -> SyncReport:
    """Asks a source that can be asked by id for the papers that the last fortnight's announcements name.

    The report counts what came; nothing is asked where nothing is missing. Raises Forbidden, Busy, StorageFull.
    """
    require(actor, "sync")
    began, report = monotonic(), SyncReport(source.name)
    since = (now() - SINCE).date().isoformat()
    missing = [Identifier("arxiv", key) for _, key in catalogue.missing(limit=MOST, since=since)]
    report.total = len(missing)
    if missing:
        ask(catalogue, source, Request(now(), papers=tuple(missing)), report, now=now)
    report.finished, report.seconds = not report.error, monotonic() - began
    if progress is not None:
        progress(report)
    return report
