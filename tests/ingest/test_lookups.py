"""What other sources know of papers that are here: asked in turn, kept, and never in the way."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

import broadsheet
from broadsheet import ingest
from broadsheet.errors import Unavailable
from broadsheet.library import Library
from broadsheet.types import Identifier, Signal
from tests.conftest import NOW
from tests.ingest.live import Scripted, Told, said

SHEEP = Identifier("github", "invented/sheep")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with broadsheet.open(tmp_path / "home", clock=lambda: NOW) as opened:
        yield opened


def test_a_venue_joins_the_paper_and_leaves_an_event(library: Library) -> None:
    library.catalogue.put([said(1), said(2)], at=NOW)
    known = said(1, "openalex", abstract=None, venue="Journal of Invented Results", citations=12)
    source = Scripted("openalex", [Told([known])])
    report = ingest.look_up(library.catalogue, source, now=lambda: NOW)
    assert {one.value for one in source.asked[0][1].papers} == {"2611.00001", "2611.00002"}
    assert (report.read, report.finished, report.error) == (1, True, "")
    paper = library.paper("2611.00001")
    assert (paper.venue, paper.citations) == ("Journal of Invented Results", 12)
    assert [event.kind for event in library.events("2611.00001")] == ["venue"]


def test_nobody_is_asked_twice_within_a_week(library: Library) -> None:
    library.catalogue.put([said(1)], at=NOW)
    source = Scripted("openalex", [Told()])
    ingest.look_up(library.catalogue, source, now=lambda: NOW)
    ingest.look_up(library.catalogue, source, now=lambda: NOW + timedelta(days=6))
    assert len(source.asked) == 1
    ingest.look_up(library.catalogue, source, now=lambda: NOW + timedelta(days=8))
    assert len(source.asked) == 2


def test_a_source_that_fails_is_asked_about_the_same_papers_again(library: Library) -> None:
    library.catalogue.put([said(1)], at=NOW)
    failing = Scripted("openalex", [Told()], fails={0: Unavailable("OpenAlex's day is used up", retry_after=3600)})
    report = ingest.look_up(library.catalogue, failing, now=lambda: NOW)
    assert (report.finished, report.error, report.retry_after) == (False, "OpenAlex's day is used up", 3600)
    assert ingest.look_up(library.catalogue, Scripted("openalex", [Told()]), now=lambda: NOW).finished


def test_a_repositorys_stars_are_those_of_every_paper_that_links_to_it(library: Library) -> None:
    link = ("https://github.com/invented/sheep",)
    library.catalogue.put([said(1, links=link), said(2, links=link), said(3)], at=NOW)
    source = Scripted("github", [Told(signals=[Signal(SHEEP, "stars", "github", "2026-11-20", 41)])])
    ingest.look_up(library.catalogue, source, now=lambda: NOW)
    assert source.asked[0][1].papers == (SHEEP,)
    for key, counts in (("2611.00001", [41]), ("2611.00002", [41]), ("2611.00003", [])):
        assert [one.count for one in library.catalogue.signals(key, kind="stars")] == counts


def test_what_was_answered_before_a_source_failed_is_not_asked_again(library: Library) -> None:
    library.catalogue.put([said(1), said(2)], at=NOW)
    first = Identifier("arxiv", "2611.00001")
    script = [Told(asked=[first]), Told()]
    failing = Scripted("openalex", script, fails={1: Unavailable("60 questions an hour", retry_after=3600)})
    assert ingest.look_up(library.catalogue, failing, now=lambda: NOW).error
    again = Scripted("openalex", [Told()])
    assert ingest.look_up(library.catalogue, again, now=lambda: NOW).finished
    assert [one.value for one in again.asked[0][1].papers] == ["2611.00002"]


def test_a_source_that_settles_nothing_does_not_go_round_in_circles(library: Library) -> None:
    library.catalogue.put([said(1)], at=NOW)
    source = Scripted("openalex", [Told(asked=[])])
    report = ingest.look_up(library.catalogue, source, now=lambda: NOW, most=3)
    assert report.error
    assert len(source.asked) == 1
