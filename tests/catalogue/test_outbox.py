"""The outbox: a key comes once, words stay as they were, and a claim is worth something only while it is the last."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from broadsheet.catalogue import Catalogue, outbox, subscribers
from broadsheet.catalogue import schema as tables
from broadsheet.errors import Conflict, NotFound
from broadsheet.types import Outgoing, Sending, Way
from tests.conftest import NOW

AT = "2026-11-20T12:00:00Z"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def letter(key: str = "digest:1", **facts: Any) -> Outgoing:
    first = Outgoing(key, Way.MAIL, "digest", "ada@example.org", "Papers – Freitag", "One paper.\n", made=AT)
    return replace(first, **{"html": "<p>One paper.</p>", "headers": {"List-Id": "<x.example>"}, **facts})


def claimed(catalogue: Catalogue, worker: str = "w", at: datetime = NOW, **more: Any) -> list[Outgoing]:
    how = {"limit": 10, "until": at + 5 * MINUTE, **more}
    return catalogue.claim_outgoing(Way.MAIL, worker=worker, at=at, **how)


def state(catalogue: Catalogue, number: int = 1) -> tuple[Sending, str]:
    one = catalogue.outgoing(number)
    return one.state, one.said


@pytest.fixture
def reader(catalogue: Catalogue) -> int:
    """A subscriber, with a confirmed subscription of the number 1."""
    with catalogue._store.write() as tx:
        number = subscribers.number_of(tx, at=AT, email="ada@example.org")
        facts = {"wanted": "edition", "rhythm": "weekdays", "weekday": 0, "at": "07:00", "zone": "UTC", "most": 10}
        row = {"number": 1, "subscriber": number, "form": "html", "made": AT, "confirmed": AT, "last": "", **facts}
        tx.execute(insert(tables.subscription).values(**row))
    return number


def change(catalogue: Catalogue, **facts: object) -> None:
    with catalogue._store.write() as tx:
        tx.execute(update(tables.subscription).values(**facts))


def test_a_key_comes_once_and_the_words_come_back_as_they_were(catalogue: Catalogue) -> None:
    assert catalogue.put_outgoing([letter(), letter("digest:2"), letter()]) == 2
    assert catalogue.put_outgoing([letter(text="Other words.")]) == 0
    one, two = claimed(catalogue)
    for name in ("key", "way", "purpose", "to", "subject", "text", "html", "headers", "made"):
        assert getattr(one, name) == getattr(letter(), name)
    assert (one.number, one.attempts, one.state) == (1, 1, Sending.CLAIMED)
    assert len(one.message) == 24
    assert one.message != two.message
    assert one.message.isalnum()
    assert one.message == one.message.lower()
    assert "@" not in one.message


def test_it_must_be_said_when_something_was_made(catalogue: Catalogue) -> None:
    with pytest.raises(ValueError, match="when it was made"):
        catalogue.put_outgoing([letter(made="")])


def test_a_decision_that_is_rolled_back_sends_nothing(catalogue: Catalogue) -> None:
    def fails() -> None:
        with catalogue._store.write() as tx:
            assert outbox.put(tx, letter())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert claimed(catalogue) == []


def test_what_is_listed_says_nothing_of_the_words(catalogue: Catalogue) -> None:
    catalogue.put_outgoing([letter(), letter("digest:2"), letter("digest:3")])
    (one,) = claimed(catalogue, limit=1)
    catalogue.sent(one, at=NOW, said="250 2.0.0 Taken")
    listed = catalogue.outbox(limit=2)
    assert [one.number for one in listed] == [3, 2]
    assert not any(one.subject or one.text or one.html or one.headers for one in listed)
    assert [one.number for one in catalogue.outbox(limit=9, before=2)] == [1]
    assert [one.number for one in catalogue.outbox(states=[Sending.SENT], limit=9)] == [1]
    counts = {kind: count for kind, count in catalogue.outbox_counts().items() if count}
    assert counts == {Sending.SENT: 1, Sending.WAITING: 2}
    with pytest.raises(NotFound):
        catalogue.outgoing(77)


def test_a_claim_is_one_workers_until_its_lease_runs_out(catalogue: Catalogue) -> None:
    catalogue.put_outgoing([letter()])
    (first,) = claimed(catalogue, "first")
    assert claimed(catalogue, "second", NOW + 4 * MINUTE) == []
    (second,) = claimed(catalogue, "second", NOW + 6 * MINUTE)
    assert (first.attempts, second.attempts) == (1, 2)
    assert (first.message, first.text) == (second.message, second.text)
    assert not catalogue.fence(first, "first", at=NOW + 7 * MINUTE, until=NOW + HOUR)
    assert catalogue.fence(second, "second", at=NOW + 7 * MINUTE, until=NOW + HOUR)
    assert not catalogue.again(first, "first", next=NOW, said="too late")
    assert state(catalogue) == (Sending.DATA, "")


def test_a_lease_that_is_renewed_does_not_run_out(catalogue: Catalogue) -> None:
    catalogue.put_outgoing([letter(), letter("digest:2")])
    one, _ = claimed(catalogue, "first")
    catalogue.fence(one, "first", at=NOW, until=NOW + MINUTE)
    catalogue.renew_outgoing("first", until=NOW + HOUR)
    assert claimed(catalogue, "second", NOW + 30 * MINUTE) == []
    assert len(claimed(catalogue, "second", NOW + 61 * MINUTE)) == 2


def test_who_heard_the_answer_too_late_still_keeps_it_from_being_sent_twice(catalogue: Catalogue) -> None:
    catalogue.put_outgoing([letter()])
    (first,) = claimed(catalogue, "first")
    assert catalogue.fence(first, "first", at=NOW, until=NOW + MINUTE)
    (second,) = claimed(catalogue, "second", NOW + 2 * MINUTE)
    catalogue.sent(first, at=NOW + 3 * MINUTE, said="250")
    assert not catalogue.fence(second, "second", at=NOW + 4 * MINUTE, until=NOW + HOUR)
    assert state(catalogue) == (Sending.SENT, "250")


def test_behind_the_fence_nobody_else_has_it_and_what_is_doubtful_is_taken_up_or_held(catalogue: Catalogue) -> None:
    catalogue.put_outgoing([letter(), letter("digest:2")])
    one, two = claimed(catalogue, "killed")
    for each in (one, two):
        assert catalogue.fence(each, "killed", at=NOW, until=NOW + MINUTE)
    assert claimed(catalogue, "next", NOW + 2 * MINUTE, hold=True) == []
    held = catalogue.outbox(doubtful=True, limit=9)
    assert [(one.number, one.state) for one in held] == [(2, Sending.DATA), (1, Sending.DATA)]
    assert "not known whether it arrived" in held[0].said
    assert claimed(catalogue, "next", NOW + DAY) == []
    catalogue.retry_outgoing(1, at=NOW)
    catalogue.drop_outgoing(2, at=NOW, said="It arrived.")
    (again,) = claimed(catalogue, "next", NOW + 3 * MINUTE)
    assert (again.number, again.message, again.text) == (1, one.message, one.text)
    assert state(catalogue, 2) == (Sending.DROPPED, "It arrived.")


def test_without_holding_a_doubtful_one_is_sent_again_by_the_same_name(catalogue: Catalogue) -> None:
    catalogue.put_outgoing([letter()])
    (one,) = claimed(catalogue, "killed")
    catalogue.fence(one, "killed", at=NOW, until=NOW + MINUTE)
    (again,) = claimed(catalogue, "next", NOW + 2 * MINUTE)
    assert (again.message, again.made, again.attempts) == (one.message, one.made, 2)


@pytest.mark.parametrize("facts", [{"ended": AT}, {"paused": ""}, {"paused": "2026-11-20T12:00:01Z"}])
@pytest.mark.parametrize("when", ["before the claim", "before the fence"])
def test_who_unsubscribes_is_sent_nothing_more(
    catalogue: Catalogue, reader: int, facts: dict[str, str], when: str
) -> None:
    catalogue.put_outgoing([letter(subscriber=reader, subscription=1), letter("other", to="eve@example.org")])
    if when == "before the claim":
        change(catalogue, **facts)
        assert [one.key for one in claimed(catalogue)] == ["other"]
    else:
        one = claimed(catalogue)[0]
        change(catalogue, **facts)
        assert not catalogue.fence(one, "w", at=NOW, until=NOW + HOUR)
    assert state(catalogue) == (Sending.DROPPED, "It is not wanted any more.")


@pytest.mark.parametrize("paused", ["2026-11-20T12:00:00Z", "2026-11-20"])  # a day is how it was once kept
def test_a_pause_that_is_over_keeps_nothing_back(catalogue: Catalogue, reader: int, paused: str) -> None:
    change(catalogue, paused=paused)
    catalogue.put_outgoing([letter(subscriber=reader, subscription=1)])
    assert len(claimed(catalogue)) == 1


def test_who_leaves_between_decision_and_sending_is_sent_nothing(catalogue: Catalogue, reader: int) -> None:
    catalogue.put_outgoing([letter(subscriber=reader, subscription=1), letter("again", subscriber=reader)])
    one = claimed(catalogue, limit=1)[0]
    with catalogue._store.write() as tx:
        subscribers.forget(tx, [reader])
    catalogue.put_outgoing([letter("another's", to="eve@example.org")])  # it has the number of what was forgotten
    assert not catalogue.fence(one, "w", at=NOW, until=NOW + HOUR)
    catalogue.sent(one, at=NOW, said="250")
    assert [other.key for other in claimed(catalogue)] == ["another's"]
    assert not catalogue.fence(one, "w", at=NOW, until=NOW + HOUR)


def test_what_is_stale_is_dropped_and_not_sent_late(catalogue: Catalogue) -> None:
    stale = "2026-11-21T07:00:00Z"
    catalogue.put_outgoing([letter(stale=stale), letter("digest:2", stale=stale)])
    (one,) = claimed(catalogue, limit=1)
    assert not catalogue.fence(one, "w", at=NOW + DAY, until=NOW + 2 * DAY)
    assert claimed(catalogue, at=NOW + DAY) == []
    for number in (1, 2):
        assert state(catalogue, number) == (Sending.DROPPED, "It was out of date before it could leave.")
    catalogue.retry_outgoing(1, at=NOW + DAY)
    assert len(claimed(catalogue, at=NOW + DAY)) == 1


def test_as_many_are_claimed_as_are_wanted_although_some_are_dropped(catalogue: Catalogue) -> None:
    catalogue.put_outgoing([letter(f"stale:{number}", stale=AT) for number in range(20)])
    catalogue.put_outgoing([letter(f"fresh:{number}") for number in range(5)])
    assert [one.key for one in claimed(catalogue, limit=4)] == [f"fresh:{number}" for number in range(4)]


def test_a_clock_that_was_set_back_an_hour_holds_nothing_up_and_opens_no_fence(catalogue: Catalogue) -> None:
    catalogue.put_outgoing([letter("first"), letter("second"), letter("third")])
    one, two = claimed(catalogue, "first", limit=2)
    assert catalogue.fence(one, "first", at=NOW, until=NOW + 5 * MINUTE)
    earlier = NOW - HOUR
    assert catalogue.is_due(at=earlier)
    found = claimed(catalogue, "second", earlier)
    assert [each.key for each in found] == ["second", "third"], "the first is behind its fence, and its worker lives"
    assert not catalogue.fence(two, "first", at=earlier, until=earlier + HOUR)
    assert catalogue.fence(found[0], "second", at=earlier, until=earlier + HOUR)


def test_of_workers_that_claim_at_once_each_gets_its_own(catalogue: Catalogue) -> None:
    catalogue.put_outgoing([letter(f"digest:{number}") for number in range(60)])
    together = Barrier(6)

    def works(name: int) -> list[int]:
        together.wait()
        return [one.number for _ in range(5) for one in claimed(catalogue, f"w{name}", limit=3)]

    with ThreadPoolExecutor(6) as pool:
        numbers = [number for found in pool.map(works, range(6)) for number in found]
    assert sorted(numbers) == sorted(set(numbers))
    assert len(numbers) == 60


def test_only_what_did_not_leave_can_be_dropped_or_tried_again(catalogue: Catalogue) -> None:
    catalogue.put_outgoing([letter()])
    (one,) = claimed(catalogue)
    catalogue.fence(one, "w", at=NOW, until=NOW + MINUTE)
    with pytest.raises(Conflict, match="is being sent just now"):
        catalogue.retry_outgoing(1, at=NOW)
    with pytest.raises(Conflict, match="is being sent just now"):
        catalogue.drop_outgoing(1, at=NOW, said="")
    catalogue.sent(one, at=NOW, said="250")
    with pytest.raises(Conflict, match="was sent at 2026-11-20T12:00:00Z"):
        catalogue.retry_outgoing(1, at=NOW)


def test_what_is_given_back_was_not_tried(catalogue: Catalogue) -> None:
    catalogue.put_outgoing([letter(), letter("digest:2")])
    one, two = claimed(catalogue)
    catalogue.give_back([(one, NOW)], "w")
    assert catalogue.again(two, "w", next=NOW + MINUTE, said="450 later")
    (again,) = claimed(catalogue, "other")
    assert (again.number, again.attempts) == (1, 1)
    assert not catalogue.fence(one, "w", at=NOW, until=NOW + HOUR), "it is another worker's"
    (later,) = claimed(catalogue, "other", NOW + MINUTE)
    assert (later.number, later.attempts, later.said) == (2, 2, "450 later")


def test_words_and_rows_are_forgotten_when_their_time_is_over(catalogue: Catalogue) -> None:
    catalogue.put_outgoing([letter(), letter("digest:2"), letter("digest:3")])
    for one in claimed(catalogue, limit=2):
        catalogue.drop_outgoing(one.number, at=NOW, said="")
    catalogue.sweep_outbox(words_before=NOW + DAY, rows_before=NOW - DAY)
    with pytest.raises(Conflict, match="words are no longer kept"):
        catalogue.retry_outgoing(1, at=NOW)
    assert claimed(catalogue)[0].text == "One paper.\n"
    catalogue.sweep_outbox(words_before=NOW + DAY, rows_before=NOW + DAY)
    assert [one.number for one in catalogue.outbox(limit=9)] == [3]


def test_the_name_of_a_letter_leads_back_to_it_and_cannot_be_guessed(catalogue: Catalogue) -> None:
    catalogue.put_outgoing([letter()])
    (one,) = claimed(catalogue)
    found = catalogue.letter_named(one.message)
    assert found is not None
    assert (found.number, found.text) == (1, "")
    assert catalogue.letter_named("a" * 24) is None
    with catalogue._store.read() as connection:
        (key,) = connection.execute(select(tables.secret.c.value)).scalars()
    assert len(key) == 43
