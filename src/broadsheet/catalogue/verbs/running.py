"""Verbs of running: imports and syncs that go on where they stopped, and jobs that one worker at a time runs."""

from collections.abc import Sequence
from datetime import datetime

from broadsheet.catalogue import imports, jobs, syncs
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.imports import ImportRun
from broadsheet.catalogue.verbs.opened import Opened
from broadsheet.types import Job, JobRun, JobState, Sync


class Running(Opened):
    """What the catalogue remembers of work."""

    # Files.

    def begin_import(self, *, fingerprint: str, path: str, source: str, at: datetime) -> ImportRun:
        """The unfinished import of this very file, whose `position` says where to go on, or a new one."""
        with self._store.write() as tx:
            return imports.begin(tx, fingerprint=fingerprint, path=path, source=source, at=stamp(at))

    def finish_import(self, run: ImportRun, *, at: datetime, error: str = "") -> None:
        """Ends an import. With an error it stays open, to be gone on with."""
        with self._store.write() as tx:
            imports.finish(tx, run, at=stamp(at), error=error)

    def last_import(self) -> str | None:
        """When something was last imported."""
        with self._store.read() as connection:
            return imports.last(connection)

    # Live sources.

    def begin_sync(self, source: str, *, scope: str, at: datetime) -> Sync:
        """The unfinished run of this source and scope, or a new one from where the last one ended.

        `cursor` says where to go on ("" at the very beginning), `resumed` whether it is an unfinished one.
        """
        with self._store.write() as tx:
            return syncs.begin(tx, source, scope, at=stamp(at))

    def finish_sync(self, sync: Sync, *, at: datetime, error: str = "") -> None:
        """Ends a run. With an error it stays open, to be gone on with."""
        with self._store.write() as tx:
            syncs.finish(tx, sync, at=stamp(at), error=error)

    def syncs(self, limit: int) -> list[Sync]:
        """The last runs of live sources, the newest first."""
        with self._store.read() as connection:
            return syncs.runs(connection, limit)

    # Jobs.

    def jobs(self) -> list[Job]:
        """The schedule, by name."""
        with self._store.read() as connection:
            return jobs.all_jobs(connection)

    def schedule(self, planned: Sequence[Job]) -> None:
        """Puts jobs on the schedule, or brings their rule, help and `enabled` up to date, in one transaction.

        A job that is there keeps its history, and its `next_run` unless its rule is another. Jobs not named stay.
        """
        with self._store.write() as tx:
            jobs.schedule(tx, planned)

    def unschedule(self, names: Sequence[str]) -> None:
        """Takes jobs off the schedule; what they did stays in `job_runs`."""
        with self._store.write() as tx:
            jobs.unschedule(tx, names)

    def claim(self, name: str, *, worker: str, at: datetime, until: datetime, whenever: bool = False) -> bool:
        """Gives a worker a job until an instant, if it is due at `at` and nobody has it. Two never get it both.

        Also a job whose worker let its lease run out, due or not: that run is noted as interrupted. With `whenever`
        also one that is not due, or not enabled: somebody asked for it by hand.
        """
        with self._store.write() as tx:
            return jobs.claim(tx, name, worker=worker, at=stamp(at), until=stamp(until), whenever=whenever)

    def renew(self, name: str, *, worker: str, until: datetime) -> bool:
        """Lets the worker keep its job until a later instant. False if another has taken it over."""
        with self._store.write() as tx:
            return jobs.renew(tx, name, worker=worker, until=stamp(until))

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
        """Ends a worker's run of a job: how it went, and when it runs next. False if another has taken it over.

        "failed" adds to the job's `failures` in a row, "ok" ends them. Of a job's runs the last 200 are kept.
        """
        with self._store.write() as tx:
            return jobs.release(
                tx,
                name,
                worker=worker,
                state=state,
                result=result,
                seconds=seconds,
                next_run=stamp(next_run) if next_run else None,
                at=stamp(at),
            )

    def job_runs(self, name: str, limit: int) -> list[JobRun]:
        """The last runs of a job, the newest first."""
        with self._store.read() as connection:
            return jobs.runs(connection, name, limit)
