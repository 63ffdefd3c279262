"""Trending at the door: the published sum done again by hand, what is kept and when it is thrown away, and reads."""

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from broadsheet import library as door
from broadsheet.errors import Refused
from broadsheet.library import Library
from broadsheet.library.readers import Readers
from broadsheet.types import ANYONE, OWNER, Deletion, Identifier, Role, Signal, Span, Window
from tests import byhand
from tests.clients import TestClient
from tests.conftest import NOW
from tests.e2e.site import site
from tests.papers import record
from tests.place import Clock

TODAY = NOW.date()
BACK = {Window.DAY: 1, Window.WEEK: 7, Window.MONTH: 30}
COUNTERS = (
    ("votes", "here"),
    ("comments", "here"),
    ("submissions", "here"),
    ("reads", "here"),
    ("votes", "hf-daily"),
    ("votes", "daily-api:saved.json"),
    ("votes", "records:invented.jsonl"),
    ("stars", "github"),
    ("citations", "openalex"),
    ("citations", "crossref"),
)


def day(ago: int) -> str:
    return (TODAY - timedelta(days=ago)).isoformat()


def key(number: int) -> str:
    return f"2611.{number:05}"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def library(tmp_path: Path, clock: Clock) -> Iterator[Library]:
    with door.open(tmp_path / "home", follow=False, clock=clock) as opened:
        yield opened


def hold(library: Library, *numbers: int, ago: int = 100, categories: tuple[str, ...] = ("cs.LG",)) -> None:
    """Papers that are so many days old."""
    library.catalogue.put(
        [
            record(key(one), f"An Invented Paper on Bridges, Number {one}", categories=categories, published=day(ago))
            for one in numbers
        ],
        at=NOW,
    )


def count(library: Library, number: int, kind: str, source: str, ago: int, total: int) -> None:  # noqa: PLR0917
    library.catalogue.put_signals([Signal(Identifier("key", key(number)), kind, source, day(ago), total)])


def points(library: Library, window: Window = Window.WEEK, **chosen: object) -> dict[str, float]:
    found = library.trending(window=window, limit=1_000, **chosen)  # type: ignore[arg-type]
    assert found.total == len(found.entries)
    assert [one.position for one in found.entries] == list(range(1, found.total + 1))
    assert [one.points for one in found.entries] == sorted((one.points for one in found.entries), reverse=True)
    return {one.paper.id: one.points for one in found.entries}


def by_hand(library: Library, window: Window = Window.WEEK, today: date = TODAY) -> dict[str, dict[str, float]]:
    """The points of all papers, from what the site publishes."""
    client = TestClient(site(library))
    table = byhand.published(client.get("/trending/formula").text)
    counts = byhand.downloaded(client.get("/trending.csv").text)
    return byhand.points(table, counts, BACK[window], today)


def same(library: Library, window: Window = Window.WEEK, today: date = TODAY) -> int:
    """Compares what trends with the sum by hand, part by part, and says for how many papers."""
    expected = by_hand(library, window, today)
    found = library.trending(window=window, limit=10_000)
    assert {one.paper.id for one in found.entries} == set(expected)
    for one in found.entries:
        assert {part.signal: part.points for part in one.parts} == pytest.approx(expected[one.paper.id])
        assert one.points == pytest.approx(sum(expected[one.paper.id].values()))
    return found.total


def scatter(library: Library, rng: random.Random, papers: int, most: int = 60) -> None:
    """Counts of all kinds, up and down, as they come."""
    signals = []
    for number in range(1, papers + 1):
        for kind, source in rng.sample(COUNTERS, rng.randint(1, 5)):
            total = rng.randint(0, 40)
            for ago in sorted(rng.sample(range(most), rng.randint(1, min(8, most))), reverse=True):
                total = max(0, total + rng.randint(-9, 20))
                signals.append(Signal(Identifier("key", key(number)), kind, source, day(ago), total))
    library.catalogue.put_signals(signals)


def nameless(library: Library, title: str, number: int) -> str:
    """A paper without an identifier, so that it can be joined to others; its key."""
    library.catalogue.put([record(None, title, "records:other.jsonl")], at=NOW)
    return library.catalogue.papers([number])[0].id


@pytest.mark.parametrize("window", list(Window))
def test_invented_papers_have_the_points_that_the_published_formula_gives(library: Library, window: Window) -> None:
    rng = random.Random(window)
    for place, ago in enumerate((0, 1, 5, 12, 40, 900)):
        hold(library, *range(1 + 20 * place, 21 + 20 * place), ago=ago)
    scatter(library, rng, 120)
    assert same(library, window) >= 20


def test_real_papers_have_the_points_that_the_published_formula_gives(data_dir: Path, tmp_path: Path) -> None:
    """Twenty papers and more of Hugging Face's lists, as they stood in their last weeks, with days that are real."""
    with gzip.open(data_dir / "daily_editions.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in map(json.loads, file) if row["feed"] == "hf-daily" and row.get("upvotes") is not None]
    last = date.fromisoformat(rows[-1]["date"])
    now = datetime(last.year, last.month, last.day, 18, tzinfo=UTC)
    recent = [row for row in rows if row["date"] >= (last - timedelta(days=45)).isoformat()]
    with door.open(tmp_path / "home", follow=False, clock=lambda: now) as library:
        for listed in sorted({row["date"] for row in recent}):
            of_day = [row for row in recent if row["date"] == listed]
            library.catalogue.put(
                [
                    record(
                        row["id"],
                        row["title"],
                        "hf-daily",
                        published=(row.get("published") or listed)[:10],
                        votes=row["upvotes"],
                        stars=row.get("stars"),
                        edition=listed,
                    )
                    for row in of_day
                ],
                at=datetime.fromisoformat(f"{listed}T08:00:00+00:00"),
            )
        for window in Window:
            compared = same(library, window, last)
        assert compared >= 20


def test_a_first_fill_makes_no_old_paper_trend(library: Library) -> None:
    hold(library, 1, ago=3_000)
    hold(library, 2, ago=2)
    for number in (1, 2):
        for kind, source in (("votes", "hf-daily"), ("stars", "github"), ("citations", "openalex")):
            count(library, number, kind, source, 0, 900)
    assert list(points(library)) == [key(2)]
    count(library, 1, "votes", "here", 0, 1)
    assert set(points(library)) == {key(1), key(2)}
    assert same(library) == 2


def test_what_is_counted_shows_at_once_and_what_is_taken_back_is_gone(library: Library) -> None:
    hold(library, 1, 2)
    assert points(library) == {}
    count(library, 1, "votes", "here", 0, 3)
    assert list(points(library)) == [key(1)]
    count(library, 2, "votes", "here", 0, 5)
    assert list(points(library)) == [key(2), key(1)]
    count(library, 2, "votes", "here", 0, 0)
    assert list(points(library)) == [key(1)]


def test_counts_that_come_late_for_days_before_are_seen_too(library: Library) -> None:
    hold(library, 1, 2)
    count(library, 1, "votes", "here", 2, 3)
    before = points(library)
    count(library, 2, "votes", "here", 3, 9)
    assert set(points(library)) == {*before, key(2)}
    count(library, 1, "votes", "here", 4, 2)
    assert points(library)[key(1)] < before[key(1)]
    assert same(library) == 2


def test_time_alone_takes_points_away(library: Library, clock: Clock) -> None:
    hold(library, 1)
    count(library, 1, "votes", "here", 0, 8)
    seen = [points(library)[key(1)]]
    for _ in range(7):
        clock.moves(days=1)
        seen.append(points(library)[key(1)])
        assert same(library, today=clock().date()) == 1
    assert seen == sorted(set(seen), reverse=True)
    clock.moves(days=1)
    assert points(library) == {}
    assert set(points(library, Window.MONTH)) == {key(1)}


def test_midnight_in_utc_begins_a_day_wherever_the_server_stands(library: Library, clock: Clock) -> None:
    hold(library, 1)
    count(library, 1, "votes", "here", 0, 8)
    whole = points(library)
    clock.at = datetime.fromisoformat("2026-11-21T01:30:00+02:00")  # the 20th in UTC
    assert points(library) == whole
    clock.at = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)
    assert points(library) == whole


def test_papers_that_are_joined_trend_as_one_and_go_apart_again(library: Library) -> None:
    hold(library, 1)
    other = nameless(library, "A Journal Version under Another Name", 2)
    count(library, 1, "votes", "here", 3, 5)
    library.catalogue.put_signals(
        [
            Signal(Identifier("key", other), "votes", "here", day(2), 7),
            Signal(Identifier("key", other), "stars", "github", day(20), 70),
            Signal(Identifier("key", other), "stars", "github", day(1), 90),
        ]
    )
    apart = points(library)
    assert set(apart) == {key(1), other}
    joined = library.merge(key(1), other)
    found = library.trending()
    assert [one.paper.id for one in found.entries] == [key(1)]
    assert {part.signal: part.gained for part in found.entries[0].parts}["votes"] == 7, "the larger total holds"
    assert same(library) == 1
    library.split(joined.number)
    assert points(library) == pytest.approx(apart)


def test_papers_that_are_deleted_never_trend(library: Library) -> None:
    hold(library, 1, 2)
    for number in (1, 2):
        count(library, number, "votes", "here", 1, 4)
    assert set(points(library)) == {key(1), key(2)}
    library.catalogue.put([Deletion("records:invented.jsonl", key(1))], at=NOW)
    assert list(points(library)) == [key(2)]
    assert key(1) not in [row.paper for row in library.signal_rows()]
    library.catalogue.put([record(key(1), "An Invented Paper on Bridges, Number 1")], at=NOW)
    assert set(points(library)) == {key(1), key(2)}


def test_filters_always_apply(library: Library) -> None:
    hold(library, 1, categories=("cs.LG", "stat.ML"))
    hold(library, 2, categories=("math.CO",))
    hold(library, 3, categories=("cs.CL",))
    for number in (1, 2, 3):
        count(library, number, "votes", "here", 0, number)
        count(library, number, "reads", "here", 2, 5)
    assert list(points(library, categories=["cs.LG"])) == [key(1)]
    assert list(points(library, categories=["cs"])) == [key(3), key(1)]
    assert list(points(library, categories=["stat.ML", "math.CO"])) == [key(2), key(1)]
    assert points(library, categories=["q-bio"]) == {}
    assert points(library, Window.DAY, signals=["reads"]) == {}
    both = points(library)
    votes, reads = points(library, signals=["votes"]), points(library, signals=["reads"])
    assert {one: pytest.approx(votes[one] + reads[one]) for one in both} == both
    assert library.trending(signals=["reads", "votes"]).signals == ("votes", "reads")
    with pytest.raises(Refused, match="no signal “hearts”"):
        library.trending(signals=["hearts"])


def test_pages_join_without_gap_or_overlap(library: Library) -> None:
    hold(library, *range(1, 12))
    for number in range(1, 12):
        count(library, number, "votes", "here", 0, 1 + number % 3)
    whole = list(points(library))
    assert whole[0] == key(11), "of equals the later"
    pages = [library.trending(limit=4, offset=offset).entries for offset in (0, 4, 8)]
    assert [one.paper.id for page in pages for one in page] == whole
    assert [one.position for page in pages for one in page] == list(range(1, 12))


def test_what_rose_and_what_fell_is_told_against_the_window_before(library: Library) -> None:
    hold(library, 1, 2, 3, 4)
    for number, totals in {1: ((12, 9),), 2: ((1, 9),), 3: ((12, 4), (1, 30))}.items():
        for ago, total in totals:
            count(library, number, "votes", "here", ago, total)
    risen, fallen = library.moved()
    assert [one.paper.id for one in risen] == [key(2), key(3)]
    assert [(one.place_before, one.place) for one in risen] == [(None, 2), (2, 1)]
    assert [(one.paper.id, one.points, one.place_before, one.place) for one in fallen] == [(key(1), 0.0, 1, None)]
    expected = by_hand(library, Window.WEEK, TODAY - timedelta(days=7))
    assert fallen[0].before == pytest.approx(sum(expected[key(1)].values()))
    assert risen[1].before == pytest.approx(sum(expected[key(3)].values()))
    assert [one.paper.id for one in library.moved(limit=1)[0]] == [key(2)]


def test_another_process_writes_and_this_one_sees_it(library: Library, clock: Clock) -> None:
    hold(library, 1)
    assert points(library) == {}
    with door.open(library.home, follow=False, clock=clock) as other:
        count(other, 1, "votes", "here", 0, 2)
    assert list(points(library)) == [key(1)]


def test_what_is_kept_is_what_a_fresh_library_reckons(library: Library, clock: Clock) -> None:
    """After any mixture of counts, joins, new papers and days, nothing kept is stale."""
    rng = random.Random(11)
    hold(library, *range(1, 21), ago=15)
    scatter(library, rng, 20, 12)
    others, joined = [], []
    for step in range(3):
        others.append(nameless(library, f"A Journal Version under Another Name, Part {step + 1}", 21 + step))
        signals = [Signal(Identifier("key", others[step]), "votes", "here", day(ago), 9 - ago) for ago in (5, 2, 0)]
        library.catalogue.put_signals(signals)
    for step in range(12):
        if step % 4 == 3:
            clock.moves(days=1)
        elif step % 4 == 2:
            joined.append(library.merge(key(1 + step), others[step // 4]).number)
        elif step == 9:
            library.split(joined[0])
        else:
            hold(library, 100 + step, ago=1)
            count(library, 100 + step, "votes", "hf-daily", 0, 9)
            scatter(library, rng, 20, 4)
        with door.open(library.home, follow=False, clock=clock) as fresh:
            for window in Window:
                assert points(library, window) == pytest.approx(points(fresh, window))
                assert library.moved(window) == fresh.moved(window)


def test_an_edition_by_trend_keeps_to_its_days(library: Library) -> None:
    hold(library, 1, 2, 3, ago=2)
    hold(library, 7, ago=50)
    count(library, 7, "votes", "here", 0, 99)
    count(library, 2, "votes", "here", 0, 5)
    count(library, 1, "votes", "here", 1, 9)
    usual = [one.paper.id for one in library.edition(Span.DAY, day(2)).entries]
    assert usual == [key(3), key(2), key(1)]
    assert [one.paper.id for one in library.edition(Span.WEEK, "2026-W47", trending=True).entries] == [
        key(1),
        key(2),
        key(3),
    ]
    assert [one.paper.id for one in library.edition(Span.DAY, day(2), trending=True).entries] == usual, "not yet then"
    first = library.trending_first()
    assert [one.paper.id for one in first] == [key(7), key(1), key(2), key(3)]
    assert [one.position for one in first] == [1, 2, 3, 4]
    assert [one.paper.id for one in library.trending_first(limit=2, offset=1)] == [key(1), key(2)]


# Reads


def visitor(address: str, person: int = 0) -> object:
    return replace(ANYONE, address=address, person=person, role=Role.READER if person else None)


def test_a_reader_counts_once_a_day_and_paper(library: Library, clock: Clock) -> None:
    hold(library, 1, 2)
    first, second = library.paper(key(1)), library.paper(key(2))
    assert library.read(first, actor=visitor("203.0.113.1"))  # type: ignore[arg-type]
    assert not library.read(first, actor=visitor("203.0.113.1"))  # type: ignore[arg-type]
    assert library.read(second, actor=visitor("203.0.113.1"))  # type: ignore[arg-type]
    assert library.read(first, actor=visitor("203.0.113.2"))  # type: ignore[arg-type]
    assert library.read(first, actor=visitor("203.0.113.1", 7))  # type: ignore[arg-type]
    assert not library.read(first, actor=visitor("203.0.113.9", 7)), "at home and at work"  # type: ignore[arg-type]
    assert not library.read(first, actor=OWNER), "the command line reads nothing"
    library.write_reads()
    clock.moves(days=1)
    assert library.read(first, actor=visitor("203.0.113.1"))  # type: ignore[arg-type]
    library.write_reads()
    rows = [(row.day, row.total) for row in library.signal_history(key(1))]
    assert rows == [("2026-11-20", 3), ("2026-11-21", 4)]
    assert library.write_reads() == 0


def test_reads_are_written_without_waiting_and_at_the_end(tmp_path: Path, clock: Clock) -> None:
    with door.open(tmp_path / "home", follow=False, clock=clock) as library:
        hold(library, 1)
        paper = library.paper(key(1))
        library.read(paper, actor=visitor("203.0.113.1"))  # type: ignore[arg-type]
        library.errands.wait()
        assert [row.total for row in library.signal_history(key(1))] == [1]
        library.read(paper, actor=visitor("203.0.113.2"))  # type: ignore[arg-type]
        library.errands.wait()
        assert [row.total for row in library.signal_history(key(1))] == [1], "within the same minute"
        clock.moves(minutes=1)
        library.read(paper, actor=visitor("203.0.113.3"))  # type: ignore[arg-type]
        library.errands.wait()
        assert [row.total for row in library.signal_history(key(1))] == [3]
        library.read(paper, actor=visitor("203.0.113.4"))  # type: ignore[arg-type]
    with door.open(tmp_path / "home", follow=False, clock=clock) as library:
        assert [row.total for row in library.signal_history(key(1))] == [4]


def test_reads_that_are_written_late_lift_the_days_after(library: Library) -> None:
    hold(library, 1)
    number = library.paper(key(1)).number
    library.catalogue.add_reads(day(0), {number: 2})
    library.catalogue.add_reads(day(3), {number: 5})
    library.catalogue.add_reads(day(1), {number: 1})
    assert [(row.day, row.total) for row in library.signal_history(key(1))] == [(day(3), 5), (day(1), 6), (day(0), 8)]
    assert same(library) == 1


def test_no_more_readers_are_told_apart_than_fit() -> None:
    readers = Readers(most=3)
    assert [readers.note("2026-11-20", 1, f"reader {one}") for one in range(5)] == [True, True, True, False, False]
    assert readers.take() == {"2026-11-20": {1: 3}}
    assert readers.note("2026-11-21", 1, "reader 4"), "a new day"
    readers.put_back("2026-11-20", {1: 3})
    assert readers.take() == {"2026-11-21": {1: 1}, "2026-11-20": {1: 3}}
