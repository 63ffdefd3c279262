"""The command line about people: who sits at the machine may do all of it, for everybody."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from broadsheet import app, config
from broadsheet.cli import main
from broadsheet.library import Library
from broadsheet.types import Access, Scope
from tests.crowd import crowd

ENVIRONMENT = {"BROADSHEET_ACCESS": "open"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home of a place with Ada and Grace, who may only read."""
    folder = tmp_path / "home"
    with opened(folder) as library:
        crowd(library, "ada", "grace")
    return folder


def opened(home: Path) -> Library:
    return app.open_library(config.read(home, ENVIRONMENT))


def run(home: Path, *words: str, answer: str | None = None) -> Result:
    arguments = ["--home", str(home), "people", *words]
    return CliRunner(env=ENVIRONMENT).invoke(main, arguments, input=answer, catch_exceptions=False)


def test_accounts_are_listed_and_shown(home: Path) -> None:
    listed = run(home, "list")
    assert [line.split()[:2] for line in listed.stdout.splitlines()] == [["ada", "reader"], ["grace", "reader"]]
    assert "2 accounts" in listed.stderr
    assert [one["name"] for one in json.loads(run(home, "list", "GRACE@", "--json").stdout)] == ["grace"]
    assert "E-mail     ada@example.org" in run(home, "show", "Ada").stdout
    assert json.loads(run(home, "show", "ada", "--json").stdout)["role"] == "reader"


def test_a_role_is_given_and_a_ban_comes_and_goes(home: Path) -> None:
    assert (
        run(home, "role", "ada", "administrator", "--reason", "she runs it").stdout == "ada is an administrator now.\n"
    )
    assert run(home, "ban", "grace", "--reason", "spam").exit_code == 0
    assert "banned" in run(home, "list", "grace").stdout
    assert "spam" in run(home, "show", "grace").stdout
    assert run(home, "unban", "grace", "--reason", "an error").exit_code == 0
    assert "banned" not in run(home, "list", "grace").stdout
    only = run(home, "role", "ada", "reader")
    assert (only.exit_code, "only administrator" in only.stderr) == (1, True)
    assert run(home, "ban", "grace").exit_code == 2, "a ban needs a reason"


def test_an_invitation_is_a_link_that_lets_somebody_in(home: Path) -> None:
    made = run(home, "invite", "--role", "editor", "--note", "Emmy", "--days", "3")
    link = made.stdout.strip()
    assert link.startswith("http://127.0.0.1:8000/sign-in/invited/")
    assert "for 1 as editor" in made.stderr
    with opened(home) as library:
        tokens: list[str] = []

        def address(token: str) -> str:
            tokens.append(token)
            return token

        library.ask_link("emmy@example.org", browser="b", address="", invitation=link.rpartition("/")[2], link=address)
        library.use_link(tokens[0], browser="b", agent="", address="", name="emmy")
    assert json.loads(run(home, "show", "emmy", "--json").stdout)["role"] == "editor"


def test_an_invitation_to_a_place_for_one_says_that_it_is_no_use_yet(home: Path) -> None:
    arguments = ["--home", str(home), "people", "invite"]
    made = CliRunner(env={"BROADSHEET_ACCESS": Access.SINGLE}).invoke(main, arguments)
    assert "for one person" in made.stderr


def test_a_token_is_printed_alone_and_acts_for_its_owner(home: Path) -> None:
    made = run(home, "token", "ada", "--scope", "vote", "--scope", "read", "--days", "7")
    with opened(home) as library:
        actor = library.token_actor(made.stdout.strip())
        assert actor is not None
        assert (actor.name, actor.scopes) == ("ada", frozenset({Scope.VOTE, Scope.READ}))
    assert run(home, "token", "ada", "--scope", "all").exit_code == 2


def test_all_that_somebody_gave_is_printed_as_json(home: Path) -> None:
    assert json.loads(run(home, "export", "ada").stdout)["account"]["email"] == "ada@example.org"


def test_an_account_is_deleted_after_a_question(home: Path) -> None:
    assert run(home, "leave", "ada", answer="n\n").exit_code == 1
    assert run(home, "show", "ada").exit_code == 0
    assert run(home, "leave", "ada", "--yes").stdout == "The account ada is gone.\n"
    gone = run(home, "show", "ada")
    assert (gone.exit_code, "nobody here by the name 'ada'" in gone.stderr) == (1, True)


@pytest.mark.parametrize("words", [["show"], ["role"], ["ban"], ["unban"], ["token"], ["export"], ["leave"]])
def test_nobody_is_told_to_be_nobody(home: Path, words: list[str]) -> None:
    because = ["--reason", "x"]
    more = {"role": ["editor"], "ban": because, "unban": because, "leave": ["--yes"]}
    result = run(home, *words, "nobody", *more.get(words[0], []))
    assert (result.exit_code, "nobody here by the name 'nobody'" in result.stderr) == (1, True)
