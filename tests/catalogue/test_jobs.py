"""Jobs: whoever asks, and however many at once, one worker has a job; a killed worker's job is taken over."""

import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from broadsheet.catalogue import Catalogue
from broadsheet.catalogue.jobs import KEPT
from broadsheet.types import Job, JobRun
from tests.conftest import NOW, ROOT

LATER = NOW + timedelta(minutes=5)
UNTIL = NOW + timedelta(minutes=1)
DUE = Job("arxiv", "every 6 hours", help="Fetches the night's papers.", next_run="2026-11-20T12:00:00Z")


def at(minutes: float) -> str:
    return f"{NOW + timedelta(minutes=minutes):%Y-%m-%dT%H:%M:%SZ}"


def claimed(catalogue: Catalogue, worker: str, minutes: float = 0, *, whenever: bool = False) -> bool:
    now = NOW + timedelta(minutes=minutes)
    return catalogue.claim("arxiv", worker=worker, at=now, until=now + timedelta(minutes=1), whenever=whenever)


def released(catalogue: Catalogue, worker: str, state: str = "ok", minutes: float = 0.5) -> bool:
    end = NOW + timedelta(minutes=minutes)
    return catalogue.release(
        "arxiv", worker=worker, state=state, result="3 new", seconds=30.0, next_run=NOW + timedelta(hours=6), at=end  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_job_is_planned_run_and_planned_again(catalogue: Catalogue) -> None:
    catalogue.schedule([DUE])
    assert catalogue.jobs() == [DUE]
    assert claimed(catalogue, "one")
    (job,) = catalogue.jobs()
    assert (job.state, job.worker, job.leased_until, job.last_run) == ("running", "one", at(1), at(0))
    assert catalogue.job_runs("arxiv", 9) == [JobRun(1, "arxiv", "one", at(0), "running")]
    assert released(catalogue, "one")
    (job,) = catalogue.jobs()
    assert (job.state, job.worker, job.leased_until, job.next_run) == ("ok", None, None, at(360))
    assert (job.result, job.last_seconds, job.failures) == ("3 new", 30.0, 0)
    assert catalogue.job_runs("arxiv", 9) == [JobRun(1, "arxiv", "one", at(0), "ok", "3 new", 30.0, at(0.5))]


def test_nobody_gets_a_job_that_another_has_or_has_just_done(catalogue: Catalogue) -> None:
    catalogue.schedule([DUE])
    assert claimed(catalogue, "one")
    assert not claimed(catalogue, "two")
    assert not claimed(catalogue, "two", whenever=True)
    assert released(catalogue, "one")
    assert not claimed(catalogue, "two", 1), "the next run is at six"
    assert claimed(catalogue, "two", 360)


@pytest.mark.parametrize(
    "job",
    [
        Job("arxiv", "every 6 hours", next_run="2026-11-20T12:00:01Z"),
        Job("arxiv", "never"),
        Job("arxiv", "every 6 hours", enabled=False, next_run="2026-11-20T12:00:00Z"),
    ],
)
def test_what_is_not_due_is_run_only_by_hand(catalogue: Catalogue, job: Job) -> None:
    catalogue.schedule([job])
    assert not claimed(catalogue, "one")
    assert claimed(catalogue, "one", whenever=True)


def test_there_is_no_job_that_nobody_planned(catalogue: Catalogue) -> None:
    assert not claimed(catalogue, "one", whenever=True)
    assert not catalogue.renew("arxiv", worker="one", until=UNTIL)
    assert not released(catalogue, "one")


def test_a_lease_that_ran_out_is_taken_over_and_its_run_called_interrupted(catalogue: Catalogue) -> None:
    catalogue.schedule([DUE])
    assert claimed(catalogue, "one")
    assert not claimed(catalogue, "two", 1), "to its very last second"
    assert claimed(catalogue, "two", 1.1)
    now, before = catalogue.job_runs("arxiv", 9)
    assert (now.worker, now.state) == ("two", "running")
    assert (before.worker, before.state, before.ended) == ("one", "interrupted", at(1.1))
    assert before.result == "one did not come back; two took the job over."
    assert not catalogue.renew("arxiv", worker="one", until=LATER), "it is another's now"
    assert not released(catalogue, "one")
    assert catalogue.jobs()[0].failures == 0, "to be killed is not to fail"
    assert released(catalogue, "two", minutes=2)


def test_a_renewed_lease_holds(catalogue: Catalogue) -> None:
    catalogue.schedule([DUE])
    assert claimed(catalogue, "one")
    assert catalogue.renew("arxiv", worker="one", until=LATER)
    assert not claimed(catalogue, "two", 3)


def test_failures_in_a_row_are_counted(catalogue: Catalogue) -> None:
    catalogue.schedule([DUE])
    for n, state in enumerate(["failed", "failed", "ok", "failed", "interrupted", "failed"]):
        assert claimed(catalogue, "one", 360 * n)
        assert released(catalogue, "one", state)
    (job,) = catalogue.jobs()
    assert (job.state, job.failures) == ("failed", 2)
    assert [run.state for run in catalogue.job_runs("arxiv", 2)] == ["failed", "interrupted"]


def test_only_the_last_runs_are_remembered(catalogue: Catalogue) -> None:
    catalogue.schedule([DUE])
    for _ in range(KEPT + 5):
        assert claimed(catalogue, "one", whenever=True)
        assert released(catalogue, "one")
    numbers = [run.number for run in catalogue.job_runs("arxiv", 999)]
    assert numbers == list(range(KEPT + 5, 5, -1))


def test_a_new_plan_keeps_the_history_and_a_new_rule_the_new_time(catalogue: Catalogue) -> None:
    catalogue.schedule([DUE, Job("digest", "never")])
    assert claimed(catalogue, "one")
    assert released(catalogue, "one")
    same = Job("arxiv", DUE.rule, enabled=False, help="Other words.", next_run="2027-01-01T00:00:00Z")
    catalogue.schedule([same])
    job, digest = catalogue.jobs()
    assert (job.enabled, job.help, job.next_run, job.result) == (False, "Other words.", at(360), "3 new")
    assert digest.name == "digest"
    catalogue.schedule([Job("arxiv", "every 2 hours", next_run="2027-01-01T00:00:00Z")])
    assert (catalogue.jobs()[0].next_run, catalogue.jobs()[0].state) == ("2027-01-01T00:00:00Z", "ok")
    catalogue.unschedule(["arxiv"])
    assert [job.name for job in catalogue.jobs()] == ["digest"]
    assert len(catalogue.job_runs("arxiv", 9)) == 1


CLAIM = """
import sys
from datetime import timedelta
from pathlib import Path
from broadsheet.catalogue import Catalogue
from tests.conftest import NOW
catalogue = Catalogue.open(Path(sys.argv[1]))
input()
got = [job.name for job in catalogue.jobs()
       if catalogue.claim(job.name, worker=sys.argv[2], at=NOW, until=NOW + timedelta(minutes=1))]
print(*got)
catalogue.close()
"""


def test_of_several_processes_one_gets_each_job(path: Path) -> None:
    catalogue = Catalogue.open(path)
    names = [f"job {n:02}" for n in range(30)]
    catalogue.schedule([Job(name.replace(" ", "-"), "every hour", next_run=DUE.next_run) for name in names])
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIM, str(path), f"worker {n}"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(4)
    ]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    got = [name for worker in workers for name in worker.communicate(timeout=60)[0].split()]
    assert sorted(got) == [name.replace(" ", "-") for name in names]
    assert all(job.state == "running" for job in catalogue.jobs())
    catalogue.close()


def test_of_several_threads_one_gets_the_job(catalogue: Catalogue) -> None:
    catalogue.schedule([DUE])
    barrier, got = threading.Barrier(8), list[str]()

    def ask(worker: str) -> None:
        barrier.wait()
        if claimed(catalogue, worker):
            got.append(worker)

    threads = [threading.Thread(target=ask, args=(f"worker {n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1
    assert catalogue.jobs()[0].worker == got[0]
