"""What comes back counts against whom a letter went to, and nobody else."""

from broadsheet.library import Library
from broadsheet.types import OWNER
from tests.mailing.test_bounces import NAME, complaint, report
from tests.mailing.test_bounces import letter as written
from tests.place import Clock
from tests.sending.conftest import letter, reader


def prepared(library: Library) -> tuple[int, str]:
    """A reader, and the name of the letter that they were sent."""
    who = reader(library)
    library.catalogue.put_outgoing([letter(subscriber=who, subscription=1)])
    (one,) = library.outbox(OWNER)
    return who, one.message


def named(raw: bytes, name: str) -> bytes:
    return raw.replace(NAME.encode(), name.encode())


def test_a_mailbox_that_is_gone_is_written_to_no_more(library: Library) -> None:
    who, name = prepared(library)
    assert library.take_bounce(named(report(), name)) == "Number 1 came back: nothing is sent there any more."
    (shut,) = library.suppressed(OWNER)
    assert shut.number == who
    assert "550 5.1.1 No such user" in shut.reason


def test_other_bounces_add_up_over_days(library: Library, clock: Clock) -> None:
    _, name = prepared(library)
    full = named(report("5.2.0", said="smtp; 552 5.2.0 mailbox disabled"), name)
    for _ in range(2):
        for _ in range(5):
            assert library.take_bounce(full) == "Number 1 came back."
        clock.moves(days=1)
    assert library.take_bounce(named(report("5.7.1"), name)) == "Number 1 came back."
    assert library.take_bounce(full) == "Number 1 came back: nothing is sent there any more."


def test_what_returns_from_an_address_that_its_reader_has_left_counts_no_more(library: Library) -> None:
    _, name = prepared(library)
    with library.catalogue._store.write() as tx:
        tx.exec_driver_sql("update subscriber set email = 'ada@new.example'")
    assert library.take_bounce(named(report(), name)) == "Number 1 came back."
    assert library.suppressed(OWNER) == []


def test_a_complaint_ends_the_subscription_and_all_letters(library: Library) -> None:
    who, name = prepared(library)
    assert "reported it as spam" in library.take_bounce(named(complaint(), name))
    assert [one.number for one in library.suppressed(OWNER)] == [who]
    library.unsuppress(OWNER, who)
    with library.catalogue._store.read() as connection:
        assert connection.exec_driver_sql("select ended from subscription").scalar() is not None


def test_a_letter_that_unsubscribes_ends_the_subscription_and_nothing_else(library: Library) -> None:
    _, name = prepared(library)
    assert (
        library.take_bounce(named(written("unsubscribe"), name)) == "The reader of number 1 unsubscribed by a letter."
    )
    assert library.suppressed(OWNER) == []
    with library.catalogue._store.read() as connection:
        assert connection.exec_driver_sql("select ended from subscription").scalar() is not None


def test_what_holds_no_name_of_ours_changes_nothing(library: Library) -> None:
    prepared(library)
    for raw in (report(), complaint(), written("unsubscribe"), b"", b"\xff" * 100):
        assert library.take_bounce(raw) == "It is of no letter that was sent from here."
    assert library.suppressed(OWNER) == []


def test_a_letter_that_is_late_changes_nothing(library: Library) -> None:
    _, name = prepared(library)
    assert (
        library.take_bounce(named(report("4.4.7", action="delayed"), name)) == "A delay about number 1: nothing to do."
    )
    assert library.suppressed(OWNER) == []
