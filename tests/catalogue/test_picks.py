"""The automatic editor's order: kept by day, read with the candidates, and asked for again when papers change."""

from dataclasses import replace
from datetime import timedelta

import pytest

from broadsheet.catalogue import Catalogue
from broadsheet.types import Author, Deletion, Pick, Record
from tests.conftest import NOW
from tests.papers import record

LATER = NOW + timedelta(hours=1)


def papers(day: str, count: int = 2) -> list[Record]:
    prefix = f"{day[2:4]}{day[5:7]}.{day[8:]}"
    return [record(f"{prefix}{n:03}", f"The Invented Paper {n} of {day}", published=day) for n in range(1, count + 1)]


def picks(*numbers: int) -> list[Pick]:
    return [Pick(number, place, 1 / place, f"why {number}") for place, number in enumerate(numbers, 1)]


def test_candidates_tell_their_place_in_the_order(catalogue: Catalogue) -> None:
    catalogue.put(papers("2026-11-18", 3), at=NOW)
    catalogue.put_picks("2026-11-18", picks(3, 1), model="m", at=NOW)
    found = {one.number: (one.pick, one.score, one.why) for one in catalogue.candidates("2026-11-18", "2026-11-18")}
    assert found == {3: (1, 1.0, "why 3"), 1: (2, 0.5, "why 1"), 2: (None, None, "")}
    catalogue.put_picks("2026-11-18", picks(2), model="m", at=NOW)
    found = {one.number: (one.pick, one.score, one.why) for one in catalogue.candidates("2026-11-18", "2026-11-18")}
    assert found[2][0] == 1
    assert found[3] == (None, None, "")


def test_a_day_is_asked_for_until_it_is_ordered_and_again_by_a_new_model(catalogue: Catalogue) -> None:
    assert catalogue.days_to_pick("m", limit=9) == []
    days = ["2026-11-17", "2026-11-18", "2026-11-19"]
    for day in days:
        catalogue.put(papers(day), at=NOW)
    assert catalogue.days_to_pick("m", limit=9) == days[::-1]
    assert catalogue.days_to_pick("m", limit=2) == ["2026-11-19", "2026-11-18"]
    for day in days[1:]:
        catalogue.put_picks(day, [], model="m", at=NOW)
    assert catalogue.days_to_pick("m", limit=9) == ["2026-11-17"]
    catalogue.put_picks("2026-11-17", [], model="m", at=NOW)
    assert catalogue.days_to_pick("m", limit=9) == []
    assert catalogue.days_to_pick("better", limit=9) == days[::-1]


def test_a_day_whose_papers_change_is_asked_for_again(catalogue: Catalogue) -> None:
    one, two = papers("2026-11-18")
    catalogue.put([one, two, *papers("2026-11-19")], at=NOW)
    for day in ("2026-11-18", "2026-11-19"):
        catalogue.put_picks(day, picks(1), model="m", at=NOW)
    catalogue.put([one], at=NOW)
    assert catalogue.days_to_pick("m", limit=9) == [], "it says nothing new"
    catalogue.put([replace(one, comment="12 pages")], at=NOW)
    assert catalogue.days_to_pick("m", limit=9) == ["2026-11-18"]


def test_what_the_editor_did_not_know_of_is_not_missed(catalogue: Catalogue) -> None:
    catalogue.put(papers("2026-11-18"), at=NOW)
    known = catalogue.last_change()
    catalogue.put(papers("2026-11-18", 3), at=NOW)  # comes while the editor is at work
    catalogue.put_picks("2026-11-18", picks(1), model="m", at=NOW, sequence=known)
    assert catalogue.days_to_pick("m", limit=9) == ["2026-11-18"]


def test_papers_that_are_no_more_or_picked_twice_do_no_harm(catalogue: Catalogue) -> None:
    catalogue.put(papers("2026-11-18"), at=NOW)
    catalogue.put_picks("2026-11-18", [*picks(1, 2, 1), Pick(99, 4, 0.0)], model="m", at=NOW)
    assert {one.number: one.pick for one in catalogue.candidates("2026-11-18", "2026-11-18")} == {1: 1, 2: 2}
    # Joined by hand, and deleted: the order goes with its paper.
    catalogue.put([record(None, "Notes on Sheep", published="2026-11-18", source="page:a")], at=NOW)
    catalogue.put_picks("2026-11-18", picks(3, 1), model="m", at=NOW)
    catalogue.merge("2611.18001", catalogue.papers([3])[0].id, reason="by hand", at=NOW)
    catalogue.put([Deletion("records:invented.jsonl", "2611.18001")], at=LATER)
    assert [finding.level for finding in catalogue.verify(full=True)] == ["ok", "ok"]


def test_a_paper_that_moves_to_another_day_leaves_its_place(catalogue: Catalogue) -> None:
    one, two = papers("2026-11-18")
    catalogue.put([one, two], at=NOW)
    catalogue.put_picks("2026-11-18", picks(1, 2), model="m", at=NOW)
    catalogue.put([replace(one, announced="2026-11-19")], at=NOW)
    (moved,) = catalogue.candidates("2026-11-19", "2026-11-19")
    assert moved.pick is None
    assert catalogue.days_to_pick("m", limit=9) == ["2026-11-19"]


@pytest.mark.parametrize(
    ("categories", "numbers"),
    [
        ((), {1, 2, 3, 4}),
        (("cs.LG",), {1, 2, 4}),
        (("cs.L",), {4}),
        (("cs_LG", "cs.%"), {4}),
        (("math.CO", "stat.ML"), {2, 3, 4}),
        (("q-bio",), {4}),
    ],
)
def test_candidates_of_some_categories_and_whatever_is_listed(
    catalogue: Catalogue, categories: tuple[str, ...], numbers: set[int]
) -> None:
    one, two, three = papers("2026-11-18", 3)
    listed = record(None, "Listed for its Beauty", "hf-daily", categories=(), edition="2026-11-18", position=1)
    batch = [one, replace(two, categories=("stat.ML", "cs.LG")), replace(three, categories=("math.CO",)), listed]
    catalogue.put(batch, at=NOW)
    found = catalogue.candidates("2026-11-18", "2026-11-18", categories=categories)
    assert {candidate.number for candidate in found} == numbers


def test_authors_of_listings_are_told_by_day(catalogue: Catalogue) -> None:
    ada, emmy = (Author("Ada Lovelace"),), (Author("Emmy Noether"), Author("Lise Meitner"))
    catalogue.put([record("2611.00001", "Sheep", "list-a", authors=ada, edition="2026-11-19")], at=NOW)
    catalogue.put([record("2611.00001", "Sheep", "list-b", authors=ada, edition="2026-11-17")], at=NOW)
    catalogue.put([record("2611.00001", "Sheep", "list-c", authors=ada, edition="2026-11-17")], at=NOW)
    catalogue.put([record("2611.00002", "Maps", "list-a", authors=emmy, edition="2026-11-18")], at=NOW)
    assert catalogue.listed_authors() == [
        ("2026-11-17", ("Ada Lovelace",)),
        ("2026-11-18", ("Emmy Noether", "Lise Meitner")),
        ("2026-11-19", ("Ada Lovelace",)),
    ]
