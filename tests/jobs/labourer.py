"""A worker process that can be killed at any moment: `python -m tests.jobs.labourer FOLDER JOBS`.

Each of its tasks holds a lock of its own, so that two that run at once are found out, and says when it begins and ends.
It goes home when every job is done.
"""

import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from broadsheet.catalogue import Catalogue
from broadsheet.jobs import Context, Presence, Task, Worker
from broadsheet.locks import FileLock


def labour(folder: Path, name: str, _: Context) -> str:
    """Says that it begins, takes a moment, and says that it ended; or that somebody else was at it."""
    lock = FileLock(folder / f"{name}.held")
    say(f"begin {name}" if lock.acquire(0) else f"twice {name}")
    time.sleep(0.01)  # long enough to be killed in the middle
    say(f"end {name}")
    lock.close()
    return "Done."


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - what the test listens to


def main(folder: Path, count: int) -> None:
    """Works until all is done."""
    catalogue, presence = Catalogue.open(folder / "catalogue.db"), Presence(folder / "workers")
    names = [f"job {number}" for number in range(count)]
    tasks = [Task(name, "every 5 hours", "", partial(labour, folder, name)) for name in names]
    with presence.shown() as me:
        worker = Worker(catalogue, tasks, name=me, presence=presence, clock=lambda: datetime.now(UTC))
        worker.enroll()
        while not all(job.state == "ok" for job in catalogue.jobs()):
            if worker.step() is None:
                time.sleep(0.01)
    catalogue.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
