"""Runs of live sources: the cursor and what was taken in are one, whatever happens to the process."""

import random
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet.catalogue import Catalogue
from broadsheet.types import Deletion
from tests.catalogue.feeder import invented
from tests.catalogue.test_imports import expected_papers, feed_and_kill
from tests.conftest import NOW, ROOT

TOTAL, SIZE = 1500, 50


def test_a_run_counts_and_moves_its_cursor(catalogue: Catalogue) -> None:
    run = catalogue.begin_sync("arxiv", scope="cs", at=NOW)
    assert (run.cursor, run.resumed) == ("", False)
    catalogue.put([invented(n) for n in (10, 11, 12)], at=NOW, sync=run, cursor="page 2")
    gone = Deletion(invented(12).source, invented(12).source_key)
    catalogue.put([invented(10), gone], at=NOW, sync=run, cursor="page 3")
    assert (run.cursor, run.read, run.new, run.changed, run.unchanged, run.merged, run.deleted) == (
        "page 3", 5, 2, 1, 1, 1, 1,
    )  # fmt: skip
    again = catalogue.begin_sync("arxiv", scope="cs", at=NOW + timedelta(hours=1))
    assert (again.number, again.cursor, again.read, again.resumed) == (run.number, "page 3", 5, True)


def test_the_next_run_begins_where_the_last_one_ended(catalogue: Catalogue) -> None:
    run = catalogue.begin_sync("arxiv", scope="", at=NOW)
    catalogue.put([invented(1)], at=NOW, sync=run, cursor="2026-11-20")
    catalogue.finish_sync(run, at=NOW)
    following = catalogue.begin_sync("arxiv", scope="", at=NOW)
    assert (following.number, following.cursor, following.read, following.resumed) == (2, "2026-11-20", 0, False)


def test_each_source_and_scope_has_a_cursor_of_its_own(catalogue: Catalogue) -> None:
    run = catalogue.begin_sync("arxiv", scope="", at=NOW)
    catalogue.put([], at=NOW, sync=run, cursor="here")
    assert catalogue.begin_sync("arxiv", scope="cs", at=NOW).cursor == ""
    assert catalogue.begin_sync("arxiv-raw", scope="", at=NOW).cursor == ""
    assert catalogue.begin_sync("arxiv", scope="", at=NOW).cursor == "here"


def test_a_run_that_broke_off_says_why_and_is_gone_on_with(catalogue: Catalogue) -> None:
    run = catalogue.begin_sync("arxiv", scope="", at=NOW)
    catalogue.put([invented(1)], at=NOW, sync=run, cursor="page 2")
    catalogue.finish_sync(run, at=NOW, error="arXiv does not answer.")
    (told,) = catalogue.syncs(9)
    assert (told.error, told.finished, told.cursor) == ("arXiv does not answer.", None, "page 2")
    again = catalogue.begin_sync("arxiv", scope="", at=NOW)
    assert (again.number, again.cursor, again.resumed, again.error) == (run.number, "page 2", True, "")


def test_runs_are_told_newest_first(catalogue: Catalogue) -> None:
    for name in ("arxiv", "hf-daily", "arxiv-raw"):
        catalogue.finish_sync(catalogue.begin_sync(name, scope="", at=NOW), at=NOW + timedelta(minutes=1))
    assert [(one.number, one.source) for one in catalogue.syncs(2)] == [(3, "arxiv-raw"), (2, "hf-daily")]
    assert {(one.started, one.finished) for one in catalogue.syncs(9)} == {
        ("2026-11-20T12:00:00Z", "2026-11-20T12:01:00Z")
    }


def test_a_put_that_fails_leaves_the_cursor_where_it_was(catalogue: Catalogue) -> None:
    run = catalogue.begin_sync("arxiv", scope="", at=NOW)
    broken = invented(2)
    broken.title = None  # type: ignore[assignment] # what no source may send
    with pytest.raises(AttributeError):
        catalogue.put([invented(1), broken], at=NOW, sync=run, cursor="page 2")
    assert (run.cursor, run.read, catalogue.count(), catalogue.syncs(1)[0].cursor) == ("", 0, 0, "")


def test_a_killed_sync_loses_nothing_and_ends_the_same(path: Path) -> None:
    """Killed at random moments until it is through: cursor and papers always belong together."""
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    for _ in range(3):
        safe = feed_and_kill(command(path), chance.uniform(0.0, 0.15))
        if safe == TOTAL:  # through, and perhaps finished: the next run would be another
            break
        catalogue = Catalogue.open(path)
        run = catalogue.begin_sync("records:papers.jsonl", scope="", at=NOW)
        position = int(run.cursor or 0)
        assert position >= safe, f"seed {seed}: an acknowledged batch was lost"
        assert run.read == position, f"seed {seed}"
        assert catalogue.count() == expected_papers(position), f"seed {seed}"
        assert [finding.level for finding in catalogue.verify(full=True)] == ["ok", "ok"], f"seed {seed}"
        catalogue.close()
    subprocess.run(command(path), cwd=ROOT, check=True, stdout=subprocess.DEVNULL, timeout=60)
    catalogue = Catalogue.open(path)
    run = catalogue.syncs(1)[0]
    assert (run.cursor, run.finished is not None, catalogue.count()) == (str(TOTAL), True, expected_papers(TOTAL))
    catalogue.close()


def command(path: Path) -> list[str]:
    return [sys.executable, "-m", "tests.catalogue.feeder", str(path), str(TOTAL), str(SIZE), "sync"]
