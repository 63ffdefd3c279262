"""A process that writes what is due and is killed before its STEP-th statement of a write; 0 lets it end.

python -m tests.digests.worker HOME STEP
"""

import os
import signal
import sys
from itertools import count
from pathlib import Path

from sqlalchemy import event

from broadsheet import library as door
from broadsheet.app.letters import Letters
from broadsheet.config import read
from broadsheet.library import Rules
from broadsheet.types import Access
from tests.place import Clock


def main(home: Path, step: int) -> None:
    """Does it, or dies."""
    clock, counted = Clock(), count(1)
    clock.moves(hours=20)
    with door.open(home, follow=False, clock=clock, rules=Rules(access=Access.OPEN)) as library:

        def before(*_: object) -> None:
            if next(counted) == step:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(library.catalogue._store._writer, "before_cursor_execute", before)
        Letters(library, read(home, {})).write_due()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
