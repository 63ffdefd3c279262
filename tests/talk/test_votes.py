"""Votes: one a person, counted exactly, through joins and splits, and however many come at once."""

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from broadsheet.catalogue import Catalogue, people, votes
from broadsheet.errors import Forbidden, NotFound, SignInNeeded, TooMany
from broadsheet.library import Library
from broadsheet.types import ANYONE, OWNER, Actor, Record, Role, Scope, Span
from tests.catalogue.conftest import QUICK, empty_database, fresh
from tests.conftest import NOW
from tests.crowd import crowd
from tests.papers import record
from tests.talk.conftest import MAPS, SHEEP, Clock, sound

__all__ = ["empty_database", "fresh"]  # fixtures


def test_a_vote_counts_once_and_can_be_taken_back(library: Library, people: list[Actor]) -> None:
    ada, bob, _ = people
    assert library.vote(ada, SHEEP).votes == 1
    assert library.vote(ada, f"https://arxiv.org/abs/{SHEEP}v2").votes == 1
    assert library.vote(bob, SHEEP).votes == 2
    assert library.paper(SHEEP).own_votes == 2
    found = library.votes([SHEEP, MAPS, "2611.09999"], ada)
    assert {key: (vote.votes, vote.mine) for key, vote in found.items()} == {SHEEP: (2, True), MAPS: (0, False)}
    assert not library.votes([SHEEP])[SHEEP].mine
    back = library.vote(ada, SHEEP, up=False)
    assert (back.votes, back.mine) == (1, False)
    assert library.vote(ada, SHEEP, up=False).votes == 1
    sound(library)


def test_the_votes_of_a_long_list_take_no_more_statements_than_those_of_a_short_one(
    library: Library, people: list[Actor]
) -> None:
    keys = [f"2612.{number:05}" for number in range(1, 41)]
    library.catalogue.put([record(key, f"Paper {key}") for key in keys], at=NOW)
    asked: list[str] = []

    def note(*args: Any) -> None:
        asked.append(args[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert len(library.votes(keys[:2], people[0])) == 2
        few = len(asked)
        assert len(library.votes(keys, people[0])) == 40
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(asked) == 2 * few


def test_votes_are_counted_by_day_and_order_editions(library: Library, people: list[Actor], clock: Clock) -> None:
    library.vote(people[0], MAPS)
    clock.moves(days=1)
    library.vote(people[1], MAPS)
    counted = [(one.day, one.count) for one in library.signals(MAPS) if (one.kind, one.source) == ("votes", "here")]
    assert counted == [("2026-11-20", 1), ("2026-11-21", 2)]
    assert [entry.paper.id for entry in library.edition(Span.DAY, "2026-11-10").entries] == [MAPS, SHEEP]


def test_who_has_no_account_does_not_vote(library: Library, people: list[Actor]) -> None:
    ada = people[0]
    with pytest.raises(SignInNeeded):
        library.vote(ANYONE, SHEEP)
    with pytest.raises(Forbidden, match="command line"):
        library.vote(OWNER, SHEEP)
    with pytest.raises(Forbidden, match="token"):
        library.vote(replace(ada, scopes=frozenset({Scope.READ})), SHEEP)
    with pytest.raises(NotFound):
        library.vote(ada, "2611.09999")
    with pytest.raises(Forbidden, match="no more"):
        library.vote(Actor("nobody", Role.READER, 99), SHEEP)
    assert library.paper(SHEEP).own_votes == 0


def test_somebody_who_was_banned_or_left_a_moment_ago_does_not_vote(
    library: Library, people: list[Actor], administrator: Actor
) -> None:
    ada, bob, _ = people
    library.vote(bob, SHEEP)
    library.ban(administrator, "ada", "spam")
    with pytest.raises(Forbidden, match="spam"):
        library.vote(ada, SHEEP)
    library.leave(bob)
    with pytest.raises(Forbidden, match="no more"):
        library.vote(bob, SHEEP)
    assert library.paper(SHEEP).own_votes == 0
    sound(library)


def test_ten_thousand_votes_a_second_are_300(library: Library, people: list[Actor], clock: Clock) -> None:
    ada = people[0]
    for number in range(300):
        library.vote(ada, SHEEP, up=number % 2 == 0)
    with pytest.raises(TooMany, match="300 in 5 minutes"):
        library.vote(ada, SHEEP)
    assert library.paper(SHEEP).own_votes == 0
    assert library.vote(people[1], SHEEP).votes == 1
    clock.moves(minutes=5)
    assert library.vote(ada, SHEEP).votes == 2


def test_only_who_shows_their_votes_is_named(library: Library, people: list[Actor]) -> None:
    ada, bob, _ = people
    for actor in (ada, bob):
        library.vote(actor, SHEEP)
    library.change_me(bob, show_votes=True)
    assert [one.name for one in library.voters(SHEEP)] == ["bob"]
    assert [paper.id for paper in library.voted("bob")] == [SHEEP]
    assert library.voted("ada") == []
    assert [paper.id for paper in library.voted("ada", actor=ada)] == [SHEEP]


def at_once(work: Callable[[int], None], threads: int) -> None:
    """Does something in many threads that begin together, and raises what any of them raised."""
    gate, wrong = threading.Barrier(threads), []

    def one(number: int) -> None:
        gate.wait()
        try:
            work(number)
        except Exception as error:  # noqa: BLE001 - raised below, in the test
            wrong.append(error)

    running = [threading.Thread(target=one, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    assert not wrong, wrong


def test_clicks_of_many_people_at_once_are_counted_exactly(library: Library) -> None:
    everybody = crowd(library, *(f"person{number}" for number in range(8)))

    def clicks(number: int) -> None:
        for click in range(11):
            library.vote(everybody[number], SHEEP, up=click % 2 == number % 2)

    at_once(clicks, len(everybody))
    assert library.paper(SHEEP).own_votes == 4  # the last click of every second one was a vote
    sound(library)


def test_one_person_in_eight_windows_is_one_vote(library: Library, people: list[Actor]) -> None:
    def clicks(_: int) -> None:
        for _ in range(5):
            library.vote(people[0], SHEEP)

    at_once(clicks, 8)
    assert library.paper(SHEEP).own_votes == 1
    sound(library)


# Papers that are joined and split.

RECORDS = [record(None, f"An Invented Paper of the Number {number}") for number in range(3)]
ACTS = st.tuples(
    st.sampled_from(["vote", "vote", "join", "split"]), st.integers(0, 2), st.integers(0, 2), st.booleans()
)


class Tally:
    """What the counts should be: who voted under which paper's name, and which papers are one by now."""

    def __init__(self, catalogue: Catalogue, keys: list[str]) -> None:
        self.catalogue, self.keys = catalogue, keys
        self.voted: dict[str, set[int]] = {key: set() for key in keys}
        self.joins: list[tuple[str, str, int]] = []

    def together(self, key: str) -> set[str]:
        """The names of the papers that are one with this."""
        found = {key}
        while more := {name for one, two, _ in self.joins for name in (one, two) if {one, two} & found} - found:
            found |= more
        return found

    def people(self, key: str) -> set[int]:
        return {who for name in self.together(key) for who in self.voted[name]}

    def vote(self, key: str, who: int, *, up: bool) -> None:
        self.catalogue.vote(key, who, up=up, group="", at=NOW, spend=None)
        if not up:
            for name in self.together(key):
                self.voted[name].discard(who)
        elif who not in self.people(key):
            self.voted[self.catalogue.paper(key).id].add(who)

    def join(self, *keys: str) -> None:
        one, two = (self.catalogue.paper(key).id for key in keys)
        if one != two:
            self.joins.append((one, two, self.catalogue.merge(one, two, reason="by hand", at=NOW).number))

    def split(self) -> None:
        if self.joins:
            self.catalogue.split(self.joins.pop()[2], at=NOW)


@given(st.lists(ACTS, max_size=14))
@settings(max_examples=40, phases=QUICK)
def test_through_joins_and_splits_each_person_counts_once(
    fresh: Callable[[], Catalogue], acts: list[tuple[str, int, int, bool]]
) -> None:
    catalogue = fresh()
    tally = Tally(catalogue, _with_papers(catalogue, RECORDS))
    for what, one, two, up in acts:
        if what == "vote":
            tally.vote(tally.keys[one], two + 1, up=up)
        elif what == "join":
            tally.join(tally.keys[one], tally.keys[two])
        else:
            tally.split()
        for key in tally.keys:
            assert catalogue.paper(key).own_votes == len(tally.people(key)), (acts, tally.voted, tally.joins)
    assert [one.level for one in catalogue.verify(full=True)] == ["ok", "ok"]


def _with_papers(catalogue: Catalogue, records: list[Record]) -> list[str]:
    catalogue.put(records, at=NOW)
    with catalogue._store.write() as tx:
        for number in (1, 2, 3):
            people.add(tx, name=f"person{number}", email=None, role=Role.READER, at="")
    return [paper.id for paper in catalogue.papers([1, 2, 3])]


def test_drift_is_found_and_the_next_vote_mends_it(library: Library, people: list[Actor]) -> None:
    library.vote(people[0], SHEEP)
    with library.catalogue._store.write() as tx:
        tx.exec_driver_sql("UPDATE paper SET own_votes = 7, own_comments = 2")
    wrong = [one.message for one in library.catalogue.verify(full=False) if one.level == "error"]
    assert f"{SHEEP}: it is said to have 7 votes from here, and has 1." in wrong
    assert f"{MAPS}: it is said to have 2 comments from here, and has 0." in wrong
    with library.catalogue._store.write() as tx:
        votes.recount(tx, [1, 2, 3], "2026-11-20T12:00:00Z")
    sound(library)
