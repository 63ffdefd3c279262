"""`broadsheet subscriptions`: who sits at the machine subscribes anybody."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from broadsheet import app, config
from broadsheet.cli import main
from tests.crowd import crowd

OPEN = {"BROADSHEET_ACCESS": "open"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home of a place with Ada."""
    folder = tmp_path / "home"
    with app.open_library(config.read(folder, OPEN)) as library:
        crowd(library, "ada")
    return folder


def run(home: Path, *words: str, **environment: str) -> Result:
    arguments = ["--home", str(home), "subscriptions", *words]
    return CliRunner(env={**OPEN, **environment}).invoke(main, arguments, catch_exceptions=False)


def test_addresses_and_accounts_are_subscribed_listed_and_ended(home: Path) -> None:
    made = run(home, "add", "category:cs.CL", "--email", "Grace@Example.org", "--rhythm", "weekly", "--day", "friday")
    assert made.stdout.startswith("Subscription 1: cs.CL, every Friday, 07:30 UTC. Next: ")
    made = run(home, "add", "mine", "--as", "ada", "--at", "21:00", "--zone", "Asia/Tokyo", "--json")
    assert json.loads(made.stdout)["zone"] == "Asia/Tokyo"
    listed = run(home, "list")
    assert [line.split()[:2] for line in listed.stdout.splitlines()] == [
        ["1", "grace@example.org"],
        ["2", "ada@example.org"],
    ]
    assert "2 subscriptions" in listed.stderr
    assert [one["to"] for one in json.loads(run(home, "list", "GRACE", "--json").stdout)] == ["grace@example.org"]
    assert run(home, "end", "1").stdout == "Ended: cs.CL. Nothing more of it is sent.\n"
    assert "1 subscriptions" in run(home, "list").stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "trending"), "Say to whom"),
        (("add", "nothing", "--email", "a@example.org"), "Choose what"),
        (("add", "trending", "--email", "nobody"), "no e-mail address"),
        (("add", "trending", "--as", "nobody"), "nobody here"),
        (("add", "trending", "--email", "a@example.org", "--zone", "Mars"), "time zone"),
        (("add", "mine", "--email", "a@example.org"), "accounts alone"),
        (("add", "group:lab", "--email", "a@example.org"), "no group"),
        (("end", "77"), "no such subscription"),
    ],
)
def test_what_cannot_be_done_is_said(home: Path, words: tuple[str, ...], said: str) -> None:
    answer = run(home, *words)
    assert (answer.exit_code, said in answer.stderr) == (1, True), answer.stderr


def test_the_one_person_of_a_place_needs_no_address(tmp_path: Path) -> None:
    home, single = tmp_path / "home", {"BROADSHEET_ACCESS": "single"}
    assert run(home, "add", "trending", **single).exit_code == 0
    assert "files on this machine" in run(home, "list", **single).stdout
    assert run(home, "add", "edition", "--email", "me@example.org", **single).exit_code == 0
    assert run(home, "list", **single).stdout.count("me@example.org") == 2
    assert run(home, "add", "trending", "--email", "Guest@Example.org", **single).exit_code == 0
    assert run(home, "list", **single).stdout.count("me@example.org") == 2, "a guest's letters are the guest's"
    refused = run(home, "add", "mine", "--email", "guest@example.org", **single)
    assert (refused.exit_code, "accounts alone" in refused.stderr) == (1, True)
    owner = json.loads(run(home, "list", "me@", "--json", **single).stdout)[0]
    assert owner["account"]
    moved = run(home, "add", "trending", "--email", "new@example.org", "--as", "owner", **single)
    assert moved.exit_code == 0, moved.stderr
    listed = run(home, "list", **single).stdout
    assert (listed.count("new@example.org"), listed.count("guest@example.org"), "me@" in listed) == (2, 1, False)
