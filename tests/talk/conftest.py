"""A library with a few papers and people, a clock that tests move, and sources that answer as a test says."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from broadsheet import library as door
from broadsheet.errors import Unavailable
from broadsheet.library import Library, Rules
from broadsheet.library.opened import Opened
from broadsheet.types import Access, Actor, Identifier, Record, Role
from tests.conftest import NOW
from tests.crowd import crowd, joins
from tests.papers import record

SHEEP, MAPS, TEAPOTS = "2611.00001", "2611.00002", "2611.00003"


@dataclass
class Clock:
    """An instant that tests move."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def moves(self, **much: float) -> None:
        self.at += timedelta(**much)


@dataclass
class World:
    """What sources have, beyond what is here. While it is `silent` none answers."""

    papers: dict[Identifier, Record] = field(default_factory=dict)
    asked: list[Identifier] = field(default_factory=list)
    silent: bool = False

    def fetch(self, library: Opened, name: Identifier) -> bool:
        self.asked.append(name)
        if self.silent:
            raise Unavailable("arXiv does not answer.")
        if found := self.papers.get(name):
            library.catalogue.put([found], at=NOW)
        return found is not None


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def library(tmp_path: Path, clock: Clock, world: World) -> Iterator[Library]:
    rules = Rules(access=Access.OPEN, claim_domains=("example.edu",))
    with door.open(tmp_path / "home", follow=False, clock=clock, rules=rules, fetch=world.fetch) as opened:
        opened.catalogue.put(
            [
                record(SHEEP, "Counting Sheep with Sparse Attention", published="2026-11-10"),
                record(MAPS, "Folding Maps along Rivers", published="2026-11-10"),
                record(TEAPOTS, "A Survey of Teapots in Natural Scenes", published="2026-11-11"),
            ],
            at=NOW,
        )
        yield opened


@pytest.fixture
def people(library: Library) -> list[Actor]:
    """Ada, Bob and Cleo, who are readers."""
    return crowd(library, "ada", "bob", "cleo")


@pytest.fixture
def moderator(library: Library) -> Actor:
    return joins(library, "mo", Role.MODERATOR)


@pytest.fixture
def administrator(library: Library) -> Actor:
    return joins(library, "ann", Role.ADMINISTRATOR)


def sound(library: Library) -> None:
    """Nothing is damaged, and every count is that of its rows."""
    wrong = [one.message for one in library.catalogue.verify(full=True) if one.level == "error"]
    assert not wrong, wrong
