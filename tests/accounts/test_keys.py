"""Sessions and tokens: how long they last, what they may do, and whose they are."""

import pytest

from broadsheet.credentials import hashed, new_secret, same
from broadsheet.errors import Forbidden, NotFound, Refused
from broadsheet.types import ANYONE, OWNER, Scope
from tests.accounts.conftest import Here

ALL = frozenset(Scope)


def test_a_session_ends_thirty_days_after_it_was_last_seen(here: Here) -> None:
    ada = here.uses(here.asks("ada@example.org"))
    here.clock.moves(days=29, hours=23)
    assert here.library.session_actor(ada) is not None
    here.library.errands.wait()
    here.clock.moves(days=29, hours=23)
    assert here.library.session_actor(ada) is not None, "it was seen in between"
    here.library.errands.wait()
    here.clock.moves(days=30)
    assert here.library.session_actor(ada) is None


def test_a_session_ends_180_days_after_it_began_however_often_it_is_seen(here: Here) -> None:
    ada = here.uses(here.asks("ada@example.org"))
    for _ in range(17):
        here.clock.moves(days=10)
        assert here.library.session_actor(ada) is not None
        here.library.errands.wait()
    here.clock.moves(days=10)
    assert here.library.session_actor(ada) is None


def test_that_somebody_was_seen_is_written_once_an_hour_at_most(here: Here) -> None:
    secret = here.uses(here.asks("ada@example.org"))
    ada = here.acts(secret)

    def seen() -> str:
        here.library.session_actor(secret)
        here.library.errands.wait()
        return here.library.sessions(ada)[0].seen

    here.clock.moves(minutes=59)
    assert seen() == "2026-11-20T12:00:00Z"
    here.clock.moves(minutes=2)
    assert seen() == "2026-11-20T13:01:00Z"


def test_sessions_are_listed_and_ended_one_by_one_or_all_others(here: Here) -> None:
    secrets = [here.uses(here.asks("ada@example.org"), address=f"192.0.2.{number}") for number in range(4)]
    numbers = [found[1] for secret in secrets if (found := here.library.session_actor(secret))]
    ada = here.acts(secrets[0])
    listed = here.library.sessions(ada, numbers[0])
    assert {one.number: (one.agent, one.address, one.here) for one in listed} == {
        number: ("Mozilla/5.0", f"192.0.2.{place}", place == 0) for place, number in enumerate(numbers)
    }
    here.library.end_session(ada, numbers[1])
    assert here.library.end_other_sessions(ada, numbers[0]) == 2
    assert [here.library.session_actor(secret) is not None for secret in secrets] == [True, False, False, False]


def test_nobody_ends_what_is_somebody_elses(here: Here) -> None:
    secret = here.uses(here.asks("ada@example.org"))
    ada, grace = here.acts(secret), here.joins("grace")
    session = here.library.sessions(ada)[0].number
    token, _ = here.library.make_token(ada, "hers", ALL, None)
    with pytest.raises(NotFound):
        here.library.end_session(grace, session)
    with pytest.raises(NotFound):
        here.library.end_token(grace, token.number)
    assert here.library.end_other_sessions(grace, 0) == 1
    assert here.library.session_actor(secret) is not None
    assert [one.number for one in here.library.tokens(ada)] == [token.number]


def test_a_person_has_a_hundred_sessions_and_the_longest_unseen_end_first(here: Here) -> None:
    first = here.uses(here.asks("ada@example.org"))
    ada = here.acts(first)
    for _ in range(20):
        here.clock.moves(hours=1)
        for _ in range(5):
            here.uses(here.asks("ada@example.org"))
    assert len(here.library.sessions(ada)) == 100
    assert here.library.session_actor(first) is None


def test_a_token_acts_for_its_owner_within_its_scopes(here: Here) -> None:
    ada = here.joins("ada")
    token, secret = here.library.make_token(ada, " a\nscript ", frozenset({Scope.VOTE, Scope.READ}), 30)
    assert (token.name, token.start) == ("a script", secret[:7])
    assert secret.startswith("bs_")
    found = here.library.token_actor(secret, address="192.0.2.7")
    assert found is not None
    assert (found.person, found.address) == (ada.person, "192.0.2.7")
    assert found.scopes == frozenset({Scope.VOTE, Scope.READ})
    with pytest.raises(Forbidden, match="scope “admin”"):
        here.library.make_token(found, "more", ALL, None)


def test_a_token_expires_or_is_ended(here: Here) -> None:
    ada = here.joins("ada")
    short, for_a_day = here.library.make_token(ada, "a day", ALL, 1)
    _, lasting = here.library.make_token(ada, "for good", ALL, None)
    assert short.expires == "2026-11-21T12:00:00Z"
    here.clock.moves(hours=23, minutes=59)
    assert here.library.token_actor(for_a_day) is not None
    here.clock.moves(minutes=1)
    assert here.library.token_actor(for_a_day) is None
    here.clock.moves(days=4_000)
    assert here.library.token_actor(lasting) is not None
    for token in here.library.tokens(ada):
        here.library.end_token(ada, token.number)
    assert here.library.token_actor(lasting) is None


@pytest.mark.parametrize("days", [0, -1, 3_661, 10**9])
def test_a_token_is_good_for_some_days(here: Here, days: int) -> None:
    with pytest.raises(Refused, match="1 to 3,660 days"):
        here.library.make_token(here.joins("ada"), "x", ALL, days)


def test_a_token_has_a_name_and_a_scope(here: Here) -> None:
    ada = here.joins("ada")
    with pytest.raises(Refused, match="name"):
        here.library.make_token(ada, " \u200b ", ALL, 1)
    with pytest.raises(Refused, match="scope"):
        here.library.make_token(ada, "x", frozenset(), 1)


@pytest.mark.parametrize(
    "secret", ["", "bs_", "bs_" + "x" * 43, "x" * 1_000_000, "bs_\ud800", "bs_\x00", "bs_' OR 1=1 --"]
)
def test_what_is_no_key_opens_nothing(here: Here, secret: str) -> None:
    here.joins("ada")
    assert here.library.token_actor(secret) is None
    assert here.library.session_actor(secret) is None


def test_a_session_is_no_token_and_a_token_no_session(here: Here) -> None:
    session = here.uses(here.asks("ada@example.org"))
    _, token = here.library.make_token(here.acts(session), "x", ALL, None)
    assert here.library.session_actor(token) is None
    assert here.library.token_actor(session) is None
    assert here.library.token_actor("bs_" + session) is None


def test_who_has_no_account_has_no_keys(here: Here) -> None:
    for call in (here.library.sessions, here.library.tokens, here.library.passkeys, here.library.me):
        with pytest.raises(Forbidden):
            call(ANYONE)
        with pytest.raises(Refused, match="command line"):
            call(OWNER)


def test_secrets_are_long_different_and_only_hashes_of_them_are_kept() -> None:
    secrets = {new_secret("bs_") for _ in range(1_000)}
    assert len(secrets) == 1_000
    assert {len(secret) for secret in secrets} == {46}
    assert hashed("a") != hashed("b")
    assert len(hashed("a")) == 64
    assert same("é", "é")
    assert not same("é", "e")
