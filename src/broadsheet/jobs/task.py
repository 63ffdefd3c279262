"""What a job does, what it is given to do it, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event

from broadsheet.types import JobState


class Stopped(Exception):
    """A task was told to stop and did; its text says how far it came. What it left undone it does at its next run."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a running task is given.

    When `stop` is set the task leaves off as soon as it can, by raising `Stopped`. `progress` takes a few words on
    how far it is, as often as the task likes.
    """

    stop: Event
    progress: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """A job that a worker can do.

    `rule` says when (`schedule`), `help` in a sentence what it is. `run` does it and returns a sentence on what came
    of it. It raises Stopped when it was told to stop, and a BroadsheetError where it failed; of an Unavailable, the
    source's wish when to be asked again is heard.

    One that is `apart` is done by a worker of its own kind, so that it does not wait for the others. It is also done
    before its time when `early` says so, unless it failed last: then it waits.
    """

    name: str
    rule: str
    help: str
    run: Callable[[Context], str]
    apart: bool = False
    early: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of one run of a job, and when it runs next. `kept` is false where another worker had taken it over."""

    name: str
    state: JobState
    result: str
    seconds: float
    next_run: datetime | None
    kept: bool = True
