"""How fast things leave, how many at a time, and when what was not taken is tried again. Pure, but for what is booked.

The waits after a refusal "not now" double from five minutes to four hours, each a little longer or shorter by chance,
so that what was refused together does not come back together. Greylisting (RFC 6647) is over after the first or second.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

GIVE_UP = timedelta(days=4)  # RFC 5321, 4.5.4.1: four or five days
_LONGEST_ASKED = timedelta(days=1)
_SPREAD = 0.4  # a wait is 0.8 to 1.2 times as long
_HOSTS = 10_000  # whose next slot is remembered


@dataclass(frozen=True, slots=True)
class Pace:
    """`at_once` are carried at a time, and `in_doubt` of them may be between their last word and the answer.

    Of a worker that is killed just then, so many are sent a second time; with `hold` they wait for an operator instead.
    A worker that is gone loses what it had in hand after `lease`.
    """

    at_once: int = 4
    in_doubt: int = 4
    hold: bool = False
    lease: timedelta = timedelta(minutes=3)
    first_wait: timedelta = timedelta(minutes=5)
    longest_wait: timedelta = timedelta(hours=4)

    def again_at(self, attempts: int, now: datetime, *, asked: float | None, chance: float) -> datetime:
        """When something is tried again that was tried `attempts` times; `chance` is from 0 to 1.

        `asked` is in how many seconds the other side wants to be asked again: not sooner, and not later than in a day.
        """
        doubled = self.first_wait * (1 << min(max(attempts, 1) - 1, 12))
        wait = min(doubled, self.longest_wait) * (1 - _SPREAD / 2 + _SPREAD * chance)
        if asked is not None:
            wait = max(wait, min(timedelta(seconds=asked), _LONGEST_ASKED))
        return now + wait


class Throttle:
    """When the next letter may leave: so many a second in all, and so many a second to one host. 0 is no limit."""

    def __init__(self, *, rate: float = 0.0, host_rate: float = 0.0) -> None:
        self._step, self.host_step = (1 / each if each else 0.0 for each in (rate, host_rate))
        self._next = 0.0
        self._hosts: OrderedDict[str, float] = OrderedDict()

    def wait(self, host: str, now: float) -> float:
        """In how many seconds a letter to a host may leave. `now` is of any clock that only goes forward."""
        return max(self._next, self._hosts.get(host, 0.0), now) - now

    def book(self, host: str, now: float) -> float:
        """As `wait`, and takes that slot."""
        slot = now + self.wait(host, now)
        self._next = max(self._next, now) + self._step
        if self.host_step:
            self._hosts.pop(host, None)
            self._hosts[host] = slot + self.host_step
            while len(self._hosts) > _HOSTS:
                self._hosts.popitem(last=False)
        return slot - now
