"""The outbox: what leaves by mail or to a channel, written in the transaction in which it was decided.

A key comes once, so that deciding twice changes nothing. The words are packed (JSON in zstd) and stay as they were
written until some days after they left. `message` names a letter to the world: it is made of the key with a key of this
place, so that it is the same at every attempt, cannot be guessed, and leads back here from a bounce.
"""

import base64
import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Any

import zstandard
from sqlalchemy import ColumnElement, Connection, Row, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from broadsheet.catalogue import secrets
from broadsheet.catalogue.schema import outbox
from broadsheet.errors import Conflict, NotFound
from broadsheet.types import Outgoing, Sending, Way

OPEN = (Sending.WAITING.value, Sending.CLAIMED.value, Sending.DATA.value)
"""States of what may still leave."""

_NAMES = "letters"  # the key of this place that letters are named with
_NAME_BYTES = 15  # 120 bits, 24 letters
_EMPTY = b""
# Asked for every letter: built once.
_NEW = insert(outbox).on_conflict_do_nothing(index_elements=[outbox.c.key])
_LAST = select(func.max(outbox.c.number))


def put(tx: Connection, outgoing: Outgoing) -> bool:
    """Puts one thing into the outbox; see `put_all`. False if its key was there."""
    return put_all(tx, [outgoing]) == 1


def put_all(tx: Connection, many: Iterable[Outgoing]) -> int:
    """Puts things into the outbox, and says how many. Those are left out whose key is there.

    Of each the key, way, purpose, `to`, the words, subscriber, subscription, `made` (which must be said) and `stale`
    count. `next` may say not to try it before some instant. Numbers and names are given here.
    """
    all_of_it = list(many)
    if not all_of_it:
        return 0
    first, key = (tx.execute(_LAST).scalar() or 0) + 1, secrets.of(tx, _NAMES, all_of_it[0].made).encode()
    return tx.execute(_NEW, [_new_row(one, number, key) for number, one in enumerate(all_of_it, start=first)]).rowcount


def read(row: Row[Any], *, words: bool = True) -> Outgoing:
    """A row as its type; without `words` they are not unpacked."""
    said = _unpacked(row.words) if words else {}
    return Outgoing(
        key=row.key,
        way=Way(row.way),
        purpose=row.purpose,
        to=row.target,
        subject=said.get("subject", ""),
        text=said.get("text", ""),
        html=said.get("html", ""),
        headers=said.get("headers", {}),
        message=row.message,
        number=row.number,
        subscriber=row.subscriber,
        subscription=row.subscription,
        made=row.made,
        stale=row.stale,
        state=Sending(row.state),
        attempts=row.attempts,
        next=row.next,
        said=row.said,
        ended=row.ended,
    )


def listed(
    connection: Connection, *, states: Iterable[Sending] = (), doubtful: bool = False, limit: int, before: int | None
) -> list[Outgoing]:
    """What is or was in the outbox, the newest first, without its words. No `states` are all.

    `doubtful` are those alone of which it is not known whether they arrived, and that wait for somebody to say what to
    do.
    """
    query = select(outbox).order_by(outbox.c.number.desc()).limit(limit)
    if wanted := [one.value for one in states]:
        query = query.where(outbox.c.state.in_(wanted))
    if doubtful:
        query = query.where(*is_held())
    if before is not None:
        query = query.where(outbox.c.number < before)
    return [read(row, words=False) for row in connection.execute(query)]


def numbered(connection: Connection, number: int) -> Outgoing:
    """One of them, without its words. Raises NotFound."""
    return read(_row(connection, number), words=False)


def counts(connection: Connection) -> Mapping[Sending, int]:
    """How many there are in each state."""
    query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    found = {state: int(count) for state, count in connection.execute(query)}
    return {state: found.get(state.value, 0) for state in Sending}


def is_held() -> tuple[ColumnElement[bool], ...]:
    """What is doubtful, and not sent again by itself."""
    return outbox.c.state == Sending.DATA.value, outbox.c.leased_until.is_(None)


def retry(tx: Connection, number: int, *, at: str) -> None:
    """Lets something be tried (again) at once. Raises NotFound, and Conflict where it was sent or is being sent."""
    row = _row(tx, number)
    free = row.state in (Sending.WAITING, Sending.FAILED, Sending.DROPPED) or _held(row)
    if not free:
        raise Conflict(f"Number {number} cannot be tried again: it {_state_said(row)}.")
    if row.words == _EMPTY:
        raise Conflict(f"Number {number} cannot be tried again: its words are no longer kept.")
    facts = {"state": Sending.WAITING.value, "next": at, "ended": None, "stale": None, "worker": ""}
    tx.execute(update(outbox).where(outbox.c.number == number).values(**facts, leased_until=None))


def drop(tx: Connection, number: int, *, at: str, said: str) -> None:
    """Lets something not leave. Raises NotFound, and Conflict where it has ended or its words are on their way."""
    row = _row(tx, number)
    if row.state not in (Sending.WAITING, Sending.CLAIMED, Sending.FAILED) and not _held(row):
        raise Conflict(f"Number {number} cannot be dropped: it {_state_said(row)}.")
    ended = {"state": Sending.DROPPED.value, "said": said, "ended": at, "leased_until": None}
    tx.execute(update(outbox).where(outbox.c.number == number).values(**ended))


def sweep(tx: Connection, *, words_before: str, rows_before: str) -> None:
    """Forgets the words of what ended before an instant, and all that ended before another.

    The newest row stays: no number is given twice.
    """
    over = outbox.c.state.not_in(OPEN), outbox.c.ended < words_before
    tx.execute(update(outbox).where(*over, outbox.c.words != _EMPTY).values(words=_EMPTY))
    newest = select(func.max(outbox.c.number)).scalar_subquery()
    gone = outbox.c.state.not_in(OPEN), outbox.c.ended < rows_before, outbox.c.number < newest
    tx.execute(delete(outbox).where(*gone))


def _new_row(outgoing: Outgoing, number: int, key: bytes) -> dict[str, Any]:
    if not outgoing.made:
        raise ValueError(f"{outgoing.key}: it must be said when it was made")
    return {
        "number": number,
        "key": outgoing.key,
        "way": outgoing.way.value,
        "purpose": outgoing.purpose,
        "target": outgoing.to,
        "subscriber": outgoing.subscriber,
        "subscription": outgoing.subscription,
        "words": _packed(outgoing),
        "message": outgoing.message or _name(outgoing, key),
        "made": outgoing.made,
        "stale": outgoing.stale,
        "state": Sending.WAITING.value,
        "attempts": 0,
        "next": outgoing.next or outgoing.made,
        "worker": "",
        "leased_until": None,
        "said": "",
        "ended": None,
    }


def _row(connection: Connection, number: int) -> Row[Any]:
    row = connection.execute(select(outbox).where(outbox.c.number == number)).first()
    if row is None:
        raise NotFound(f"There is nothing in the outbox with the number {number}.")
    return row


def _held(row: Row[Any]) -> bool:
    return row.state == Sending.DATA.value and row.leased_until is None


def _state_said(row: Row[Any]) -> str:
    ended = {Sending.SENT: f"was sent at {row.ended}", Sending.DROPPED: f"was dropped at {row.ended}"}
    return ended.get(Sending(row.state), "is being sent just now")


def _name(outgoing: Outgoing, key: bytes) -> str:
    """The name by which the world knows it: small letters and digits, for servers that lower what stands before @."""
    digest = hmac.digest(key, outgoing.key.encode(), "sha256")[:_NAME_BYTES]
    return base64.b32encode(digest).decode().lower()


def _packed(outgoing: Outgoing) -> bytes:
    words = {"subject": outgoing.subject, "text": outgoing.text, "html": outgoing.html, "headers": outgoing.headers}
    return zstandard.ZstdCompressor(level=3).compress(json.dumps(words).encode())


def _unpacked(data: bytes) -> dict[str, Any]:
    if data == _EMPTY:
        return {}
    found: dict[str, Any] = json.loads(zstandard.ZstdDecompressor().decompress(data))
    return found
