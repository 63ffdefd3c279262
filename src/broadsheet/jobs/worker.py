"""Does the jobs that are due, one after another, and records how they went.

Every way in which a task can go wrong ends in its row of the schedule; the worker goes on to the next. What is stopped
or killed in the middle is "interrupted" and runs again as soon as there is a worker: tasks go on where they stopped.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event
from time import monotonic
from typing import Protocol

from broadsheet.errors import BroadsheetError, Busy, NotFound
from broadsheet.jobs.lease import Clock, Lease, Renewing
from broadsheet.jobs.presence import Presence
from broadsheet.jobs.schedule import after_failure, next_run
from broadsheet.jobs.task import Context, Ran, Stopped, Task
from broadsheet.types import Job, JobState

log = logging.getLogger("broadsheet.jobs")

LEASE = timedelta(minutes=5)
POLL = 10.0  # seconds between two looks at the schedule; another process may have changed it


class Ledger(Renewing, Protocol):
    """What keeps the schedule: `catalogue.Catalogue`. Its verbs are told there; each is one transaction."""

    def jobs(self) -> list[Job]:
        """The schedule."""
        ...

    def schedule(self, planned: Sequence[Job]) -> None:
        """Puts jobs on the schedule; those that are there keep their history, and their `next_run` with their rule."""
        ...

    def unschedule(self, names: Sequence[str]) -> None:
        """Takes jobs off the schedule."""
        ...

    def claim(self, name: str, *, worker: str, at: datetime, until: datetime, whenever: bool = False) -> bool:
        """Gives a worker a job until an instant, if it is due (or `whenever`) and nobody has it."""
        ...

    def release(
        self,
        name: str,
        *,
        worker: str,
        state: JobState,
        result: str,
        seconds: float,
        next_run: datetime | None,
        at: datetime,
    ) -> bool:
        """Ends a worker's run of a job. False if another has it by now."""
        ...


def planned(tasks: Sequence[Task], known: Sequence[Job], now: datetime) -> list[Job]:
    """The rows of the schedule for these tasks. A new job is due at once; one is on or off as it was before."""
    rows = {job.name: job for job in known}
    plan = []
    for task in tasks:
        first = now if next_run(task.rule, now) else None
        row = rows.get(task.name) or Job(task.name, task.rule, next_run=_text(first))
        if row.rule != task.rule:
            row = replace(row, next_run=_text(next_run(task.rule, now)))
        plan.append(replace(row, rule=task.rule, help=task.help))
    return plan


class Worker:
    """One worker, under a name that no other has. For one thread; only `stop` and `abandon` are for others."""

    def __init__(
        self,
        ledger: Ledger,
        tasks: Sequence[Task],
        *,
        name: str,
        presence: Presence,
        clock: Clock,
        spread: Callable[[], float] = lambda: 0.0,
        progress: Callable[[str, str], None] = lambda _name, _text: None,
        apart: bool = False,
    ) -> None:
        """`spread` gives seconds by which a run comes later than its rule says, so that not all ask a source at once.

        `progress` gets a job's name and a few words on how far it is. With `apart` it does, by itself, only the tasks
        that are so, and without it only the others.
        """
        self._apart = apart
        self._ledger, self._name, self._presence, self._clock = ledger, name, presence, clock
        self._tasks = {task.name: task for task in tasks}
        self._spread, self._progress = spread, progress
        self._stopping, self._halt = Event(), Event()
        self._running: tuple[Job, float] | None = None
        self._failing: set[str] = set()

    # From any thread.

    def stop(self) -> None:
        """Tells the worker, and the task that it is at, to stop."""
        self._stopping.set()
        self._halt.set()

    def abandon(self) -> None:
        """Gives back the job whose task does not stop: the process is about to end."""
        if self._running is not None:
            row, began = self._running
            self._release(row, "interrupted", "It was stopped.", monotonic() - began, self._next(row, "interrupted"))

    # From its own.

    def run(self, *, poll: float = POLL) -> None:
        """Works until it is told to stop."""
        enrolled = False
        while not self._stopping.is_set():
            try:
                if not enrolled:
                    self.enroll()
                    enrolled = True
                worked = self.step() is not None
            except BroadsheetError as error:
                worked = False
                self._complain("the schedule", str(error))
            except Exception:
                # A fault of ours must not end the thread that works: the log has where it is.
                worked = False
                log.exception("the schedule broke")
            if not worked:
                self._stopping.wait(poll)

    def enroll(self) -> None:
        """Brings the schedule in line with the tasks: no more jobs, no fewer, each with its rule."""
        known = self._ledger.jobs()
        rows = {job.name: job for job in known}
        plan = planned(list(self._tasks.values()), known, self._clock())
        if changed := [job for job in plan if rows.get(job.name) != job]:
            self._ledger.schedule(changed)
        if gone := [name for name in rows if name not in self._tasks]:
            self._ledger.unschedule(gone)

    def step(self) -> Ran | None:
        """Does the one job that has been due longest, of those that nobody has; None if there is none."""
        now, order = self._clock(), list(self._tasks)
        self._free_the_dead()
        rows = [job for job in self._ledger.jobs() if self._is_mine(job)]
        due = sorted(
            [job for job in rows if _due(job, now)], key=lambda job: (job.next_run or "", order.index(job.name))
        )
        early = [job for job in rows if job not in due and _free(job) and self._tasks[job.name].early()]
        for row in (*due, *early):
            if self._ledger.claim(row.name, worker=self._name, at=now, until=now + LEASE, whenever=row in early):
                return self._do(row, self._tasks[row.name])
        return None

    def _is_mine(self, job: Job) -> bool:
        return job.name in self._tasks and self._tasks[job.name].apart == self._apart

    def run_now(self, name: str, task: Task | None = None) -> Ran:
        """Does one job now, due or not. With another `task` in its place, the job's next run stays where it was.

        Raises NotFound for a name that no job has, and Busy where another worker does it just now.
        """
        if name not in self._tasks:
            raise NotFound(f"There is no job {name!r}. The jobs are: {', '.join(self._tasks)}.")
        now = self._clock()
        self._free_the_dead()
        row = self._row(name)
        if row is None:
            (row,) = planned([self._tasks[name]], [], now)
            self._ledger.schedule([row])
        if not self._ledger.claim(name, worker=self._name, at=now, until=now + LEASE, whenever=True):
            holder = getattr(self._row(name), "worker", None)
            raise Busy(f"{name} is being done just now, by worker {holder}. `broadsheet jobs` says when it is over.")
        return self._do(row, task or self._tasks[name], stay=task is not None)

    def _do(self, row: Job, task: Task, *, stay: bool = False) -> Ran:
        """Runs the task of a job that was claimed, and records how it went."""
        log.info("%s begins.", row.name)
        began, until = monotonic(), self._clock() + LEASE
        self._running, self._halt = (row, began), Event()
        if self._stopping.is_set():  # it came before there was this event
            self._halt.set()
        lease = Lease(self._ledger, row.name, self._name, length=LEASE, until=until, clock=self._clock, stop=self._halt)
        state: JobState
        state, result, asked = "interrupted", "It was stopped.", None  # by Ctrl-C, say
        try:
            with lease:
                state, result, asked = self._attempt(task)
        finally:
            self._running = None
            following = _instant(row.next_run) if stay else self._next(row, state, asked)
            seconds = monotonic() - began
            kept = not lease.lost and self._release(row, state, result, seconds, following)
        self._tell(row.name, state, result if kept else f"Another worker took it over. {result}")
        return Ran(row.name, state, result, seconds, following, kept)

    def _attempt(self, task: Task) -> tuple[JobState, str, float | None]:
        """How a task ended, in a sentence; and after how many seconds its source wants to be asked again."""
        context = Context(self._halt, lambda text: self._progress(task.name, text))
        try:
            return "ok", task.run(context), None
        except Stopped as stopped:
            return "interrupted", str(stopped) or "It was stopped.", None
        except BroadsheetError as error:
            return "failed", str(error), getattr(error, "retry_after", None)
        except Exception as error:
            # A fault of ours costs this run only; the log has where it is.
            log.exception("%s broke", task.name)
            return "failed", f"A fault in Broadsheet: {type(error).__name__}: {error}", None

    def _next(self, row: Job, state: JobState, asked: float | None = None) -> datetime | None:
        now = self._clock()
        regular = next_run(row.rule, now)
        if regular is None:
            return None
        if state == "failed":
            return after_failure(row.failures + 1, now, asked)
        return now if state == "interrupted" else regular + timedelta(seconds=self._spread())

    def _release(self, row: Job, state: JobState, result: str, seconds: float, following: datetime | None) -> bool:
        return self._ledger.release(
            row.name,
            worker=self._name,
            state=state,
            result=result[:_LONGEST_RESULT],
            seconds=seconds,
            next_run=following,
            at=self._clock(),
        )

    def _free_the_dead(self) -> None:
        """Gives back the jobs of workers of this machine that died, so that nobody waits for their leases."""
        dead, now = self._presence.dead(but=self._name), self._clock()
        for job in self._ledger.jobs() if dead else []:
            if job.worker in dead:
                self._ledger.release(
                    job.name,
                    worker=job.worker,
                    state="interrupted",
                    result="Its worker was killed.",
                    seconds=0.0,
                    next_run=now if next_run(job.rule, now) else None,
                    at=now,
                )
        self._presence.forget(dead)

    def _row(self, name: str) -> Job | None:
        return next((job for job in self._ledger.jobs() if job.name == name), None)

    def _tell(self, name: str, state: JobState, result: str) -> None:
        if state == "failed":
            self._complain(name, result)
            return
        self._failing.discard(name)
        log.info("%s %s: %s", name, "is done" if state == "ok" else "stopped", result)

    def _complain(self, name: str, reason: str) -> None:
        """Once, as a warning, until it goes well again: without a network it is the same every time."""
        log.log(logging.INFO if name in self._failing else logging.WARNING, "%s failed: %s", name, reason)
        self._failing.add(name)


_LONGEST_RESULT = 1000  # characters


def _due(job: Job, now: datetime) -> bool:
    """Whether a job may be had, as far as its row tells. `claim` decides."""
    until = _instant(job.leased_until)
    if until is not None:
        return until <= now
    coming = _instant(job.next_run)
    return job.enabled and coming is not None and coming <= now


def _free(job: Job) -> bool:
    """Whether a job may be done before its time: nobody has it, and it did not fail last."""
    return job.enabled and job.worker is None and not job.failures


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
