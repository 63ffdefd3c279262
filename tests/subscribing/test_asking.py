"""An address asks to be sent something: what is waited for, what is said, and that it tells nobody anything."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import NotFound, Refused, SignInNeeded, TooMany, Unfit
from broadsheet.library import LIMITS, plans
from broadsheet.types import OWNER, Access, Form, Rhythm, Wanted
from tests.subscribing.conftest import ADA, GRACE, Desk, Opening


def waiting(desk: Desk) -> list[str]:
    """What the last letter's link shows."""
    return [one.title for one in desk.library.confirming(desk.token()).subscriptions]


def test_an_address_is_sent_nothing_before_its_owner_confirms(desk: Desk) -> None:
    desk.asks(rhythm="weekly", weekday="4", at="7:05", zone="Europe/Berlin", most="20", form="text")
    (letter,) = desk.letters()
    assert (letter.to, letter.purpose, letter.html) == (ADA, "confirm", "")
    token = desk.token()
    (one,) = desk.library.confirming(token).subscriptions
    assert (one.confirmed, one.next) == (None, None)
    after = desk.library.confirm(token, frozenset({one.number})).subscriptions[0]
    assert (after.rhythm, after.weekday, after.at, after.zone) == (Rhythm.WEEKLY, 4, "07:05", "Europe/Berlin")
    assert (after.most, after.form, after.confirmed) == (20, Form.TEXT, "2026-11-20T12:00:00Z")
    assert after.next == "2026-11-27T06:05:00Z", "the next Friday, five past seven in Berlin"


def test_a_link_confirms_once_and_again_is_once(desk: Desk) -> None:
    desk.asks()
    token = desk.token()
    number = desk.library.confirming(token).subscriptions[0].number
    first = desk.library.confirm(token, frozenset({number}))
    desk.clock.moves(hours=1)
    assert desk.library.confirming(token).subscriptions == []
    assert desk.library.confirm(token, frozenset({number})).subscriptions == first.subscriptions


def test_a_link_is_good_for_two_days(desk: Desk) -> None:
    desk.asks()
    token = desk.token()
    desk.clock.moves(hours=47, minutes=59)
    assert desk.library.confirming(token).email == ADA
    desk.clock.moves(minutes=2)
    with pytest.raises(Refused, match="expired"):
        desk.library.confirming(token)
    with pytest.raises(Refused, match="expired"):
        desk.library.confirm(token, frozenset({1}))


@given(st.text(max_size=400))
def test_no_other_text_is_a_link(desk_of_all: Desk, text: str) -> None:
    library = desk_of_all.library
    for verb in (library.confirming, lambda token: library.confirm(token, frozenset({1}))):
        with pytest.raises(Refused):
            verb(text)
    others: list[Callable[[str], object]] = [
        library.unsubscribing,
        library.unsubscribe,
        library.resubscribe,
        library.preferences,
    ]
    for other in others:
        with pytest.raises(NotFound):
            other(text)
    for purpose in ("unsubscribe", "preferences"):
        for stale in (
            library.sign(purpose, "7"),
            library.sign(purpose, "1", ascii(text)),
            library.sign("feed", "1", "2", "3"),
        ):
            with pytest.raises(NotFound):
                (library.unsubscribe if purpose == "unsubscribe" else library.preferences)(stale)


@pytest.fixture(scope="module")
def desk_of_all(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """One library for all examples, which change nothing."""
    from broadsheet import library as door
    from tests.place import Clock

    clock = Clock()
    desk = Desk(door.open(tmp_path_factory.mktemp("tokens"), follow=False, clock=clock), clock)
    desk.library.subscribe_address(OWNER, ADA, Wanted.TRENDING)
    return desk


def test_one_letter_a_day_however_often_and_for_whatever_it_is_asked(desk: Desk) -> None:
    desk.asks()
    desk.asks(ADA.upper(), Wanted.EDITION)
    desk.asks(f" {ADA} ", Wanted.QUERY, "sparse attention")
    assert waiting(desk) == ["Trending papers", "The daily edition", "results for “sparse attention”"]
    assert len(desk.left) == 1, "one letter, whose link shows all"
    desk.clock.moves(hours=23, minutes=59)
    desk.asks()
    assert desk.letters() == []
    desk.clock.moves(minutes=1)
    desk.asks()
    assert [one.to for one in desk.letters()] == [ADA]


def test_what_was_not_shown_is_not_confirmed(desk: Desk) -> None:
    desk.asks()
    token = desk.token()
    shown = frozenset(one.number for one in desk.library.confirming(token).subscriptions)
    desk.asks(ADA, Wanted.EDITION)  # somebody else's joke
    after = desk.library.confirm(token, shown | {99}).subscriptions
    assert [(one.wanted, one.confirmed is not None) for one in after] == [
        (Wanted.TRENDING, True),
        (Wanted.EDITION, False),
    ]


def test_a_link_of_one_address_confirms_nothing_of_another(desk: Desk) -> None:
    desk.asks(ADA)
    hers = desk.token()
    desk.asks(GRACE)
    theirs = [one.number for one in desk.library.confirming(desk.token()).subscriptions]
    desk.library.confirm(hers, frozenset(theirs))
    assert [one.confirmed for one in desk.library.confirming(desk.token()).subscriptions] == [None]


def test_who_asks_again_before_confirming_changes_what_waits(desk: Desk) -> None:
    desk.asks(at="06:00")
    desk.asks(at="21:00")
    desk.asks(ADA, Wanted.QUERY, "sheep")
    desk.asks(ADA, Wanted.QUERY, " sheep ", most="3")
    shown = desk.library.confirming(desk.token()).subscriptions
    assert [(one.wanted, one.at, one.most) for one in shown] == [
        (Wanted.TRENDING, "21:00", 10),
        (Wanted.QUERY, "07:30", 3),
    ]


def test_a_search_is_sent_without_what_it_is_not_to_be_about(desk: Desk) -> None:
    typed = "sheep, not goats"
    desk.asks(ADA, Wanted.QUERY, typed)
    desk.asks(ADA, Wanted.QUERY, "sheep")
    desk.asks(ADA, Wanted.QUERY, typed, most="3")
    shown = desk.library.confirming(desk.token()).subscriptions
    assert [(one.title, one.most) for one in shown] == [
        ("results for “sheep, not goats”", 3),
        ("results for “sheep”", 10),
    ]
    assert [desk.library.search_behind(one) for one in shown] == ["sheep", "sheep"]


def test_confirming_the_same_again_takes_the_place_of_the_one_before(desk: Desk) -> None:
    first = desk.confirms(at="06:00")
    assert desk.library.catalogue.subscription(first.number).ended is None
    desk.clock.moves(days=2)
    desk.asks(at="21:00")
    before = desk.library.catalogue.subscription(first.number)
    assert (before.at, before.ended) == ("06:00", None), "who asks changes nothing before it is confirmed"
    second = desk.confirms(at="21:00")
    assert desk.library.catalogue.subscription(first.number).ended is not None
    assert (second.at, second.ended) == ("21:00", None)


def test_known_unknown_and_suppressed_addresses_get_the_same_answer(desk: Desk) -> None:
    """`subscribe` returns nothing and raises nothing; what it writes differs by no kind of work."""
    desk.joins("grace")
    desk.confirms("emmy@example.org")
    desk.asks("mary@example.org")
    desk.letters()
    with desk.library.catalogue._store.write() as tx:
        tx.exec_driver_sql("UPDATE subscriber SET suppressed = '2026-11-01T00:00:00Z' WHERE email = 'mary@example.org'")
    desk.clock.moves(days=2)
    counted = {}
    for email in (ADA, GRACE, "emmy@example.org", "mary@example.org"):
        with desk.library.catalogue._store.read() as connection:
            before = connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar_one()
        desk.asks(email)
        with desk.library.catalogue._store.read() as connection:
            after = connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar_one()
        counted[email] = after - before
    assert set(counted.values()) == {1}, "a letter is written for each"
    assert [one.to for one in desk.letters()] == [ADA, GRACE, "emmy@example.org"], "and one of them never leaves"


def test_the_letter_holds_no_words_that_somebody_else_chose(desk: Desk) -> None:
    desk.asks(ADA, Wanted.QUERY, "buy cheap pills at example dot org", title="Buy cheap pills")
    (letter,) = desk.letters()
    assert "pills" not in letter.subject + letter.text


def test_a_place_on_the_network_cannot_ask_without_end(opening: Opening) -> None:
    desk = opening(limits={**LIMITS, "subscribe": LIMITS["subscribe"].__class__("subscriptions", 2, ((86_400, 1),), 2)})
    for number in range(4):
        desk.asks(f"reader-{number}@example.org")
    with pytest.raises(TooMany, match="subscriptions"):
        desk.asks("one-more@example.org")
    desk.asks("one-more@example.org", address="198.51.100.1")
    desk.asks("one-more@example.org", address="198.51.100.2")
    with pytest.raises(TooMany):
        desk.asks("one-more@example.org", address="198.51.100.3")
    assert len([one for one in desk.letters() if one.to == "one-more@example.org"]) == 1


def test_what_needs_an_account_is_not_sent_to_an_address_alone(desk: Desk) -> None:
    for wanted in (Wanted.GROUP, Wanted.MINE):
        with pytest.raises(SignInNeeded):
            desk.asks(ADA, wanted, "lab")


def test_a_place_for_one_person_sends_no_letters_to_confirm(opening: Opening) -> None:
    with pytest.raises(Refused, match="for one person"):
        opening(access=Access.SINGLE).asks()


BAD = [
    ("", "Say to which"),
    ("ada", "no e-mail address"),
    ("ada@", "no e-mail address"),
    ("ada@example.org\r\nBcc: eve@example.org", "no e-mail address"),
    ("ada@example.org\nBcc:eve@example.org", "no e-mail address"),
    ("ada@example.org, eve@example.org", "no e-mail address"),
    ("Ada <ada@example.org>", "no e-mail address"),
    ("ada@exam\x00ple.org", "no e-mail address"),
    ('"ada lovelace"@example.org', "quotation marks"),
    ("ädä@example.org", "plain letters"),
    ("ada@127.0.0.1", "no e-mail address"),
    ("ada@[127.0.0.1]", "no e-mail address"),
    ("a" * 5_000 + "@example.org", "too long"),
    ("ada@" + "a" * 5_000, "too long"),
    ("ada@\ud800.example", "no e-mail address"),
]


@pytest.mark.parametrize(("typed", "said"), BAD, ids=range(len(BAD)))
def test_what_is_no_address_is_said_at_its_field(desk: Desk, typed: str, said: str) -> None:
    with pytest.raises(Unfit) as caught:
        desk.asks(typed)
    assert list(caught.value.problems) == ["email"]
    assert said in caught.value.problems["email"]
    assert desk.letters() == []


FORMS = {
    " Ada@Example.ORG ": ADA,
    "ada@bücher.example": "ada@xn--bcher-kva.example",
    "o'hara+x@a.example": "o'hara+x@a.example",
}


@pytest.mark.parametrize(("typed", "to"), FORMS.items())
def test_addresses_have_one_form(desk: Desk, typed: str, to: str) -> None:
    desk.asks(typed)
    assert [one.to for one in desk.letters()] == [to]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("rhythm", "hourly"),
        ("rhythm", "at once"),
        ("weekday", "7"),
        ("weekday", "Monday"),
        ("weekday", "٣"),
        ("at", "24:00"),
        ("at", "7"),
        ("at", "07:60"),
        ("at", "٠٧:٣٠"),
        ("zone", "Mars/Olympus"),
        ("zone", "../../../../etc/passwd"),
        ("zone", "/etc/localtime"),
        ("zone", "Europe"),
        ("zone", ""),
        ("zone", "\x00"),
        ("most", "0"),
        ("most", "51"),
        ("most", "1e3"),
        ("most", "-1"),
        ("form", "pdf"),
    ],
)
def test_what_cannot_be_kept_to_is_said_at_its_field(desk: Desk, field: str, typed: str) -> None:
    with pytest.raises(Unfit) as caught:
        desk.asks(ADA, Wanted.TRENDING, "", **{field: typed})
    assert list(caught.value.problems) == [field]


def test_all_that_is_wrong_is_said_at_once(desk: Desk) -> None:
    with pytest.raises(Unfit) as caught:
        desk.asks("nobody", zone="Mars", at="25:00", most="many")
    assert set(caught.value.problems) == {"email", "zone", "at", "most"}


@given(st.dictionaries(st.sampled_from(["rhythm", "weekday", "at", "zone", "most", "form"]), st.text(max_size=60)))
def test_any_words_make_a_plan_or_say_what_is_wrong(said: dict[str, str]) -> None:
    for wanted in Wanted:
        made, problems = plans.plan(wanted, said)
        assert problems.keys() <= said.keys()
        assert made.rhythm in plans.rhythms(wanted)
        again, none = plans.plan(wanted, made.facts())
        assert (again, none) == (made, {})


WISHES = {
    "trending": (Wanted.TRENDING, "", ""),
    "edition": (Wanted.EDITION, "", ""),
    "mine": (Wanted.MINE, "", ""),
    "group:lab-x": (Wanted.GROUP, "lab-x", ""),
    "category:cs.cl": (Wanted.QUERY, "category:cs.CL", "cs.CL"),
    "keyword:sparse  attention": (Wanted.QUERY, '"sparse attention"', "sparse attention"),
    "author:Ada Lovelace": (Wanted.QUERY, 'author:"Ada Lovelace"', "Ada Lovelace"),
    "search:sheep -goats": (Wanted.QUERY, "sheep -goats", "results for “sheep -goats”"),
}


@pytest.mark.parametrize("what", WISHES)
def test_a_word_says_what_is_wanted(desk: Desk, what: str) -> None:
    assert desk.library.wish(what) == WISHES[what]


KINDS = st.sampled_from(["", "search:", "group:", "category:", "keyword:", "author:"])


@given(KINDS, st.text(max_size=700))
def test_no_word_is_too_odd_to_be_answered(desk_of_all: Desk, kind: str, name: str) -> None:
    found: tuple[Wanted, str, str] | None = None
    with suppress(Unfit):
        found = desk_of_all.library.wish(kind + name)
    if found is not None:
        assert isinstance(found[0], Wanted)
        assert len(found[2]) <= 140
        assert "\n" not in found[1] or found[0] is Wanted.GROUP


def test_what_was_never_confirmed_is_forgotten_and_long_unused_addresses_too(desk: Desk) -> None:
    desk.asks()
    kept = desk.confirms(GRACE, Wanted.QUERY, "sheep")
    desk.clock.moves(hours=49)
    desk.library.forget_unconfirmed()
    with pytest.raises(NotFound):
        desk.library.catalogue.subscriber(number=1)
    token = desk.library.unsubscribe_token(kept)
    desk.library.unsubscribe(token)
    desk.clock.moves(days=29)
    desk.library.forget_unconfirmed()
    assert desk.library.unsubscribing(token).number == kept.number
    desk.clock.moves(days=2)
    desk.library.forget_unconfirmed()
    with pytest.raises(NotFound, match="There is no such subscription"):
        desk.library.unsubscribing(token)
    with desk.library.catalogue._store.read() as connection:
        for table in ("subscriber", "subscription", "standing", "outbox"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0, table


def test_an_address_that_nothing_may_be_sent_to_is_not_forgotten(desk: Desk) -> None:
    desk.asks()
    with desk.library.catalogue._store.write() as tx:
        tx.exec_driver_sql("UPDATE subscriber SET suppressed = '2026-11-01T00:00:00Z'")
    desk.clock.moves(days=90)
    desk.library.forget_unconfirmed()
    assert desk.library.catalogue.subscriber(number=1).email == ADA


def test_addresses_in_hand_of_the_machine_need_no_letter(desk: Desk) -> None:
    made = desk.library.subscribe_address(OWNER, ADA, Wanted.EDITION, rhythm="weekdays")
    assert (made.confirmed is not None, made.rhythm) == (True, Rhythm.WEEKDAYS)
    assert desk.letters() == []
