"""A run of the sending: nothing lost, nothing twice without a crash, and every answer written down."""

import logging
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest

from broadsheet.errors import Refused, Returned, StorageFull, Unavailable, Unreachable
from broadsheet.library import Library
from broadsheet.library.sending import Pace, Posted
from broadsheet.library.sending.pace import Throttle
from broadsheet.types import OWNER, Carried, Outgoing, Sending, Way
from tests.conftest import NOW
from tests.disk import full_disk
from tests.place import Clock
from tests.sending.conftest import Fake, letter, letters, reader, unsubscribes

ONE = Pace(at_once=1, in_doubt=1)


def refusing(error: Exception) -> Fake:
    def refuses(_: Outgoing) -> None:
        raise error

    return Fake(refuses)


def sends(library: Library, carrier: Fake, pace: Pace = ONE, **more: object) -> Posted:
    return library.send_due({Way.MAIL: carrier}, pace=pace, **more)  # type: ignore[arg-type]


def state(library: Library, number: int = 1) -> tuple[Sending, str]:
    one = library.outgoing(OWNER, number)
    return one.state, one.said


def test_all_that_is_due_leaves_once(library: Library) -> None:
    library.catalogue.put_outgoing([*letters(250), letter("later", next="2026-11-20T13:00:00Z")])
    carrier = Fake()
    posted = sends(library, carrier, Pace())
    assert (posted.sent, posted.problem) == (250, None)
    assert carrier.keys() == sorted(f"digest:{one}" for one in range(1, 251))
    assert sends(library, carrier).sent == 0
    assert state(library) == (Sending.SENT, "250 taken")
    assert not library.is_due()


def test_of_two_workers_at_once_each_sends_what_the_other_does_not(library: Library) -> None:
    library.catalogue.put_outgoing(letters(120))
    carrier = Fake()
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda _: sends(library, carrier, Pace(at_once=3)), range(2)))
    assert sum(one.sent for one in done) == 120
    assert len(carrier.keys()) == len(set(carrier.keys())) == 120


def test_what_is_refused_for_now_waits_longer_each_time_and_keeps_its_words(library: Library, clock: Clock) -> None:
    library.catalogue.put_outgoing([letter()])
    greylisted, waits = refusing(Unavailable("450 4.2.0 Greylisted")), []
    for _ in range(8):
        assert sends(library, greylisted).again == 1
        assert state(library) == (Sending.WAITING, "450 4.2.0 Greylisted")
        before = clock.at
        while not library.is_due():
            clock.moves(minutes=1)
        waits.append((clock.at - before) / timedelta(minutes=5))
    for doubled, wait in zip([1, 2, 4, 8, 16, 32, 48, 48], waits, strict=True):
        assert 0.8 * doubled <= wait <= 1.2 * doubled + 0.4
    carrier = Fake()
    assert sends(library, carrier).sent == 1
    (one,) = carrier.left
    assert (one.text, one.made, len(one.message)) == ("One.\n", letter().made, 24)


def test_a_server_that_says_when_to_come_again_is_heard(library: Library, clock: Clock) -> None:
    library.catalogue.put_outgoing([letter()])
    sends(library, refusing(Unavailable("later", retry_after=3_600)))
    clock.moves(minutes=59)
    assert not library.is_due()
    clock.moves(minutes=2)
    assert library.is_due()


def test_what_was_tried_for_days_is_given_up(library: Library, clock: Clock) -> None:
    library.catalogue.put_outgoing([letter()])
    clock.moves(days=4)
    assert sends(library, refusing(Unavailable("450 later"))).failed == 1
    assert state(library) == (Sending.FAILED, "Given up after 4 days: 450 later")


def test_a_mailbox_that_is_not_there_is_written_to_no_more(library: Library) -> None:
    who = reader(library)
    library.catalogue.put_outgoing([letter(subscriber=who, subscription=1)])
    assert sends(library, refusing(Returned("550 5.1.1 No such user", status="5.1.1"))).failed == 1
    assert state(library) == (Sending.FAILED, "550 5.1.1 No such user")
    (shut,) = library.suppressed(OWNER)
    assert (shut.number, shut.email) == (who, "ada@example.org")
    assert "knows no such mailbox" in shut.reason
    library.catalogue.put_outgoing([letter("next", subscriber=who, subscription=1)])
    carrier = Fake()
    assert sends(library, carrier).sent == 0
    library.unsuppress(OWNER, who)
    library.catalogue.put_outgoing([letter("and then", subscriber=who, subscription=1)])
    assert sends(library, carrier).sent == 1


def test_other_refusals_count_once_a_day_and_what_is_said_of_our_words_never(library: Library, clock: Clock) -> None:
    who = reader(library)

    def returned(status: str) -> bool:
        one = letter(f"{clock.at}:{status}:{len(library.outbox(OWNER))}", made=clock.at.isoformat(), subscriber=who)
        library.catalogue.put_outgoing([one])
        sends(library, refusing(Returned(f"550 {status} no", status=status)))
        return bool(library.suppressed(OWNER))

    for _ in range(9):
        assert not returned("5.7.1")
        assert not returned("5.2.1"), "however often on one day"
    clock.moves(days=1)
    assert not returned("5.2.1")
    clock.moves(days=31)
    assert not returned("5.2.1"), "a month without one forgets"
    clock.moves(days=1)
    assert not returned("5.2.1")
    clock.moves(days=1)
    assert returned("5.2.1")


def test_a_letter_that_is_none_fails_and_says_why(library: Library) -> None:
    library.catalogue.put_outgoing([letter()])
    assert sends(library, refusing(Refused("This letter cannot be sent."))).failed == 1
    assert state(library) == (Sending.FAILED, "This letter cannot be sent.")


def test_where_nothing_gets_through_nothing_is_tried_and_nothing_counts(library: Library) -> None:
    library.catalogue.put_outgoing(letters(10))
    posted = sends(library, refusing(Unreachable("The mail server is gone.")))
    assert str(posted.problem) == "The mail server is gone."
    assert {one.attempts for one in library.outbox(OWNER)} == {0}
    assert sends(library, Fake()).sent == 10


def test_a_list_is_not_burnt_because_a_server_refuses_all_of_it(library: Library) -> None:
    library.catalogue.put_outgoing(letters(100))
    posted = sends(library, refusing(Returned("554 5.7.1 Relay access denied", status="5.7.1")))
    assert posted.failed == 25
    assert "25 letters in a row were refused for ever" in str(posted.problem)
    assert library.outbox_counts(OWNER)[Sending.WAITING] == 75
    library.retry_outgoing(OWNER, 1)
    assert sends(library, Fake()).sent == 76


def test_a_fault_of_ours_with_one_letter_keeps_no_other_back(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(one: Outgoing) -> None:
        if one.number == 1:
            raise RuntimeError

    library.catalogue.put_outgoing(letters(3, text="hush"))
    with caplog.at_level(logging.ERROR):
        posted = sends(library, Fake(breaks))
    assert (posted.again, posted.sent) == (1, 2)
    assert "number 1 of the outbox could not be carried" in caplog.text
    assert "hush" not in caplog.text


def test_a_disk_that_is_full_ends_the_run_and_loses_nothing(library: Library, clock: Clock) -> None:
    library.catalogue.put_outgoing(letters(5))
    posted = sends(library, refusing(StorageFull("No space left.")))
    assert isinstance(posted.problem, StorageFull)
    clock.moves(minutes=4)  # the lease of the one that was in hand
    assert sends(library, Fake()).sent == 5


# Behind the fence.


def test_a_letter_of_a_worker_that_was_killed_is_sent_again_by_the_same_name(library: Library, clock: Clock) -> None:
    library.catalogue.put_outgoing(letters(3))
    killed = library.catalogue.claim_outgoing(
        Way.MAIL, worker="killed", at=NOW, until=NOW + timedelta(minutes=3), limit=3
    )
    assert library.catalogue.fence(killed[0], "killed", at=NOW, until=NOW + timedelta(minutes=3))
    carrier = Fake()
    assert sends(library, carrier).sent == 0
    clock.moves(minutes=3, seconds=1)
    assert sends(library, carrier).sent == 3
    assert {one.message for one in carrier.left} == {one.message for one in killed}


def test_what_is_doubtful_is_sent_again_or_held_as_the_place_wants_it(library: Library, clock: Clock) -> None:
    library.catalogue.put_outgoing(letters(2))
    cut = Fake(then=lambda _: Carried("The connection broke.", sure=False))
    assert (sends(library, cut).doubtful, state(library)) == (2, (Sending.WAITING, "The connection broke."))
    clock.moves(minutes=10)
    posted = sends(library, cut, Pace(at_once=1, hold=True))
    assert (posted.doubtful, posted.again) == (2, 0)
    clock.moves(days=1)
    assert sends(library, Fake(), Pace(hold=True)).sent == 0
    assert [one.number for one in library.outbox(OWNER, doubtful=True)] == [2, 1]
    library.retry_outgoing(OWNER, 1)
    library.drop_outgoing(OWNER, 2)
    assert sends(library, Fake(), Pace(hold=True)).sent == 1
    assert state(library, 2) == (Sending.DROPPED, "Dropped by owner.")


def test_no_more_than_the_limit_are_in_doubt_at_a_time(library: Library) -> None:
    library.catalogue.put_outgoing(letters(60))
    together = threading.Barrier(2)

    def meets(one: Outgoing) -> None:
        if one.number <= 10:
            together.wait(10)

    carrier = Fake(then=meets)
    assert sends(library, carrier, Pace(at_once=8, in_doubt=2)).sent == 60
    assert carrier.most == 2


def test_an_old_worker_is_stopped_at_the_fence_where_another_took_over(library: Library, clock: Clock) -> None:
    """Two workers, and a lease that is shorter than what comes before the words."""
    library.catalogue.put_outgoing([letter()])
    second = Fake()

    def slow(_: Outgoing) -> None:
        clock.moves(minutes=4)
        assert sends(library, second).sent == 1

    first = Fake(slow)
    posted = sends(library, first)
    assert (posted.dropped, posted.sent) == (1, 0)
    assert (first.keys(), second.keys()) == ([], ["digest:1"])
    assert state(library) == (Sending.SENT, "250 taken")


def test_a_slow_server_costs_no_lease_while_its_worker_lives(library: Library, clock: Clock) -> None:
    """The lease ends while the words are on their way, again and again, and the worker renews it each time."""
    library.catalogue.put_outgoing([letter()])
    waiting, go_on = threading.Event(), threading.Event()

    def slow(_: Outgoing) -> None:
        waiting.set()
        assert go_on.wait(10)

    pace = Pace(at_once=1, lease=timedelta(seconds=0.03))  # renewed every hundredth of a second of real time
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(sends, library, Fake(then=slow), pace)
        assert waiting.wait(10)
        for _ in range(20):
            clock.moves(hours=1)
            renewed = threading.Event()
            while library.is_due() and not renewed.wait(0.01):
                pass
            assert sends(library, Fake()).sent == 0
        go_on.set()
        assert first.result().sent == 1


def test_who_unsubscribes_during_a_run_is_sent_nothing_more(library: Library) -> None:
    who = [reader(library, number, email=f"reader{number}@example.org") for number in range(1, 31)]
    library.catalogue.put_outgoing(
        letter(f"digest:{number}", to=f"reader{number}@example.org", subscriber=who[number - 1], subscription=number)
        for number in range(1, 31)
    )

    def leaves(one: Outgoing) -> None:
        if one.number == 7:
            for number in range(7, 21):
                unsubscribes(library, number)

    carrier = Fake(leaves)
    posted = sends(library, carrier)
    assert (posted.sent, posted.dropped) == (16, 14)
    assert not {f"digest:{number}" for number in range(7, 21)} & set(carrier.keys())
    assert state(library, 8) == (Sending.DROPPED, "It is not wanted any more.")


def test_a_run_that_is_told_to_stop_finishes_what_is_in_hand_and_leaves_the_rest(library: Library) -> None:
    library.catalogue.put_outgoing(letters(40))
    stopped = threading.Event()
    begun = threading.Barrier(3)

    def stops(_: Outgoing) -> None:
        begun.wait(10)
        stopped.set()

    posted = sends(library, Fake(then=stops), Pace(at_once=3), stop=stopped.is_set)
    assert posted.sent == 3
    counts = library.outbox_counts(OWNER)
    assert (counts[Sending.SENT], counts[Sending.WAITING]) == (3, 37)
    assert {one.attempts for one in library.outbox(OWNER, state=Sending.WAITING)} == {0}


def test_one_way_that_is_stuck_does_not_hold_up_the_other(library: Library) -> None:
    library.catalogue.put_outgoing([letter(), letter("hook", way=Way.CHANNEL, to="1")])
    hooked = threading.Event()

    def waits(_: Outgoing) -> None:
        assert hooked.wait(10)

    def hooks(_: Outgoing) -> None:
        hooked.set()

    posted = library.send_due({Way.MAIL: Fake(waits), Way.CHANNEL: Fake(hooks)}, pace=ONE)
    assert (posted.sent, posted.problem) == (2, None)


# How fast.


def test_letters_leave_no_faster_than_they_may(library: Library, clock: Clock) -> None:
    throttle = Throttle(rate=10, host_rate=2)
    waits = [throttle.book(host, 100.0) for host in ("a", "a", "b", "a", "c")]
    assert waits == pytest.approx([0, 0.5, 0.2, 1.0, 0.4])
    assert throttle.wait("d", 200.0) == 0
    assert Throttle().book("a", 0) == Throttle().book("a", 0) == 0


def test_what_must_wait_long_for_its_host_is_given_back_and_queues_up(library: Library, clock: Clock) -> None:
    """At one letter a minute: the first leaves, the second waits its turn, the others come when theirs is near."""
    library.catalogue.put_outgoing(letters(4))
    throttle = Throttle(host_rate=1 / 60)
    carrier = Fake()
    posted = sends(library, carrier, throttle=throttle)
    assert (posted.sent, carrier.keys()) == (1, ["digest:1"])
    due = [one.next for one in reversed(library.outbox(OWNER, state=Sending.WAITING))]
    assert due == [f"2026-11-20T12:0{minutes}:{seconds}Z" for minutes, seconds in ((0, "59"), (1, "59"), (2, "59"))]
    assert {one.attempts for one in library.outbox(OWNER, state=Sending.WAITING)} == {0}


def test_a_disk_that_is_full_at_any_write_loses_nothing(library: Library, clock: Clock) -> None:
    pace, left = Pace(at_once=2, in_doubt=2), Counter[int]()
    for after in range(12):
        keys = {f"{after}:{one}" for one in range(4)}
        library.catalogue.put_outgoing([letter(key) for key in sorted(keys)])
        carrier = Fake()
        with full_disk(library, after=after), suppress(StorageFull):  # nothing could be claimed, or be given back
            assert isinstance(sends(library, carrier, pace).problem, StorageFull)
        left[len(carrier.left)] += 1
        clock.moves(minutes=4)  # what was claimed and not given back is taken over
        assert sends(library, carrier, pace).problem is None
        assert {one.key for one in carrier.left} == keys
        assert len(carrier.left) <= len(keys) + pace.in_doubt, "only those behind the fence left a second time"
        assert len({(one.key, one.message, one.text) for one in carrier.left}) == len(keys), "and as the same letter"
        assert library.outbox_counts(OWNER)[Sending.SENT] == 4 * (after + 1)
    assert len(left) > 1, "the disk was full before and after words had left"
