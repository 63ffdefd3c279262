"""Lines of our own exports (`broadsheet.bulk.lines`): a paper, and how each of its sources said so.

Each of a line's records keeps the name of its source, so that whoever reads the whole file knows of every paper what
the place knew that wrote it. A field that a record lacks is as in the paper; null is unknown to it. What happened at
that place - its own votes and comments, and when it heard of what - stays there.
"""

from collections.abc import Iterator, Mapping

from broadsheet.errors import BadRecord
from broadsheet.sources import records
from broadsheet.sources.door import ENTRIES, OTHER_TEXT, Door, kind, text
from broadsheet.types import Record

KIND = "broadsheet"
_SCHEMA = 1
_OF_PAPERS = ("day", "records", "sources", "summary_source", "own_votes", "own_comments", "edition", "position")


def looks(value: Mapping[str, object]) -> bool:
    """Whether an object is a line of an export."""
    return "broadsheet" in value and "records" in value


def reader(door: Door) -> "Records":
    """What makes the records of a line."""
    return Records(door)


class Records:
    """Reads a line into as many records as it holds."""

    def __init__(self, door: Door) -> None:
        self._door, self._read = door, records.reader(door)

    def __call__(self, value: Mapping[str, object]) -> Iterator[Record]:
        """The records of a line. Raises BadRecord at the first that is none."""
        if value.get("broadsheet") != _SCHEMA:
            raise BadRecord("this line is of another version of Broadsheet's exports: export it anew, or update")
        said = value.get("records")
        if not isinstance(said, list) or not 0 < len(said) <= ENTRIES:
            raise BadRecord(f"records is {kind(said)}, not a list of a few")
        shared = {name: known for name, known in value.items() if name not in _OF_PAPERS}
        # Last the one that counts most: of sources that are believed alike, it is then the newest.
        for one in reversed(said):
            yield self._record(shared, one)

    def _record(self, shared: Mapping[str, object], one: object) -> Record:
        if not isinstance(one, dict):
            raise BadRecord(f"records holds {kind(one)}, not a record")
        source, key = (text(one.get(name), name, OTHER_TEXT) for name in ("source", "source_key"))
        if source is None or key is None:
            raise BadRecord("a record of an export has a source and a source_key")
        found = self._read({**shared, **one, "id": None})
        found.source, found.source_key = source, key
        return found
