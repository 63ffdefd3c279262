"""Summaries by a language model: a server that answers as an OpenAI-compatible one does, faults included."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import broadsheet
from broadsheet import ingest
from broadsheet.errors import BadSource, PrivateAddress, Unavailable
from broadsheet.fetching import Client
from broadsheet.languagemodel import LONGEST, LanguageModel
from broadsheet.library import Library
from tests.conftest import NOW
from tests.papers import write_lines
from tests.servers.kit import Asked, Clock, LocalServer, Reply, client, cut, status

SUMMARY = "Sheep are counted by looking at few of them; it takes 40% less time."
LONG = (
    "A herd is counted by looking at few of its members, which saves much time at no cost that anyone could see. " * 3
)


def reply(text: object) -> Reply:
    body = {
        "id": "x",
        "object": "chat.completion",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}}],
    }
    return Reply(json.dumps(body).encode(), kind="application/json")


class Model:
    """A server with a model in it: `says` is its next answer, `asked` what it was asked."""

    def __init__(self) -> None:
        self.says: object = SUMMARY
        self.asked: list[Asked] = []
        self.server = LocalServer(self._answer)
        self.clients: list[Client] = []

    def _answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        return reply(self.says)

    def opened(self, clock: Clock, **settings: Any) -> LanguageModel:
        self.clients.append(client(clock, tries=2, **settings))
        address = f"{self.server.address}/v1/"
        return LanguageModel(self.clients[-1], address=address, model="woolly-7b", key="k")


@pytest.fixture
def model() -> Iterator[Model]:
    made = Model()
    with made.server:
        yield made
        for one in made.clients:
            one.close()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    lines = [
        {"id": f"2611.0000{n}", "title": f"Sheep {n}", "abstract": LONG, "authors": ["Ada"], "published": "2026-11-18"}
        for n in range(1, 4)
    ]
    with broadsheet.open(tmp_path / "home", clock=lambda: NOW) as opened:
        ingest.import_file(opened.catalogue, write_lines(tmp_path / "papers.jsonl", lines), now=lambda: NOW)
        opened.follow()
        yield opened


def test_a_model_is_asked_as_its_interface_says(model: Model) -> None:
    assert model.opened(Clock()).summary("Sheep", LONG) == SUMMARY
    asked = model.asked[0]
    assert (asked.method, asked.path) == ("POST", "/v1/chat/completions")
    assert asked.headers["authorization"] == "Bearer k"
    sent = json.loads(asked.body)
    assert sent["model"] == "woolly-7b"
    assert [message["role"] for message in sent["messages"]] == ["system", "user"]
    assert LONG in sent["messages"][1]["content"]


@pytest.mark.parametrize(
    ("says", "shown"),
    [
        (f"<think>What do they want?</think>\n {SUMMARY}", SUMMARY),
        (f"Here is a summary: {SUMMARY}", SUMMARY),
        (f'"{SUMMARY}"', SUMMARY),
        (SUMMARY + "\x07\u202e", SUMMARY),
    ],
)
def test_what_it_adds_is_taken_off(model: Model, says: str, shown: str) -> None:
    model.says = says
    assert model.opened(Clock()).summary("Sheep", LONG) == shown


def test_a_long_answer_ends_with_a_sentence(model: Model) -> None:
    model.says = "A sentence of no great length is here. " * 50
    found = model.opened(Clock()).summary("Sheep", LONG)
    assert len(found) <= LONGEST
    assert found.endswith("here.")


@pytest.mark.parametrize("says", [None, "", "No.", "<think>never ends", ["list"], {"text": 1}])
def test_an_answer_that_is_none_is_refused(model: Model, says: object) -> None:
    model.says = says
    with pytest.raises(BadSource):
        model.opened(Clock()).summary("Sheep", LONG)


def test_faults_are_tried_again_and_then_told(model: Model) -> None:
    model.server.plan(status(503), None)
    assert model.opened(Clock()).summary("Sheep", LONG) == SUMMARY
    model.server.plan(cut(), status(429, retry_after=5), status(500))
    with pytest.raises(Unavailable):
        model.opened(Clock()).summary("Sheep", LONG)
    model.server.plan(status(401))
    with pytest.raises(BadSource, match="key"):
        model.opened(Clock()).summary("Sheep", LONG)


def test_an_address_inside_the_network_has_to_be_allowed(model: Model) -> None:
    with pytest.raises(PrivateAddress):
        model.opened(Clock(), allow_private=False).summary("Sheep", LONG)


def test_summaries_are_kept_shown_and_marked(model: Model, library: Library) -> None:
    assert library.understand("2611.00001").gist.by == ""  # type: ignore[union-attr]
    assert library.write_summaries(model.opened(Clock()), budget=10) == (3, 0)
    gist = library.understand("2611.00001").gist
    assert gist
    assert (gist.text, gist.by) == (SUMMARY, "woolly-7b")
    assert library.write_summaries(model.opened(Clock()), budget=10) == (0, 0), "each is written once"


def test_a_day_has_its_budget_and_failures_count(model: Model, library: Library) -> None:
    model.says = "No."
    assert library.write_summaries(model.opened(Clock()), budget=2) == (0, 2)
    model.says = SUMMARY
    assert library.write_summaries(model.opened(Clock()), budget=2) == (0, 0)
    assert len(model.asked) == 2
    assert library.write_summaries(model.opened(Clock()), budget=3) == (1, 0), (
        "those that failed are not asked for again"
    )
    assert library.catalogue.asked_to_write(since=NOW + timedelta(days=1)) == 0


def test_a_model_that_does_not_answer_ends_the_run(model: Model, library: Library) -> None:
    model.server.plan(status(500), status(500))
    with pytest.raises(Unavailable):
        library.write_summaries(model.opened(Clock()), budget=10)
    assert library.catalogue.asked_to_write(since=NOW - timedelta(hours=13)) == 1
    assert library.write_summaries(model.opened(Clock()), budget=10, stop=lambda: True) == (0, 0)


def test_another_abstract_has_its_summary_no_more(model: Model, library: Library, tmp_path: Path) -> None:
    library.write_summaries(model.opened(Clock()), budget=10)
    line = {"id": "2611.00001", "title": "Sheep 1", "abstract": LONG + " And goats.", "published": "2026-11-18"}
    ingest.import_file(library.catalogue, write_lines(tmp_path / "papers.jsonl", [line]), now=lambda: NOW)
    gist = library.understand("2611.00001").gist
    assert gist
    assert gist.by == ""
    assert library.write_summaries(model.opened(Clock()), budget=10) == (1, 0)
