"""A catalogue as the ledger of jobs, a clock that stands until it is moved, and workers over both."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from broadsheet.catalogue import Catalogue
from broadsheet.jobs import Presence, Task, Worker
from tests.conftest import NOW


class Clock:
    """The present instant of a test."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **much: float) -> None:
        """Lets time pass."""
        self.now += timedelta(**much)


@pytest.fixture
def clock() -> Clock:
    """Noon, until it is moved."""
    return Clock()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Catalogue]:
    """A catalogue whose schedule is empty."""
    catalogue = Catalogue.open(tmp_path / "catalogue.db")
    yield catalogue
    catalogue.close()


@pytest.fixture
def presence(tmp_path: Path) -> Presence:
    """The workers of this machine."""
    return Presence(tmp_path / "workers")


MakeWorker = Callable[..., Worker]


@pytest.fixture
def hire(ledger: Catalogue, presence: Presence, clock: Clock) -> Iterator[MakeWorker]:
    """Makes workers that are alive until the test ends."""
    with ExitStack() as alive:

        def hired(tasks: Sequence[Task], **options: object) -> Worker:
            name = alive.enter_context(presence.shown())
            return Worker(ledger, tasks, name=name, presence=presence, clock=clock, **options)  # type: ignore[arg-type]

        yield hired
