"""A library with an outbox, a clock that tests move, and carriers that do as they are told."""

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from broadsheet import library as door
from broadsheet.catalogue import schema as tables
from broadsheet.catalogue import subscribers
from broadsheet.library import Library
from broadsheet.types import Carried, Outgoing, Way
from tests.place import Clock

AT = "2026-11-20T12:00:00Z"
Fence = Callable[[], bool]


def letter(key: str = "digest:1", **facts: Any) -> Outgoing:
    """A letter of a digest."""
    return replace(Outgoing(key, Way.MAIL, "digest", "ada@example.org", "Papers", "One.\n", made=AT), **facts)


def letters(count: int, **facts: Any) -> list[Outgoing]:
    """Letters to as many readers."""
    return [letter(f"digest:{one}", to=f"reader{one}@example.org", **facts) for one in range(1, count + 1)]


@dataclass
class Fake:
    """A carrier that keeps what left. `does` is called before the fence, `then` behind it, and may raise."""

    does: Callable[[Outgoing], object] = lambda _: None
    then: Callable[[Outgoing], Carried | None] = lambda _: None
    left: list[Outgoing] = field(default_factory=list)
    behind: int = 0
    most: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)

    def carry(self, outgoing: Outgoing, fence: Fence) -> Carried:
        self.does(outgoing)
        if not fence():
            return Carried(left=False)
        with self.guard:
            self.behind += 1
            self.most = max(self.most, self.behind)
            self.left.append(outgoing)
        try:
            return self.then(outgoing) or Carried("250 taken")
        finally:
            with self.guard:
                self.behind -= 1

    def keys(self) -> list[str]:
        return sorted(one.key for one in self.left)


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("empty-home")
    door.open(home).close()
    return home


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def library(tmp_path: Path, empty_home: Path, clock: Clock) -> Iterator[Library]:
    home = shutil.copytree(empty_home, tmp_path / "home")
    with door.open(home, clock=clock) as opened:
        yield opened


def reader(library: Library, number: int = 1, *, email: str = "ada@example.org") -> int:
    """A subscriber with one subscription, whose number is given."""
    with library.catalogue._store.write() as tx:
        who = subscribers.number_of(tx, at=AT, email=email)
        facts = {"wanted": "edition", "rhythm": "weekdays", "weekday": 0, "at": "07:00", "zone": "UTC", "most": 10}
        row = {"number": number, "subscriber": who, "form": "html", "made": AT, "confirmed": AT, "last": "", **facts}
        tx.execute(insert(tables.subscription).values(**row))
    return who


def unsubscribes(library: Library, number: int = 1) -> None:
    with library.catalogue._store.write() as tx:
        tx.execute(update(tables.subscription).where(tables.subscription.c.number == number).values(ended=AT))
