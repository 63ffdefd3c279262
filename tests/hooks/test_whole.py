"""The whole way: somebody subscribes a channel, an edition is decided, and its papers stand in the chat, once."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadsheet import library as door
from broadsheet.app.letters import Letters
from broadsheet.config import read
from broadsheet.library import Library, Rules
from broadsheet.types import Access, Actor, Wanted, Way
from tests.crowd import joins
from tests.digests.conftest import hold
from tests.hooks.services import ADDRESS, Services
from tests.place import Clock

SITE = "https://papers.example.org"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def library(tmp_path: Path, clock: Clock) -> Iterator[Library]:
    with door.open(tmp_path / "home", follow=False, clock=clock, rules=Rules(access=Access.OPEN)) as opened:
        yield opened


def runs(library: Library, letters: Letters, there: Services) -> None:
    """What a worker does: decides what is due, and sends it."""
    letters.write_due()
    library.send_due({Way.CHANNEL: there.by(library.channel_line, library.channel_heard)})


@pytest.mark.parametrize("kind", ["discord", "webhook"])
def test_an_edition_comes_to_a_channel_once(library: Library, clock: Clock, tmp_path: Path, kind: str) -> None:
    ada: Actor = joins(library, "ada")
    letters = Letters(library, read(tmp_path / "home", {"BROADSHEET_ADDRESS": SITE}))
    channel, _ = library.add_channel(ada, kind, ADDRESS[kind], "The lab")
    library.subscribe_me(ada, Wanted.EDITION, channel=channel.number, rhythm="each edition", at="07:30", zone="UTC")
    keys = hold(library, "2026-11-20", 3)
    with Services() as there:
        for _ in range(4):
            clock.moves(hours=24)
            runs(library, letters, there)
            runs(library, letters, there)
        sent = there.messages(kind)
    assert len(sent) == 1
    text = json.dumps(sent[0])
    assert all(f"{SITE}/papers/{key}" in text for key in keys)
    if kind == "webhook":
        assert [paper["id"] for paper in sent[0]["papers"]] == keys
    (row,) = library.channel_history(ada, channel.number)
    assert (row.state, row.purpose) == ("sent", "digest")


def test_what_was_ended_between_decision_and_sending_does_not_come(
    library: Library, clock: Clock, tmp_path: Path
) -> None:
    ada: Actor = joins(library, "ada")
    letters = Letters(library, read(tmp_path / "home", {"BROADSHEET_ADDRESS": SITE}))
    channel, _ = library.add_channel(ada, "slack", ADDRESS["slack"], "The lab")
    one = library.subscribe_me(ada, Wanted.EDITION, channel=channel.number)
    hold(library, "2026-11-20", 2)
    clock.moves(hours=24)
    assert letters.write_due().letters == 1
    library.end_subscription(ada, one.number)
    with Services() as there:
        library.send_due({Way.CHANNEL: there.by(library.channel_line, library.channel_heard)})
        assert there.asked("slack") == []
