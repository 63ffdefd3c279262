"""Workers: what is due is done, in turn, and every way in which a task can end is in the schedule afterwards."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest

from broadsheet.catalogue import Catalogue
from broadsheet.errors import Busy, NotFound, StorageFull, Unavailable
from broadsheet.jobs import Context, Presence, Stopped, Task, Worker, planned
from broadsheet.jobs.lease import Lease
from broadsheet.jobs.worker import LEASE
from broadsheet.types import Job
from tests.conftest import NOW
from tests.jobs.conftest import Clock, MakeWorker


def task(name: str, run: Callable[[Context], str] | str = "Done.", rule: str = "every 2 hours") -> Task:
    return Task(name, rule, f"What {name} does.", (lambda _: run) if isinstance(run, str) else run)


def failing(error: Exception) -> Callable[[Context], str]:
    def run(_: Context) -> str:
        raise error

    return run


def row(ledger: Catalogue, name: str) -> Job:
    return next(job for job in ledger.jobs() if job.name == name)


def z(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"


def in_minutes(count: float) -> str:
    return z(NOW + timedelta(minutes=count))


def work_off(worker: Worker) -> list[str]:
    """Does all that is due and says what it was."""
    done = []
    while (ran := worker.step()) is not None:
        done.append(ran.name)
    return done


# What stands on the schedule.


def test_new_jobs_are_due_at_once_and_never_is_never() -> None:
    plan = planned([task("a"), task("b", rule="never")], [], NOW)
    assert [(job.name, job.next_run, job.enabled) for job in plan] == [("a", z(NOW), True), ("b", None, True)]


def test_a_job_keeps_its_state_and_gets_its_new_rule() -> None:
    known = [Job("a", "every 2 hours", enabled=False, next_run=in_minutes(7), failures=3)]
    (same,) = planned([task("a")], known, NOW)
    assert (same.next_run, same.enabled, same.failures) == (in_minutes(7), False, 3)
    (other,) = planned([task("a", rule="every 1 hour")], known, NOW)
    assert (other.rule, other.next_run, other.enabled) == ("every 1 hour", in_minutes(60), False)


def test_enrolling_makes_the_schedule_that_of_the_tasks(ledger: Catalogue, hire: MakeWorker) -> None:
    hire([task("a"), task("b")]).enroll()
    hire([task("b", rule="every 6 hours"), task("c")]).enroll()
    assert [(job.name, job.rule, job.next_run) for job in ledger.jobs()] == [
        ("b", "every 6 hours", in_minutes(360)),
        ("c", "every 2 hours", in_minutes(0)),
    ]


def test_enrolling_again_writes_nothing(ledger: Catalogue, hire: MakeWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    hire([task("a")]).enroll()
    monkeypatch.setattr(ledger, "schedule", failing(AssertionError()))
    hire([task("a")]).enroll()


# Doing it.


def test_what_is_due_is_done_in_the_order_of_the_tasks(ledger: Catalogue, hire: MakeWorker, clock: Clock) -> None:
    worker = hire([task("b"), task("a", rule="every 1 hour"), task("c", rule="never")])
    worker.enroll()
    assert work_off(worker) == ["b", "a"]
    assert [(job.name, job.state, job.next_run) for job in ledger.jobs()] == [
        ("a", "ok", in_minutes(60)),
        ("b", "ok", in_minutes(120)),
        ("c", "never", None),
    ]
    clock.forward(hours=2)
    assert work_off(worker) == ["a", "b"]  # the one that waited longer first


def test_a_run_leaves_its_result_in_the_schedule_and_its_history(ledger: Catalogue, hire: MakeWorker) -> None:
    worker = hire([task("a", "800 new.")])
    worker.enroll()
    ran = worker.step()
    assert ran is not None
    assert (ran.state, ran.result, ran.next_run, ran.kept) == ("ok", "800 new.", NOW + timedelta(hours=2), True)
    job = row(ledger, "a")
    assert (job.state, job.result, job.last_run, job.worker, job.leased_until) == (
        "ok", "800 new.", in_minutes(0), None, None,
    )  # fmt: skip
    assert [(run.state, run.result) for run in ledger.job_runs("a", 5)] == [("ok", "800 new.")]


def test_runs_are_spread_so_that_not_all_ask_at_once(hire: MakeWorker) -> None:
    worker = hire([task("a")], spread=lambda: 90.0)
    worker.enroll()
    ran = worker.step()
    assert ran is not None
    assert ran.next_run == NOW + timedelta(hours=2, seconds=90)


def test_a_job_that_is_off_is_not_done(ledger: Catalogue, hire: MakeWorker) -> None:
    worker = hire([task("a")])
    worker.enroll()
    ledger.schedule([Job("a", "every 2 hours", enabled=False)])
    worker.enroll()
    assert worker.step() is None


def test_progress_comes_with_the_name_of_the_job(hire: MakeWorker) -> None:
    heard = []

    def run(context: Context) -> str:
        context.progress("half")
        return "Done."

    worker = hire([task("a", run)], progress=lambda name, text: heard.append((name, text)))
    worker.enroll()
    worker.step()
    assert heard == [("a", "half")]


# What goes wrong.


def test_a_failing_job_stops_no_other_and_waits_longer_each_time(
    ledger: Catalogue, hire: MakeWorker, clock: Clock
) -> None:
    worker = hire([task("bad", failing(Unavailable("It does not answer."))), task("good")])
    worker.enroll()
    assert work_off(worker) == ["bad", "good"]
    waits = []
    for _ in range(4):
        job = row(ledger, "bad")
        assert (job.state, job.result) == ("failed", "It does not answer.")
        assert job.next_run is not None
        waits.append((datetime.fromisoformat(job.next_run) - clock.now).total_seconds() / 60)
        clock.now = datetime.fromisoformat(job.next_run)
        assert "bad" in work_off(worker)
    assert waits == [5, 10, 20, 40]


def test_a_source_that_asks_for_a_pause_gets_it(ledger: Catalogue, hire: MakeWorker) -> None:
    worker = hire([task("a", failing(Unavailable("Later.", retry_after=1200)))])
    worker.enroll()
    worker.step()
    assert row(ledger, "a").next_run == in_minutes(20)


def test_a_fault_of_ours_costs_one_run(ledger: Catalogue, hire: MakeWorker, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "broadsheet.jobs")

    worker = hire([task("broken", failing(ZeroDivisionError("by zero"))), task("good")])
    worker.enroll()
    assert work_off(worker) == ["broken", "good"]
    assert row(ledger, "broken").result == "A fault in Broadsheet: ZeroDivisionError: by zero"
    assert any(record.exc_info for record in caplog.records)


def test_a_failure_is_a_warning_once_until_it_goes_well(
    hire: MakeWorker, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    answers: list[Exception | None] = [Unavailable("one"), Unavailable("two"), None, Unavailable("three")]

    def run(_: Context) -> str:
        if (error := answers.pop(0)) is not None:
            raise error
        return "Done."

    worker = hire([task("a", run)])
    worker.enroll()
    caplog.set_level(logging.WARNING, "broadsheet.jobs")
    while answers:
        worker.step()
        clock.forward(days=1)
    assert [record.getMessage() for record in caplog.records] == ["a failed: one", "a failed: three"]


def test_a_very_long_reason_is_cut(ledger: Catalogue, hire: MakeWorker) -> None:
    worker = hire([task("a", failing(Unavailable("x" * 10_000)))])
    worker.enroll()
    worker.step()
    assert len(row(ledger, "a").result) == 1000


# Stopping.


def test_a_task_that_is_stopped_is_interrupted_and_goes_on_at_the_next_run(ledger: Catalogue, hire: MakeWorker) -> None:
    began = threading.Event()

    def run(context: Context) -> str:
        began.set()
        assert context.stop.wait(60)
        raise Stopped("2,000 of 9,000 read.")

    worker = hire([task("long", run), task("other")])
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert began.wait(60)
    worker.stop()
    thread.join(60)
    assert not thread.is_alive()
    job = row(ledger, "long")
    assert (job.state, job.result, job.next_run) == ("interrupted", "2,000 of 9,000 read.", in_minutes(0))
    assert row(ledger, "other").state == "never"
    assert work_off(hire([task("long"), task("other")])) == ["long", "other"]


def test_a_worker_that_was_stopped_before_it_began_does_nothing(ledger: Catalogue, hire: MakeWorker) -> None:
    worker = hire([task("a")])
    worker.stop()
    worker.run()
    assert ledger.jobs() == []


def test_ctrl_c_in_a_task_is_noted_and_passed_on(ledger: Catalogue, hire: MakeWorker) -> None:
    def run(_: Context) -> str:
        raise KeyboardInterrupt

    worker = hire([task("a", run)])
    worker.enroll()
    with pytest.raises(KeyboardInterrupt):
        worker.step()
    assert (row(ledger, "a").state, row(ledger, "a").worker) == ("interrupted", None)


def test_a_task_that_does_not_stop_can_be_abandoned(ledger: Catalogue, hire: MakeWorker) -> None:
    began, end = threading.Event(), threading.Event()

    def run(_: Context) -> str:
        began.set()
        end.wait(60)
        return "Too late."

    worker = hire([task("deaf", run)])
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert began.wait(60)
    worker.stop()
    worker.abandon()
    assert (row(ledger, "deaf").state, row(ledger, "deaf").worker) == ("interrupted", None)
    end.set()
    thread.join(60)
    assert row(ledger, "deaf").result == "It was stopped."


# By hand.


def test_a_job_can_be_done_now_though_it_is_not_due_or_off(ledger: Catalogue, hire: MakeWorker) -> None:
    worker = hire([task("a"), task("b", rule="never")])
    assert worker.run_now("a").state == "ok"
    assert worker.run_now("a").next_run == NOW + timedelta(hours=2)
    assert worker.run_now("b").next_run is None
    ledger.schedule([Job("a", "every 2 hours", enabled=False)])
    assert worker.run_now("a").state == "ok"
    assert len(ledger.job_runs("a", 9)) == 3


def test_something_else_done_in_a_jobs_place_leaves_its_next_run(ledger: Catalogue, hire: MakeWorker) -> None:
    worker = hire([task("a")])
    worker.run_now("a")
    ran = worker.run_now("a", task("a", failing(Unavailable("Not today."))))
    assert (ran.state, ran.next_run) == ("failed", NOW + timedelta(hours=2))


def test_an_unknown_job_is_told_with_those_that_there_are(hire: MakeWorker) -> None:
    with pytest.raises(NotFound, match=r"no job 'c'\. The jobs are: a, b"):
        hire([task("a"), task("b")]).run_now("c")


def test_a_job_that_another_worker_does_is_not_done_twice(hire: MakeWorker) -> None:
    other = hire([task("a")])

    def run(_: Context) -> str:
        assert other.step() is None
        with pytest.raises(Busy, match="a is being done just now, by worker "):
            other.run_now("a")
        return "Once."

    worker = hire([task("a", run)])
    assert worker.run_now("a").result == "Once."


# Leases.


def test_a_killed_workers_job_is_taken_over_at_once_on_its_machine(
    ledger: Catalogue, hire: MakeWorker, presence: Presence
) -> None:
    worker = hire([task("a")])
    worker.enroll()
    assert ledger.claim("a", worker="dead-1-abc", at=NOW, until=NOW + LEASE)
    assert worker.step() is None
    (presence.folder / "dead-1-abc.lock").touch()  # what is left of it: a file that nobody holds
    assert work_off(worker) == ["a"]
    assert [run.state for run in ledger.job_runs("a", 5)] == ["ok", "interrupted"]


def test_a_worker_of_another_machine_is_waited_for_until_its_lease_ends(
    ledger: Catalogue, hire: MakeWorker, clock: Clock
) -> None:
    worker = hire([task("a")])
    worker.enroll()
    assert ledger.claim("a", worker="elsewhere-1-abc", at=NOW, until=NOW + LEASE)
    assert worker.step() is None
    clock.forward(minutes=4, seconds=59)
    assert worker.step() is None
    clock.forward(seconds=2)
    assert work_off(worker) == ["a"]


def test_a_lease_is_renewed_while_the_task_runs(ledger: Catalogue, hire: MakeWorker, clock: Clock) -> None:
    worker = hire([task("a")])
    worker.enroll()
    ledger.claim("a", worker="me", at=NOW, until=NOW + LEASE)
    stop = threading.Event()
    lease = Lease(ledger, "a", "me", length=LEASE, until=NOW + LEASE, clock=clock, stop=stop)
    clock.forward(minutes=4)
    assert lease.renew()
    clock.forward(minutes=4)
    assert worker.step() is None
    assert not stop.is_set()


def test_who_lost_the_lease_stops_and_records_nothing(ledger: Catalogue, hire: MakeWorker, clock: Clock) -> None:
    def run(_: Context) -> str:
        clock.forward(minutes=6)
        assert ledger.claim("a", worker="another", at=clock.now, until=clock.now + LEASE)
        return "First."

    worker = hire([task("a", run)])
    worker.enroll()
    ran = worker.step()
    assert ran is not None
    assert not ran.kept
    job = row(ledger, "a")
    assert (job.state, job.worker) == ("running", "another")


def test_a_lost_lease_stops_the_task(ledger: Catalogue, hire: MakeWorker, clock: Clock) -> None:
    hire([task("a")]).enroll()
    stop = threading.Event()
    lease = Lease(ledger, "a", "me", length=LEASE, until=NOW + LEASE, clock=clock, stop=stop)
    assert not lease.renew()
    assert stop.is_set()
    assert lease.lost


class FullDisk:
    """A keeper of leases that cannot write."""

    def renew(self, name: str, *, worker: str, until: datetime) -> bool:
        raise StorageFull("There is no space left.")


def test_a_lease_that_cannot_be_renewed_stops_the_task_before_it_ends(clock: Clock) -> None:
    stop = threading.Event()
    lease = Lease(FullDisk(), "a", "me", length=LEASE, until=NOW + LEASE, clock=clock, stop=stop)
    clock.forward(minutes=3)
    assert lease.renew()
    clock.forward(seconds=30)
    assert not lease.renew()
    assert stop.is_set()
    assert clock.now < NOW + LEASE


def test_a_schedule_that_cannot_be_read_is_tried_again(
    ledger: Catalogue, hire: MakeWorker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    read, times = ledger.jobs, iter(range(9))

    def jobs() -> Sequence[Job]:
        if next(times) < 3:
            raise Busy("Another process holds it.")
        return read()

    def run(_: Context) -> str:
        worker.stop()
        return "Done."

    monkeypatch.setattr(ledger, "jobs", jobs)
    caplog.set_level(logging.WARNING, "broadsheet.jobs")  # a command run in this process may have set another
    worker = hire([task("a", run)])
    worker.run(poll=0.0)
    assert row(ledger, "a").state == "ok"
    told = [record.getMessage() for record in caplog.records if "schedule" in record.getMessage()]
    assert told == ["the schedule failed: Another process holds it."]


# What does not wait for the others.


def test_what_is_apart_is_done_by_a_worker_of_its_kind_and_by_hand_by_any(ledger: Catalogue, hire: MakeWorker) -> None:
    tasks = [task("slow"), Task("post", "every 1 minute", "Posts.", lambda _: "Sent.", apart=True)]
    usual, apart = hire(tasks), hire(tasks, apart=True)
    usual.enroll()
    assert work_off(usual) == ["slow"]
    assert work_off(apart) == ["post"]
    assert usual.run_now("post").result == "Sent."


def test_what_is_called_for_is_done_before_its_time_unless_it_failed_last(
    ledger: Catalogue, hire: MakeWorker, clock: Clock
) -> None:
    called, problems = [True], [Unavailable("gone")]

    def post(_: Context) -> str:
        if problems:
            raise problems.pop()
        called.clear()
        return "Sent."

    worker = hire([Task("post", "every 2 hours", "Posts.", post, early=lambda: bool(called))])
    worker.enroll()
    assert work_off(worker) == ["post"], "due, and it fails"
    clock.forward(minutes=4)
    assert work_off(worker) == []
    clock.forward(minutes=2)
    assert work_off(worker) == ["post"]
    assert work_off(worker) == [], "nothing calls for it"
    called.append(True)
    assert work_off(worker) == ["post"]
    assert row(ledger, "post").next_run == in_minutes(6 + 120)
