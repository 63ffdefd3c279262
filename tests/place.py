"""A whole place for tests: a library with a clock, its letters, both faces and the entrance before them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx2
from starlette.types import ASGIApp

from broadsheet import app as composition
from broadsheet import config
from broadsheet import library as door
from broadsheet.library import Library, Rules
from broadsheet.mailing import Letter, Post
from broadsheet.types import Access
from tests.clients import TestClient
from tests.conftest import NOW

PUBLIC = "http://papers.example"


@dataclass
class Clock:
    """An instant that tests move."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def moves(self, **much: float) -> None:
        self.at += timedelta(**much)


@dataclass
class Letters:
    """A post that keeps what it is given."""

    sent: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        self.sent.append(letter)


@dataclass
class Place:
    """The parts. `browser` makes a new one, which keeps its cookies."""

    library: Library
    app: ASGIApp
    letters: Letters
    clock: Clock
    base: str

    def browser(self, peer: str = "203.0.113.9", base: str = "") -> "Browser":
        return Browser(self, TestClient(
            self.app, base_url=base or self.base, client=(peer, 50_000), follow_redirects=False,
            raise_server_exceptions=False,
        ))  # fmt: skip

    def link(self) -> str:
        """The link in the last letter, without the host."""
        self.library.errands.wait()
        found = re.search(r"https?://[^/\s]+(/\S+)", self.letters.sent[-1].text)
        assert found, self.letters.sent[-1].text
        return found[1]


@dataclass
class Browser:
    """What somebody does in one browser: pages, and forms as pages show them."""

    place: Place
    client: TestClient

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return self.client.get(path, headers=headers)

    def csrf(self, page: str = "/settings") -> str:
        found = re.search(r'name="csrf" value="(\w+)"', self.get(page).text)
        assert found, f"{page} has no form"
        return found[1]

    def post(self, path: str, page: str = "/settings", **fields: str) -> httpx2.Response:
        """Sends a form that stands on `page`, as a browser does."""
        return self.client.post(
            path, data={"csrf": self.csrf(page), **fields}, headers={"Sec-Fetch-Site": "same-origin"}
        )

    def signs_in(self, email: str, *, name: str = "", invitation: str = "", back: str = "/") -> httpx2.Response:
        """By a link in a letter; returns the answer to the button."""
        asked = self.post("/sign-in", "/sign-in", email=email, invitation=invitation, back=back)
        assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in/sent"), asked.text
        link = self.place.link()
        return self.post(link, link, name=name)

    def key(self) -> str:
        """The session cookie's value, or nothing."""
        return next((cookie.value or "" for cookie in self.client.cookies.jar if cookie.name.endswith("session")), "")


@contextmanager
def place(
    home: Path,
    *,
    access: Access = Access.OPEN,
    passwords: bool = False,
    base: str = PUBLIC,
    post: Post | None = None,
    **settings: str,
) -> Iterator[Place]:
    """An empty place. `settings` are named in capitals, as in the environment; `post` takes the place of `letters`."""
    clock, letters = Clock(), Letters()
    rules = Rules(access=access, passwords=passwords)
    with door.open(home, clock=clock, rules=rules, post=post or letters) as library:
        environment = {f"BROADSHEET_{name}": value for name, value in settings.items()}
        yield Place(library, composition.create(library, config.read(home, environment)), letters, clock, base)
