"""What the tests of sources share: writing a file, reading it through the one public door."""

from datetime import datetime
from pathlib import Path

from broadsheet.errors import BadRecord
from broadsheet.sources import Item, open_source
from broadsheet.types import Record
from tests.conftest import NOW

GOLDEN = Path(__file__).parent.parent / "golden" / "sources"


def put(folder: Path, content: str | bytes, name: str = "papers") -> Path:
    """Writes a file and gives its path."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path, *, now: datetime = NOW, name: str | None = None) -> list[Item]:
    """All items of a file."""
    return list(open_source(path, now=now, name=name).items())


def records(path: Path, *, now: datetime = NOW, name: str | None = None) -> list[Record]:
    """All records of a file, none of which may be refused."""
    found = []
    for item in read(path, now=now, name=name):
        assert isinstance(item.result, Record), item.result
        found.append(item.result)
    return found


def refusals(path: Path, *, now: datetime = NOW) -> dict[int | None, str]:
    """The reasons of a file's refused records, by line."""
    return {item.line: item.result.reason for item in read(path, now=now) if isinstance(item.result, BadRecord)}
