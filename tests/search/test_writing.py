"""A long build: another process prepares papers, the writer helps it, and commits keep their places."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

import pytest

from broadsheet.search import Search, following, writing
from broadsheet.search.beside import Beside
from broadsheet.search.engine import Document
from broadsheet.search.preparing import Prepared, Preparing
from tests.search.fake import FakeCatalogue
from tests.search.test_following import many, state


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred papers are many, and ten are read at once."""
    monkeypatch.setattr(writing, "MANY", 100)
    monkeypatch.setattr(following, "BATCH", 10)


def test_many_papers_are_prepared_by_another_process(folder: Path) -> None:
    catalogue = FakeCatalogue(many(100))
    for number in (1, 99):
        catalogue.put(catalogue.held[number])
    catalogue.remove(50)
    search = Search.open(folder, catalogue)
    search.sync()
    assert state(search) == (99, 103, ["ok"])
    assert search.query("sheep").total == 99


def test_what_the_other_process_has_not_begun_is_prepared_here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    helped, enough = list[Sequence[Document]](), threading.Event()
    here = Preparing.here

    def counted(self: Preparing, documents: Sequence[Document]) -> Future[Prepared]:
        helped.append(documents)
        if len(helped) == 3:
            enough.set()
        return here(self, documents)

    def slow(_self: Beside, _message: bytes) -> None:
        assert enough.wait(60), "nobody helps"

    monkeypatch.setattr(Preparing, "here", counted)
    monkeypatch.setattr(Beside, "ask", slow)
    search = Search.open(folder, FakeCatalogue(many(100)))
    search.sync()
    assert [len(documents) for documents in helped[:3]] == [10, 10, 10]
    assert state(search) == (100, 100, ["ok"])
    assert search.query("sheep").total == 100


def test_commits_keep_their_places_while_later_papers_are_prepared(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "AHEAD", 5)
    monkeypatch.setattr(following, "COMMIT_EVERY", -1.0)
    search, seen = Search.open(folder, FakeCatalogue(many(100))), set[tuple[int, int]]()

    def stop(_done: int, _total: int) -> None:
        seen.add(state(search)[:2])
        if len(seen) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        search.sync(stop)
    assert all(count == sequence and count % 10 == 0 for count, sequence in seen), "each is as it was at its commit"
    assert state(search)[:2] == max(seen)
    search.sync()
    assert state(search) == (100, 100, ["ok"])
