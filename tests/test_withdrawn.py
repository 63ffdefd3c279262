"""A paper that its authors took back: every face says so, wherever somebody reads, follows or is sent papers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from broadsheet import app
from broadsheet.app.letters import Letters
from broadsheet.config import read
from broadsheet.library import Library
from broadsheet.types import ANYONE, Deletion, Wanted
from tests.digests.conftest import clock, hold, letters, library, sends, waiting
from tests.hooks.services import ADDRESS
from tests.mcp.agents import inside
from tests.place import Clock

__all__ = ["clock", "letters", "library"]
DAY = "2026-11-20"
GONE: dict[str, Any] = {"withdrawn": True, "source": "arxiv", "comment": "withdrawn: the sheep were counted twice"}


@pytest.fixture
def key(library: Library) -> str:
    (named,) = hold(library, DAY, 1, **GONE)
    library.follow()
    return named


@pytest.fixture
def browser(library: Library, key: str, tmp_path: Path) -> Iterator[TestClient]:
    settings = read(tmp_path / "home", {"BROADSHEET_ADDRESS": "https://papers.example.org"})
    with TestClient(app.create(library, settings), base_url="https://papers.example.org") as client:
        yield client


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/papers/{key}", "This paper has been withdrawn."),
        (f"/date/{DAY}", "Withdrawn"),
        ("/search?q=flocks", "Withdrawn"),
        ("/papers/{key}.md", "have withdrawn this paper"),
        ("/papers/{key}.bib", "withdrawn by its authors"),
        ("/api/v1/papers/{key}", '"withdrawn":true'),
        ("/api/v1/search?query=flocks", '"withdrawn":true'),
        (f"/api/v1/editions/day/{DAY}", '"withdrawn":true'),
        (f"/date/{DAY}.atom", "Withdrawn by its authors"),
        (f"/date/{DAY}.rss", "Withdrawn by its authors"),
        (f"/date/{DAY}.json", "Withdrawn by its authors"),
    ],
)
def test_who_reads_is_told(browser: TestClient, key: str, path: str, says: str) -> None:
    answer = browser.get(path.format(key=key))
    assert answer.status_code == 200
    assert says in answer.text


def test_agents_are_told(library: Library, key: str) -> None:
    agent = inside(library, ANYONE)
    assert agent.asks("read_paper", id=key)["withdrawn"] is True
    assert agent.asks("search_papers", query="flocks")["papers"][0]["withdrawn"] is True


def test_letters_and_channels_say_so(library: Library, key: str, letters: Letters, clock: Clock) -> None:
    sends(library)
    owner = library.owner_actor()
    channel, _ = library.add_channel(owner, "webhook", ADDRESS["webhook"], "The lab")
    library.subscribe_me(owner, Wanted.EDITION, channel=channel.number, at="07:30", zone="UTC")
    clock.moves(hours=20)
    assert letters.write_due().letters == 2
    letter, message = waiting(library)
    assert "WITHDRAWN: " in letter.text
    assert "Withdrawn by its authors." in letter.html
    (paper,) = json.loads(message.text)["papers"]
    assert (paper["id"], paper["title"].partition(":")[0]) == (key, "WITHDRAWN")


def test_a_paper_that_is_deleted_before_a_letter_is_decided_is_not_in_it(
    library: Library, letters: Letters, clock: Clock
) -> None:
    sends(library)
    kept, gone = hold(library, DAY, 2, source="arxiv")
    library.catalogue.put([Deletion("arxiv", gone)], at=clock.at)
    clock.moves(hours=20)
    letters.write_due()
    (letter,) = waiting(library)
    assert kept in letter.text
    assert gone not in letter.text
