"""Two worker processes at one schedule, killed at random: no job is done twice at once, and none is lost."""

import random
import subprocess
import sys
from pathlib import Path
from queue import Queue
from threading import Thread

from broadsheet.catalogue import Catalogue
from tests.conftest import ROOT

JOBS, KILLS = 24, 6


class Labourer:
    """One process and a thread that hears what it says."""

    def __init__(self, number: int, folder: Path, heard: "Queue[tuple[int, str]]") -> None:
        self.number, self._heard = number, heard
        words = [sys.executable, "-m", "tests.jobs.labourer", str(folder), str(JOBS)]
        self.process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self._thread = Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self._heard.put((self.number, line.strip()))
        self._heard.put((self.number, f"gone {self.process.wait()}"))

    def join(self) -> None:
        self._thread.join(60)


def test_no_job_is_done_twice_at_once_and_none_is_lost(tmp_path: Path) -> None:
    Catalogue.open(tmp_path / "catalogue.db").close()
    chance, heard = random.Random(20261121), Queue[tuple[int, str]]()
    staff = [Labourer(0, tmp_path, heard), Labourer(1, tmp_path, heard)]
    said: list[str] = []
    present, kills = 2, 0
    while present:
        number, line = heard.get(timeout=120)
        said.append(line)
        if line.startswith("gone"):
            present -= 1
            if line != "gone 0":  # killed: another comes in its place
                staff.append(Labourer(len(staff), tmp_path, heard))
                present += 1
        elif line.startswith("begin") and kills < KILLS and chance.random() < 0.5:
            staff[number].process.kill()
            kills += 1
    for one in staff:
        one.join()
    assert kills == KILLS
    assert [line for line in said if line.startswith("twice")] == []
    assert {line for line in said if line.startswith("end")} == {f"end job {number}" for number in range(JOBS)}
    catalogue = Catalogue.open(tmp_path / "catalogue.db")
    assert {job.state for job in catalogue.jobs()} == {"ok"}
    runs = [run for job in catalogue.jobs() for run in catalogue.job_runs(job.name, 99)]
    assert {run.state for run in runs} == {"ok", "interrupted"}
    assert sum(run.state == "ok" for run in runs) == JOBS
    catalogue.close()
