"""Full texts through the doors: fetched once, kept, shown as Markdown and on the paper's page."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadsheet import api
from broadsheet.app.fulltexts import Reader
from broadsheet.errors import Unavailable
from broadsheet.fetching import Client, Gate
from broadsheet.library import Library
from broadsheet.types import FullText
from broadsheet.web.patience import patient
from tests.clients import TestClient
from tests.e2e.site import SPECIAL, filled, site
from tests.servers.kit import Asked, LocalServer, Reply

PAGE = (Path(__file__).parent / "page.html").read_bytes()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with filled(tmp_path / "home", SPECIAL) as opened:
        yield opened


def arxiv(asked: Asked) -> Reply:
    return Reply(PAGE, kind="text/html") if asked.path.endswith("2611.00001") else Reply(status=404)


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(agent="Broadsheet/0 (tests)", gate=Gate(None, 0.0), allow_private=True, tries=1) as made:
        yield made


def reader(library: Library, client: Client, server: LocalServer, patience: float = 30.0) -> Reader:
    return Reader(library, client, address=server.address, patience=patience)


def machines(library: Library, texts: Reader | None) -> TestClient:
    return TestClient(api.create(library, patient=patient, texts=texts))


def test_a_text_is_fetched_once_and_shown(library: Library, client: Client) -> None:
    with LocalServer(arxiv) as server:
        app = machines(library, reader(library, client, server))
        first = app.get("/papers/2611.00001.md")
        assert app.get("/papers/2611.00001.md").text == first.text
        assert [one.path for one in server.asked] == ["/html/2611.00001"]
    assert "### 1.1 Gates" in first.text
    assert "*Full text, made of <http://127.0.0.1" in first.text
    assert "not its full text" not in first.text
    page = TestClient(site(library)).get("/papers/2611.00001").text
    assert "1.1 Gates" in page
    assert "<dt>Figure 1</dt>" in page


def test_where_there_is_none_the_abstract_stands_and_nobody_asks_again(library: Library, client: Client) -> None:
    with LocalServer(arxiv) as server:
        app = machines(library, reader(library, client, server))
        for _ in range(2):
            text = app.get("/papers/hep-th/9901001.md").text
            assert "An old-style identifier keeps its slash." in text
            assert "not its full text. No full text of it could be had as HTML." in text
        assert [one.path for one in server.asked] == ["/html/hep-th/9901001"]
        assert "not its full text" in app.get("/papers/doi:10.1000/fold.7.md").text
        assert len(server.asked) == 1, "what is not at arXiv is not asked of it"


def test_a_slow_server_keeps_nobody(library: Library, client: Client) -> None:
    go = threading.Event()

    def slow(asked: Asked) -> Reply:
        go.wait(30)
        return arxiv(asked)

    with LocalServer(slow) as server:
        texts = reader(library, client, server, patience=0.0)
        answer = machines(library, texts).get("/papers/2611.00001.md")
        assert (answer.status_code, answer.headers["retry-after"]) == (200, "60")
        assert "is being fetched; ask again in a minute" in answer.text
        go.set()
        with pytest.raises(Unavailable):
            texts("2611.00001")
        patient_one = reader(library, client, server)
        found = patient_one("2611.00001")
        assert isinstance(found, FullText)


def test_a_server_that_fails_is_told_of_and_not_kept(library: Library, client: Client) -> None:
    with LocalServer(lambda _asked: Reply(status=503)) as server:
        texts = reader(library, client, server)
        answer = machines(library, texts).get("/papers/2611.00001.md")
        assert "answered with status 503" in answer.text
    with LocalServer(arxiv) as server:
        assert reader(library, client, server)("2611.00001") is not None


def test_without_a_reader_nothing_is_fetched(library: Library) -> None:
    assert "not its full text" in machines(library, None).get("/papers/2611.00001.md").text
