"""Bytes of a file as lines, unpacked on the way (gzip, Zstandard), never more than a few megabytes at once.

Truncated and damaged archives give all that can be unpacked, then BadSource. The decompressors are driven
by hand for two reasons: the zstandard module's stream reader ends a truncated file without a word, and both
must not let a small archive that unpacks to gigabytes fill the memory.
"""

import io
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import zstandard

from broadsheet.errors import BadSource

LONGEST_LINE = 8 * 2**20  # bytes; the longest real record of arXiv is some 200 KB
GZIP = b"\x1f\x8b"
ZSTD = (b"\x28\xb5\x2f\xfd", *(bytes([0x50 + n]) + b"\x2a\x4d\x18" for n in range(16)))  # the latter are skippable
_WINDOW = 2**31  # what `zstd --long=31` may ask for; the usual archives of arXiv data use 2**27
_CHUNK = 2**18
# What is unpacked at once. An error loses what its step had unpacked, so the step is small.
_GZIP_STEP = 2**14
# For Zstandard only the bytes that go in can be bounded: 4 of them may hold 128 KiB, 512 at the worst 16 MiB.
_ZSTD_FEED = 2**9


class Stream:
    """A file opened for reading. `position` counts the bytes of it that were read so far."""

    def __init__(self, path: Path) -> None:
        """Raises OSError."""
        self._file = path.open("rb", buffering=0)
        self.position = 0
        self._line = 0
        start = self._file.read(4) or b""
        self._file.seek(0)
        unpack: Callable[[], Iterator[bytes]] = self._raw
        if start.startswith(GZIP):
            unpack = self._gzip
        elif start.startswith(ZSTD):
            unpack = self._zstd
        self._buffer = io.BufferedReader(_Chunks(unpack()), _CHUNK)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def lines(self) -> Iterator[tuple[int, bytes | None]]:
        """Each line with its number from 1; None for a line that is too long to be looked at.

        A byte order mark is taken off. Raises BadSource where the file breaks off; half a line before that
        place is not yielded.
        """
        try:
            while chunk := self._buffer.readline(LONGEST_LINE):
                self._line += 1
                if len(chunk) == LONGEST_LINE and not chunk.endswith(b"\n"):
                    while chunk and not chunk.endswith(b"\n"):
                        chunk = self._buffer.readline(LONGEST_LINE)
                    yield self._line, None
                else:
                    yield self._line, chunk.removeprefix(b"\xef\xbb\xbf") if self._line == 1 else chunk
        except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
            raise self._broken(error, f"after line {self._line:,}") from error

    def chunks(self) -> Iterator[bytes]:
        """The same bytes in pieces of any size, a byte order mark taken off. Raises BadSource as `lines` does."""
        read, first = 0, True
        try:
            while chunk := self._buffer.read1(_CHUNK):
                read += len(chunk)
                yield chunk.removeprefix(b"\xef\xbb\xbf") if first else chunk
                first = False
        except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
            raise self._broken(error, f"after {read:,} bytes of text") from error

    @staticmethod
    def _broken(error: Exception, place: str) -> BadSource:
        reason = str(error) or type(error).__name__
        return BadSource(f"the file breaks off {place}: {reason}. All before that was read.")

    def _raw(self) -> Iterator[bytes]:
        while chunk := self._file.read(_CHUNK):
            self.position += len(chunk)
            yield chunk

    def _gzip(self) -> Iterator[bytes]:
        packed, source = b"", self._raw()
        while packed := packed.lstrip(b"\0") or next(source, b""):  # members may be padded with zeros
            inflater = zlib.decompressobj(wbits=31)
            while not inflater.eof:
                packed = packed or next(source, b"")
                if not packed:
                    raise EOFError("the gzip archive is truncated")
                if plain := inflater.decompress(packed, _GZIP_STEP):
                    yield plain
                packed = inflater.unconsumed_tail
            packed = inflater.unused_data

    def _zstd(self) -> Iterator[bytes]:
        unpacker = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
        source = (chunk[at : at + _ZSTD_FEED] for chunk in self._raw() for at in range(0, len(chunk), _ZSTD_FEED))
        packed = b""
        while packed := packed or next(source, b""):
            frame = unpacker.decompressobj()
            while not frame.eof:
                packed = packed or next(source, b"")
                if not packed:
                    raise EOFError("the Zstandard archive is truncated")
                if plain := frame.decompress(packed):
                    yield plain
                packed = b""
            packed = frame.unused_data


class _Chunks(io.RawIOBase):
    """Chunks of bytes as a raw file, so that io's buffered reader finds the lines in them, which it does in C."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # io calls it with a memoryview
        if not self._rest:
            self._rest = memoryview(next(self._chunks, b""))
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
