"""How often people may do things: one table, from which every verb that writes gets what it counts against.

The tally is kept in the catalogue and written with the act itself (`catalogue.tallies`). An account has the limits of
the table; an address on the network, which a whole laboratory may share, has ten times as many, so that one person
with many accounts is bounded too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from broadsheet.catalogue.tallies import Budget, Spend

MINUTE, HOUR, DAY = 60, 3_600, 86_400
SHARED = 10


@dataclass(frozen=True, slots=True)
class Limit:
    """`times` in every one of these windows (seconds); `what` is the act's noun in the plural.

    `shared` is how many times as much all who come from one address may do together. `times` 0 is no limit.
    """

    what: str
    times: int
    windows: tuple[tuple[int, int], ...]  # how many seconds, and how many times `times` in them
    shared: int = SHARED


LIMITS: Mapping[str, Limit] = MappingProxyType(
    {
        "sign-in": Limit("attempts to sign in", 5, ((HOUR, 1),), shared=4),
        "password": Limit("attempts to sign in", 10, ((HOUR, 1),), shared=4),
        "passkey": Limit("attempts to sign in", 60, ((HOUR, 1),), shared=4),
        "vote": Limit("votes", 300, ((5 * MINUTE, 1),)),
        "comment": Limit("comments", 30, ((HOUR, 1), (DAY, 7))),
        "submit": Limit("submissions", 10, ((DAY, 1),)),
        "flag": Limit("flags", 30, ((DAY, 1),)),
        "claim": Limit("claims", 10, ((DAY, 1),)),
        "invite": Limit("invitations", 50, ((DAY, 1),)),
        "found": Limit("new groups", 10, ((DAY, 1),)),
        "subscribe": Limit("subscriptions", 30, ((DAY, 1),), shared=4),
        "stand": Limit("standing queries", 50, ((DAY, 1),)),
        "channel": Limit("channels", 20, ((DAY, 1),)),
        "search": Limit("searches", 300, ((5 * MINUTE, 1),), shared=1),
    }
)

ENTERING = frozenset({"sign-in", "password", "passkey"})
"""Attempts to sign in, which are counted for a mailbox and an address, never for an account."""


def spend(limit: Limit, kind: str, at: datetime, *, own: str = "", address: str = "") -> Spend | None:
    """An act of a kind, to be counted for `own` ("person:7") and an address; None where nothing limits it."""
    budgets = [Budget(own, limit.times * times, seconds) for seconds, times in limit.windows if own]
    if address:
        subject = f"address:{address}"
        budgets += [Budget(subject, limit.times * times * limit.shared, seconds) for seconds, times in limit.windows]
    return Spend(kind, limit.what, tuple(budgets), at) if budgets and limit.times else None
