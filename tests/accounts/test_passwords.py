"""Passwords: off unless they are switched on, slow to try, and the same work for a name that nobody has."""

import threading
from concurrent.futures import ThreadPoolExecutor

import argon2
import pytest
from argon2._password_hasher import PasswordHasher

from broadsheet.credentials import Passwords
from broadsheet.credentials.passwords import LONGEST, SHORTEST
from broadsheet.errors import Busy, Refused, TooMany
from tests.accounts.conftest import Here, Opening
from tests.sharing import cheap_hasher

GOOD = "correct horse battery"


def signs_in(here: Here, typed: str, password: str, address: str = "") -> str:
    return here.library.sign_in_password(typed, password, agent="Mozilla", address=address)


def test_a_password_opens_its_account_by_name_or_by_address(here: Here) -> None:
    here.joins("ada")
    grace = here.joins("grace")
    here.library.set_password(grace, GOOD)
    assert here.library.me(grace).has_password
    for typed in ("grace", "@Grace", " GRACE@example.org "):
        assert here.acts(signs_in(here, typed, GOOD)) == grace


def test_passwords_are_off_unless_they_are_switched_on(opening: Opening) -> None:
    here = opening()
    ada = here.joins("ada")
    with pytest.raises(Refused, match="switched off"):
        here.library.set_password(ada, GOOD)
    with pytest.raises(Refused, match="switched off"):
        signs_in(here, "ada", GOOD)


@pytest.mark.parametrize(
    "typed", ["ada", "ada@example.org", "nobody", "nobody@example.org", "", "\x00", "\ud800", "no-password"]
)
def test_what_does_not_fit_is_told_in_one_sentence(here: Here, typed: str) -> None:
    here.library.set_password(here.joins("ada"), GOOD)
    here.joins("no-password")
    for wrong in ("", "Correct horse battery", GOOD + " ", "x" * 1_000_000, GOOD + "x" * LONGEST, "\ud800"):
        with pytest.raises(Refused) as caught:
            signs_in(here, typed, wrong)
        assert str(caught.value) == "The name or the password is not right."


def test_a_name_that_nobody_has_costs_a_hash_too(here: Here) -> None:
    class Counting(Passwords):
        compared = 0

        def fits(self, password: str, known: str | None) -> bool:
            self.compared += 1
            return super().fits(password, known)

    counting = here.library._passwords = Counting()
    here.library.set_password(here.joins("ada"), GOOD)
    for typed in ("ada", "nobody", "nobody@example.org"):
        with pytest.raises(Refused):
            signs_in(here, typed, "wrong password")
    assert counting.compared == 3


def test_passwords_are_tried_ten_times_an_hour_and_the_right_one_counts_too(here: Here) -> None:
    here.library.set_password(here.joins("ada"), GOOD)
    for typed in ("ada", "nobody"):
        for _ in range(10):
            with pytest.raises(Refused):
                signs_in(here, typed, "wrong password")
        with pytest.raises(TooMany, match="10 in 1 hour"):
            signs_in(here, typed, GOOD)
    here.asks("ada@example.org"), "a link can still be had"
    here.clock.moves(hours=1)
    signs_in(here, "ada", GOOD)


def test_one_address_on_the_network_tries_forty_times_an_hour(here: Here) -> None:
    for number in range(40):
        with pytest.raises(Refused):
            signs_in(here, f"n{number}", "wrong password", "192.0.2.7")
    with pytest.raises(TooMany):
        signs_in(here, "n40", "wrong password", "192.0.2.7")


def test_a_new_password_needs_the_old_one_and_may_end_all_other_sessions(here: Here) -> None:
    ada = here.joins("ada")
    elsewhere, at_home = here.uses(here.asks("ada@example.org")), here.uses(here.asks("ada@example.org"))
    found = here.library.session_actor(at_home)
    assert found
    here.library.set_password(ada, GOOD)
    for old in ("", "wrong"):
        with pytest.raises(Refused, match="old password"):
            here.library.set_password(ada, "another good one", old=old, here=found[1])
    assert here.library.session_actor(elsewhere) is not None
    here.library.set_password(ada, "another good one", old=GOOD, here=found[1])
    assert here.library.session_actor(elsewhere) is None
    assert here.library.session_actor(at_home) is not None
    with pytest.raises(Refused):
        signs_in(here, "ada", GOOD)
    signs_in(here, "ada", "another good one")


@pytest.mark.parametrize(
    ("password", "complaint"), [("", "too short"), ("a" * 9, "too short"), ("a" * 501, "too long")]
)
def test_a_password_has_ten_to_five_hundred_characters(password: str, complaint: str) -> None:
    with pytest.raises(Refused, match=complaint):
        Passwords().hash(password)
    assert (SHORTEST, LONGEST) == (10, 500)


def test_a_hash_is_argon2id_salted_and_knows_its_password_however_it_was_typed() -> None:
    passwords = Passwords()
    one, other = passwords.hash("naïve café au lait"), passwords.hash("naïve café au lait")
    assert one.startswith("$argon2id$")
    assert one != other
    assert passwords.fits("naïve cafe\u0301 au lait", one)
    assert not passwords.outdated(one)
    assert not passwords.fits("naive cafe au lait", one)
    for damaged in (None, "", "no hash", one[:-4], "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA"):
        assert not passwords.fits("naïve café au lait", damaged)


def test_a_hash_costs_what_rfc_9106_recommends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(argon2, "PasswordHasher", PasswordHasher)  # its own again: see tests/sharing.py
    passwords = Passwords()
    assert passwords.hash(GOOD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    cheap = cheap_hasher().hash(GOOD)
    assert passwords.outdated(cheap)
    assert passwords.fits(GOOD, cheap)


def test_two_hashes_are_computed_at_a_time_and_who_waits_too_long_is_told() -> None:
    passwords = Passwords(at_once=2, patience=0.0)
    inside, leave = threading.Semaphore(0), threading.Event()

    def slowly() -> None:
        with passwords._turn():
            inside.release()
            leave.wait(20)

    with ThreadPoolExecutor(2) as pool:
        held = [pool.submit(slowly) for _ in range(2)]
        for _ in held:
            inside.acquire()
        with pytest.raises(Busy, match="Many people"):
            passwords.fits("any password", None)
        leave.set()
    assert not passwords.fits("any password", None)
