"""What was counted in a stretch of days, by one query, against all rows read one by one."""

import random
from collections import defaultdict
from datetime import timedelta

import pytest

from broadsheet.catalogue import Catalogue
from broadsheet.types import Deletion, Identifier, Look, Signal, SignalRow
from tests.conftest import NOW
from tests.papers import record

TODAY = NOW.date()
SOURCES = ("here", "hf-daily", "github")
KINDS = ("votes", "stars")
AGES = (0, 2, 5, 20, 300)


def day(ago: int) -> str:
    return (TODAY - timedelta(days=ago)).isoformat()


def scatter(catalogue: Catalogue, rng: random.Random, numbers: range) -> list[Signal]:
    found = {}
    for number in numbers:
        for _ in range(rng.randint(0, 12)):
            place = (number, rng.choice(KINDS), rng.choice(SOURCES), day(rng.randint(0, 25)))
            found[place] = rng.randint(0, 30)
    signals = [
        Signal(Identifier("arxiv", f"2611.{number:05}"), kind, source, when, total)
        for (number, kind, source, when), total in found.items()
    ]
    catalogue.put_signals(signals)
    return signals


@pytest.mark.parametrize("seed", range(6))
def test_looks_carry_what_was_before_them(catalogue: Catalogue, seed: int) -> None:
    rng = random.Random(seed)
    papers = [
        record(f"2611.{number:05}", f"An Invented Paper on Bridges, Number {number}", published=day(rng.choice(AGES)))
        for number in range(1, 16)
    ]
    catalogue.put(papers, at=NOW)
    catalogue.put([Deletion("records:invented.jsonl", "2611.00003")], at=NOW)
    totals: dict[tuple[int, str, str], list[tuple[str, int]]] = defaultdict(list)
    for one in sorted(scatter(catalogue, rng, range(1, 16)), key=lambda one: one.day):
        totals[int(one.subject.value[-5:]), one.kind, one.source].append((one.day, one.count))
    first, begin = day(7), day(12)
    found = catalogue.looks(first, day(0), begin=begin)
    own = {number: str(paper.published) for number, paper in enumerate(papers, 1)}
    expected: set[tuple[object, ...]] = set()
    for (number, kind, source), seen in totals.items():
        for place, (when, total) in enumerate(seen):
            before = max((count for _, count in seen[:place]), default=None)
            news = before is not None or source == "here" or own[number] >= begin
            if when >= first and number != 3 and news:
                expected.add((number, kind, source, when, total, before, seen[place - 1][0] if place else None))
    made: list[tuple[object, ...]] = [(*one[:2], found.sources[one.source], *one[3:]) for one in found.looks]
    assert set(made) == expected
    assert len(made) == len(expected)
    assert found.days == {number: when for number, when in own.items() if when >= begin and number != 3}
    last: dict[tuple[int, str, int], str] = {}
    for look in found.looks:
        place_of = (look.paper, look.kind, look.source)
        assert last.get(place_of, "") < look.day, "of each total the oldest look comes first"
        last[place_of] = look.day


def test_joined_papers_have_their_totals_laid_over_one_another(catalogue: Catalogue) -> None:
    catalogue.put([record("2611.00001", "Sheep"), record(None, "Counting Sheep, the Journal Version")], at=NOW)
    other = catalogue.papers([2])[0].id
    for key, ago, total in (("2611.00001", 9, 3), (other, 7, 8), ("2611.00001", 5, 5), (other, 3, 2), (other, 1, 11)):
        catalogue.put_signals([Signal(Identifier("key", key), "stars", "github", day(ago), total)])
    joined = catalogue.merge("2611.00001", other, reason="by hand", at=NOW)
    assert [(one.day, one.total) for one in catalogue.signal_history("2611.00001")] == [
        (day(9), 3),
        (day(7), 8),
        (day(5), 8),
        (day(3), 5),
        (day(1), 11),
    ]
    found = catalogue.looks(day(4), day(0), begin=day(4))
    number = next(key for key, name in found.sources.items() if name == "github")
    assert found.looks == [
        Look(1, "stars", number, day(3), 5, 8, day(5)),
        Look(1, "stars", number, day(1), 11, 8, day(3)),
    ]
    rows, after = catalogue.signal_rows(0, 10, since=day(3), until=day(0))
    assert rows == [
        SignalRow("2611.00001", "2026-11-18", "stars", "github", day(3), 5),
        SignalRow("2611.00001", "2026-11-18", "stars", "github", day(1), 11),
    ]
    assert after is None
    catalogue.split(joined.number, at=NOW)
    assert [one.total for one in catalogue.signal_history(other)] == [8, 2, 11]


def test_marks_move_when_counts_of_their_days_are_written(catalogue: Catalogue) -> None:
    catalogue.put([record("2611.00001", "Sheep")], at=NOW)
    begin = catalogue.mark(day(0))

    def written(ago: int) -> None:
        catalogue.put_signals([Signal(Identifier("arxiv", "2611.00001"), "stars", "github", day(ago), 3)])

    written(0)
    today = catalogue.mark(day(0))
    assert (today.earlier, today.day) == (begin.earlier, begin.day + 1)
    written(4)
    assert catalogue.mark(day(0)).earlier == today.earlier + 1
    assert catalogue.mark(day(2)) == catalogue.mark(day(2))
    assert catalogue.mark(day(4)).day == begin.day + 1
    assert not catalogue.moved_since(today.papers, day(9), day(0))
    catalogue.put([record("2611.00001", "Sheep", comment="12 pages")], at=NOW)
    assert catalogue.moved_since(today.papers, day(9), day(0))
    assert not catalogue.moved_since(today.papers, day(9), day(5)), "nothing was counted for it then"


def test_rows_come_a_stretch_of_papers_at_a_time(catalogue: Catalogue) -> None:
    catalogue.put(
        [record(f"2611.{number:05}", f"An Invented Paper on Kites, Number {number}") for number in range(1, 8)], at=NOW
    )
    signals = scatter(catalogue, random.Random(3), range(1, 8))
    found: list[SignalRow] = []
    after: int | None = 0
    stretches = 0
    while after is not None:
        rows, after = catalogue.signal_rows(after, 3, since="", until="~")
        found += rows
        stretches += 1
    assert stretches == 3
    places = [(one.paper, one.kind) for one in found]
    assert places == sorted(places)
    assert {(one.paper, one.kind, one.source, one.day, one.total) for one in found} == {
        (one.subject.value, one.kind, one.source, one.day, one.count) for one in signals
    }
