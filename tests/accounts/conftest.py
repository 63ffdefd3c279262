"""An open library with nobody in it, made quickly, and the ways in as a test walks them."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from broadsheet import library as door
from broadsheet.library import Library, Rules
from broadsheet.types import Access, Actor
from tests.place import Clock, Letters


@dataclass
class Here:
    """A library, its clock, and the letters that it sent. `secrets` are all that it ever gave out."""

    library: Library
    clock: Clock
    letters: Letters
    secrets: list[str] = field(default_factory=list)

    def asks(self, email: str, *, browser: str = "a browser", address: str = "", invitation: str = "") -> str:
        """Asks for a link; returns what is in it, whether or not a letter was sent."""

        def link(token: str) -> str:
            self.secrets.append(token)
            return f"https://papers.example/sign-in/link/{token}"

        self.library.ask_link(email, browser=browser, address=address, invitation=invitation, link=link)
        self.library.errands.wait()
        return self.secrets[-1]

    def uses(self, token: str, *, browser: str = "a browser", name: str = "", address: str = "") -> str:
        """Uses a link; returns the session's secret."""
        secret = self.library.use_link(token, browser=browser, agent="Mozilla/5.0", address=address, name=name)
        self.secrets.append(secret)
        return secret

    def joins(self, name: str, *, invitation: str = "") -> Actor:
        """Somebody comes by a link: name@example.org."""
        secret = self.uses(self.asks(f"{name}@example.org", invitation=invitation), name=name)
        return self.acts(secret)

    def acts(self, secret: str) -> Actor:
        """Who acts with a session."""
        found = self.library.session_actor(secret)
        assert found is not None
        return found[0]

    def sent(self) -> list[str]:
        """To whom letters went, in their order."""
        self.library.errands.wait()
        return [letter.to for letter in self.letters.sent]


Opening = Callable[..., Here]


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an empty library, to be copied."""
    home = tmp_path_factory.mktemp("empty") / "home"
    door.open(home, follow=False).close()
    return home


@pytest.fixture
def opening(tmp_path: Path, empty_home: Path) -> Iterator[Opening]:
    """Opens an empty library by rules of the test's own."""
    opened: list[Library] = []

    def make(**rules: object) -> Here:
        clock, letters = Clock(), Letters()
        home = Path(shutil.copytree(empty_home, tmp_path / f"home-{len(opened)}"))
        found = {"access": Access.OPEN, **rules}
        opened.append(door.open(home, follow=False, clock=clock, rules=Rules(**found), post=letters))  # type: ignore[arg-type]
        return Here(opened[-1], clock, letters)

    yield make
    for library in opened:
        library.close()


@pytest.fixture
def here(opening: Opening) -> Here:
    """An empty library that everybody may join, with passwords."""
    return opening(passwords=True)
