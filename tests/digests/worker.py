"""Processes that write what is due, two at a time; each is killed before its STEP-th statement of a write.

`python -m tests.digests.worker HOME STEP STEP [STEP STEP ...]`; a STEP of 0 lets its process end. Prints how
each ended.
"""

import os
import signal
import sys
import traceback
from itertools import count
from pathlib import Path

from sqlalchemy import event

from broadsheet import library as door
from broadsheet.app.letters import Letters
from broadsheet.config import read
from broadsheet.library import Rules
from broadsheet.types import Access
from tests.place import Clock


def work(home: Path, step: int) -> None:
    """Does it, or dies."""
    clock, counted = Clock(), count(1)
    clock.moves(hours=20)
    with door.open(home, follow=False, clock=clock, rules=Rules(access=Access.OPEN)) as library:

        def before(*_: object) -> None:
            if next(counted) == step:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(library.catalogue._store._writer, "before_cursor_execute", before)
        Letters(library, read(home, {})).write_due()


def start(home: Path, step: int) -> int:
    """A child that does it: forked, because reading all modules takes longer than what it is here for."""
    child = os.fork()
    if child:
        return child
    try:
        work(home, step)
    except BaseException:  # noqa: BLE001 - nothing of the parent's may be done by the child, whatever happened
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def main(home: Path, steps: list[int]) -> None:
    """Pair by pair."""
    for pair in zip(steps[::2], steps[1::2], strict=True):
        for child in [start(home, step) for step in pair]:
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(step) for step in sys.argv[2:]])
