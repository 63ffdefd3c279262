"""A hub is told of what is new, at a server of this test, by the client that asks everything here."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event
from urllib.parse import parse_qs

import pytest

from broadsheet import app, config, feeds
from broadsheet.app import hub
from broadsheet.app.work import Work
from broadsheet.config import Settings
from broadsheet.errors import Unavailable
from broadsheet.jobs import Context
from broadsheet.library import Library
from tests.clients import TestClient
from tests.conftest import NOW
from tests.e2e.site import filled, ordinary
from tests.papers import record

SITE = "https://papers.example"


@dataclass
class Hub:
    """A hub that writes down what it is told. Told of an address that holds `refuses` it does not want it."""

    told: list[str] = field(default_factory=list)
    refuses: str = "-"
    status: int = 202
    address: str = ""


@pytest.fixture
def server() -> Iterator[Hub]:
    told = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            assert form["hub.mode"] == ["publish"]
            (address,) = form["hub.url"]
            refused = told.refuses in address
            if not refused and told.status < 400:
                told.told.append(address)
            self.send_response(404 if refused else told.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - the name of its base class
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        thread = threading.Thread(target=made.serve_forever)
        thread.start()
        told.address = f"http://127.0.0.1:{made.server_address[1]}/hub"
        yield told
        made.shutdown()
        thread.join()


def settings(home: Path, **given: str) -> Settings:
    return config.read(home, {f"BROADSHEET_{name.upper()}": value for name, value in given.items()})


def tell(made: Settings, news: list[feeds.News], address: str) -> int:
    with hub.client(made, sleep=lambda _: None) as client:
        return hub.tell(address, news, made.home, client, stop=lambda: False)


def some(**marks: str) -> list[feeds.News]:
    return [feeds.News(f"{SITE}/{name}.atom", mark) for name, mark in marks.items()]


def test_a_hub_is_told_of_what_changed_since_the_last_time(server: Hub, tmp_path: Path) -> None:
    made = settings(tmp_path, private_sources="websub")
    assert tell(made, some(week="1", month="1"), server.address) == 0, "nothing is known of before"
    assert tell(made, some(week="1", month="1"), server.address) == 0
    assert tell(made, some(week="2", month="1", new="1"), server.address) == 1
    assert server.told == [f"{SITE}/week.atom"]
    assert tell(made, some(week="2", month="2", new="2"), server.address) == 2
    assert tell(made, some(month="2"), server.address) == 0
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [hub.FILE]


def test_what_a_hub_did_not_take_it_is_told_again(server: Hub, tmp_path: Path) -> None:
    made = settings(tmp_path, private_sources="websub")
    tell(made, some(a="1", b="1", c="1"), server.address)
    server.status = 503
    with pytest.raises(Unavailable, match=r"0 feeds told, then: .*503"):
        tell(made, some(a="2", b="2", c="2"), server.address)
    server.status, server.refuses = 204, "/b."
    with pytest.raises(Unavailable, match=r"2 feeds told, then: .*404"):
        tell(made, some(a="2", b="2", c="2"), server.address)
    server.refuses = "-"
    assert tell(made, some(a="2", b="2", c="2"), server.address) == 1
    assert server.told == [f"{SITE}/{name}.atom" for name in ("a", "c", "b")]


def test_a_hub_inside_the_network_is_told_nothing_unless_that_is_allowed(server: Hub, tmp_path: Path) -> None:
    made = settings(tmp_path)
    tell(made, some(a="1"), server.address)
    with pytest.raises(Unavailable, match=r"private|inside|network"):
        tell(made, some(a="2"), server.address)
    assert server.told == []


def test_a_damaged_file_is_as_none(server: Hub, tmp_path: Path) -> None:
    made = settings(tmp_path, private_sources="websub")
    for text in ("{", "[]", ""):
        (tmp_path / hub.FILE).write_text(text)
        assert tell(made, some(a="1"), server.address) == 0
    assert tell(made, some(a="2"), server.address) == 1


@contextmanager
def worked(home: Path, **given: str) -> Iterator[tuple[Library, Work]]:
    with filled(home, ordinary(5)) as library:
        yield library, Work(library, settings(home, **given), lambda: NOW)


def test_the_job_tells_of_a_paper_that_comes_and_not_of_a_vote(server: Hub, tmp_path: Path) -> None:
    given = {"websub_hub": server.address, "address": SITE, "categories": "cs.LG", "private_sources": "websub"}
    with worked(tmp_path / "home", **given) as (library, work):
        task = next(task for task in work.tasks() if task.name == "websub")
        assert task.rule == "every 2 minutes"

        def run() -> str:
            return task.run(Context(Event(), lambda _: None))

        assert run() == "Nothing new."
        library.catalogue.put_signals([])
        assert run() == "Nothing new."
        library.catalogue.put([record("2611.05000", "Gates", announced="2026-11-20", published="2026-11-20")], at=NOW)
        library.follow()
        assert run() == "12 feeds told."
        ends = ("atom", "rss", "json")
        paths = ("index", "week", "month", "categories/cs.LG")
        assert server.told == [f"{SITE}/{path}.{end}" for path in paths for end in ends]
        assert run() == "Nothing new."


def test_without_a_hub_or_an_address_nothing_is_told(tmp_path: Path) -> None:
    with worked(tmp_path / "home", websub_hub="https://hub.example/") as (_, work):
        assert next(task for task in work.tasks() if task.name == "websub").rule == "never"


def test_feeds_name_the_hub(tmp_path: Path) -> None:

    with filled(tmp_path / "home", ordinary(5)) as library:
        made = settings(tmp_path / "home", websub_hub="https://hub.example/", address=SITE)
        client = TestClient(app.create(library, made), base_url=SITE)
        answer = client.get("/index.atom")
        assert answer.headers["link"] == f'<{SITE}/index.atom>; rel="self", <https://hub.example/>; rel="hub"'
        assert '<link rel="hub" href="https://hub.example/"/>' in answer.text
        assert client.get("/search.json?q=sheep").json()["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]
        assert client.get("/papers/2611.00101").headers["content-type"].startswith("text/html")
        assert client.get("/papers/nothing.atom").headers["content-type"].startswith("text/html")
        assert client.get("/papers/2611.00101.csl.json").status_code == 200
