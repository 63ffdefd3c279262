"""Importing: whole files, broken files, killed imports, and the same file twice."""

import gzip
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import broadsheet
from broadsheet import ingest
from broadsheet.errors import BadSource, Forbidden
from broadsheet.library import Library
from broadsheet.types import ANYONE, ImportReport, Span
from tests.conftest import NOW
from tests.papers import LINES, write_lines


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with broadsheet.open(tmp_path / "home", clock=lambda: NOW) as opened:
        yield opened


def bring(library: Library, path: Path) -> ImportReport:
    return ingest.import_file(library.catalogue, path, now=lambda: NOW)


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    return report.read, report.new, report.changed, report.unchanged, report.refused


def many(number: int) -> Iterator[dict[str, object]]:
    for n in range(1, number + 1):
        yield {"id": f"2610.{n:05}", "title": f"The Invented Paper with the Number {n}", "abstract": f"Says {n}."}


def test_a_file_is_new_once_and_unchanged_ever_after(library: Library, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "papers.jsonl")
    assert counts(bring(library, path)) == (5, 5, 0, 0, 0)
    assert counts(bring(library, path)) == (5, 0, 0, 5, 0)
    assert library.status().papers == 5


def test_a_changed_line_is_a_changed_paper(library: Library, tmp_path: Path) -> None:
    bring(library, write_lines(tmp_path / "papers.jsonl"))
    edited = [{**LINES[0], "title": "Counting Goats with Sparse Attention"}, *LINES[1:]]
    assert counts(bring(library, write_lines(tmp_path / "papers.jsonl", edited))) == (5, 0, 1, 4, 0)
    assert library.paper("2611.00001").title == "Counting Goats with Sparse Attention"
    (revision,) = library.provenance("2611.00001").revisions
    assert (revision.field, revision.old) == ("title", LINES[0]["title"])


def test_bad_lines_are_told_by_number_and_the_rest_comes_in(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl"
    write_lines(path)
    lines = path.read_text("utf-8").splitlines()
    lines[1:1] = ["{not json", '{"id": "2611.00009"}', '{"id": 2611.5, "title": "A Number for an Identifier"}', ""]
    path.write_text("\n".join(lines), "utf-8")
    report = bring(library, path)
    assert (report.new, report.refused) == (5, 3)
    assert [refusal.line for refusal in report.refusals] == [2, 3, 4]
    assert all(refusal.reason for refusal in report.refusals)


def test_a_truncated_archive_keeps_what_came_before_and_says_where_it_broke(library: Library, tmp_path: Path) -> None:
    whole = gzip.compress(write_lines(tmp_path / "papers.jsonl", many(5000)).read_bytes())
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(whole[: len(whole) // 2])
    report = bring(library, path)
    assert 0 < report.new < 5000
    assert report.error
    assert not report.finished
    assert library.status().papers == report.new
    path.write_bytes(whole)
    again = bring(library, path)
    assert again.finished
    assert library.status().papers == 5000
    assert (again.new, again.unchanged) == (5000 - report.new, report.new)


@pytest.mark.parametrize(
    ("name", "content"), [("empty", b""), ("zeros", bytes(100)), ("page.html", b"<!doctype html><p>Hello")]
)
def test_what_no_one_can_read_is_refused_and_changes_nothing(
    library: Library, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadSource, match=name):
        bring(library, tmp_path / name)
    with pytest.raises(BadSource, match="nowhere"):
        bring(library, tmp_path / "nowhere.jsonl")
    assert library.status().papers == 0


def test_a_source_can_be_named_and_keeps_its_kind(library: Library, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "papers.jsonl")
    report = ingest.import_file(library.catalogue, path, now=lambda: NOW, name="our-lab")
    assert report.source == "records:our-lab"
    assert library.paper("2611.00001").sources == ("records:our-lab",)


def test_progress_grows_to_the_whole_file(library: Library, tmp_path: Path) -> None:
    shares: list[float] = []
    ingest.import_file(
        library.catalogue,
        write_lines(tmp_path / "papers.jsonl", many(4500)),
        now=lambda: NOW,
        progress=lambda _, share: shares.append(share),
    )
    assert len(shares) == 3
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


def test_only_who_may_import_imports(library: Library, tmp_path: Path) -> None:
    with pytest.raises(Forbidden):
        ingest.import_file(library.catalogue, write_lines(tmp_path / "papers.jsonl"), now=lambda: NOW, actor=ANYONE)


def test_the_starter_makes_a_living_site(library: Library) -> None:
    report = ingest.import_starter(library.catalogue, now=lambda: NOW)
    assert counts(report) == (131, 131, 0, 0, 0)
    edition = library.edition(Span.DAY)
    assert (edition.key, edition.total, edition.latest) == ("2026-11-20", 131, True)
    assert edition.note.startswith("The starter edition")
    assert all(entry.paper.summary and entry.paper.abstract is None for entry in edition.entries)
    assert counts(ingest.import_starter(library.catalogue, now=lambda: NOW)) == (131, 0, 0, 131, 0)


@pytest.mark.data
def test_the_saved_pages_are_the_starters_papers_and_no_others(library: Library, pages_dir: Path) -> None:
    ingest.import_starter(library.catalogue, now=lambda: NOW)
    reports = [bring(library, path) for path in sorted(pages_dir.glob("page-*.txt"))]
    assert [report.refused + report.new for report in reports] == [0] * 5
    assert library.catalogue.count() == 131
    assert all(entry.paper.abstract for entry in library.edition(Span.DAY, "2026-11-20", limit=131).entries)


KILLED = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
import broadsheet
from broadsheet import ingest
now = lambda: datetime(2026, 11, 20, 12, tzinfo=UTC)
with broadsheet.open(sys.argv[1], clock=now, follow=False) as library:
    ingest.import_file(
        library.catalogue, Path(sys.argv[2]), now=now,
        progress=lambda report, share: print(report.read + report.resumed_after, flush=True),
    )
print("done", flush=True)
"""


def test_an_import_killed_again_and_again_ends_complete_and_without_duplicates(tmp_path: Path) -> None:
    total = 10_000  # five batches
    home, path = tmp_path / "home", write_lines(tmp_path / "papers.jsonl", many(total))
    acknowledged = kills = 0
    for _ in range(20):
        with subprocess.Popen([sys.executable, "-c", KILLED, home, path], stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            line = child.stdout.readline().strip()
            if line != "done":
                assert int(line) > acknowledged  # it went on, it did not begin again
                acknowledged = int(line)
                time.sleep(0.01 * (kills % 4))
                os.kill(child.pid, signal.SIGKILL)
                kills += 1
                rest = child.stdout.read().split()
                line = rest[-1] if rest else line
        if line == "done":
            break
        acknowledged = max(acknowledged, int(line))
        if acknowledged == total:  # killed between the last batch and its farewell
            break
        with broadsheet.open(home, clock=lambda: NOW, follow=False) as library:
            assert library.catalogue.count() >= acknowledged
    assert kills >= 3
    with broadsheet.open(home, clock=lambda: NOW) as library:
        assert library.catalogue.count() == total
        assert library.status().indexed == total
        assert [finding for finding in library.catalogue.verify(full=True) if finding.level == "error"] == []
