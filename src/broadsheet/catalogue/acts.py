"""The log of what moderators and administrators did. Written in the transaction of the act; rows are only added."""

from sqlalchemy import Connection, insert

from broadsheet.catalogue.numbers import next_number
from broadsheet.catalogue.schema import act


def record(
    tx: Connection, by: int | None, verb: str, kind: str, subject: int, *, reason: str, at: str, circle: int = 0
) -> int:
    """Notes an act: who did what to the thing of this kind and number, and why. Returns the act's number.

    `by` is None (or 0) for the command line.
    """
    number = next_number(tx, act.c.number)
    facts = {"verb": verb, "kind": kind, "subject": subject, "circle": circle, "reason": reason, "at": at}
    tx.execute(insert(act).values(number=number, person=by or None, **facts))
    return number
