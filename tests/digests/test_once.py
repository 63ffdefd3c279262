"""Once: two workers at the same decisions, processes killed at any statement, papers that two letters would have."""

import random
import signal
import subprocess
import sys
from collections import Counter
from threading import Barrier, Thread

import pytest

from broadsheet.app.letters import Letters
from broadsheet.catalogue.schema import delivered, digest
from broadsheet.errors import StorageFull
from broadsheet.library import Library
from broadsheet.library.offering import Desk
from broadsheet.types import Actor, Rhythm, Wanted
from tests.conftest import NOW, ROOT
from tests.digests.conftest import hold, sends, told, waiting
from tests.disk import full_disk
from tests.papers import record
from tests.place import Clock

READERS, KILLS = 6, 4
STATEMENTS = 14  # of a run that writes all that is due


def rows(library: Library) -> tuple[int, int]:
    """How many digests and how many deliveries are written down."""
    with library.catalogue._store.read() as connection:
        return len(connection.execute(digest.select()).all()), len(connection.execute(delivered.select()).all())


def test_writing_the_same_decision_again_changes_nothing(library: Library, letters: Letters, clock: Clock) -> None:
    sends(library)
    hold(library, "2026-11-20", 5)
    clock.moves(hours=20)
    (one,) = library.due_subscriptions()
    decided = library.decide(one)
    assert decided
    assert library.decide(one) == decided, "the same is decided while nothing has changed"
    outgoing = letters.render(decided)
    assert outgoing == letters.render(decided)
    assert [library.write_digests([(decided, outgoing)]) for _ in range(3)] == [True, False, False]
    assert rows(library) == (1, 3)
    assert len(waiting(library)) == 1


def test_threads_that_decide_the_same_write_it_once(library: Library, letters: Letters, clock: Clock) -> None:
    for number in range(READERS):
        sends(library, to=f"reader{number}@example.org")
    hold(library, "2026-11-20", 5)
    clock.moves(hours=20)
    ready, wrote = Barrier(4), list[int]()

    def work() -> None:
        desk, due = Desk(), library.due_subscriptions()
        ready.wait()
        for one in due:
            decided = library.decide(one, desk)
            if decided is not None:
                wrote.append(library.write_digests([(decided, letters.render(decided))]))

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(wrote) == READERS
    assert rows(library) == (READERS, READERS * 3)
    assert Counter(one.to for one in waiting(library)).most_common(1)[0][1] == 1


def test_two_letters_decided_at_once_do_not_share_a_paper(
    library: Library, letters: Letters, clock: Clock, people: list[Actor]
) -> None:
    keys = hold(library, "2026-11-20", 4)
    for reader in people:
        library.vote(reader, keys[0])
    for wanted in (Wanted.EDITION, Wanted.TRENDING):
        sends(library, wanted, rhythm=Rhythm.WEEKLY, weekday=5)
    clock.moves(hours=20)
    edition, trending = library.due_subscriptions()
    both = [library.decide(edition), library.decide(trending)]
    assert [one and [entry.paper.id for entry in one.entries] for one in both] == [keys[:3], keys[:1]]
    assert [library.write_digests([(one, letters.render(one))]) for one in both if one] == [True, False]
    assert letters.write_due().letters == 1
    assert [told(one) for one in waiting(library)] == [keys[:3], []]
    assert "Nothing new came for trending papers" in waiting(library)[1].text


def test_a_paper_is_sent_once_under_whatever_name(library: Library, letters: Letters, clock: Clock) -> None:
    two, three = hold(library, "2026-11-20", 2)
    library.catalogue.put([record(None, "A Journal's Own Flock", published="2026-11-20")], at=NOW)
    sends(library, most=9)
    clock.moves(hours=24)  # by then it waits no longer for the editor to place the journal's
    letters.write_due()
    (sent,) = [told(letter) for letter in waiting(library)]
    (journal,) = {*sent} - {two, three}
    later = hold(library, "2026-11-23", 1)[0]
    library.merge(later, journal)  # what was sent is part of another by now
    assert library.paper(journal).id == later
    sends(library, most=9, rhythm=Rhythm.WEEKLY, weekday=0)
    clock.moves(days=2)
    letters.write_due()
    assert [told(letter) for letter in waiting(library)] == [sent, []]


def test_what_never_left_was_not_sent(library: Library, letters: Letters, clock: Clock) -> None:
    keys = hold(library, "2026-11-20", 3)
    sends(library, most=9)
    clock.moves(hours=20)
    letters.write_due()
    library.drop_outgoing(library.owner_actor(), waiting(library)[0].number)
    sends(library, most=9, rhythm=Rhythm.WEEKLY, weekday=0)
    clock.moves(days=2)
    letters.write_due()
    with library.catalogue._store.read() as connection:
        decided = connection.execute(digest.select().order_by(digest.c.number)).all()
    assert decided[0].papers == decided[1].papers
    assert rows(library) == (2, len(keys))


def test_a_disk_that_is_full_at_any_write_loses_nothing_and_writes_no_half(
    library: Library, letters: Letters, clock: Clock
) -> None:
    for number in range(READERS):
        sends(library, to=f"reader{number}@example.org")
    keys = hold(library, "2026-11-20", 4)
    clock.moves(hours=20)
    for after in range(STATEMENTS // 2):
        with full_disk(library, after=after), pytest.raises(StorageFull):
            letters.write_due()
        assert (rows(library), waiting(library)) == ((0, 0), [])
    assert letters.write_due().letters == READERS
    assert [told(one) for one in waiting(library)] == [keys[:3]] * READERS


def test_processes_killed_at_any_statement_lose_nothing_and_write_nothing_twice(library: Library, clock: Clock) -> None:
    for number in range(READERS):
        sends(library, to=f"reader{number}@example.org")
    keys = hold(library, "2026-11-20", 4)
    chance = random.Random(7)

    steps = [chance.randint(1, STATEMENTS) for _ in range(KILLS)] + [0, 0]
    words = [sys.executable, "-m", "tests.digests.worker", str(library.home), *map(str, steps)]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=120)
    *killed, last, other = map(int, done.stdout.split())
    assert len(killed) == KILLS
    assert {*killed} <= {-signal.SIGKILL, 0}
    assert -signal.SIGKILL in killed
    assert (last, other) == (0, 0)
    assert sorted((one.to, told(one)) for one in waiting(library)) == [
        (f"reader{number}@example.org", keys[:3]) for number in range(READERS)
    ]
    assert rows(library) == (READERS, READERS * 3)
    clock.moves(hours=20)
    assert library.due_subscriptions() == []
