"""Keeps a job for its worker while it runs: renews the lease in a thread, and stops the task when that fails."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread
from types import TracebackType
from typing import Protocol, Self

from broadsheet.errors import BroadsheetError

Clock = Callable[[], datetime]


class Renewing(Protocol):
    """Whoever keeps the leases."""

    def renew(self, name: str, *, worker: str, until: datetime) -> bool:
        """Lets a worker keep its job until a later instant. False if another has it by now."""
        ...


class Lease:
    """The lease of one job, from `until` on. As a context it renews itself in a thread.

    `stop` is set, and `lost`, as soon as another worker has the job, or when it could not be renewed for so long that
    another soon may: two must never work on it.
    """

    def __init__(
        self, keeper: Renewing, name: str, worker: str, *, length: timedelta, until: datetime, clock: Clock, stop: Event
    ) -> None:
        self._keeper, self._name, self._worker, self._clock = keeper, name, worker, clock
        self._length, self._until, self._stop = length, until, stop
        self._over = Event()
        self._thread = Thread(target=self._keep, name=f"lease of {name}", daemon=True)
        self.lost = False

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def renew(self) -> bool:
        """Renews it once; False when it is lost."""
        until = self._clock() + self._length
        try:
            self.lost = not self._keeper.renew(self._name, worker=self._worker, until=until)
        except BroadsheetError:
            # The disk is full, say: that may pass, but not at any price.
            self.lost = self._clock() > self._until - self._length / 3
        else:
            self._until = until
        if self.lost:
            self._stop.set()
        return not self.lost

    def _keep(self) -> None:
        while not self._over.wait(self._length.total_seconds() / 5):
            if not self.renew():
                return
