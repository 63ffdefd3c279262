"""What other sources know of papers that are here already: venues, DOIs, citations, stars.

Never on the way of an edition: who does not answer is asked again another day. Papers that were never asked about
come first, the newest of them before the older ones; then those whose answer is oldest.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from time import monotonic

from broadsheet.catalogue import Catalogue
from broadsheet.ingest.sync import SyncProgress, ask
from broadsheet.permissions import require
from broadsheet.sources.github import repositories
from broadsheet.sources.live import LiveSource, Request
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
            report.finished = True
            break
        left -= len(numbers)
        subjects = _subjects(source.name, catalogue.papers(numbers))
        if subjects:
            ask(catalogue, source, Request(now(), papers=tuple(subjects)), report, now=now, subjects=subjects)
        if not report.error:
            catalogue.looked_up(source.name, numbers, at=now())
        report.seconds = monotonic() - began
        if progress is not None:
            progress(report)
    report.finished = not report.error
    return report


def _subjects(source: str, papers: Iterable[Paper]) -> dict[Identifier, list[Identifier]]:
    """What the source is asked for, and which papers each of it stands for: GitHub knows repositories only."""
    meant: dict[Identifier, list[Identifier]] = {}
    for paper in papers:
        for asked in repositories(paper) if source == "github" else paper.identifiers:
            meant.setdefault(asked, []).append(
                paper.identifiers[0] if paper.identifiers else Identifier("key", paper.id)
            )
    return meant
