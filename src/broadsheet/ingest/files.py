"""A file -> catalogue: reads records, writes them in batches, and can be interrupted at any moment.

One batch is one transaction, and holds how far the file was read: a killed import goes on after its last
batch when it is run again, and what was there already comes back as "unchanged". The index is not touched
here: it follows the catalogue's change log (`Library.follow`).
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path
from time import monotonic

from broadsheet.catalogue import Catalogue, Outcome
from broadsheet.errors import BadRecord, BadSource
from broadsheet.permissions import require
from broadsheet.sources import Item, Source, open_source
from broadsheet.types import OWNER, Actor, ImportReport, Record, Refusal

# Large enough that a commit's sync to disk disappears among the work, small enough that little is redone.
BATCH = 2000
SHOWN_REFUSALS = 100

Progress = Callable[[ImportReport, float], None]


def import_file(
    catalogue: Catalogue,
    path: Path,
    *,
    now: Callable[[], datetime],
    name: str | None = None,
    progress: Progress | None = None,
    actor: Actor = OWNER,
) -> ImportReport:
    """Imports one file of any kind that `sources` knows.

    `name` is what the source is called in the catalogue, after its kind (default: the file's name). `progress`
    is called after each batch with the report so far and the share of the file read, 0 to 1. A record that cannot be
    used is counted and listed; a file that breaks off keeps all that came before, with `report.error` saying
    where. Raises BadSource (nothing of it can be read), StorageFull, Busy, Forbidden.
    """
    require(actor, "import")
    source = open_source(path, now=now())
    if name is not None:
        # The kind stays in front: it says how far a source is believed, and whether its dates are news.
        source = open_source(path, now=now(), name=f"{source.kind}:{name}")
    return _run(catalogue, source, now, progress)


def import_starter(catalogue: Catalogue, *, now: Callable[[], datetime], actor: Actor = OWNER) -> ImportReport:
    """Imports the starter catalogue that ships with the package: 131 papers and their edition."""
    require(actor, "import")
    with as_file(files("broadsheet.data") / "starter.jsonl") as path:
        report = _run(catalogue, open_source(path, now=now(), name="starter"), now, None)
    report.path = "The starter catalogue"
    return report


def _run(catalogue: Catalogue, source: Source, now: Callable[[], datetime], progress: Progress | None) -> ImportReport:
    began = monotonic()
    run = catalogue.begin_import(fingerprint=source.fingerprint, path=source.path, source=source.name, at=now())
    report = ImportReport(path=source.path, source=source.name, resumed_after=run.position)
    for batch in _batches(source, run.position, report):
        records = [item.result for item in batch if isinstance(item.result, Record)]
        outcomes = catalogue.put(records, at=now(), run=run, position=batch[-1].ordinal)
        _count(report, batch, outcomes)
        report.seconds = monotonic() - began
        if progress is not None:
            progress(report, batch[-1].bytes_read / source.size if source.size else 1.0)
    # A file that broke off stays unfinished: the whole file has another fingerprint, the same broken one
    # is soon read again up to its break.
    catalogue.finish_import(run, at=now(), error=report.error)
    report.finished, report.seconds = not report.error, monotonic() - began
    return report


def _batches(source: Source, skip: int, report: ImportReport) -> Iterator[list[Item]]:
    """The items after the first `skip`, in lists of at most BATCH. A broken-off file ends early, with an error."""
    batch: list[Item] = []
    try:
        for item in source.items():
            if item.ordinal <= skip:
                continue
            batch.append(item)
            if len(batch) == BATCH:
                yield batch
                batch = []
    except BadSource as error:
        report.error = str(error)
    if batch:
        yield batch


def _count(report: ImportReport, batch: list[Item], outcomes: list[Outcome]) -> None:
    report.read += len(batch)
    for outcome in outcomes:
        report.new += outcome.state == "new"
        report.changed += outcome.state == "changed"
        report.unchanged += outcome.state == "unchanged"
        report.merged += outcome.merged
    for item in batch:
        if isinstance(item.result, BadRecord):
            report.refused += 1
            if len(report.refusals) < SHOWN_REFUSALS:
                report.refusals.append(Refusal(report.path, item.line, item.result.reason))
