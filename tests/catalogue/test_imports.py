"""Imports: what is safe stays safe, whatever happens to the process, and the next run goes on from there."""

import random
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from broadsheet.catalogue import Catalogue
from tests.catalogue.feeder import FACTS, invented
from tests.conftest import NOW, ROOT

TOTAL, SIZE = 1500, 50


def test_a_run_counts_and_goes_on_where_it_stopped(catalogue: Catalogue) -> None:
    run = catalogue.begin_import(**FACTS, at=NOW)
    catalogue.put([invented(n) for n in (10, 11, 12)], at=NOW, run=run, position=5)
    catalogue.put([invented(10)], at=NOW, run=run, position=6)
    assert (run.position, run.new, run.changed, run.unchanged, run.merged) == (6, 2, 1, 1, 1)
    assert catalogue.begin_import(**FACTS, at=NOW) == run
    catalogue.finish_import(run, at=NOW)
    assert catalogue.begin_import(**FACTS, at=NOW).position == 0


def test_a_batch_without_a_usable_record_still_counts_as_read(catalogue: Catalogue) -> None:
    run = catalogue.begin_import(**FACTS, at=NOW)
    assert catalogue.put([], at=NOW, run=run, position=2000) == []
    assert catalogue.begin_import(**FACTS, at=NOW).position == 2000


@pytest.mark.parametrize("other", [{"fingerprint": "other"}, {"source": "records:other.jsonl"}])
def test_another_file_or_name_is_another_run(catalogue: Catalogue, other: dict[str, str]) -> None:
    run = catalogue.begin_import(**FACTS, at=NOW)
    catalogue.put([invented(1)], at=NOW, run=run, position=1)
    assert catalogue.begin_import(**{**FACTS, **other}, at=NOW).position == 0
    assert catalogue.begin_import(**{**FACTS, "path": "moved.jsonl"}, at=NOW).position == 1


def test_a_run_that_broke_off_is_gone_on_with(catalogue: Catalogue) -> None:
    run = catalogue.begin_import(**FACTS, at=NOW)
    catalogue.put([invented(1)], at=NOW, run=run, position=1)
    catalogue.finish_import(run, at=NOW, error="the file ends in the middle of a line")
    assert catalogue.begin_import(**FACTS, at=NOW).position == 1


def test_the_last_import_is_the_newest_word(catalogue: Catalogue) -> None:
    assert catalogue.last_import() is None
    run = catalogue.begin_import(**FACTS, at=NOW)
    catalogue.put([invented(1)], at=NOW + timedelta(hours=1), run=run, position=1)
    assert catalogue.last_import() == "2026-11-20T13:00:00Z"


def test_a_put_that_fails_leaves_the_run_as_it_was(catalogue: Catalogue) -> None:
    run = catalogue.begin_import(**FACTS, at=NOW)
    broken = replace(invented(2), title=cast("str", None))  # what no source may send
    with pytest.raises(AttributeError):
        catalogue.put([invented(1), broken], at=NOW, run=run, position=2)
    assert (run.position, run.new, catalogue.count(), catalogue.last_change()) == (0, 0, 0, 0)
    assert catalogue.put([invented(1)], at=NOW, run=run, position=1)[0].state == "new"


def test_a_killed_import_loses_nothing_and_ends_the_same(path: Path) -> None:
    """Killed at random moments until it is through: no acknowledged batch is lost, no half of one is there."""
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    for _ in range(4):
        safe = feed_and_kill(command(path), chance.uniform(0.0, 0.15))
        if safe == TOTAL:  # through, and perhaps finished: the next run would begin anew
            break
        catalogue = Catalogue.open(path)
        position = catalogue.begin_import(**FACTS, at=NOW).position
        assert position >= safe, f"seed {seed}: an acknowledged batch was lost"
        assert position % SIZE == 0 or position == TOTAL, f"seed {seed}: half a batch"
        keys = [f"2610.{number:05}" for number in range(1, position + 1) if number % 10 != 1]
        assert catalogue.count() == expected_papers(position), f"seed {seed}"
        assert all(catalogue.paper(key).id == key for key in keys[-3:])
        assert [finding.level for finding in catalogue.verify(full=True)] == ["ok", "ok"], f"seed {seed}"
        catalogue.close()
    subprocess.run(command(path), cwd=ROOT, check=True, stdout=subprocess.DEVNULL, timeout=60)
    catalogue = Catalogue.open(path)
    assert (catalogue.count(), len(catalogue.changes(0, 10**6))) == (expected_papers(TOTAL),) * 2
    catalogue.close()


def expected_papers(position: int) -> int:
    """Every tenth record, from the eleventh on, joins the paper before it; the first has none before it."""
    return position - len(range(11, position + 1, 10))


def command(path: Path) -> list[str]:
    return [sys.executable, "-m", "tests.catalogue.feeder", str(path), str(TOTAL), str(SIZE)]


def feed_and_kill(feeder: list[str], after: float) -> int:
    """Kills a feeder some seconds after it began to write. Returns the last position that it called safe."""
    with subprocess.Popen(feeder, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("open")
        timer = threading.Timer(after, process.kill)
        timer.start()
        told = [int(line.split()[1]) for line in process.stdout if line.startswith("safe") and line.endswith("\n")]
        timer.join()
    return max(told, default=0)
