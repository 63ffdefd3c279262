"""What sources hand on: items, and the source that yields them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from broadsheet.errors import BadRecord
from broadsheet.types import Record


@dataclass(slots=True)
class Item:
    """One thing read from a file: a record, or the reason why it could not be one.

    `ordinal` counts items from 1: reading the same file again gives the same ordinals, so an import
    resumes by it. `line` is where the item starts. `bytes_read` counts bytes of the file on disk, packed
    as they are there.
    """

    ordinal: int
    line: int | None
    bytes_read: int
    result: Record | BadRecord


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was looked at and can be read.

    `name` becomes `Record.source`; `kind` is the format; `size` is in bytes on disk; `fingerprint` tells
    whether two files are the same one (from their size and both ends).
    """

    path: str
    name: str
    kind: str
    size: int
    fingerprint: str
    _read: Callable[[], Iterator[Item]] = field(repr=False)

    def items(self) -> Iterator[Item]:
        """Reads the file from its start, as a stream.

        Raises BadSource where the file breaks off, after everything before that place was yielded.
        """
        return self._read()
