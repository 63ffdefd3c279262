"""How often somebody did something: counted in the transaction of the act, so that a limit holds whatever happens.

An act that is refused, or that fails later in its transaction, was not counted; one that is acknowledged was, and stays
so when the process is killed. Time is cut into windows that all begin at multiples of their length: a count is one
row, and who is refused is told the second at which the next window begins.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from broadsheet.catalogue.schema import tally
from broadsheet.errors import TooMany
from broadsheet.types import Allowance

KEPT = 2 * 86_400  # seconds; no window is longer than a day


@dataclass(frozen=True, slots=True)
class Budget:
    """`subject` may do something `limit` times in `seconds`. Subjects are "person:7", "address:192.0.2.7"."""

    subject: str
    limit: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Spend:
    """One act that is about to happen, and the budgets it is counted against.

    `what` is its noun in the plural ("votes"). A library makes it (`Opened._spend`); verbs of the catalogue take
    `spend: Spend | None` and call `spend` first thing in their transaction.
    """

    kind: str
    what: str
    budgets: tuple[Budget, ...]
    at: datetime


def spend(tx: Connection, act: Spend | None) -> None:
    """Counts an act, in the transaction in which it happens. None is not counted.

    Raises TooMany where a budget is used up; the transaction must end with it, and nothing of it is written then.
    """
    if act is None:
        return
    now = int(act.at.timestamp())
    for budget in act.budgets:
        began = now - now % budget.seconds
        key = {"subject": budget.subject, "kind": _kind(act.kind, budget)}
        row = insert(tally).values(**key, began=began, count=1)
        more = row.on_conflict_do_update(index_elements=list(tally.primary_key), set_={"count": tally.c.count + 1})
        count = tx.execute(more.returning(tally.c.count)).scalar_one()
        if count > budget.limit:
            wait = began + budget.seconds - now
            raise TooMany(
                f"Too many {act.what}: {budget.limit:,} in {_said(budget.seconds)} at most."
                f" It goes on in {_said(wait)}.",
                retry_after=wait,
            )
        if count == 1:
            tx.execute(delete(tally).where(*(tally.c[name] == key[name] for name in key), tally.c.began < began))


def allowance(connection: Connection, act: Spend) -> Allowance:
    """What is left of the budget that is nearest to its end."""
    now = int(act.at.timestamp())
    left = []
    for budget in act.budgets:
        began = now - now % budget.seconds
        row = tally.c.subject == budget.subject, tally.c.kind == _kind(act.kind, budget), tally.c.began == began
        count = connection.execute(select(tally.c.count).where(*row)).scalar() or 0
        rest, wait = max(0, budget.limit - count), began + budget.seconds - now
        left.append(Allowance(act.kind, budget.limit, budget.seconds, rest, wait))
    return min(left, key=lambda one: (one.left, -one.seconds))


def sweep(tx: Connection, at: datetime) -> int:
    """Forgets windows that are over. Returns how many."""
    return tx.execute(delete(tally).where(tally.c.began < int(at.timestamp()) - KEPT)).rowcount


def _kind(kind: str, budget: Budget) -> str:
    """Windows of two lengths begin together at midnight: the length is part of the name."""
    return f"{kind}/{budget.seconds}"


def _said(seconds: int) -> str:
    """A stretch of time in words: "5 minutes"."""
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            count = -(-seconds // length)
            return f"{count} {unit}s" if count > 1 else f"1 {unit}"
    return f"{seconds} second{'' if seconds == 1 else 's'}"
