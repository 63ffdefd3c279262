"""Running an installation: imports, syncs, jobs, figures."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(slots=True)
class Refusal:
    """A record that was not taken: where it stood and why."""

    path: str
    line: int | None
    reason: str


@dataclass(slots=True)
class ImportReport:
    """What an import did. `refusals` holds the first hundred; `refused` counts them all."""

    path: str
    source: str = ""
    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    merged: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    resumed_after: int = 0
    finished: bool = False
    error: str = ""
    seconds: float = 0.0


@dataclass(slots=True)
class SyncReport:
    """What one run of a live source brought. `total` is how many records the run has in all, where the source says.

    `resumed` says that it went on where an earlier run had stopped. With an `error` the run did not come to its end;
    what came before is kept, and the next run goes on from there, not before `retry_after` seconds where the source
    asked for that. `notes` are sentences of the source about what it saw.
    """

    source: str
    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    merged: int = 0
    deleted: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    total: int | None = None
    resumed: bool = False
    notes: list[str] = field(default_factory=list)
    finished: bool = False
    error: str = ""
    retry_after: float | None = None
    seconds: float = 0.0


@dataclass(slots=True)
class Sync:
    """One run of a live source, as the catalogue keeps it: `cursor` is where it goes on, the counts are of all it read.

    `scope` tells apart runs of one source that ask for different things. `resumed`: it goes on with a run that did not
    come to its end. With an `error`, or without `finished`, the next run of this source and scope goes on with it.
    """

    number: int
    source: str
    scope: str
    cursor: str
    started: str
    last_at: str
    resumed: bool = False
    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    merged: int = 0
    deleted: int = 0
    finished: str | None = None
    error: str = ""


JobState = Literal["never", "running", "ok", "failed", "interrupted"]


@dataclass(slots=True)
class Job:
    """A row of the schedule: what is done, when, and how it went last. Times are UTC ("2026-11-20T12:00:00Z").

    `rule` says when in words that `jobs.schedule` reads. `worker` is who runs it now, until `leased_until` at most.
    """

    name: str
    rule: str
    enabled: bool = True
    help: str = ""
    next_run: str | None = None
    last_run: str | None = None
    last_seconds: float | None = None
    state: JobState = "never"
    result: str = ""
    failures: int = 0
    worker: str | None = None
    leased_until: str | None = None


@dataclass(slots=True)
class JobRun:
    """One time that a job ran: who ran it, how long, and what came of it. `state` is "running" until it ends."""

    number: int
    name: str
    worker: str
    started: str
    state: JobState
    result: str = ""
    seconds: float | None = None
    ended: str | None = None


@dataclass(slots=True)
class Status:
    """The figures of an installation. Sizes are in bytes."""

    home: str
    papers: int
    indexed: int
    behind: int
    editions: int
    latest_edition: str | None
    catalogue_bytes: int
    index_bytes: int
    last_import: str | None
    version: str


@dataclass(slots=True)
class Finding:
    """One line of `broadsheet doctor`: how it stands, what was looked at, and how to mend it."""

    level: Literal["ok", "warning", "error"]
    subject: str
    message: str
    mend: str = ""
