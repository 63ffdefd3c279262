"""Feeds over an invented place: papers ordinary, strange and hostile, people who say things, and a group of two."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from broadsheet import feeds
from broadsheet.library import Library
from broadsheet.types import ANYONE, Actor
from broadsheet.web.patience import patient
from tests.clients import TestClient
from tests.conftest import NOW
from tests.crowd import crowd
from tests.e2e.site import SPECIAL, filled, hostile, ordinary
from tests.place import Clock
from tests.visitors import asking

ADDRESS = "https://papers.example"
HUB = "https://hub.example/"


@dataclass
class Place:
    """A library with its feeds. `people` are who is here, `group` is the name of a group that ada and bob are in."""

    library: Library
    clock: Clock
    people: dict[str, Actor] = field(default_factory=dict)
    group: str = ""
    standing: int = 0

    def app(self, *, hub: str = "", address: str = ADDRESS) -> ASGIApp:
        pages = PlainTextResponse("a page", 404)
        site = feeds.Site("Broadsheet", address, hub)
        return feeds.create(self.library, site, patient=patient, pages=pages, clock=self.clock)

    def reader(self, actor: Actor = ANYONE, **how: Any) -> TestClient:
        """Somebody's reader of feeds."""
        return TestClient(asking(self.app(**how), actor), base_url=ADDRESS, follow_redirects=False)

    def key(self, name: str, kind: str, value: str = "") -> str:
        """The key of somebody's own feed."""
        return self.library.feed_key(self.people[name], kind, value)


def peopled(place: Place) -> None:
    """Ada, Bob and Eve, what they say, submit and vote for, a group of the first two, and a standing query of Ada's."""
    library = place.library
    ada, bob, eve = crowd(library, "ada", "bob", "eve")
    place.people = {"ada": ada, "bob": bob, "eve": eve}
    library.vote(ada, "2611.00101")
    said = library.comment(bob, "2611.00001", "Half as many gates would **do**: $x < 2$.")
    library.comment(eve, "2611.00001", "They would not, @bob.", parent=said.number)
    gone = library.comment(eve, "2611.00102", "Let me think again.")
    library.delete_comment(eve, gone.number)
    library.submit(eve, "hep-th/9901001", comment="An old one.")
    place.group = library.found(ada, "Shepherds", "Of all herds.").name
    library.join(bob, library.invite_to(ada, place.group))
    library.vote(bob, "2611.00103", group=place.group)
    library.shelve(bob, place.group, "2611.00104", "Keep it & read it.")
    library.comment(bob, None, "Shall we meet?", group=place.group)
    place.standing = library.stand(ada, "sheep", name="All of sheep").number


@pytest.fixture(scope="package")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """In which nothing is written."""
    with filled(tmp_path_factory.mktemp("feeds"), ordinary(60), SPECIAL, hostile()) as library:
        made = Place(library, Clock(NOW))
        peopled(made)
        yield made


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The same, smaller, to be written in."""
    with filled(tmp_path_factory.mktemp("feeds"), ordinary(8), SPECIAL) as library:
        made = Place(library, Clock(NOW))
        peopled(made)
        yield made
