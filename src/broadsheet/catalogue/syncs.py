"""Runs of live sources: each source and scope has a cursor, committed together with what was taken in up to it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from broadsheet.catalogue.imports import tallied
from broadsheet.catalogue.intake import Outcome
from broadsheet.catalogue.numbers import next_number
from broadsheet.catalogue.schema import sync_run
from broadsheet.types import Sync


def begin(tx: Connection, source: str, scope: str, *, at: str) -> Sync:
    """The unfinished run of this source and scope, or a new one from where the last one ended."""
    newest = (
        select(sync_run)
        .where(sync_run.c.source == source, sync_run.c.scope == scope)
        .order_by(sync_run.c.number.desc())
        .limit(1)
    )
    row = tx.execute(newest).mappings().first()
    if row is not None and row["finished"] is None:
        tx.execute(update(sync_run).where(sync_run.c.number == row["number"]).values(error="", resumed=True))
        return Sync(**{**row, "error": "", "resumed": True})
    cursor = row["cursor"] if row is not None else ""
    begun = Sync(next_number(tx, sync_run.c.number), source, scope, cursor, started=at, last_at=at)
    tx.execute(insert(sync_run).values({column.name: getattr(begun, column.name) for column in sync_run.c}))
    return begun


def advance(tx: Connection, run: Sync, outcomes: Sequence[Outcome], *, cursor: str, at: str) -> dict[str, Any]:
    """Notes where a run has come to, in the transaction of what it brought. Returns what is new of the run."""
    news = {
        "cursor": cursor,
        "last_at": at,
        "read": run.read + len(outcomes),
        "deleted": run.deleted + sum(outcome.state == "deleted" for outcome in outcomes),
        **tallied(run, outcomes),
    }
    tx.execute(update(sync_run).where(sync_run.c.number == run.number).values(**news))
    return news


def finish(tx: Connection, run: Sync, *, at: str, error: str) -> None:
    """Notes the end of a run. With an error it stays unfinished: run again, it goes on where it broke off."""
    ended = {"error": error, "last_at": at, "finished": None if error else at}
    tx.execute(update(sync_run).where(sync_run.c.number == run.number).values(**ended))


def runs(connection: Connection, limit: int) -> list[Sync]:
    """The last runs, the newest first."""
    query = select(sync_run).order_by(sync_run.c.number.desc()).limit(limit)
    return [Sync(**row) for row in connection.execute(query).mappings()]
