"""The command line about the outbox: it says how things stand and nothing of their words."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from broadsheet import app, config
from broadsheet.cli import main
from broadsheet.library import Library
from broadsheet.types import OWNER, Sending, Way
from tests.conftest import NOW
from tests.sending.conftest import letter, letters, reader


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Three letters, the last of which is doubtful and held; and a mailbox that is gone."""
    folder = tmp_path / "home"
    with opened(folder) as library:
        who = reader(library, email="gone@example.org")
        library.catalogue.put_outgoing([*letters(2, text="hush"), letter("held", subscriber=who)])
        until = NOW + timedelta(minutes=1)
        found = library.catalogue.claim_outgoing(Way.MAIL, worker="w", at=NOW, until=until, limit=3)
        library.catalogue.fence(found[2], "w", at=NOW, until=until)
        library.catalogue.hold(found[2], "w")
        library.catalogue.give_back([(found[0], NOW)], "w")
        library.catalogue.sent(found[1], at=NOW, said="250 taken")
        with library.catalogue._store.write() as tx:
            tx.exec_driver_sql("update subscriber set suppressed = '2026-11-20T12:00:00Z', reason = 'No such user.'")
    return folder


def opened(home: Path) -> Library:
    return app.open_library(config.read(home, {}))


def run(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["--home", str(home), "outbox", *words], catch_exceptions=False)


def test_it_lists_what_stands_how_and_no_words(home: Path) -> None:
    listed = run(home, "list")
    assert [line.split()[:2] for line in listed.stdout.splitlines()] == [["3", "data"], ["2", "sent"], ["1", "waiting"]]
    assert "250 taken" in listed.stdout
    assert listed.stderr == "1 waiting, 1 data, 1 sent\n"
    as_json = run(home, "list", "--json", "--state", "waiting").stdout
    assert [(one["number"], one["to"]) for one in json.loads(as_json)] == [(1, "reader1@example.org")]
    assert "hush" not in listed.stdout + as_json
    assert [line.split()[0] for line in run(home, "list", "--doubtful").stdout.splitlines()] == ["3"]
    assert [line.split()[0] for line in run(home, "list", "--before", "2").stdout.splitlines()] == ["1"]


def test_what_is_doubtful_is_tried_again_or_dropped(home: Path) -> None:
    assert run(home, "retry", "3").stdout == "Number 3 is tried again.\n"
    assert run(home, "drop", "3").stdout == "Number 3 was dropped.\n"
    with opened(home) as library:
        assert library.outgoing(OWNER, 3).state is Sending.DROPPED
    refused = run(home, "retry", "2")
    assert (refused.exit_code, "was sent at" in refused.stderr) == (1, True)
    assert run(home, "drop", "77").exit_code == 1


def test_a_mailbox_is_allowed_again(home: Path) -> None:
    assert "gone@example.org  No such user." in run(home, "suppressed").stdout
    (one,) = json.loads(run(home, "suppressed", "--json").stdout)
    assert run(home, "allow", str(one["number"])).exit_code == 0
    assert run(home, "suppressed").stdout == ""
    assert run(home, "allow", "77").exit_code == 1
