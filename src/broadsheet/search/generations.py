"""The index's folder: generations of the index, the name of the one in use, and what their files should be.

    index/lock          one writer at a time, across processes
    index/CURRENT       the name of the generation in use
    index/g000007/      the files of one generation, with MANIFEST.json: their sizes and BLAKE2 hashes
    index/g000007/postings/      a part of it that is not tantivy's; see `search.postings`
    index/g000008/      the next one, while it is being built

A new generation is built beside the old and put in its place by renaming one small file, so reading goes on. All of
it may be deleted at any moment. A file that is not what the manifest says means damage, and a new generation.
"""

import contextlib
import hashlib
import json
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from broadsheet.errors import Damaged

CURRENT, MANIFEST, META = "CURRENT", "MANIFEST.json", "meta.json"
POSTINGS, PARTS = "postings", "manifest.json"
_PARTS = ("fieldnorm", "idx", "pos", "store", "term", "fast")  # files of every tantivy segment
_CHUNK = 1 << 20
_TRIES = 20


@dataclass(slots=True)
class Manifest:
    """The schema number of a generation, whether it is built to the end, and its files' sizes and hashes."""

    schema: int
    files: dict[str, tuple[int, str]] = field(default_factory=dict)


class PostingsCommit(NamedTuple):
    """A commit of a generation's postings: the last change of the catalogue that is in it, and its files."""

    sequence: int = 0
    segments: tuple[str, ...] = ()


class Generations:
    """The index's folder. Nothing here opens an index."""

    def __init__(self, folder: Path, schema: int) -> None:
        self.folder, self._schema = folder, schema
        self._pointer = folder / CURRENT
        self._pointed: tuple[tuple[int, ...], Path, Path] = (), folder, folder

    def current(self) -> Path | None:
        """The generation in use, if there is one of our schema; it may still be damaged, see `check`."""
        with contextlib.suppress(OSError, ValueError):
            path = self.folder / (self.folder / CURRENT).read_text("utf-8").strip()
            if path.parent == self.folder and read_manifest(path).schema == self._schema:
                return path
        return None

    def signature(self) -> tuple[object, ...]:
        """Changes with every commit of the generation in use, and when another takes its place. Takes microseconds."""
        try:
            name = self._pointer.stat()
            seen = name.st_ino, name.st_mtime_ns
            if seen != self._pointed[0]:  # the file is never written into, only replaced
                path = self.folder / self._pointer.read_text("utf-8").strip()
                self._pointed = seen, path, path / META
            _, path, file = self._pointed
            meta = file.stat()
        except (OSError, ValueError):
            return ()
        return path, *seen, meta.st_ino, meta.st_mtime_ns, meta.st_size

    def unfinished(self) -> Path | None:
        """A generation of our schema, newer than the one in use, that somebody began to build."""
        current = self.current()
        for path in reversed(self._all()):
            if current and path.name <= current.name:
                break
            with contextlib.suppress(OSError, ValueError):
                if read_manifest(path).schema == self._schema:
                    return path
        return None

    def begin(self) -> Path:
        """A new, empty generation. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        last = self._all()[-1:]
        path = self.folder / f"g{int(last[0].name[1:]) + 1 if last else 1:06d}"
        path.mkdir()
        try:
            write_manifest(path, Manifest(self._schema))
            (path / POSTINGS).mkdir()
            publish_postings(path, PostingsCommit())
        except BaseException:
            self.discard(path)
            raise
        return path

    def use(self, path: Path) -> None:
        """Puts a generation in use, and removes the others. Raises OSError."""
        write_small(self.folder / CURRENT, path.name)
        for other in self._all():
            if other != path:
                self.discard(other)

    def discard(self, path: Path) -> None:
        """Removes a generation. On Windows readers that have it open keep it alive until the next time."""
        shutil.rmtree(path, ignore_errors=True)

    def retire(self) -> None:
        """Takes the generation in use out of use, for good: it is damaged."""
        current = self.current()
        for path in (self.folder / CURRENT, *([current / MANIFEST] if current else [])):
            with contextlib.suppress(OSError):
                path.unlink()

    def bytes(self) -> int:
        """What the folder takes on the disk."""
        total = 0
        for path in self.folder.rglob("*"):
            with contextlib.suppress(OSError):  # a file may go while we look
                total += path.stat().st_size if path.is_file() else 0
        return total

    def _all(self) -> list[Path]:
        with contextlib.suppress(OSError):
            return sorted(path for path in self.folder.iterdir() if path.name[0] == "g" and path.name[1:].isdecimal())
        return []


def read_manifest(path: Path) -> Manifest:
    """A generation's manifest. Raises OSError, ValueError."""
    raw = _object(path / MANIFEST)
    try:
        files = {name: (int(size), str(digest)) for name, (size, digest) in raw["files"].items()}
        return Manifest(int(raw["schema"]), files)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path / MANIFEST} is no manifest") from error


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Writes a generation's manifest. Raises OSError."""
    write_small(path / MANIFEST, json.dumps({"schema": manifest.schema, "files": manifest.files}))


def postings(path: Path, at: int | None = None) -> PostingsCommit:
    """The last commit of a generation's postings that tantivy has too if it is at a sequence. Raises Damaged."""
    last, *before = _postings(path)
    return before[0] if before and at is not None and last.sequence > at else last


def publish_postings(path: Path, last: PostingsCommit, before: PostingsCommit | None = None) -> None:
    """Commits postings; the commit before stays until tantivy has this one too. Raises OSError."""
    commits = [one._asdict() for one in (last, before) if one]
    write_small(path / POSTINGS / PARTS, json.dumps({"commits": commits}))


def postings_files(path: Path) -> set[str]:
    """The segments of both commits. Raises Damaged."""
    return {name for one in _postings(path) for name in one.segments}


def _postings(path: Path) -> list[PostingsCommit]:
    """The last commit, and the one before if it is still of use. Raises Damaged."""
    try:
        commits = _object(path / POSTINGS / PARTS)["commits"]
        found = [PostingsCommit(int(one["sequence"]), tuple(map(str, one["segments"]))) for one in commits]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"The search index is damaged: {error}.") from error
    if not found:
        raise Damaged("The search index is damaged: its postings have no commit.")
    return found


def seal(path: Path) -> None:
    """Notes all files of the last commit in the manifest; only new ones are read. Raises OSError, ValueError."""
    known = read_manifest(path)
    files = {}
    for name in sorted(_needed(path)):
        size = (path / name).stat().st_size
        old = known.files.get(name)
        files[name] = old if old and old[0] == size else (size, _digest(path / name))
    write_manifest(path, Manifest(known.schema, files))


def sweep(path: Path) -> None:
    """Removes files that a writer left half written, which would lie about, perhaps on a full disk. Needs no writer."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError, Damaged):
        needed = _needed(path)
        for file in path.iterdir():
            if file.name not in needed and file.name.rpartition(".")[2] in (*_PARTS, "del", "temp"):
                file.unlink()


def check(path: Path, *, thorough: bool = False) -> None:
    """Raises Damaged unless the files of the last commit are there in full; `thorough` also reads them all."""
    for _ in range(_TRIES):
        before = _meta(path)
        problem = _problem(path, thorough=thorough)
        if not problem:
            return
        if _meta(path) == before:
            break
        # A writer merged segments meanwhile, and removed those that we were looking for.
    raise Damaged(f"The search index is damaged: {problem}.")


def _problem(path: Path, *, thorough: bool) -> str:
    try:
        known = read_manifest(path).files
        for name in _needed(path):
            size = (path / name).stat().st_size
            if not size:
                return f"{name} is empty"
            if name in known and (size != known[name][0] or (thorough and _digest(path / name) != known[name][1])):
                return f"{name} is not what was written"
    except (OSError, ValueError, KeyError, TypeError, AttributeError, Damaged) as error:
        return str(error)
    return ""


def _meta(path: Path) -> list[bytes]:
    """What says which files there should be."""
    try:
        return [(path / name).read_bytes() for name in (META, f"{POSTINGS}/{PARTS}")]
    except OSError:
        return []


def _needed(path: Path) -> set[str]:
    """The files of the last commit, but for `meta.json` itself, which changes when segments are merged."""
    names: set[str] = set()
    for segment in _object(path / META).get("segments", ()):
        stem = segment["segment_id"].replace("-", "")
        names.update(f"{stem}.{part}" for part in _PARTS)
        if deletes := segment.get("deletes"):
            names.add(f"{stem}.{deletes['opstamp']}.del")
    return names | {f"{POSTINGS}/{name}" for name in postings_files(path)}


def _object(path: Path) -> dict[str, Any]:
    raw = json.loads(path.read_bytes())
    if not isinstance(raw, dict):
        raise ValueError(f"{path} holds no object")  # noqa: TRY004  as json's own errors
    return raw


def _digest(path: Path) -> str:
    total = hashlib.blake2b(digest_size=16)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            total.update(chunk)
    return total.hexdigest()


def write_small(path: Path, text: str) -> None:
    """Writes a small file in full or not at all, and surely."""
    draft = path.with_name(path.name + ".new")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)  # noqa: PTH105
    with contextlib.suppress(OSError):  # Windows cannot sync a folder, and need not
        handle = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
