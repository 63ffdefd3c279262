"""The automatic editor's order of each day: made when it is due, kept, and made again when the day changes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import broadsheet
from broadsheet import ingest
from broadsheet.ingest.picks import TrackRecord
from broadsheet.library import Library
from broadsheet.types import Author, Paper, Span
from tests.conftest import NOW
from tests.ingest.live import said

DAY = "2026-11-19"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with broadsheet.open(tmp_path / "home", clock=lambda: NOW) as opened:
        yield opened


def pick(library: Library, **more: object) -> int:
    return ingest.pick_editions(library.catalogue, now=lambda: NOW, **more)  # type: ignore[arg-type]


def test_a_day_is_ordered_once_and_again_when_its_papers_change(library: Library) -> None:
    library.catalogue.put([said(n, announced=DAY) for n in (1, 2, 3)], at=NOW)
    assert pick(library) == 1
    assert pick(library) == 0
    places = [one.pick for one in library.catalogue.candidates(DAY, DAY)]
    assert sorted(place or 0 for place in places) == [1, 2, 3]
    library.catalogue.put([said(4, announced=DAY)], at=NOW)
    assert pick(library) == 1
    assert sorted(one.pick or 0 for one in library.catalogue.candidates(DAY, DAY)) == [1, 2, 3, 4]


def test_readers_see_the_editors_order_after_what_people_listed(library: Library) -> None:
    said_by_arxiv = [said(n, announced=DAY) for n in range(1, 30)]
    listed = said(29, "hf-daily", edition=DAY, position=1, votes=3)
    library.catalogue.put([*said_by_arxiv, listed], at=NOW)
    pick(library)
    entries = library.edition(Span.DAY, DAY, limit=29).entries
    assert entries[0].paper.id == "2611.00029"
    assert (entries[0].reason, entries[0].why) == ("listed", "")
    picks = {one.number: one.pick for one in library.catalogue.candidates(DAY, DAY)}
    places = [picks[entry.paper.number] or 0 for entry in entries[1:]]
    assert places == sorted(places)


def test_papers_outside_the_editions_categories_are_not_ordered(library: Library) -> None:
    library.catalogue.put([said(1, announced=DAY), said(2, announced=DAY, categories=("hep-th",))], at=NOW)
    pick(library, categories=("cs.LG", "cs.CL"))
    picked = {one.key: one.pick for one in library.catalogue.candidates(DAY, DAY)}
    assert picked == {"2611.00001": 1, "2611.00002": None}


def test_a_run_that_is_stopped_goes_on_with_the_days_that_are_left(library: Library) -> None:
    days = ["2026-11-16", "2026-11-17", "2026-11-18"]
    library.catalogue.put([said(n, announced=day) for n, day in enumerate(days, start=1)], at=NOW)
    turns = iter([False, True])
    assert pick(library, stop=lambda: next(turns)) == 1
    assert pick(library) == 2


def test_an_authors_record_is_of_earlier_days_only() -> None:
    record = TrackRecord([("2026-11-18", ["Ada Lovelace"]), ("2026-11-19", ["Lovelace, Ada", "Emmy Noether"])])
    paper = Paper("2611.00001", "Any", authors=(Author("Ada Lovelace"), Author("Emmy Noether")))
    assert set(record.before("2026-11-18", [paper]).values()) <= {0.0}
    assert sorted(record.before("2026-11-19", [paper]).values()) == [0.0, 1.0]
    assert sorted(record.before("2026-11-20", [paper]).values()) == [1.0, 2.0]
