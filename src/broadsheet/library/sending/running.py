"""One run of the sending: claims what is due, lets a carrier carry it, and writes down what came of each.

Nothing is lost, because a row leaves the outbox's care only by the answer to it. A second copy leaves only where a
worker was killed, or a connection cut, between the last word of a letter and the answer: the phase is written before,
and a semaphore bounds how many are there. While a run lives it renews its leases, however slow a server is.
"""

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from broadsheet.catalogue import Catalogue
from broadsheet.catalogue.bouncing import Failure
from broadsheet.errors import BroadsheetError, Refused, Returned, Unavailable, Unreachable
from broadsheet.library.sending.pace import GIVE_UP, Pace, Throttle
from broadsheet.types import Carried, Outgoing, Way

log = logging.getLogger("broadsheet.sending")
CLAIMED = 100  # at a time
PATIENCE = 30.0  # seconds that a claimed letter may wait for its slot; those that must wait longer are given back
TOO_MANY = 25  # letters in a row that are refused for ever: that is not the readers' doing
_LONGEST_SAID = 500  # characters of an answer
_TICK = 0.05  # seconds between two looks while waiting
_GIVEN_UP = "4.4.7"  # RFC 3463: delivery time expired


class Carrier(Protocol):
    """Carries things to the other side. Safe to share among threads."""

    def carry(self, outgoing: Outgoing, fence: Callable[[], bool]) -> Carried:
        """Carries one thing. Calls `fence` just before its words leave, and stops where it says False.

        Raises Unavailable (not now), Unreachable (nothing gets through just now), Refused or Returned (never).
        """


@dataclass(slots=True)
class Posted:
    """What came of a run. `again` are tried later, `doubtful` may have arrived; `problem` is why it ended early."""

    sent: int = 0
    again: int = 0
    failed: int = 0
    dropped: int = 0
    doubtful: int = 0
    problem: BroadsheetError | None = None

    def add(self, other: "Posted") -> None:
        """Adds the counts of another run."""
        for name in ("sent", "again", "failed", "dropped", "doubtful"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.problem = self.problem or other.problem


@dataclass(slots=True)
class Means:
    """What a run works with. `ticks` only goes forward; `pause` waits; `chance` is from 0 to 1."""

    catalogue: Catalogue
    clock: Callable[[], datetime]
    worker: str
    pace: Pace
    throttle: Throttle
    stop: Callable[[], bool]
    ticks: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


class Run:
    """The sending of all that is due one way."""

    def __init__(self, way: Way, carrier: Carrier, means: Means) -> None:
        self._way, self._carrier, self._means = way, carrier, means
        self._doubt = threading.Semaphore(means.pace.in_doubt)
        self._free = threading.Semaphore(means.pace.at_once)
        self._count = threading.Lock()
        self._posted = Posted()
        self._refused = 0
        self._queues: Counter[str] = Counter()
        self._renewed = means.ticks()

    def __call__(self) -> Posted:
        """Sends until nothing is due, it is told to stop, or nothing gets through. What is in hand is finished."""
        with ThreadPoolExecutor(self._means.pace.at_once, f"sending-{self._way}") as pool:
            hands: set[Future[None]] = set()
            try:
                while not self._is_over():
                    batch = self._claim()
                    if not batch:
                        break
                    self._hand_out(batch, pool, hands)
            finally:
                while not all(hand.done() for hand in hands):
                    self._means.pause(_TICK)
                    self._tend()
        for hand in hands:
            hand.result()
        return self._posted

    # The thread of the run.

    def _is_over(self) -> bool:
        return self._means.stop() or self._posted.problem is not None

    def _claim(self) -> list[Outgoing]:
        pace, now = self._means.pace, self._means.clock()
        return self._means.catalogue.claim_outgoing(
            self._way, worker=self._means.worker, at=now, until=now + pace.lease, limit=CLAIMED, hold=pace.hold
        )

    def _hand_out(self, batch: list[Outgoing], pool: ThreadPoolExecutor, hands: set[Future[None]]) -> None:
        """Gives each of a batch to a thread when its time has come; what cannot have its turn now is given back."""
        early: list[tuple[Outgoing, float]] = []
        left = batch[::-1]
        while left and not self._is_over():
            wait = self._throttled(left[-1])
            if wait > PATIENCE:
                early.append((left.pop(), wait))
            elif self._waited(wait) and self._has_hand():
                hands.difference_update([hand for hand in hands if hand.done() and hand.exception() is None])
                hands.add(pool.submit(self._carry, left.pop()))
        now = self._means.clock()
        back = [(one, now) for one in left] + [(one, now + timedelta(seconds=wait)) for one, wait in early]
        if back:
            self._means.catalogue.give_back(back, self._means.worker)

    def _throttled(self, one: Outgoing) -> float:
        """In how many seconds it may leave. What must wait long takes no slot, but queues behind those before it."""
        if self._way is not Way.MAIL:
            return 0.0
        host, now, throttle = one.to.rpartition("@")[2], self._means.ticks(), self._means.throttle
        wait = throttle.wait(host, now)
        if wait <= PATIENCE:
            return throttle.book(host, now)
        self._queues[host] += 1
        return wait + (self._queues[host] - 1) * throttle.host_step

    def _waited(self, seconds: float) -> bool:
        until = self._means.ticks() + seconds
        while (left := until - self._means.ticks()) > 0:
            if self._is_over():
                return False
            self._means.pause(min(left, 1.0))
            self._tend()
        return True

    def _has_hand(self) -> bool:
        while not self._free.acquire(timeout=_TICK):
            self._tend()
        if self._is_over():
            self._free.release()
            return False
        return True

    def _tend(self) -> None:
        """Renews the leases in time."""
        pace, now = self._means.pace, self._means.ticks()
        if now - self._renewed >= pace.lease.total_seconds() / 3:
            self._renewed = now
            self._means.catalogue.renew_outgoing(self._means.worker, until=self._means.clock() + pace.lease)

    # The threads that carry.

    def _carry(self, one: Outgoing) -> None:
        try:
            with self._fenced(one) as fence:
                came = self._outcome(one, fence)
            with self._count:
                self._posted.add(came)
        except BroadsheetError as error:  # the catalogue itself: what is in hand comes back when the lease is over
            with self._count:
                self._posted.add(Posted(problem=error))
        finally:
            self._free.release()

    @contextmanager
    def _fenced(self, one: Outgoing) -> Iterator["_Fence"]:
        """The fence of one thing. Whoever is behind it holds a place among those in doubt until all is written down."""
        fence = _Fence(self, one)
        try:
            yield fence
        finally:
            if fence.asked:
                self._doubt.release()

    def pass_fence(self, one: Outgoing) -> bool:
        """Takes a place among those in doubt, and notes that the words are about to leave."""
        self._doubt.acquire()
        now = self._means.clock()
        return self._means.catalogue.fence(one, self._means.worker, at=now, until=now + self._means.pace.lease)

    def _outcome(self, one: Outgoing, fence: "_Fence") -> Posted:
        """Carries one thing and writes down what came of it."""
        try:
            carried = self._carrier.carry(one, fence)
        except (Unavailable, Refused) as error:
            return self._not_taken(one, error)
        except BroadsheetError:
            raise
        except Exception as error:
            # A fault of ours with one thing must not keep the others back. The log has no words of it.
            log.exception("number %s of the outbox could not be carried", one.number)
            said = f"A fault in Broadsheet: {type(error).__name__}."
            return self._in_doubt(one, said) if fence.passed else self._later(one, said, None)
        if not carried.left:
            return Posted(dropped=1)
        if not carried.sure:
            return self._in_doubt(one, carried.said)
        self._means.catalogue.sent(one, at=self._means.clock(), said=carried.said[:_LONGEST_SAID])
        self._refused = 0
        return Posted(sent=1)

    def _not_taken(self, one: Outgoing, error: Unavailable | Refused) -> Posted:
        if isinstance(error, Unreachable):
            self._means.catalogue.give_back([(one, self._means.clock())], self._means.worker)
            return Posted(problem=error)
        if isinstance(error, Unavailable):
            return self._later(one, str(error), error.retry_after)
        came = self._never(one, Failure(error.status if isinstance(error, Returned) else "", str(error)))
        self._refused += 1
        if self._refused >= TOO_MANY and self._way is Way.MAIL:
            came.problem = Unreachable(
                f"{self._refused} letters in a row were refused for ever, so no more are tried for now; the last with:"
                f" {error} Look whether the mail server takes letters from here, then try those again."
            )
        return came

    def _in_doubt(self, one: Outgoing, said: str) -> Posted:
        if not self._means.pace.hold:
            came = self._later(one, said, None)
            came.doubtful = 1
            return came
        self._means.catalogue.hold(one, self._means.worker)
        return Posted(doubtful=1)

    def _later(self, one: Outgoing, said: str, asked: float | None) -> Posted:
        now = self._means.clock()
        if now >= datetime.fromisoformat(one.made) + GIVE_UP:
            return self._never(one, Failure(_GIVEN_UP, f"Given up after {GIVE_UP.days} days: {said}"))
        when = self._means.pace.again_at(one.attempts, now, asked=asked, chance=self._means.chance())
        self._means.catalogue.again(one, self._means.worker, next=when, said=said[:_LONGEST_SAID])
        return Posted(again=1)

    def _never(self, one: Outgoing, failure: Failure) -> Posted:
        kept = Failure(failure.status, failure.said[:_LONGEST_SAID])
        self._means.catalogue.failed(one, self._means.worker, at=self._means.clock(), failure=kept)
        return Posted(failed=1)


class _Fence:
    """What a carrier asks before the words leave. Asking twice is asking once."""

    def __init__(self, run: Run, one: Outgoing) -> None:
        self._run, self._one = run, one
        self.asked = self.passed = False

    def __call__(self) -> bool:
        if not self.asked:
            self.asked = True
            self.passed = self._run.pass_fence(self._one)
        return self.passed
