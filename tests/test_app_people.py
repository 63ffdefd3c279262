"""What settings say of people: who may come where the site listens so, which limits hold, and who carries letters."""

from pathlib import Path

import pytest

from broadsheet import app, config
from broadsheet.app import people
from broadsheet.config import Settings
from broadsheet.errors import BadSetting
from broadsheet.library import LIMITS
from broadsheet.mailing import ConsoleFirst, LogPost
from broadsheet.types import Access, Actor, Role
from tests.conftest import NOW


def settings(home: Path, **values: str) -> Settings:
    return config.read(home, {f"BROADSHEET_{name.upper()}": value for name, value in values.items()})


@pytest.mark.parametrize(
    ("values", "access"),
    [
        ({}, Access.SINGLE),
        ({"host": "localhost"}, Access.SINGLE),
        ({"host": "::1"}, Access.SINGLE),
        ({"host": "127.0.0.9"}, Access.SINGLE),
        ({"host": "0.0.0.0"}, Access.INVITE),
        ({"host": "::"}, Access.INVITE),
        ({"host": "papers.example.org"}, Access.INVITE),
        ({"address": "https://papers.example.org"}, Access.INVITE),
        ({"access": "open"}, Access.OPEN),
        ({"access": "invite"}, Access.INVITE),
        ({"access": "single", "address": "https://papers.example.org"}, Access.SINGLE),
    ],
)
def test_a_place_is_for_one_only_where_nobody_else_could_reach_it(
    tmp_path: Path, values: dict[str, str], access: Access
) -> None:
    assert people.access(settings(tmp_path, **values)) is access
    with app.open_library(settings(tmp_path / "home", **values)) as library:
        assert library.rules.access is access


def test_limits_are_those_of_the_settings_and_0_is_none(tmp_path: Path) -> None:
    assert people.limits(settings(tmp_path)) == LIMITS
    chosen = settings(tmp_path / "home", limit_votes="7", limit_sign_ins="3", limit_comments="0", access="open")
    limits = people.limits(chosen)
    assert (limits["vote"].times, limits["sign-in"].times, limits["password"].times) == (7, 3, 6)
    with app.open_library(chosen) as library:
        ada = Actor("ada", Role.READER, 1)
        allowed = library.allowance(ada, "vote")
        assert allowed is not None
        assert (allowed.limit, allowed.window) == (7, 300)
        assert library.allowance(ada, "comment") is None


def test_without_a_mail_server_letters_are_printed_and_with_one_they_need_a_sender(tmp_path: Path) -> None:
    assert isinstance(people.post(settings(tmp_path), lambda: NOW), LogPost)
    with pytest.raises(BadSetting, match="mail_from is not"):
        people.post(settings(tmp_path, mail_server="smtp.example.org"), lambda: NOW)
    full = settings(tmp_path, mail_server="smtp.example.org", mail_from="papers@example.org", mail_password="hush")
    carried = people.post(full, lambda: NOW)
    assert isinstance(carried, ConsoleFirst)
    assert "hush" not in repr(carried)


@pytest.mark.parametrize(
    ("values", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"host": "::1", "port": "9000"}, "http://[::1]:9000"),
        ({"address": "https://papers.example.org/"}, "https://papers.example.org"),
    ],
)
def test_links_of_the_command_line_lead_to_where_the_site_is(
    tmp_path: Path, values: dict[str, str], address: str
) -> None:
    assert people.address(settings(tmp_path, **values)) == address


def test_a_place_for_one_is_not_open_to_a_network(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"127\.0\.0\.1"):
        people.access(settings(tmp_path, access="single", host="0.0.0.0"))
