"""The one file that says what the index is: renaming a new one into its place is the commit.

index/vectors/manifest.json    which segments there are, which encoder made the vectors, how far they follow
index/vectors/lock             one writer at a time, across processes
index/vectors/merge.lock       one that merges segments, beside the writer
index/vectors/s-... m-...      segments (written by a commit, or merged), listed in the manifest or refuse
"""

import contextlib
import json
import os
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from broadsheet.search.arrays import sync_folder

FILE = "manifest.json"
SCHEMA = 2  # of all files here: another number means to build anew


@dataclass(frozen=True, slots=True)
class Manifest:
    """`sequence` is the last change of the catalogue that the index knows."""

    encoder: str
    dimensions: int
    sequence: int = 0
    segments: tuple[str, ...] = ()
    schema: int = SCHEMA


def read(folder: Path) -> Manifest | None:
    """The manifest, or None where there is none. Raises ValueError if it makes no sense, OSError."""
    try:
        raw = json.loads((folder / FILE).read_bytes())
    except FileNotFoundError:
        return None
    try:
        names = tuple(str(name) for name in raw["segments"])
        return Manifest(str(raw["encoder"]), int(raw["dimensions"]), int(raw["sequence"]), names, int(raw["schema"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{FILE} is no manifest") from error


def publish(folder: Path, manifest: Manifest) -> None:
    """Puts a manifest in place, in full or not at all. Its segments are on the disk before it. Raises OSError."""
    sync_folder(folder)
    draft = folder / f"{FILE}.new"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(asdict(manifest), file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, folder / FILE)  # noqa: PTH105
    sync_folder(folder)


def stamp(folder: Path) -> tuple[int, ...]:
    """Changes with every commit. Takes microseconds."""
    try:
        found = os.stat(f"{folder}/{FILE}")  # noqa: PTH116  each step of a search asks: a path takes four times as long
    except OSError:
        return ()
    return found.st_ino, found.st_mtime_ns, found.st_size


def sweep(folder: Path, kind: str, keep: Collection[str]) -> None:
    """Removes segments of a kind ("s-", "m-") that are not to be kept; on Windows, those that nobody has open."""
    for path in folder.glob(f"{kind}*"):
        if path.name not in keep:
            with contextlib.suppress(OSError):
                path.unlink()
