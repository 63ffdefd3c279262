"""Papers that people submit and that are not here: asked for by name, of a local arXiv, with little patience."""

from pathlib import Path

import pytest

from broadsheet import config, library
from broadsheet.app.submitted import fetcher
from broadsheet.errors import Unavailable
from broadsheet.library import Library
from broadsheet.types import Identifier
from tests.conftest import NOW
from tests.crowd import joins
from tests.servers.arxivweb import Announcing, ArxivWeb, paper
from tests.servers.kit import LocalServer, stall

KNOWN, UNKNOWN = Identifier("arxiv", "2601.00001"), Identifier("arxiv", "2601.00099")


def settings(home: Path, address: str) -> config.Settings:
    values = {"ARXIV_QUERY_ADDRESS": address, "ARXIV_PAUSE": "0", "PRIVATE_SOURCES": "arxiv-query"}
    return config.read(home, {f"BROADSHEET_{name}": value for name, value in values.items()})


def opened(home: Path, address: str, *, patience: float = 60.0) -> Library:
    fetch = fetcher(settings(home, address), lambda: NOW, patience=patience)
    return library.open(home, follow=False, clock=lambda: NOW, fetch=fetch)


def arxiv() -> ArxivWeb:
    return ArxivWeb({"2026-01-02": [Announcing(paper(KNOWN.value))]})


def test_a_submitted_paper_comes_from_arxiv(tmp_path: Path) -> None:
    with LocalServer(arxiv()) as server, opened(tmp_path / "home", server.address) as lib:
        ada = joins(lib, "ada")
        made = lib.submit(ada, "https://arxiv.org/abs/2601.00001", comment="Look")
        assert (made.state, made.paper and made.paper.id) == ("listed", KNOWN.value)
        assert [one.text for one in lib.comments("2601.00001")] == ["Look"]
        waiting = lib.submit(ada, UNKNOWN.value)
        assert (waiting.state, waiting.note) == ("waiting", "arXiv does not know it, or not yet.")


def test_who_submits_does_not_wait_for_ever(tmp_path: Path) -> None:
    with LocalServer(arxiv()) as server, library.open(tmp_path / "home", follow=False, clock=lambda: NOW) as lib:
        server.plan(stall())
        fetch = fetcher(settings(tmp_path, server.address), lambda: NOW, patience=0.05)
        with pytest.raises(Unavailable, match="no answer yet"):
            fetch(lib, KNOWN)
