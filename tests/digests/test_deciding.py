"""What is due, when it goes out, what it holds; and that each paper is sent to somebody once."""

import logging
from datetime import datetime, timedelta

import pytest

from broadsheet.app.letters import Letters
from broadsheet.catalogue import subscribers
from broadsheet.catalogue.schema import subscription
from broadsheet.library import Library
from broadsheet.types import Actor, Announced, Announcement, Rhythm, Span, Wanted, Way
from tests.conftest import NOW
from tests.digests.conftest import hold, sends, told, waiting
from tests.place import Clock
from tests.sending.conftest import Fake


def test_an_edition_is_sent_at_its_hour_and_not_again(library: Library, letters: Letters, clock: Clock) -> None:
    sends(library)
    keys = hold(library, "2026-11-20", 5)
    assert (letters.write_due().letters, waiting(library)) == (0, [])
    clock.moves(hours=19, minutes=30)  # 07:30 on Saturday
    assert letters.write_due().letters == 1
    (letter,) = waiting(library)
    assert (letter.to, told(letter), letter.subject) == (
        "eve@example.org",
        keys[:3],
        "Broadsheet: Friday, 20 November 2026",
    )
    assert "2 more papers are not in this letter." in letter.text
    assert letter.stale == "2026-11-22T07:30:00Z"
    for _ in range(3):
        clock.moves(days=1)
        assert letters.write_due().letters == 0, "there is no new edition"
    keys = hold(library, "2026-11-24", 3)
    clock.moves(days=1)
    assert letters.write_due().letters == 1
    assert told(waiting(library)[-1]) == keys


def test_days_that_were_missed_are_made_up_for_in_one_letter(library: Library, letters: Letters, clock: Clock) -> None:
    sends(library, most=20, rhythm=Rhythm.WEEKDAYS)
    first = hold(library, "2026-11-20", 3)
    clock.at = datetime.fromisoformat("2026-11-23T07:30:00Z")
    letters.write_due()
    more = [*hold(library, "2026-11-24", 3), *hold(library, "2026-11-25", 3)]
    clock.at = datetime.fromisoformat("2026-11-25T09:00:00Z")  # the machine was off on Tuesday
    assert letters.write_due().letters == 1
    one, two = waiting(library)
    assert (told(one), sorted(told(two))) == (first, sorted(more))


def test_a_paper_that_comes_back_is_not_sent_again(library: Library, letters: Letters, clock: Clock) -> None:
    sends(library, most=9)
    sends(library, Wanted.TRENDING, most=9)
    key, other = hold(library, "2026-11-20", 2)
    library.catalogue.put_signals([])
    clock.moves(hours=20)
    letters.write_due()
    hold(library, "2026-11-23", 1)
    library.submit(library.owner_actor(), key)  # somebody puts it into a later edition
    clock.moves(days=3)
    letters.write_due()
    sent = [one for letter in waiting(library) for one in told(letter)]
    assert sorted(sent) == sorted({*sent})
    assert {key, other} <= {*sent}


def test_two_subscriptions_of_one_reader_share_what_was_sent(library: Library, letters: Letters, clock: Clock) -> None:
    keys = hold(library, "2026-11-20", 4)
    sends(library, most=2)
    sends(library, most=2, rhythm=Rhythm.WEEKLY, weekday=5)  # changes the first: the same is not sent twice
    sends(library, most=2, to="bob@example.org")
    clock.moves(hours=20)
    letters.write_due()
    assert [(one.to, told(one)) for one in waiting(library)] == [
        ("eve@example.org", keys[:2]),
        ("bob@example.org", keys[:2]),
    ]


def test_the_weekly_letter_says_that_nothing_came(library: Library, letters: Letters, clock: Clock) -> None:
    sends(library, rhythm=Rhythm.WEEKLY, weekday=5)
    clock.moves(hours=20)
    assert letters.write_due().letters == 1
    (letter,) = waiting(library)
    assert letter.subject == "Broadsheet: the week to 21 November 2026"
    assert "Nothing new came for the daily edition since 15 November 2026." in letter.text
    assert "Nothing new came" in letter.html
    assert letters.write_due().letters == 0


def announced(library: Library, day: str, *keys: str) -> None:
    entries = tuple((key, Announced.NEW) for key in keys)
    library.catalogue.announce([Announcement(day, "cs.LG", "arxiv-listing", entries, len(keys))], at=NOW)


def test_an_edition_waits_for_its_papers_but_not_for_ever(library: Library, letters: Letters, clock: Clock) -> None:
    sends(library, most=9, rhythm=Rhythm.WEEKDAYS)
    clock.at = datetime.fromisoformat("2026-11-23T07:30:00Z")  # Monday; its listing came at 01:00 UTC
    friday = hold(library, "2026-11-20", 1)
    announced(library, "2026-11-20", *friday)
    assert library.due_subscriptions() == [], "the listing of Monday is not here yet"
    announced(library, "2026-11-23", "2611.02301", "2611.02302")
    hold(library, "2026-11-23", 1)
    assert library.due_subscriptions() == [], "one of its papers is missing"
    clock.moves(hours=3, minutes=59)
    assert letters.write_due().letters == 0
    clock.moves(minutes=1)
    assert letters.write_due().letters == 1
    assert "2611.02301" in told(waiting(library)[0])


def test_an_edition_goes_out_as_soon_as_it_is_whole_and_in_order(library: Library, clock: Clock) -> None:
    sends(library, rhythm=Rhythm.WEEKDAYS)
    clock.at = datetime.fromisoformat("2026-11-23T07:30:00Z")
    announced(library, "2026-11-23", "2611.02301")
    assert library.due_subscriptions() == []
    hold(library, "2026-11-23", 1)
    assert len(library.due_subscriptions()) == 1


def test_waiting_for_the_edition_holds_nothing_else_up(library: Library, clock: Clock) -> None:
    sends(library)
    trending = sends(library, Wanted.TRENDING)
    announced(library, "2026-11-20", "2611.09999")
    clock.moves(hours=20)
    assert [one.number for one in library.due_subscriptions(1)] == [trending.number]


def test_who_pauses_or_ends_something_is_sent_nothing(library: Library, letters: Letters, clock: Clock) -> None:
    one, two = sends(library), sends(library, to="bob@example.org")
    hold(library, "2026-11-20", 3)
    clock.moves(hours=20)
    decided = {sub.number: library.decide(sub) for sub in library.due_subscriptions()}
    library.unsubscribe(library.unsubscribe_token(one))
    library.pause(library.preferences_token(two.subscriber), two.number)
    for digest in decided.values():
        assert digest is not None
        assert not library.write_digests([(digest, letters.render(digest))]), "decided before, written after"
    assert letters.write_due().letters == 0
    assert waiting(library) == []
    library.pause(library.preferences_token(two.subscriber), two.number, None)
    clock.moves(days=1)
    assert letters.write_due().letters == 1


@pytest.mark.parametrize(
    ("zone", "rhythm", "due"),
    [
        ("Europe/Berlin", Rhythm.EDITION, "2026-11-24T06:30"),
        ("America/Los_Angeles", Rhythm.EDITION, "2026-11-24T15:30"),
        ("Europe/Berlin", Rhythm.WEEKLY, "2026-11-27T06:30"),
        ("Asia/Tokyo", Rhythm.EDITION, "2026-11-23T22:30"),
    ],
)
@pytest.mark.parametrize("all_of_it", [True, False])
def test_after_a_pause_it_comes_at_its_own_hour_and_day(
    library: Library,
    letters: Letters,
    clock: Clock,
    *,
    zone: str,
    rhythm: Rhythm,
    due: str,
    all_of_it: bool,
) -> None:
    one = sends(library, zone=zone, rhythm=rhythm, weekday=4)
    token = library.preferences_token(one.subscriber)
    library.pause(token, None if all_of_it else one.number, "2026-11-24")
    hold(library, "2026-11-23", 3)
    clock.at = datetime.fromisoformat(f"{due}:00Z") - timedelta(minutes=1)
    assert letters.write_due().letters == 0
    clock.moves(minutes=1)
    assert letters.write_due().letters == 1


def test_what_was_changed_after_the_decision_is_decided_anew(library: Library, letters: Letters, clock: Clock) -> None:
    one = sends(library, most=3)
    keys = hold(library, "2026-11-20", 5)
    clock.moves(hours=20)
    (due,) = library.due_subscriptions()
    digest = library.decide(due)
    library.change_subscription(library.preferences_token(one.subscriber), one.number, most=1, at="07:00")
    assert digest
    assert not library.write_digests([(digest, letters.render(digest))])
    clock.moves(days=1)
    letters.write_due()
    assert [told(letter) for letter in waiting(library)] == [keys[:1]]


def test_a_letter_goes_to_the_address_that_the_account_has_by_then(
    library: Library, letters: Letters, clock: Clock, people: list[Actor]
) -> None:
    ada = people[0]
    library.subscribe_me(ada, Wanted.EDITION, zone="UTC", at="07:30")
    hold(library, "2026-11-20", 1)
    clock.moves(hours=20)
    (due,) = library.due_subscriptions()
    digest = library.decide(due)
    with library.catalogue._store.write() as tx:
        subscribers.move(tx, ada.person, "ada@elsewhere.example")
    assert digest
    assert library.write_digests([(digest, letters.render(digest))])
    assert [one.to for one in waiting(library)] == ["ada@elsewhere.example"]


def test_who_left_between_decision_and_writing_is_sent_nothing(
    library: Library, letters: Letters, clock: Clock, people: list[Actor]
) -> None:
    library.subscribe_me(people[0], Wanted.EDITION, zone="UTC", at="07:30")
    hold(library, "2026-11-20", 1)
    clock.moves(hours=20)
    (due,) = library.due_subscriptions()
    digest = library.decide(due)
    assert digest
    outgoing = letters.render(digest)
    library.leave(people[0])
    assert not library.write_digests([(digest, outgoing)])
    assert waiting(library) == []


def test_a_group_s_edition_is_for_its_members_as_they_are_now(
    library: Library, letters: Letters, clock: Clock, people: list[Actor]
) -> None:
    ada, bob, _ = people
    name = library.found(ada, "Sheep readers").name
    library.join(bob, library.invite_to(ada, name))
    one, two, three = hold(library, "2026-11-20", 3)
    library.vote(bob, three, group=name)
    library.submit(bob, two, group=name)
    for reader in (ada, bob):
        library.subscribe_me(reader, Wanted.GROUP, name, zone="UTC", at="07:30")
    clock.moves(hours=20)
    due = library.due_subscriptions()
    digests = [library.decide(sub) for sub in due]
    assert all(digests)
    library.leave_group(bob, name)
    assert library.decide(due[1]) is None
    assert letters.write_due().letters == 1
    (letter,) = waiting(library)
    shown = library.group_edition(ada, name, Span.DAY, "2026-11-20").entries
    assert (letter.to, told(letter), letter.headers["List-Id"]) == (
        "ada@example.org",
        [entry.paper.id for entry in shown],
        f"<group-{name}.papers.example.org>",
    )
    assert "1 vote in the group" in letter.text
    assert one in told(letter)
    assert digests[1]
    assert not library.write_digests([(digests[1], letters.render(digests[1]))])


def test_trending_says_why(library: Library, letters: Letters, clock: Clock, people: list[Actor]) -> None:
    one, two = hold(library, "2026-11-20", 2)
    sends(library, Wanted.TRENDING, rhythm=Rhythm.WEEKDAYS)
    for reader in people:
        library.vote(reader, two)
    library.vote(people[0], one)
    clock.at = datetime.fromisoformat("2026-11-23T07:30:00Z")
    assert letters.write_due().letters == 1
    (letter,) = waiting(library)
    assert (told(letter), letter.subject) == ([two, one], "Broadsheet: trending papers, 23 November 2026")
    assert "Trending: 3 new votes" in letter.text
    clock.moves(days=1)
    assert letters.write_due().letters == 0


@pytest.mark.parametrize("back", [timedelta(minutes=30), timedelta(hours=1), timedelta(days=1)])
def test_a_clock_that_is_set_back_brings_no_day_twice(
    library: Library, letters: Letters, clock: Clock, back: timedelta
) -> None:
    sends(library)
    hold(library, "2026-11-20", 9)
    clock.at = datetime.fromisoformat("2026-11-20T07:31:00Z") + timedelta(days=1)
    (due,) = library.due_subscriptions()
    digest = library.decide(due)
    clock.at -= back  # between the decision and the writing
    assert digest
    assert library.write_digests([(digest, letters.render(digest))])
    hold(library, "2026-11-21", 3)
    for _ in range(int(back / timedelta(minutes=15)) + 4):
        letters.write_due()
        clock.moves(minutes=15)
    assert len(waiting(library)) == 1


def test_a_place_that_was_off_for_a_week_sends_one_letter(library: Library, letters: Letters, clock: Clock) -> None:
    sends(library, most=50)
    clock.moves(days=8)
    for day in range(20, 28):
        hold(library, f"2026-11-{day}", 1)
    assert letters.write_due().letters == 1
    assert letters.write_due().letters == 0
    assert library.due_subscriptions() == []


def test_one_that_cannot_be_decided_about_keeps_no_other_back(
    library: Library, letters: Letters, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    broken = [sends(library, Wanted.QUERY, f"reader{number}@example.org", value="sheep") for number in range(3)]
    with library.catalogue._store.write() as tx:
        tx.execute(subscription.update().where(subscription.c.number <= broken[-1].number).values(value=None))
    sends(library)
    hold(library, "2026-11-20", 3)
    clock.moves(hours=20)
    with caplog.at_level(logging.CRITICAL, "broadsheet"):
        assert letters.write_due().letters == 1
    assert [one.to for one in waiting(library)] == ["eve@example.org"]
    assert len(library.due_subscriptions()) == len(broken), "they stay due, for when the fault is mended"


@pytest.mark.parametrize("what", ["dissolved", "left", "nothing"])
def test_what_waits_of_a_group_does_not_leave_when_its_reader_is_shut_out(
    library: Library, letters: Letters, clock: Clock, people: list[Actor], what: str
) -> None:
    ada, bob, _ = people
    name = library.found(ada, "Sheep readers").name
    library.join(bob, library.invite_to(ada, name))
    hold(library, "2026-11-20", 3)
    library.subscribe_me(bob, Wanted.GROUP, name, zone="UTC", at="07:30")
    clock.moves(hours=20)
    assert letters.write_due().letters == 1
    if what == "dissolved":
        library.dissolve(ada, name)
    elif what == "left":
        library.leave_group(bob, name)
    carrier = Fake()
    assert library.send_due({Way.MAIL: carrier}).sent == len(carrier.left) == (what == "nothing")
