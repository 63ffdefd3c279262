"""Standing queries at the door: what they see, once each, whatever happens; whose they are; the preview."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest

import broadsheet
from broadsheet.errors import Forbidden, NotFound, Refused, SignInNeeded, TooMany, Unfit
from broadsheet.library import Library
from broadsheet.library.standing import LOOKED_AT, NAME, NEARNESS
from broadsheet.types import ANYONE, OWNER, Access, Actor, CaughtUp, Deletion, Record, Rhythm, Role, Scope, Wanted
from tests.conftest import NOW, ROOT
from tests.crowd import crowd
from tests.papers import record


class Time:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def moves(self, **much: float) -> None:
        self.now += timedelta(**much)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def library(tmp_path: Path, time: Time) -> Iterator[Library]:
    with broadsheet.open(tmp_path / "home", clock=time) as opened:
        opened.catalogue.put([sheep(1)], at=NOW)
        opened.follow()
        yield opened


@pytest.fixture
def ada(library: Library) -> Actor:
    return crowd(library, "ada")[0]


def sheep(n: int, **facts: object) -> Record:
    """A paper about sheep that a source announced yesterday."""
    usual: dict[str, object] = {"abstract": f"We count sheep in herd {n}.", "published": "2026-11-19"}
    title = str(facts.pop("title", f"Sheep of the Herd {n}"))
    return record(f"2611.{n:05d}", title, **{**usual, **facts})  # type: ignore[arg-type]


def arrive(library: Library, *records: Record) -> CaughtUp:
    """Papers come, and the standing queries see them."""
    library.catalogue.put(records, at=library._clock())
    return library.catch_up_standing()


def keys(library: Library, actor: Actor, number: int) -> list[str]:
    return [one.paper.id for one in library.caught(actor, number, limit=1_000)]


# What is seen.


def test_it_sees_what_comes_after_it_was_made_and_says_why(library: Library, ada: Actor) -> None:
    made = library.stand(ada, "sheep herd")
    assert (made.name, made.text, made.near, made.hits) == ("sheep herd", "sheep herd", 1.0, 0)
    assert arrive(library, sheep(2), record("2611.00009", "Teapots", abstract="Kettles.")) == CaughtUp(2, 1, 0)
    (one,) = library.caught(ada, made.number)
    assert (one.paper.id, one.standing, one.at) == ("2611.00002", made.number, "2026-11-20T12:00:00Z")
    assert one.why is not None
    assert (one.why.words, one.why.said) == (("sheep", "herd"), "has sheep, herd")
    assert 0.35 < one.score <= 1
    assert library.standing(ada, made.number).hits == 1


def test_a_paper_is_caught_once_whatever_becomes_of_it(library: Library, ada: Actor) -> None:
    made = library.stand(ada, "sheep")
    assert arrive(library, sheep(2)).hits == 1
    replaced = sheep(2, title="Sheep, Replaced", comment="v2", categories=("cs.LG", "cs.CV"))
    assert arrive(library, replaced) == CaughtUp()
    other = sheep(2, source="feed:invented", title="Elsewhere they Say Sheep", abstract="Sheep.")
    assert arrive(library, other) == CaughtUp()
    assert keys(library, ada, made.number) == ["2611.00002"]
    assert library.catch_up_standing() == CaughtUp()


def test_a_merge_and_a_split_make_no_paper_new(library: Library, ada: Actor) -> None:
    made = library.stand(ada, "sheep")
    alone = record(None, "On Counting Them", source="feed:invented", published="2026-11-19", abstract="Without wool.")
    arrive(library, alone)
    key = library.catalogue.papers([2])[0].id
    library.catalogue.put([sheep(3)], at=NOW)
    merged = library.merge("2611.00003", key)
    assert library.catch_up_standing().hits == 0, "what was here before is part of it"
    library.split(merged.number)
    assert library.catch_up_standing().hits == 0
    assert keys(library, ada, made.number) == []


def test_what_was_joined_since_is_shown_once(library: Library, ada: Actor) -> None:
    made = library.stand(ada, "sheep")
    arrive(
        library,
        sheep(2),
        record(None, "Sheep Elsewhere", source="feed:invented", published="2026-11-19", abstract="Sheep."),
    )
    assert len(keys(library, ada, made.number)) == 2
    other = next(key for key in keys(library, ada, made.number) if key != "2611.00002")
    library.merge("2611.00002", other)
    assert keys(library, ada, made.number) == ["2611.00002"]


def test_the_past_is_no_news(library: Library, ada: Actor) -> None:
    made = library.stand(ada, "sheep")
    past = [sheep(n, published="2026-10-20") for n in range(2, 30)]
    undated = record(None, "Sheep of No Day", source="feed:invented", published=None, abstract="Sheep.")
    years = sheep(40, published="2025")
    done = arrive(library, *past, undated, years, sheep(41, published="2026-10-21"), sheep(42, published="2026-11"))
    assert done.papers == 2
    assert sorted(keys(library, ada, made.number)) == ["2611.00041", "2611.00042"]


def test_many_come_at_once_and_in_parts(library: Library, ada: Actor) -> None:
    made = library.stand(ada, "sheep")
    done = arrive(library, *(sheep(n) for n in range(2, 1_203)))
    assert done == CaughtUp(1_201, 1_201, 0)
    assert len(set(keys(library, ada, made.number))) == 1_000
    assert library.catch_up_standing() == CaughtUp()


def test_a_paper_without_an_abstract_waits_a_day_for_it(library: Library, ada: Actor, time: Time) -> None:
    calm, wild = library.stand(ada, "sheep -wolves"), library.stand(ada, "wolves")
    bare = [sheep(2, abstract=None), sheep(3, abstract=None), sheep(4, abstract=None)]
    assert arrive(library, *bare) == CaughtUp(0, 0, 3)
    time.moves(hours=2)
    assert arrive(library, sheep(2, abstract="Of wolves."), sheep(3, abstract="Of wool.")) == CaughtUp(2, 2, 0)
    assert keys(library, ada, calm.number) == ["2611.00003"]
    assert keys(library, ada, wild.number) == ["2611.00002"]
    time.moves(hours=21)
    assert library.catch_up_standing() == CaughtUp()
    time.moves(hours=1)
    assert library.catch_up_standing() == CaughtUp(1, 1, 0), "by its title, at last"
    assert arrive(library, sheep(4, abstract="Of wolves.")) == CaughtUp(), "each is looked at once"
    assert set(keys(library, ada, calm.number)) == {"2611.00003", "2611.00004"}


def test_a_deleted_paper_is_not_waited_for_or_shown(library: Library, ada: Actor) -> None:
    made = library.stand(ada, "sheep")
    arrive(library, sheep(2), sheep(3, abstract=None))
    gone = [Deletion("records:invented.jsonl", key) for key in ("2611.00002", "2611.00003")]
    library.catalogue.put(gone, at=NOW)
    assert library.catch_up_standing() == CaughtUp()
    assert keys(library, ada, made.number) == []


def test_without_queries_nothing_is_looked_at_and_a_later_one_sees_no_past(library: Library, ada: Actor) -> None:
    assert arrive(library, sheep(2), sheep(3, abstract=None)) == CaughtUp()
    library.catalogue.put([sheep(4)], at=NOW)
    made = library.stand(ada, "sheep")
    assert library.catch_up_standing().hits == 0
    assert arrive(library, sheep(5)).hits == 1
    assert keys(library, ada, made.number) == ["2611.00005"]


# Changed, paused, ended.


def test_what_is_changed_holds_from_then_on(library: Library, ada: Actor) -> None:
    made = library.stand(ada, "sheep", name="Flock")
    arrive(library, sheep(2))
    changed = library.change_standing(ada, made.number, text="goats", near=0.5, unlike_text="wool")
    assert (changed.name, changed.text, changed.near, changed.unlike_text) == ("Flock", "goats", 0.5, "wool")
    assert library.change_standing(ada, made.number, near=1.0, name="").name == "goats"
    arrive(library, sheep(3), record("2611.00004", "Goats", abstract="They climb."))
    assert set(keys(library, ada, made.number)) == {"2611.00002", "2611.00004"}


def test_while_it_is_paused_or_ended_it_sees_nothing_and_does_not_make_up_for_it(library: Library, ada: Actor) -> None:
    made = library.stand(ada, "sheep")
    assert library.change_standing(ada, made.number, paused=True).paused == "2026-11-20T12:00:00Z"
    arrive(library, sheep(2))
    assert library.change_standing(ada, made.number, paused=False).paused is None
    arrive(library, sheep(3))
    assert library.end_standing(ada, made.number).ended == "2026-11-20T12:00:00Z"
    assert library.standing_queries(ada) == []
    assert [one.number for one in library.standing_queries(ada, ended=True)] == [made.number]
    arrive(library, sheep(4))
    assert library.end_standing(ada, made.number, on=False).ended is None
    arrive(library, sheep(5))
    assert set(keys(library, ada, made.number)) == {"2611.00003", "2611.00005"}


def test_an_end_is_taken_back_for_a_month(library: Library, ada: Actor, time: Time) -> None:
    made = library.stand(ada, "sheep")
    library.end_standing(ada, made.number)
    time.moves(days=31)
    with pytest.raises(Refused, match="too long ago"):
        library.end_standing(ada, made.number, on=False)
    assert library.standing_queries(ada, ended=True) == []


def test_one_ended_while_papers_are_matched_catches_none_of_them(library: Library, ada: Actor) -> None:
    made = library.stand(ada, "sheep")
    library.catalogue.put([sheep(2)], at=NOW)

    def end_it() -> bool:
        if library.standing_queries(ada):
            library.end_standing(ada, made.number)
        return False

    asked = iter([False, True])  # once before the papers are read, then while they are matched
    library.catch_up_standing(stop=lambda: next(asked, False) and end_it())
    library.end_standing(ada, made.number, on=False)
    assert keys(library, ada, made.number) == []


# Likes and dislikes.


def test_what_is_disliked_goes_and_comes_back(library: Library, ada: Actor) -> None:
    made = library.stand(ada, "sheep")
    arrive(library, sheep(2), sheep(3))
    assert library.dislike(ada, made.number, "2611.00002").unlike == ("2611.00002",)
    assert library.dislike(ada, made.number, "arXiv:2611.00002v1").unlike == ("2611.00002",)
    assert keys(library, ada, made.number) == ["2611.00003"]
    assert library.dislike(ada, made.number, "2611.00002", on=False).unlike == ()
    assert set(keys(library, ada, made.number)) == {"2611.00002", "2611.00003"}
    with pytest.raises(NotFound):
        library.dislike(ada, made.number, "2611.99999")


def test_dislikes_in_words_are_proposed_and_kept(library: Library, ada: Actor) -> None:
    assert library.read_wish("sheep, not wolves") == ("sheep", "wolves")
    made = library.stand(ada, "sheep", unlike_text="wolves")
    arrive(library, sheep(2, title="Sheep and Wolves", abstract="Wolves eat sheep."), sheep(3))
    assert keys(library, ada, made.number) == ["2611.00003"]


def test_papers_say_what_it_is_to_be_like(library: Library, ada: Actor) -> None:
    made = library.stand(ada, "", like=["2611.00001"], near=0.6)
    assert (made.name, made.like) == ("Like 1 paper", ("2611.00001",))
    far = record("2611.00008", "Boiling Water", abstract="A kettle whistles when water boils in it.")
    arrive(library, sheep(2), far)
    assert keys(library, ada, made.number) == ["2611.00002"]
    (one,) = library.caught(ada, made.number)
    assert one.why is not None
    assert "near in meaning" in one.why.said


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " ,; "}, "text"),
        ({"text": "since:2026-99"}, "text"),
        ({"text": "x" * 2_001}, "text"),
        ({"text": "a", "unlike_text": "x" * 501}, "unlike_text"),
        ({"text": "a", "near": 0.1}, "near"),
        ({"text": "a", "near": 1.5}, "near"),
        ({"text": "a", "near": float("nan")}, "near"),
        ({"text": "", "like": ["2611.00001"]}, "near"),
        ({"text": "a", "name": "x" * (NAME + 1)}, "name"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field(
    library: Library, ada: Actor, asked: dict[str, object], field: str
) -> None:
    with pytest.raises(Unfit) as refused:
        library.stand(ada, **asked)  # type: ignore[arg-type]
    assert set(refused.value.problems) == {field}
    assert library.standing_queries(ada) == []


def test_a_paper_that_there_is_not_cannot_be_liked(library: Library, ada: Actor) -> None:
    with pytest.raises(NotFound):
        library.stand(ada, "sheep", like=["2611.77777"])
    library.catalogue.put([sheep(n) for n in range(2, 110)], at=NOW)
    with pytest.raises(Refused, match="100 papers"):
        library.stand(ada, "sheep", unlike=[f"2611.{n:05d}" for n in range(1, 103)])


# Whose they are.


def test_only_its_owner_finds_it(library: Library, ada: Actor) -> None:
    (eve,) = crowd(library, "eve")
    boss = Actor("boss", Role.ADMINISTRATOR, eve.person)
    made = library.stand(ada, "sheep")
    for other in (eve, boss):
        for ask in (
            lambda: library.standing(other, made.number),  # noqa: B023 - asked at once
            lambda: library.caught(other, made.number),  # noqa: B023
            lambda: library.change_standing(other, made.number, near=0.5),  # noqa: B023
            lambda: library.end_standing(other, made.number),  # noqa: B023
            lambda: library.dislike(other, made.number, "2611.00001"),  # noqa: B023
        ):
            with pytest.raises(NotFound) as theirs:
                ask()
            assert str(theirs.value) == f"There is no standing query {made.number}."
        assert library.standing_queries(other) == []
    with pytest.raises(NotFound, match=r"no standing query 77\."):
        library.standing(ada, 77)
    assert library.standing(ada, made.number) == made


def test_who_may(library: Library, ada: Actor) -> None:
    with pytest.raises(SignInNeeded):
        library.stand(ANYONE, "sheep")
    with pytest.raises(Forbidden, match="scope"):
        library.stand(Actor("ada", Role.READER, ada.person, frozenset({Scope.READ})), "sheep")
    with pytest.raises(Forbidden, match="banned"):
        library.stand(Actor("ada", Role.READER, ada.person, banned="spam"), "sheep")
    with pytest.raises(Refused, match="no account"):
        library.stand(OWNER, "sheep")
    made = library.stand(library.acting_as(OWNER, "ada"), "sheep")
    reading = Actor("ada", Role.READER, ada.person, frozenset({Scope.READ}))
    assert [one.number for one in library.standing_queries(reading)] == [made.number]


def test_there_are_so_many_a_day_and_so_many_in_all(tmp_path: Path) -> None:
    rules = broadsheet.library.Rules(access=Access.INVITE)
    with broadsheet.open(tmp_path / "home", clock=Time(), rules=rules) as library:
        (ada,) = crowd(library, "ada")
        for n in range(50):
            library.stand(ada, f"sheep {n}")
        with pytest.raises(TooMany, match="standing queries"):
            library.stand(ada, "sheep")
        free = library.acting_as(OWNER, "ada")
        assert free.person == ada.person
    with broadsheet.open(tmp_path / "other", clock=Time(), rules=broadsheet.library.Rules(access=Access.SINGLE)) as one:
        owner = one.owner_actor()
        for n in range(200):
            one.stand(owner, f"sheep {n}")
        with pytest.raises(Refused, match="End some first"):
            one.stand(owner, "sheep")
        one.end_standing(owner, 1)
        one.stand(owner, "sheep")
        with pytest.raises(Refused, match="End some first"):
            one.end_standing(owner, 1, on=False)


def test_what_is_sent_as_it_comes_is_due_when_it_has_come(library: Library, ada: Actor) -> None:
    made = library.stand(ada, "sheep")
    wanted = library.subscribe_me(ada, Wanted.QUERY, standing=made.number, rhythm=Rhythm.ONCE.value)
    assert library.due_subscriptions() == []
    arrive(library, sheep(2), sheep(3))
    (due,) = library.due_subscriptions()
    assert due.number == wanted.number
    digest = library.decide(due)
    assert digest is not None
    assert {entry.paper.id for entry in digest.entries} == {"2611.00002", "2611.00003"}
    assert {entry.why for entry in digest.entries} == {"has sheep"}


def test_an_address_without_an_account_has_its_query_run_once_it_confirmed(library: Library) -> None:
    library.subscribe_address(OWNER, "reader@example.org", Wanted.QUERY, "sheep", title="Sheep")
    assert arrive(library, sheep(2)).hits == 1


def test_what_was_caught_is_forgotten_after_a_year_or_a_month_after_its_query(
    library: Library, ada: Actor, time: Time
) -> None:
    kept, ended = library.stand(ada, "sheep"), library.stand(ada, "herd")
    arrive(library, sheep(2))
    library.end_standing(ada, ended.number)
    for days, left in ((29, (1, 1)), (2, (1, 0)), (330, (1, 0)), (5, (0, 0))):
        time.moves(days=days)
        library.forget_unconfirmed()
        assert tuple(len(keys(library, ada, one.number)) for one in (kept, ended)) == left, days
    assert arrive(library, sheep(2)).hits == 0, "it is not caught a second time"


# The preview.


def test_the_preview_counts_what_it_would_have_caught(library: Library, ada: Actor) -> None:
    days = ["2026-10-20", "2026-10-22", "2026-11-10", "2026-11-11", "2026-11-18"]
    library.catalogue.put([sheep(n, published=day) for n, day in enumerate(days, start=10)], at=NOW)
    library.catalogue.put([record("2611.00030", "Teapots", abstract="Kettles.", published="2026-11-18")], at=NOW)
    library.follow()
    found = library.preview(ada, "sheep")
    assert (found.since, found.until, found.total, found.cut) == ("2026-10-21", "2026-11-20", 5, False)
    assert found.weeks == [
        ("2026-10-19", 1), ("2026-10-26", 0), ("2026-11-02", 0), ("2026-11-09", 2), ("2026-11-16", 2),
    ]  # fmt: skip
    assert len(found.hits) == 5
    assert [near for near, _ in found.by_near] == list(NEARNESS)
    counts = [count for _, count in found.by_near]
    assert counts == sorted(counts)
    assert counts[0] == 5
    assert library.preview(ada, "sheep -herd").total == 0
    assert library.preview(ada, "zeppelins").by_near[0] == (1.0, 0)
    assert library.preview(ada, "zeppelins").total == 0
    with pytest.raises(Unfit):
        library.preview(ada, "")
    with pytest.raises(SignInNeeded):
        library.preview(ANYONE, "sheep")


def test_the_preview_of_a_wide_query_says_that_there_is_more(library: Library, ada: Actor) -> None:
    library.catalogue.put([sheep(n) for n in range(2, LOOKED_AT + 10)], at=NOW)
    library.follow()
    found = library.preview(ada, "sheep")
    assert (found.total, found.cut) == (LOOKED_AT, True)


# Cut off, and done twice.


def test_two_at_once_do_it_once(tmp_path: Path) -> None:
    clock = Time()
    with (
        broadsheet.open(tmp_path / "home", clock=clock) as one,
        broadsheet.open(tmp_path / "home", clock=clock) as other,
    ):
        (ada,) = crowd(one, "ada")
        made = one.stand(ada, "sheep")
        one.catalogue.put([sheep(n) for n in range(1, 1_501)], at=NOW)
        both, done = Barrier(2), []

        def work(library: Library) -> None:
            both.wait()
            done.append(library.catch_up_standing())

        threads = [Thread(target=work, args=(library,)) for library in (one, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(each.hits for each in done) == 1_500
        assert one.standing(ada, made.number).hits == 1_500


def test_told_to_stop_it_goes_on_where_it_stopped(library: Library, ada: Actor) -> None:
    made = library.stand(ada, "sheep")
    library.catalogue.put([sheep(n) for n in range(2, 1_402)], at=NOW)
    asked = iter([False, False, True])
    assert library.catch_up_standing(stop=lambda: next(asked, True)).hits == 1_000
    assert library.catch_up_standing(stop=lambda: True) == CaughtUp()
    assert library.catch_up_standing().hits == 400
    assert library.standing(ada, made.number).hits == 1_400


# Each is a child of a process that has read all modules: that takes longer than what it is here for.
KILLED = """
import os, signal, sys
from datetime import UTC, datetime
import broadsheet

def catches_up(left):
    def dies():
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return False

    with broadsheet.open(sys.argv[1], clock=lambda: datetime(2026, 11, 20, 12, tzinfo=UTC)) as library:
        library.catch_up_standing(stop=dies)

for times in map(int, sys.argv[2:]):
    child = os.fork()
    if not child:
        catches_up(times)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


def test_killed_at_any_moment_it_loses_nothing_and_doubles_nothing(library: Library, ada: Actor) -> None:
    made = library.stand(ada, "sheep")
    library.catalogue.put([sheep(n) for n in range(2, 3_302)], at=NOW)
    words = [sys.executable, "-c", KILLED, str(library.home), *map(str, (0, 1, 2, 3, 9))]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=120)
    assert [int(code) for code in done.stdout.split()] == [-signal.SIGKILL] * 4 + [0]
    assert library.catch_up_standing() == CaughtUp()
    assert library.standing(ada, made.number).hits == 3_300


def test_an_import_of_the_past_costs_nothing_to_speak_of(library: Library, ada: Actor) -> None:
    library.stand(ada, "sheep")
    library.catalogue.put([sheep(n, published="2020-01-01") for n in range(2, 3_000)], at=datetime.now(UTC))
    assert library.catch_up_standing() == CaughtUp()
    assert arrive(library, sheep(5_000)).papers == 1
