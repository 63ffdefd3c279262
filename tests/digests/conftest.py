"""A library with days of invented papers, a clock that tests move, and people who are sent something."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from broadsheet import library as door
from broadsheet.app.letters import Letters
from broadsheet.app.posting import Postman
from broadsheet.config import read
from broadsheet.jobs import Context
from broadsheet.library import Library, Rules
from broadsheet.types import OWNER, Access, Actor, Author, Outgoing, Pick, Sending, Subscription, Wanted
from tests.conftest import NOW
from tests.crowd import crowd
from tests.papers import record
from tests.place import Clock, Place

ABSTRACT = (
    "A herd of paper number {} is counted by looking at few of its members. We test it on twelve invented meadows, in"
    " rain and in fog. It counts the whole flock to within three of what the shepherd says. It fails at dusk."
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def library(tmp_path: Path, clock: Clock) -> Iterator[Library]:
    with door.open(tmp_path / "home", follow=False, clock=clock, rules=Rules(access=Access.OPEN)) as opened:
        yield opened


@pytest.fixture
def letters(library: Library, tmp_path: Path) -> Letters:
    return Letters(library, read(tmp_path / "home", {"BROADSHEET_ADDRESS": "https://papers.example.org"}))


@pytest.fixture
def people(library: Library) -> list[Actor]:
    """Ada, Bob and Cleo, who are readers."""
    return crowd(library, "ada", "bob", "cleo")


def hold(
    library: Library, day: str, count: int, *, first: int = 1, title: str = "An Invented Paper on Flocks", **facts: Any
) -> list[str]:
    """So many papers of a day, in the order of its edition; their keys."""
    named = [f"{day[2:4]}{day[5:7]}.{int(day[8:]) * 100 + number:05}" for number in range(first, first + count)]
    usual: dict[str, Any] = {"published": day, "authors": (Author("Ada Lovelace"), Author("Grace Hopper"))}
    library.catalogue.put(
        [
            record(
                key,
                f"{title}, {day}, {key}",
                **{"abstract": ABSTRACT.format(key), **usual, **facts},
            )
            for key in named
        ],
        at=NOW,
    )
    numbers = [library.paper(key).number for key in named]
    places = [Pick(number, place, 1 / place, "a flock") for place, number in enumerate(numbers, start=1)]
    library.catalogue.put_picks(day, places, model="invented", at=NOW)
    return named


def sends(
    library: Library, wanted: Wanted = Wanted.EDITION, to: str = "eve@example.org", **plan: str | int
) -> Subscription:
    """Something that an address is sent from now on."""
    return library.subscribe_address(OWNER, to, wanted, **{"at": "07:30", "zone": "UTC", "most": 3, **plan})  # type: ignore[arg-type]


def waiting(library: Library) -> list[Outgoing]:
    """What stands in the outbox, with its words, the oldest first."""
    from broadsheet.catalogue import outbox
    from broadsheet.catalogue.schema import outbox as table

    with library.catalogue._store.read() as connection:
        rows = connection.execute(table.select().order_by(table.c.number)).all()
    found = [outbox.read(row) for row in rows]
    assert all(one.state is Sending.WAITING for one in found)
    return found


def told(one: Outgoing) -> list[str]:
    """The papers in a letter, by their keys, in order."""
    return [line.rpartition("/")[2] for line in one.text.splitlines() if "/papers/" in line]


def delivered(there: Place) -> None:
    """What is due is written, and what is in the outbox is delivered: into files, for there is no mail server."""
    settings = read(there.library.home, {})
    Letters(there.library, settings).write_due()
    Postman(there.library, settings, there.clock).deliver(Context(Event(), lambda _: None))
