"""A library that anybody may subscribe to, and its letters as their readers get them."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet import library as door
from broadsheet.library import Library, Rules
from broadsheet.types import Access, Actor, Outgoing, Role, Subscription, Wanted, Way
from tests.place import PUBLIC, Browser, Clock, Place, place

ADA, GRACE = "ada@example.org", "grace@example.org"
HERE = "192.0.2.7"


@dataclass
class Desk:
    """A library, its clock, and all that left it so far."""

    library: Library
    clock: Clock
    left: list[Outgoing] = field(default_factory=list)

    def asks(self, email: str = ADA, wanted: Wanted = Wanted.TRENDING, value: str = "", **more: str) -> None:
        """An address asks for something by itself."""

        def link(token: str) -> str:
            return f"https://papers.example/subscribe/confirm/{token}"

        address = more.pop("address", HERE)
        self.library.subscribe(email, wanted, value, address=address, link=link, **more)

    def letters(self) -> list[Outgoing]:
        """What leaves now, as a worker takes it out of the outbox."""
        at = self.clock()
        until = at + timedelta(minutes=5)
        found = self.library.catalogue.claim_outgoing(Way.MAIL, worker="w", at=at, until=until, limit=100)
        kept = [one for one in found if self.library.catalogue.fence(one, "w", at=at, until=until)]
        for one in kept:
            self.library.catalogue.sent(one, at=at, said="250 OK")
        self.left += kept
        return kept

    def token(self) -> str:
        """The token in the last letter that left."""
        self.letters()
        found = re.search(r"/confirm/(\S+)", self.left[-1].text)
        assert found, self.left[-1].text
        return found[1]

    def confirms(
        self, email: str = ADA, wanted: Wanted = Wanted.TRENDING, value: str = "", **more: str
    ) -> Subscription:
        """An address asks for something, and its owner confirms all that is shown."""
        self.asks(email, wanted, value, **more)
        token = self.token()
        shown = self.library.confirming(token).subscriptions
        after = self.library.confirm(token, frozenset(one.number for one in shown))
        return next(one for one in after.subscriptions if one.number == shown[-1].number)

    def joins(self, name: str, role: Role = Role.READER) -> Actor:
        """Somebody with an account: name@example.org."""
        secrets: list[str] = []

        def link(secret: str) -> str:
            secrets.append(secret)
            return secret

        self.library.ask_link(f"{name}@example.org", browser="b", address="", link=link)
        session = self.library.use_link(secrets[-1], browser="b", agent="", address="", name=name)
        found = self.library.session_actor(session)
        assert found is not None
        return found[0]


Opening = Callable[..., Desk]


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an empty library, to be copied."""
    home = tmp_path_factory.mktemp("subscribing") / "home"
    door.open(home, follow=False).close()
    return home


@pytest.fixture
def opening(tmp_path: Path, empty_home: Path) -> Iterator[Opening]:
    """Opens an empty library by rules of the test's own."""
    opened: list[Library] = []

    def make(**rules: object) -> Desk:
        clock = Clock()
        home = Path(shutil.copytree(empty_home, tmp_path / f"home-{len(opened)}"))
        found = {"access": Access.OPEN, **rules}
        opened.append(door.open(home, follow=False, clock=clock, rules=Rules(**found)))  # type: ignore[arg-type]
        return Desk(opened[-1], clock)

    yield make
    for library in opened:
        library.close()


@pytest.fixture
def desk(opening: Opening) -> Desk:
    """An empty library that everybody may join."""
    return opening()


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path / "home", ADDRESS=PUBLIC) as made:
        yield made


@pytest.fixture
def passer(here: Place) -> Browser:
    return here.browser()
