"""A disk that is full from some write on, for tests of what is lost then: nothing."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from sqlalchemy import event

from broadsheet.library import Library


@contextmanager
def full_disk(library: Library, *, after: int) -> Iterator[None]:
    """While the block runs the catalogue can write so many statements, and no more."""
    writer, counted = library.catalogue._store._writer, count()

    def before(*_: object) -> None:
        if next(counted) >= after:
            raise OSError(errno.ENOSPC, "No space left on device")

    event.listen(writer, "before_cursor_execute", before)
    try:
        yield
    finally:
        event.remove(writer, "before_cursor_execute", before)
