"""A folder of full texts with a limit: what was asked for longest ago goes first. It may be deleted at any moment.

Each text is one compressed file of JSON. That a paper has no text is kept too, as an empty one, so that nobody is asked
twice within some days. Processes share a shelf: a file appears whole or not at all.
"""

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

import zstandard

from broadsheet.types import Caption, FullText, Heading

VERSION = 2  # of what is kept: texts of another are made anew
ABSENT = timedelta(days=3)  # that "there is none" is believed
_LARGEST = 64 << 20  # bytes of one text, unpacked


class Shelf:
    """Texts by name, in a folder of at most so many bytes. Safe to share among threads and processes."""

    def __init__(self, folder: Path, *, limit: int, clock: Callable[[], datetime]) -> None:
        """`limit` in bytes; `clock` gives the present instant."""
        self._folder, self._limit, self._clock = folder, limit, clock

    def get(self, name: str) -> FullText | None:
        """The text of this name. Raises KeyError where it is not known whether there is one; None: there is none."""
        path = self._path(name)
        try:
            packed = path.read_bytes()
            found = json.loads(zstandard.ZstdDecompressor().decompress(packed, max_output_size=_LARGEST))
            if found["version"] != VERSION or found["name"] != name:
                raise KeyError(name)
            if found["text"] is None:
                if datetime.fromisoformat(found["at"]) + ABSENT < self._clock():
                    raise KeyError(name)
                return None
            text = FullText(
                found["text"]["markdown"],
                tuple(Heading(**one) for one in found["text"]["headings"]),
                tuple(Caption(**one) for one in found["text"]["captions"]),
                found["text"]["source"],
                found["text"]["read"],
            )
        except (OSError, ValueError, TypeError, zstandard.ZstdError) as error:
            raise KeyError(name) from error  # gone, or damaged: it is asked for again
        with contextlib.suppress(OSError):
            at = self._clock().timestamp()
            os.utime(path, (at, at))
        return text

    def put(self, name: str, text: FullText | None) -> None:
        """Keeps a text, or that there is none. A full disk keeps nothing, and nobody is told: it is a cache."""
        kept = {
            "version": VERSION,
            "name": name,
            "at": self._clock().isoformat(),
            "text": asdict(text) if text else None,
        }
        packed = zstandard.ZstdCompressor(level=6).compress(
            json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace")
        )
        path = self._path(name)
        part = path.with_suffix(f".{os.getpid()}.part")
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(packed)
            part.replace(path)
            at = self._clock().timestamp()
            os.utime(path, (at, at))
        self._trim()

    def _trim(self) -> None:
        """Lets go of what was asked for longest ago, down to nine tenths of the limit."""
        files = []
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                with contextlib.suppress(OSError):
                    about = path.stat()
                    files.append((about.st_mtime, about.st_size, path))
        size = sum(one[1] for one in files)
        if size <= self._limit:
            return
        for _, own, path in sorted(files):
            with contextlib.suppress(OSError):
                path.unlink()
                size -= own
            if size <= self._limit * 0.9:
                return

    def _path(self, name: str) -> Path:
        return self._folder / f"{blake2b(name.encode('utf-8', 'replace'), digest_size=16).hexdigest()}.zst"
