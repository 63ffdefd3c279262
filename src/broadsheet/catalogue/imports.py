"""Imports that can be killed: how far each file was read is committed together with what was read."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select, update

from broadsheet.catalogue.intake import Outcome
from broadsheet.catalogue.numbers import next_number
from broadsheet.catalogue.schema import import_run
from broadsheet.types import Sync


@dataclass(slots=True)
class ImportRun:
    """One reading of one file. `position` is the last item that is safe; the counts are of the records so far."""

    number: int
    fingerprint: str
    path: str
    source: str
    position: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    merged: int = 0


def begin(tx: Connection, *, fingerprint: str, path: str, source: str, at: str) -> ImportRun:
    """The unfinished import of the same file under the same name, or a new one."""
    run = import_run.c
    fields = (run.number, run.fingerprint, run.path, run.source, run.position)
    counts = (run.new, run.changed, run.unchanged, run.merged)
    open_run = (
        select(*fields, *counts)
        .where(run.fingerprint == fingerprint, run.source == source, run.finished.is_(None))
        .order_by(run.number.desc())
        .limit(1)
    )
    if row := tx.execute(open_run).first():
        tx.execute(update(import_run).where(run.number == row.number).values(path=path, error=""))
        return ImportRun(*row)
    begun = ImportRun(next_number(tx, run.number), fingerprint, path, source)
    tx.execute(
        insert(import_run).values(
            number=begun.number,
            fingerprint=fingerprint,
            path=path,
            source=source,
            position=0,
            new=0,
            changed=0,
            unchanged=0,
            merged=0,
            started=at,
            last_at=at,
            finished=None,
            error="",
        )
    )
    return begun


def advance(tx: Connection, run: ImportRun, outcomes: Sequence[Outcome], *, position: int, at: str) -> dict[str, int]:
    """Notes how far the file is read, in the transaction of what was read. Returns what is new of the run."""
    news = {"position": position, **tallied(run, outcomes)}
    tx.execute(update(import_run).where(import_run.c.number == run.number).values(**news, last_at=at))
    return news


def tallied(run: ImportRun | Sync, outcomes: Sequence[Outcome]) -> dict[str, int]:
    """A run's counts of records, with those of a batch."""
    states = [outcome.state for outcome in outcomes]
    return {
        "new": run.new + states.count("new"),
        "changed": run.changed + states.count("changed"),
        "unchanged": run.unchanged + states.count("unchanged"),
        "merged": run.merged + sum(outcome.merged for outcome in outcomes),
    }


def finish(tx: Connection, run: ImportRun, *, at: str, error: str) -> None:
    """Notes the end of an import. With an error it stays unfinished: run again, it goes on where it broke off."""
    ended = {"error": error, "last_at": at, "finished": None if error else at}
    tx.execute(update(import_run).where(import_run.c.number == run.number).values(**ended))


def last(connection: Connection) -> str | None:
    """When something was last imported."""
    return connection.execute(select(func.max(import_run.c.last_at))).scalar()
