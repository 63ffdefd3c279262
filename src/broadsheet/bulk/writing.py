"""One file of papers, of the kind that its format names. Each is written in batches, and never held in memory whole."""

import gzip
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Protocol, cast

import zstandard

from broadsheet.bulk.lines import line
from broadsheet.bulk.tables import TableSink
from broadsheet.errors import Refused
from broadsheet.types import Whole

LEVEL = 6  # of zstd: smaller than gzip's best, at several times its speed


class Sink(Protocol):
    """What takes papers and writes them down."""

    def write(self, papers: Sequence[Whole]) -> None:
        """Adds papers."""

    def close(self) -> None:
        """Ends the file."""


class LineSink:
    """Writes lines of JSON into a file, which it closes."""

    def __init__(self, file: BinaryIO, under: BinaryIO | None = None) -> None:
        self._file, self._under = file, under

    def write(self, papers: Sequence[Whole]) -> None:
        """Adds lines."""
        self._file.write(b"".join(map(line, papers)))

    def close(self) -> None:
        """Ends the file."""
        self._file.close()
        if self._under is not None:
            self._under.close()


def _zstd(path: Path) -> Sink:
    under = path.open("wb")
    packed = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).stream_writer(under)
    return LineSink(cast("BinaryIO", packed), under)


def _gzip(path: Path) -> Sink:
    # No time and no name in the file: the same papers are the same bytes.
    under = path.open("wb")
    return LineSink(cast("BinaryIO", gzip.GzipFile("", "wb", 6, under, mtime=0)), under)


FORMATS: Mapping[str, Callable[[Path], Sink]] = MappingProxyType(
    {
        "jsonl": lambda path: LineSink(path.open("wb")),
        "jsonl.gz": _gzip,
        "jsonl.zst": _zstd,
        "parquet": TableSink,
    }
)


def open_sink(path: Path, form: str) -> Sink:
    """A file of this format. Raises Unavailable for a table without pyarrow."""
    return FORMATS[form](path)


def format_of(path: Path, form: str = "") -> str:
    """The format that a file's name tells, or the one that is named. Raises Refused where neither does."""
    if form:
        # jsonl, in the packing that the name tells
        return next((one for one in FORMATS if one.startswith(form) and path.name.endswith(f".{one}")), form)
    found = max((one for one in FORMATS if path.name.endswith(f".{one}")), key=len, default="")
    if not found:
        raise Refused(f"“{path.name}” tells no format. Let it end with one of these: .{', .'.join(FORMATS)}")
    return found
