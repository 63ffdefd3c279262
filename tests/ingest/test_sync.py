"""Live sources: what they bring, where they go on, and what it costs when they break."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import broadsheet
from broadsheet import ingest
from broadsheet.errors import BadRecord, BadSource, Forbidden, Unavailable
from broadsheet.library import Library
from broadsheet.sources.live import Request
from broadsheet.types import ANYONE, Announced, Announcement, Deletion, Identifier, Signal, Span, SyncReport
from tests.conftest import NOW
from tests.ingest.live import Scripted, Told, said


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with broadsheet.open(tmp_path / "home", clock=lambda: NOW) as opened:
        yield opened


def run(library: Library, source: Scripted, **more: object) -> SyncReport:
    return ingest.sync(library.catalogue, source, request=Request(NOW), now=lambda: NOW, **more)  # type: ignore[arg-type]


def test_a_source_that_goes_well_is_told_in_counts(library: Library) -> None:
    bad = BadRecord("there is no title", path="arxiv")
    source = Scripted("arxiv", [Told([said(1), said(2)]), Told([said(2), bad], note="a quiet night")])
    report = run(library, source)
    assert (report.read, report.new, report.unchanged, report.refused) == (4, 2, 1, 1)
    assert (report.finished, report.error, report.notes) == (True, "", ["a quiet night"])
    assert library.catalogue.count() == 2


def test_a_source_that_breaks_keeps_what_came_and_goes_on_there(library: Library) -> None:
    script = [Told([said(1)]), Told([said(2)]), Told([said(3)])]
    broken = Scripted("arxiv", script, fails={1: Unavailable("arXiv asks us to come later", retry_after=120)})
    report = run(library, broken)
    assert (report.new, report.finished, report.error) == (1, False, "arXiv asks us to come later")
    assert report.retry_after == 120
    whole = Scripted("arxiv", script)
    again = run(library, whole)
    assert whole.asked[0][0] == "1"
    assert (again.read, again.new, again.resumed, again.finished) == (2, 2, True, True)


def test_nonsense_from_a_source_is_its_own_failure_only(library: Library) -> None:
    report = run(library, Scripted("arxiv", [Told()], fails={0: BadSource("HTML came where XML was expected")}))
    assert report.error == "HTML came where XML was expected"
    assert run(library, Scripted("hf-daily", [Told([said(1, "hf-daily")])])).finished


def test_the_next_run_begins_where_the_last_one_ended(library: Library) -> None:
    run(library, Scripted("arxiv", [Told([said(1)])]))
    later = Scripted("arxiv", [Told([said(1)]), Told([said(2)])])
    assert run(library, later).read == 1
    assert later.asked[0][0] == "1"


def test_runs_that_ask_for_different_things_do_not_share_their_place(library: Library) -> None:
    run(library, Scripted("arxiv", [Told([said(1)])]), scope="cs.LG")
    other = Scripted("arxiv", [Told([said(1)])])
    run(library, other, scope="cs.CL")
    assert other.asked[0][0] == ""


def test_a_run_that_is_stopped_goes_on_later(library: Library) -> None:
    script = [Told([said(1)]), Told([said(2)])]
    report = run(library, Scripted("arxiv", script), stop=lambda: True)
    assert (report.read, report.finished, report.error) == (1, False, "")
    assert run(library, Scripted("arxiv", script)).read == 1


def test_a_deleted_record_leaves_search_and_editions_but_not_its_page(library: Library) -> None:
    listed = said(1, "arxiv", submitted="2026-11-18T10:00:00Z")
    run(library, Scripted("arxiv", [Told([listed])]))
    library.follow()
    assert library.search("invented").total == 1
    report = run(library, Scripted("arxiv", [Told([listed]), Told([Deletion("arxiv", "2611.00001")])]))
    library.follow()
    assert report.deleted == 1
    assert library.search("invented").total == 0
    assert library.edition(Span.DAY, "2026-11-19").total == 0
    assert library.paper("2611.00001").deleted
    assert [event.kind for event in library.events("2611.00001")] == ["deleted"]


def test_signals_and_announcements_are_kept(library: Library) -> None:
    entries = (("2611.00001", Announced.NEW), ("2611.00002", Announced.CROSS), ("2611.00003", Announced.REPLACE))
    told = Told(
        [said(1)],
        [Announcement("2026-11-20", "cs.LG", "arxiv-listing", entries)],
        [Signal(Identifier("arxiv", "2611.00001"), "stars", "github", "2026-11-20", 7)],
    )
    run(library, Scripted("arxiv-listing", [told]))
    (account,) = library.edition(Span.DAY, "2026-11-20").accounts
    assert (account.announced, account.held, account.missing) == (2, 1, ("2611.00002",))


def test_a_shortfall_is_asked_for_by_name_and_closed(library: Library) -> None:
    entries = tuple((f"2611.{number:05}", Announced.NEW) for number in (1, 2, 3))
    announced = [Announcement("2026-11-20", "cs.LG", "arxiv-listing", entries, expected=3)]
    run(library, Scripted("arxiv-listing", [Told([said(1)], announced)]))
    source = Scripted("arxiv-query", [Told([said(2, "arxiv-query"), said(3, "arxiv-query")])])
    report = ingest.close_shortfalls(library.catalogue, source, now=lambda: NOW)
    assert {one.value for one in source.asked[0][1].papers} == {"2611.00002", "2611.00003"}
    assert (report.total, report.new, report.finished) == (2, 2, True)
    (account,) = library.edition(Span.DAY, "2026-11-20").accounts
    assert (account.held, account.missing) == (3, ())
    assert ingest.close_shortfalls(library.catalogue, source, now=lambda: NOW).total == 0
    assert len(source.asked) == 1  # nothing is missing, so nobody is asked


def test_only_who_may_sync_syncs(library: Library) -> None:
    with pytest.raises(Forbidden):
        run(library, Scripted("arxiv", [Told()]), actor=ANYONE)
