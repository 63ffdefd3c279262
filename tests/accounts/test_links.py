"""Links in letters: for whom there is one, in which browser it is good, for how long, how often, and what it tells."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from broadsheet.errors import BroadsheetError, Conflict, Refused, TooMany
from broadsheet.types import Access, Role
from tests.accounts.conftest import Here, Opening


def test_a_link_makes_an_account_and_signs_in(here: Here) -> None:
    token = here.asks(" Ada@Example.ORG ", browser="hers")
    (letter,) = here.letters.sent
    assert letter.to == "ada@example.org"
    assert token in letter.text
    assert here.library.link_email(token) == "ada@example.org"
    ada = here.acts(here.uses(token, browser="hers", name="Ada"))
    assert (ada.name, ada.scopes, ada.banned) == ("ada", None, "")


def test_who_comes_back_is_the_same_person(here: Here) -> None:
    ada = here.joins("ada")
    again = here.acts(here.uses(here.asks("ADA@example.org"), name="somebody-else"))
    assert again == ada


def test_without_a_name_an_account_is_called_by_its_number(here: Here) -> None:
    here.joins("ada")
    assert here.acts(here.uses(here.asks("grace.hopper@example.org"))).name == "reader-2"


def test_the_first_account_is_the_administrators_and_no_other(here: Here) -> None:
    assert [here.joins(name).role for name in ("ada", "grace", "emmy")] == [
        Role.ADMINISTRATOR,
        Role.READER,
        Role.READER,
    ]
    assert [letter.founding for letter in here.letters.sent] == [True, False, False]


@pytest.mark.parametrize("access", [Access.OPEN, Access.INVITE])
def test_of_sixteen_who_come_first_at_once_one_becomes_administrator(opening: Opening, access: Access) -> None:
    here = opening(access=access)
    tokens = [here.asks(f"first{number}@example.org") for number in range(16)]
    together = threading.Barrier(16)

    def comes(token: str) -> str | None:
        together.wait()
        try:
            return here.uses(token)
        except Refused:
            return None

    with ThreadPoolExecutor(16) as pool:
        secrets = [secret for secret in pool.map(comes, tokens) if secret]
    roles = sorted(here.acts(secret).role or 0 for secret in secrets)
    assert roles[-1] == Role.ADMINISTRATOR
    assert roles[:-1] == ([Role.READER] * 15 if access is Access.OPEN else [])


def test_a_link_is_good_once_even_for_sixteen_at_once(here: Here) -> None:
    here.joins("ada")
    token = here.asks("ada@example.org")
    together = threading.Barrier(16)

    def comes(_: int) -> bool:
        together.wait()
        try:
            here.uses(token)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(comes, range(16))) == 1
    assert here.library.link_email(token) is None


def test_a_link_is_good_for_ten_minutes(here: Here) -> None:
    early, late = here.asks("ada@example.org"), here.asks("ada@example.org")
    here.clock.moves(minutes=9, seconds=59)
    assert here.library.link_email(early) == "ada@example.org"
    here.uses(early)
    here.clock.moves(seconds=1)
    assert here.library.link_email(late) is None
    with pytest.raises(Refused, match="expired"):
        here.uses(late)


def test_a_link_is_good_only_in_the_browser_that_asked_and_stays_good_there(here: Here) -> None:
    token = here.asks("ada@example.org", browser="hers")
    for other in ("his", "", "hers "):
        with pytest.raises(Refused, match="only in the browser"):
            here.uses(token, browser=other)
    assert here.acts(here.uses(token, browser="hers")).person == 1


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "x" * 100_000, "\ud800", "é" * 43, "\x00"])
def test_what_is_no_link_opens_nothing(here: Here, token: str) -> None:
    assert here.library.link_email(token) is None
    with pytest.raises(Refused, match="expired, or was used"):
        here.uses(token)


def test_a_link_with_a_name_that_cannot_be_is_not_used_up(here: Here) -> None:
    here.joins("ada")
    token = here.asks("grace@example.org")
    with pytest.raises(Conflict, match="taken"):
        here.uses(token, name="ada")
    with pytest.raises(Refused, match="cannot be a name"):
        here.uses(token, name="../admin")
    assert here.acts(here.uses(token, name="grace")).name == "grace"


# Who may come.


def test_by_invitation_only_who_is_known_or_invited_gets_a_letter(opening: Opening) -> None:
    here = opening(access=Access.INVITE)
    ada = here.joins("ada")
    _, secret = here.library.invite(ada, role=Role.EDITOR, uses=1)
    here.letters.sent.clear()
    here.asks("stranger@example.org")
    here.asks("stranger@example.org", invitation="not an invitation")
    here.asks("ada@example.org")
    here.asks("grace@example.org", invitation=secret)
    assert here.sent() == ["ada@example.org", "grace@example.org"]


def test_a_stranger_cannot_use_even_the_link_that_was_never_sent(opening: Opening) -> None:
    here = opening(access=Access.INVITE)
    here.joins("ada")
    token = here.asks("stranger@example.org")
    assert here.library.link_email(token) is None
    with pytest.raises(Refused):
        here.uses(token)


def test_an_invitation_lets_in_as_many_as_it_says_in_its_role(opening: Opening) -> None:
    here = opening(access=Access.INVITE)
    ada = here.joins("ada")
    made, secret = here.library.invite(ada, role=Role.MODERATOR, uses=2, note="the lab")
    tokens = [here.asks(f"new{number}@example.org", invitation=secret) for number in range(3)]
    assert here.acts(here.uses(tokens[0])).role is Role.MODERATOR
    assert [(one.number, one.uses, one.by) for one in here.library.invitations(ada)] == [(made.number, 1, "ada")]
    assert here.acts(here.uses(tokens[1])).role is Role.MODERATOR
    with pytest.raises(Refused, match="by invitation"):
        here.uses(tokens[2])
    assert here.library.invitations(ada) == []


def test_an_invitation_expires_and_can_be_withdrawn(opening: Opening) -> None:
    here = opening(access=Access.INVITE)
    ada = here.joins("ada")
    _, secret = here.library.invite(ada, days=2)
    other, withdrawn = here.library.invite(ada, days=2)
    here.library.withdraw_invitation(ada, other.number)
    here.letters.sent.clear()
    here.asks("a@example.org", invitation=withdrawn)
    here.clock.moves(days=1, hours=23)
    here.asks("b@example.org", invitation=secret)
    here.clock.moves(hours=2)
    here.asks("c@example.org", invitation=secret)
    assert here.sent() == ["b@example.org"]


def test_a_place_for_one_asks_nobody_to_sign_in(opening: Opening) -> None:
    here = opening(access=Access.SINGLE)
    with pytest.raises(Refused, match="for one person"):
        here.asks("ada@example.org")
    owner = here.library.owner_actor()
    assert (owner.person, owner.name, owner.role) == (1, "owner", Role.ADMINISTRATOR)
    assert here.library.owner_actor() == owner


def test_the_one_person_of_a_place_that_had_many_is_its_first_administrator(opening: Opening) -> None:
    here = opening()
    ada = here.joins("ada")
    here.joins("grace")
    assert here.library.owner_actor().person == ada.person


# What is told.


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL that is run in the block, by all connections."""
    seen: list[str] = []

    def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.mark.parametrize("access", [Access.OPEN, Access.INVITE])
def test_who_is_here_and_who_is_not_get_the_same_answer_after_the_same_work(opening: Opening, access: Access) -> None:
    here = opening(access=access)
    ada = here.joins("ada")
    _, secret = here.library.invite(ada)
    work = []
    for email, invitation in (
        ("ada@example.org", ""),
        ("nobody@example.org", ""),
        ("ada@example.org", secret),
        ("invited@example.org", secret),
        ("nobody@example.org", "x" * 43),
    ):
        with statements() as seen:
            here.asks(email, address="192.0.2.7", invitation=invitation)
        work.append(seen)
    assert all(len(one) > 3 for one in work)
    # The first counts of a subject also look for older windows to forget.
    kinds = [[statement for statement in one if "DELETE FROM tally" not in statement] for one in work]
    assert all(one == kinds[0] for one in kinds)


def test_limits_are_the_same_for_who_is_here_and_who_is_not(here: Here) -> None:
    here.joins("ada")
    here.clock.moves(hours=2)
    for email in ("ada@example.org", "nobody@example.org"):
        for _ in range(5):
            here.asks(email)
        with pytest.raises(TooMany, match="5 in 1 hour") as caught:
            here.asks(email)
        assert 0 < caught.value.retry_after <= 3600
    here.clock.moves(hours=1)
    here.asks("ada@example.org")


def test_one_address_on_the_network_may_ask_for_twenty_links_an_hour(here: Here) -> None:
    for number in range(20):
        here.asks(f"n{number}@example.org", address="192.0.2.7")
    with pytest.raises(TooMany, match="20 in 1 hour"):
        here.asks("n20@example.org", address="192.0.2.7")
    here.asks("n20@example.org", address="192.0.2.8")
    assert len(here.sent()) == 21, "what is refused sends nothing"


@pytest.mark.parametrize("text", ["", "ada", "a@b@c", "ada@example.org\r\nBcc: all@example.org", "ädä@example.org"])
def test_what_is_no_address_is_refused_before_anything_is_done(here: Here, text: str) -> None:
    with statements() as seen, pytest.raises(Refused, match="no e-mail address"):
        here.asks(text)
    assert seen == []


def test_a_post_that_fails_tells_nobody(here: Here, caplog: pytest.LogCaptureFixture) -> None:
    def fails(letter: object) -> None:
        raise BroadsheetError("the mail server is away")

    here.letters.send = fails  # type: ignore[method-assign]
    token = here.asks("ada@example.org")
    assert "a letter: the mail server is away" in caplog.text
    assert token not in caplog.text


# A new address.


def moves(here: Here, actor: Any, email: str) -> str:
    tokens: list[str] = []

    def link(token: str) -> str:
        tokens.append(token)
        return f"https://papers.example/{token}"

    here.library.ask_new_email(actor, email, browser="a browser", link=link)
    here.library.errands.wait()
    return tokens[-1] if tokens else ""


def test_an_address_changes_when_the_link_to_the_new_one_is_used_and_the_old_one_is_told(here: Here) -> None:
    ada = here.joins("ada")
    token = moves(here, ada, "Ada@new.example")
    assert here.library.me(ada).email == "ada@example.org"
    assert here.library.link_email(token) == "ada@new.example"
    assert here.acts(here.uses(token)).person == ada.person
    assert here.library.me(ada).email == "ada@new.example"
    assert here.sent()[-2:] == ["ada@new.example", "ada@example.org"]


def test_an_address_of_somebody_else_gets_no_letter_and_no_other_answer(here: Here) -> None:
    here.joins("ada")
    grace = here.joins("grace")
    here.letters.sent.clear()
    assert moves(here, grace, "ada@example.org") == ""
    assert here.sent() == []
    token = moves(here, grace, "both@example.org")
    here.uses(here.asks("both@example.org"), name="quick")
    with pytest.raises(Conflict):
        here.uses(token)
