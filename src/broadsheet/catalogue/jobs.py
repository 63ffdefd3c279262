"""Jobs: a schedule, and leases by which one worker at a time runs each of them.

A claim is one UPDATE whose conditions say who may have the job: of two workers that ask at once, one changes the row,
and the other changes none. A job must be due *when it is claimed*, so that a worker that read the schedule a moment
too early does not repeat what another has just done. A lease that runs out belongs to a worker that was killed: whoever
comes next takes the job over.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from broadsheet.catalogue.numbers import next_number
from broadsheet.catalogue.schema import job, job_run
from broadsheet.types import Job, JobRun, JobState

KEPT = 200  # runs of a job that are remembered; some jobs run every few minutes


def all_jobs(connection: Connection) -> list[Job]:
    """The schedule, by name."""
    return [Job(**row) for row in connection.execute(select(job).order_by(job.c.name)).mappings()]


def schedule(tx: Connection, planned: Sequence[Job]) -> None:
    """Puts jobs on the schedule, or brings their rule, help and `enabled` up to date."""
    rules = {row.name: row.rule for row in tx.execute(select(job.c.name, job.c.rule))}
    for one in planned:
        told: dict[str, Any] = {"rule": one.rule, "help": one.help, "enabled": one.enabled}
        if rules.get(one.name) != one.rule:
            told["next_run"] = one.next_run
        if one.name in rules:
            tx.execute(update(job).where(job.c.name == one.name).values(**told))
        else:
            tx.execute(insert(job).values(name=one.name, state="never", result="", failures=0, **told))


def unschedule(tx: Connection, names: Sequence[str]) -> None:
    """Takes jobs off the schedule."""
    for name in names:
        tx.execute(delete(job).where(job.c.name == name))


def claim(tx: Connection, name: str, *, worker: str, at: str, until: str, whenever: bool) -> bool:
    """Gives a worker a job, if it is due and free, or its lease has run out."""
    lost = job.c.worker.is_not(None) & (job.c.leased_until < at)
    due = job.c.worker.is_(None) & job.c.enabled & (job.c.next_run <= at)
    may = or_(lost, job.c.worker.is_(None) if whenever else due)
    before = tx.execute(select(job.c.worker).where(job.c.name == name)).first()
    taken = update(job).where(job.c.name == name, may)
    if not tx.execute(taken.values(worker=worker, leased_until=until, state="running", last_run=at)).rowcount:
        return False
    if before is not None and before.worker is not None:
        gone = f"{before.worker} did not come back; {worker} took the job over."
        tx.execute(_open_run(name).values(state="interrupted", result=gone, ended=at))
    number = next_number(tx, job_run.c.number)
    tx.execute(insert(job_run).values(number=number, name=name, worker=worker, started=at, state="running", result=""))
    return True


def renew(tx: Connection, name: str, *, worker: str, until: str) -> bool:
    """Lets the worker keep its job until a later instant."""
    mine = update(job).where(job.c.name == name, job.c.worker == worker)
    return bool(tx.execute(mine.values(leased_until=until)).rowcount)


def release(
    tx: Connection,
    name: str,
    *,
    worker: str,
    state: JobState,
    result: str,
    seconds: float,
    next_run: str | None,
    at: str,
) -> bool:
    """Ends a worker's run of a job, if it is still the worker's."""
    mine = update(job).where(job.c.name == name, job.c.worker == worker)
    ended = {"state": state, "result": result, "last_seconds": seconds, "next_run": next_run}
    # Who was interrupted has not failed: the wait after a failure must not grow with every restart.
    failures = {"ok": 0, "failed": job.c.failures + 1}.get(state, job.c.failures)
    if not tx.execute(mine.values(**ended, failures=failures, worker=None, leased_until=None)).rowcount:
        return False
    tx.execute(_open_run(name).values(state=state, result=result, seconds=seconds, ended=at))
    _forget_old_runs(tx, name)
    return True


def _forget_old_runs(tx: Connection, name: str) -> None:
    of_job = job_run.c.name == name
    oldest = select(job_run.c.number).where(of_job).order_by(job_run.c.number.desc()).offset(KEPT).limit(1)
    tx.execute(delete(job_run).where(of_job, job_run.c.number <= oldest.scalar_subquery()))


def runs(connection: Connection, name: str, limit: int) -> list[JobRun]:
    """The last runs of a job, the newest first."""
    query = select(job_run).where(job_run.c.name == name).order_by(job_run.c.number.desc()).limit(limit)
    return [JobRun(**row) for row in connection.execute(query).mappings()]


def _open_run(name: str) -> Any:
    return update(job_run).where(job_run.c.name == name, job_run.c.state == "running")
