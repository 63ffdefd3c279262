"""What programs were answered to writes that they named by a key: what is sent twice is done once.

Somebody's key is taken by an insert, so that of two who send it at once one does the work. It stays taken until the
answer is forgotten.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from broadsheet.catalogue.schema import answered


@dataclass(frozen=True, slots=True)
class Kept:
    """What was asked under a key (its fingerprint), and the answer; `status` is None while it is still being done."""

    asked: str
    status: int | None
    text: str


def begin(tx: Connection, person: int, key: str, asked: str, *, at: str) -> Kept | None:
    """Takes a key. If it is taken already: by what, and what was answered."""
    mine = answered.c.person == person, answered.c.key == key
    row = tx.execute(select(answered.c.asked, answered.c.status, answered.c.answer).where(*mine)).first()
    if row is not None:
        return Kept(row.asked, row.status, row.answer)
    tx.execute(insert(answered).values(person=person, key=key, asked=asked, at=at, answer=""))
    return None


def keep(tx: Connection, person: int, key: str, *, status: int, text: str) -> None:
    """Writes down what was answered. Nothing, if the person has left by it."""
    mine = answered.c.person == person, answered.c.key == key
    tx.execute(update(answered).where(*mine).values(status=status, answer=text))


def forget(tx: Connection, person: int, key: str) -> None:
    """Frees a key under which nothing was done."""
    tx.execute(delete(answered).where(answered.c.person == person, answered.c.key == key))


def sweep(tx: Connection, before: str) -> None:
    """Forgets the answers that were begun before an instant."""
    tx.execute(delete(answered).where(answered.c.at < before))
