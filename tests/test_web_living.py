"""Pages of living records: a day's account of itself, what happened to a paper, and the owner's schedule."""

import re
from collections.abc import Iterator
from pathlib import Path

import html5lib
import pytest

import broadsheet
from broadsheet import web
from broadsheet.library import Library
from broadsheet.types import (
    ANYONE,
    OWNER,
    Actor,
    Announced,
    Announcement,
    Deletion,
    Identifier,
    Job,
    Role,
    Signal,
)
from tests.clients import TestClient
from tests.conftest import NOW
from tests.ingest.live import said
from tests.visitors import asking

DAY = "2026-11-19"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with broadsheet.open(tmp_path / "home", clock=lambda: NOW) as opened:
        yield opened


def client(library: Library, actor: Actor = OWNER) -> TestClient:
    return TestClient(asking(web.create(library, web.Site()), actor), follow_redirects=False)


def read(library: Library, path: str) -> str:
    answer = client(library).get(path)
    assert answer.status_code == 200
    html5lib.HTMLParser(strict=True).parse(answer.text)
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text.partition("<main")[2].partition(">")[2]).split())


def announce(library: Library, *numbers: int, expected: int | None = None) -> None:
    entries = tuple((f"2611.{number:05}", Announced.NEW) for number in numbers)
    library.catalogue.announce([Announcement(DAY, "cs.LG", "arxiv-listing", entries, expected)], at=NOW)


def test_a_day_that_is_whole_says_so(library: Library) -> None:
    library.catalogue.put([said(n, announced=DAY) for n in (1, 2)], at=NOW)
    announce(library, 1, 2)
    assert "Complete: all that arXiv announced in cs.LG is here." in read(library, f"/date/{DAY}")


def test_a_shortfall_is_shown_and_names_what_is_missing(library: Library) -> None:
    library.catalogue.put([said(1, announced=DAY)], at=NOW)
    announce(library, 1, 2, 3, expected=4)
    page = read(library, f"/date/{DAY}")
    assert "2 announced papers are not here yet and arXiv counts 1 more than its listing names" in page
    assert "Missing: 2611.00002 , 2611.00003" in page


def test_an_empty_day_says_why_and_prints_the_latest_edition(library: Library) -> None:
    library.catalogue.put([said(n, announced=DAY) for n in (1, 2, 3)], at=NOW)
    page = read(library, "/date/2026-11-14")
    assert "arXiv announces nothing for a Saturday." in page
    assert "The latest edition instead: Thursday, 19 November 2026" in page
    assert "The Invented Paper with the Number 2" in page


def test_a_papers_page_tells_what_happened_to_it(library: Library) -> None:
    library.catalogue.put([said(1)], at=NOW)
    library.catalogue.put([said(1, title="The Renamed Paper with the Number 1", withdrawn=True)], at=NOW)
    page = read(library, "/papers/2611.00001")
    assert "Title changed before: The Invented Paper with the Number 1" in page
    assert "This paper has been withdrawn." in page
    assert "20 November 2026 Withdrawn" in page


def test_a_deleted_papers_page_stays_and_says_so(library: Library) -> None:
    library.catalogue.put([said(1)], at=NOW)
    library.catalogue.put([Deletion("arxiv", "2611.00001")], at=NOW)
    page = read(library, "/papers/2611.00001")
    assert "Its source has deleted this paper." in page
    assert "The Invented Paper with the Number 1" in page


def test_the_schedule_is_for_administrators(library: Library) -> None:
    library.catalogue.schedule([Job("arxiv", "22:30 America/New_York sun-thu", help="New & changed <records>.")])
    page = read(library, "/jobs")
    assert "arxiv New &amp; changed &lt;records&gt;." in page
    assert "22:30 America/New_York sun-thu" in page
    for actor, status in ((ANYONE, 401), (Actor("ada", Role.MODERATOR, 7), 403)):
        answer = client(library, actor).get("/jobs")
        assert answer.status_code == status
        assert "arxiv" not in answer.text.partition("<main")[2]


def test_a_failing_job_shows_the_reason_and_how_often(library: Library) -> None:
    library.catalogue.schedule([Job("arxiv", "every 6 hours")])
    for _ in range(2):
        assert library.catalogue.claim("arxiv", worker="a", at=NOW, until=NOW, whenever=True)
        library.catalogue.release(
            "arxiv",
            worker="a",
            state="failed",
            result="arXiv answered HTML where XML was expected.",
            seconds=2.0,
            next_run=NOW,
            at=NOW,
        )
    page = read(library, "/jobs")
    assert "failed, 2 times in a row" in page
    assert "arXiv answered HTML where XML was expected." in page


def test_a_shared_cache_keeps_a_papers_page_apart_from_its_markdown(library: Library) -> None:
    library.catalogue.put([said(1)], at=NOW)
    told = client(library).get("/papers/2611.00001").headers["vary"]
    assert {"Cookie", "Accept"} <= set(told.split(", "))


def test_no_jobs_no_table(library: Library) -> None:
    assert "no worker has been started yet" in read(library, "/jobs")


def test_stars_and_citations_are_the_newest_counts(library: Library) -> None:
    library.catalogue.put([said(1, citations=3)], at=NOW)
    paper = Identifier("arxiv", "2611.00001")
    for day, count in (("2026-11-19", 7), ("2026-11-20", 9)):
        library.catalogue.put_signals([Signal(paper, "stars", "github", day, count)])
    assert "3 citations · 9 stars" in read(library, "/papers/2611.00001")
