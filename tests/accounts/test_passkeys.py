"""Passkeys, by a device in software: what it made at this site opens its account, and nothing else does."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broadsheet.credentials import passkeys
from broadsheet.errors import Conflict, Forbidden, NotFound, Refused, TooMany
from broadsheet.types import ANYONE, OWNER, Actor, Passkey
from tests.accounts.authenticator import PRESENT, Authenticator, altered
from tests.accounts.conftest import Here

SITE = "https://papers.example"


def adds(here: Here, actor: Actor, device: Authenticator, *, name: str = "A phone") -> Passkey:
    ticket, options = here.library.begin_passkey(actor, site=SITE)
    return here.library.add_passkey(actor, ticket, device.create(options), site=SITE, name=name)


def signs_in(here: Here, device: Authenticator) -> Actor:
    ticket, options = here.library.begin_passkey(None, site=SITE)
    secret = here.library.sign_in_passkey(ticket, device.get(options), site=SITE, agent="Mozilla", address="192.0.2.7")
    return here.acts(secret)


def test_a_passkey_opens_the_account_that_it_was_made_for(here: Here) -> None:
    here.joins("ada")
    grace = here.joins("grace")
    device = Authenticator(SITE)
    made = adds(here, grace, device, name=" My\nphone ")
    assert (made.name, made.seen) == ("My phone", None)
    here.clock.moves(hours=1)
    assert signs_in(here, device) == grace
    assert [key.seen for key in here.library.passkeys(grace)] == ["2026-11-20T13:00:00Z"]


def test_the_options_ask_for_a_key_that_stays_and_a_person_that_is_verified(here: Here) -> None:
    ada = here.joins("ada")
    device = Authenticator(SITE)
    adds(here, ada, device)
    made = json.loads(here.library.begin_passkey(ada, site=SITE)[1])
    assert made["rp"] == {"name": "Broadsheet", "id": "papers.example"}
    assert made["authenticatorSelection"]["residentKey"] == "required"
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert [one["id"] for one in made["excludeCredentials"]] == [
        json.loads(device.get('{"challenge":"","rpId":""}'))["id"]
    ]
    asked = json.loads(here.library.begin_passkey(None, site=SITE)[1])
    assert asked["userVerification"] == "required"
    assert asked["allowCredentials"] == [], "whoever asks learns of nobody's keys"
    assert asked["challenge"] != made["challenge"]


def test_a_passkey_is_here_once_and_can_be_removed(here: Here) -> None:
    ada, grace = here.joins("ada"), here.joins("grace")
    device = Authenticator(SITE)
    made = adds(here, ada, device)
    with pytest.raises(Conflict, match="here already"):
        adds(here, grace, device)
    with pytest.raises(NotFound):
        here.library.remove_passkey(grace, made.number)
    here.library.remove_passkey(ada, made.number)
    with pytest.raises(Refused, match="does not fit"):
        signs_in(here, device)


def test_an_answer_is_good_once_and_for_five_minutes(here: Here) -> None:
    ada = here.joins("ada")
    device = Authenticator(SITE)
    adds(here, ada, device)
    ticket, options = here.library.begin_passkey(None, site=SITE)
    answer = device.get(options)
    here.library.sign_in_passkey(ticket, answer, site=SITE, agent="", address="")
    with pytest.raises(Refused, match="used already"):
        here.library.sign_in_passkey(ticket, answer, site=SITE, agent="", address="")
    other, _ = here.library.begin_passkey(None, site=SITE)
    with pytest.raises(Refused, match="does not fit"):
        here.library.sign_in_passkey(other, answer, site=SITE, agent="", address="")
    late, options = here.library.begin_passkey(None, site=SITE)
    here.clock.moves(minutes=5)
    with pytest.raises(Refused, match="expired"):
        here.library.sign_in_passkey(late, device.get(options), site=SITE, agent="", address="")


def test_what_one_began_another_cannot_end(here: Here) -> None:
    ada, grace = here.joins("ada"), here.joins("grace")
    device = Authenticator(SITE)
    ticket, options = here.library.begin_passkey(ada, site=SITE)
    with pytest.raises(Refused, match="somebody else"):
        here.library.add_passkey(grace, ticket, device.create(options), site=SITE, name="")
    ticket, options = here.library.begin_passkey(None, site=SITE)
    with pytest.raises(Refused):
        here.library.add_passkey(grace, ticket, device.get(options), site=SITE, name="")


@pytest.mark.parametrize(
    "device",
    [
        Authenticator("https://papers.example.evil.example"),
        Authenticator("http://papers.example"),
        Authenticator("https://papers.example:8443"),
        Authenticator(SITE, flags=PRESENT),
        Authenticator(SITE, flags=0),
    ],
    ids=["another host", "not encrypted", "another port", "nobody verified", "nobody there"],
)
def test_a_passkey_of_another_site_or_of_nobody_is_not_added(here: Here, device: Authenticator) -> None:
    ada = here.joins("ada")
    with pytest.raises(Refused, match="could not be added"):
        adds(here, ada, device)
    assert here.library.passkeys(ada) == []


@pytest.mark.parametrize("wrong", ["clientDataJSON", "authenticatorData", "signature"])
def test_an_answer_with_one_bit_turned_over_signs_nobody_in(here: Here, wrong: str) -> None:
    ada = here.joins("ada")
    device = Authenticator(SITE)
    adds(here, ada, device)
    ticket, options = here.library.begin_passkey(None, site=SITE)
    with pytest.raises(Refused, match="does not fit"):
        here.library.sign_in_passkey(ticket, altered(device.get(options), wrong), site=SITE, agent="", address="")


@pytest.mark.parametrize("change", ["origin", "flags", "key", "uses"])
def test_a_known_passkey_in_the_wrong_hands_signs_nobody_in(here: Here, change: str) -> None:
    ada = here.joins("ada")
    device = Authenticator(SITE)
    adds(here, ada, device)
    signs_in(here, device)
    signs_in(here, device)
    wrong = {
        "origin": "https://evil.example",
        "flags": PRESENT,
        "key": Authenticator(SITE).key,
        "uses": 0,  # a copy of the device that was used less often
    }
    setattr(device, change, wrong[change])
    with pytest.raises(Refused, match="does not fit"):
        signs_in(here, device)


def test_nobody_and_the_command_line_have_no_passkeys(here: Here) -> None:
    with pytest.raises(Forbidden):
        here.library.begin_passkey(ANYONE, site=SITE)
    with pytest.raises(Refused, match="command line"):
        here.library.begin_passkey(OWNER, site=SITE)


def test_passkeys_cannot_be_tried_for_ever_from_one_address(here: Here) -> None:
    for _ in range(240):
        here.library.begin_passkey(None, site=SITE, address="192.0.2.7")
    with pytest.raises(TooMany):
        here.library.begin_passkey(None, site=SITE, address="192.0.2.7")
    here.library.begin_passkey(None, site=SITE, address="192.0.2.8")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["id", "rawId", "type", "response", "clientDataJSON", "authenticatorData", "signature",
                         "attestationObject", "userHandle", "authenticatorAttachment", "challenge", "origin"]),
        inner, max_size=6,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150)
@given(answer=JSON.map(json.dumps) | st.text(max_size=200))
def test_whatever_a_browser_sends_is_refused_in_our_words(answer: str) -> None:
    known = passkeys.Credential("eA", "eA", 0)
    with pytest.raises(Refused):
        passkeys.created(answer, site=SITE, challenge="eA")
    with pytest.raises(Refused):
        passkeys.verified(passkeys.said(answer), known, site=SITE, challenge="eA")


@pytest.mark.parametrize("answer", ["[" * 60_000, '{"a":' * 10_000, "x" * 1_000_000, "\ud800"])
def test_endless_answers_are_refused(answer: str) -> None:
    with pytest.raises(Refused):
        passkeys.said(answer)
