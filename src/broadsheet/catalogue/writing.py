"""Writing what a resolution decided: one prepared statement a table, all in the transaction it is given."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table, Update, bindparam, delete, insert, or_, select, update

from broadsheet.catalogue import signals, votes
from broadsheet.catalogue.derive import columns, listings
from broadsheet.catalogue.drafts import Draft
from broadsheet.catalogue.happenings import happenings, newest_version
from broadsheet.catalogue.identity import FORMER
from broadsheet.catalogue.numbers import next_number
from broadsheet.catalogue.papers import CHUNK
from broadsheet.catalogue.resolve import Resolution
from broadsheet.catalogue.schema import (
    alias,
    change,
    claim,
    edition_entry,
    edition_pick,
    event,
    keep_apart,
    lookup,
    merge_event,
    paper,
    revision,
    statement,
)
from broadsheet.types import Identifier

_COUNTED = ("votes", "comments", "citations", "stars")
_OURS = frozenset({"number", "own_votes", "own_comments"})  # what no source can change


def write(tx: Connection, resolution: Resolution, sources: dict[str, int], at: str) -> None:
    """Writes all that a resolution decided."""
    resolution.settle(lambda key: _taken(tx, key))
    live = [draft for draft in resolution.live() if draft.touched]
    gone = resolution.gone()
    stored = [draft.number for draft in live if draft.stored]
    # Keys may change hands within a batch: those that could be in the way step aside first.
    moving = [*gone, *(draft.number for draft in live if draft.stored and draft.key != draft.stored_key)]
    _each(tx, _update(paper, "key"), [{"b_number": number, "key": f"~{number}"} for number in moving])
    rows = {draft.number: _row(draft, at) for draft in live}
    _each(tx, insert(paper), [rows[draft.number] for draft in live if not draft.stored])
    updated = [{**rows[number], "b_number": number} for number in stored]
    _each(tx, _update(paper, *(name for name in paper.c.keys() if name not in _OURS)), updated)  # noqa: SIM118
    _write_statements(tx, resolution, sources, at)
    _write_aliases(tx, resolution)
    _write_claims(tx, resolution, live, [*stored, *gone])
    _write_editions(tx, live, sources, [*stored, *gone])
    _write_joined(tx, resolution, at)
    _write_apart(tx, resolution, gone)
    _write_events(tx, live, at)
    signals.write(tx, _counts(resolution, sources, at[: len("2026-11-20")]))
    for table in (edition_pick, lookup):
        _delete(tx, table, table.c.paper, gone)
    _delete(tx, paper, paper.c.number, gone)
    votes.recount(tx, [event.kept.root.number for event in resolution.joined if event.merged_number is not None], at)
    hidden = [number for number, row in rows.items() if row["deleted"]]
    _log(tx, [number for number, row in rows.items() if not row["deleted"]], [*gone, *hidden], at)


def _log(tx: Connection, changed: Sequence[int], gone: Sequence[int], at: str) -> None:
    """Notes in the change log that these papers changed, and those are no more, or deleted."""
    _delete(tx, change, change.c.paper, [*changed, *gone])
    rows = [{"paper": number, "gone": False, "at": at} for number in changed]
    _each(tx, insert(change), rows + [{"paper": number, "gone": True, "at": at} for number in gone])


def _row(draft: Draft, at: str) -> dict[str, Any]:
    return {"number": draft.number, "key": draft.key, "changed_at": at, **columns(draft.statements)._asdict()}


def _write_statements(tx: Connection, resolution: Resolution, sources: dict[str, int], at: str) -> None:
    _each(
        tx,
        insert(statement),
        [
            {
                "number": one.number,
                "paper": draft.root.number,
                "source": sources[one.record.source],
                "source_key": one.record.source_key,
                "first_seen": one.first_seen,
                "changed_at": one.changed_at,
                "record": one.text,
            }
            for draft, one in resolution.added
        ],
    )
    added = {one.number for _, one in resolution.added}
    reworded = [one for number, one in resolution.reworded.items() if number not in added]
    _each(
        tx,
        _update(statement, "record", "changed_at", "deleted_at"),
        [
            {
                "b_number": one.number,
                "record": one.text,
                "changed_at": one.changed_at,
                "deleted_at": one.deleted_at,
            }
            for one in reworded
        ],
    )
    moved = [{"b_number": one.number, "paper": draft.number} for one, draft in resolution.moved()]
    _each(tx, _update(statement, "paper"), moved)
    _each(
        tx,
        insert(revision),
        [
            {"statement": one.statement, "field": one.field, "old": one.old, "new": one.new, "at": at}
            for one in resolution.revisions
        ],
    )


def _write_aliases(tx: Connection, resolution: Resolution) -> None:
    before = resolution.aliases
    now = {one: owner.root.number for one, owner in resolution.owners.items()}
    now |= {Identifier(FORMER, key): draft.number for draft in resolution.live() for key in draft.former_keys}
    lost = [one for one in before if one not in now]
    _each(tx, delete(alias).where(*_is(alias)), [{"b_scheme": one.scheme, "b_value": one.value} for one in lost])
    new = [
        {"scheme": one.scheme, "value": one.value, "paper": number} for one, number in now.items() if one not in before
    ]
    # A key may have been given up by a paper that this batch knows nothing of.
    former = [{"b_scheme": FORMER, "b_value": row["value"]} for row in new if row["scheme"] == FORMER]
    _each(tx, delete(alias).where(*_is(alias)), former)
    _each(tx, insert(alias), new)
    moved = [
        {"b_scheme": one.scheme, "b_value": one.value, "paper": number}
        for one, number in now.items()
        if before.get(one, number) != number
    ]
    _each(tx, update(alias).where(*_is(alias)).values(paper=bindparam("paper")), moved)


def _write_claims(tx: Connection, resolution: Resolution, live: Sequence[Draft], stored: Sequence[int]) -> None:
    _delete(tx, claim, claim.c.paper, stored)
    rows = [
        {"scheme": one.scheme, "value": one.value, "paper": draft.number}
        for draft in live
        for one in draft.identifiers - resolution.owned(draft)
    ]
    _each(tx, insert(claim), rows)


def _write_editions(tx: Connection, live: Sequence[Draft], sources: dict[str, int], stored: Sequence[int]) -> None:
    _delete(tx, edition_entry, edition_entry.c.paper, stored)
    rows = [
        {"day": day, "paper": draft.number, "source": sources[by], "position": position}
        for draft in live
        for (day, by), position in listings(draft.statements).items()
    ]
    _each(tx, insert(edition_entry), rows)


def _write_joined(tx: Connection, resolution: Resolution, at: str) -> None:
    number = next_number(tx, merge_event.c.number)
    rows = [
        {
            "number": number + n,
            "kept_paper": event.kept.root.number,
            "merged_paper": event.merged_number,
            "kept_key": event.kept_key,
            "merged_key": event.merged_key,
            "statements": json.dumps(event.statements),
            "former_keys": json.dumps(event.former_keys),
            "reason": event.reason,
            "at": at,
            "undone": None,
        }
        for n, event in enumerate(resolution.joined)
    ]
    _each(tx, insert(merge_event), rows)


def _write_events(tx: Connection, live: Sequence[Draft], at: str) -> None:
    rows: list[dict[str, Any]] = []
    for draft in live:
        if draft.stored and (happened := happenings(draft.before, draft.statements)):
            facts = {"paper": draft.number, "at": at, "version": newest_version(draft.statements)}
            rows += [{**facts, **one._asdict()} for one in happened]
    number = next_number(tx, event.c.number) if rows else 0
    _each(tx, insert(event), [{"number": number + n, **row} for n, row in enumerate(rows)])


def _counts(resolution: Resolution, sources: dict[str, int], day: str) -> Iterator[signals.Row]:
    """What sources counted, where they had not said so before."""
    for draft, one, before in resolution.news():
        for kind in _COUNTED:
            count = getattr(one.record, kind)
            if count is not None and (before is None or count != getattr(before.record, kind)):
                yield draft.number, kind, sources[one.record.source], day, count


def _write_apart(tx: Connection, resolution: Resolution, gone: Sequence[int]) -> None:
    for number in gone:
        tx.execute(delete(keep_apart).where(or_(keep_apart.c.low == number, keep_apart.c.high == number)))
    stored = {(row.low, row.high) for row in tx.execute(select(keep_apart))} if resolution.apart else set()
    new = [pair for pair in resolution.apart if pair not in stored and not set(pair) & set(gone)]
    _each(tx, insert(keep_apart), [{"low": low, "high": high} for low, high in new])


def _taken(tx: Connection, key: str) -> bool:
    if tx.execute(select(paper.c.number).where(paper.c.key == key)).first():
        return True
    return tx.execute(select(alias.c.paper).where(alias.c.scheme == FORMER, alias.c.value == key)).first() is not None


def _is(table: Table) -> tuple[Any, Any]:
    return table.c.scheme == bindparam("b_scheme"), table.c.value == bindparam("b_value")


def _update(table: Table, *names: str) -> Update:
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    return update(table).where(table.c.number == bindparam("b_number")).values(values)


def _delete(tx: Connection, table: Table, column: Column[Any], numbers: Sequence[int]) -> None:
    for start in range(0, len(numbers), CHUNK):
        tx.execute(delete(table).where(column.in_(numbers[start : start + CHUNK])))


def _each(tx: Connection, what: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        tx.execute(what, rows)
