"""The folder of files: a file for each stretch of the catalogue and each format, and their list, `manifest.json`.

A file's name holds the beginning of its hash, so that a name means the same bytes for ever and a stretch that did not
change keeps its files. The list takes the place of the one before in one step: it always names files that are there and
whole. Files that it does not name any more stay until the next time, for who is in the middle of fetching them.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from broadsheet.bulk.lines import SCHEMA
from broadsheet.bulk.writing import open_sink
from broadsheet.types import BulkFile, Manifest, Stretch, Whole

MANIFEST = "manifest.json"
_NEW = ".new"  # the end of the name of a file that is being written
_CHUNK = 1 << 20  # bytes
LICENCE = (
    "arXiv gives the facts it keeps of papers to everybody (CC0 1.0). What other sources say stands under their terms;"
    " `sources` names them, paper by paper. `licence` is that of a paper itself, not of these facts."
)

Papers = Callable[[Stretch], Iterable[Sequence[Whole]]]
"""Gives the papers of a stretch, in batches."""


class Shelf:
    """The files in a folder. One process at a time writes there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def manifest(self) -> Manifest | None:
        """The list as it stands; None where there is none that can be read."""
        try:
            said = json.loads((self.folder / MANIFEST).read_text("utf-8"))
            return Manifest(**{**said, "files": [BulkFile(**one) for one in said["files"]]})
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(
        self,
        stretches: Sequence[Stretch],
        papers: Papers,
        *,
        formats: Sequence[str],
        as_of: int,
        made: str,
        notes: Sequence[str] = (),
        progress: Callable[[int, int], None] = lambda _done, _total: None,
    ) -> tuple[Manifest, int]:
        """Brings the folder up to date: the new list, and how many stretches were written anew.

        Raises what `papers` and `progress` raise; then the list stays as it was, and the next time goes on from there.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        before = self.manifest()
        kept = {(one.stretch, one.mark, one.format): one for one in before.files} if before and _same(before) else {}
        files: list[BulkFile] = []
        anew = 0
        for done, stretch in enumerate(stretches):
            progress(done, len(stretches))
            found = [kept.get((stretch.number, stretch.mark, form)) for form in formats]
            if not all(one and (self.folder / one.path).is_file() for one in found):
                found = list(self._write_stretch(stretch, papers, formats))
                anew += 1
            files += [one for one in found if one and one.rows]
        progress(len(stretches), len(stretches))
        rows = sum(one.rows for one in files if one.format == formats[0])
        now = Manifest(SCHEMA, made, as_of, rows, list(formats), files, list(notes), LICENCE)
        self._replace(now)
        self._tidy(now, before)
        return now, anew

    def _write_stretch(self, stretch: Stretch, papers: Papers, formats: Sequence[str]) -> Iterator[BulkFile]:
        """The files of a stretch, all written in one reading of its papers."""
        paths = [self.folder / f"stretch-{stretch.number}.{form}{_NEW}" for form in formats]
        sinks = [open_sink(path, form) for path, form in zip(paths, formats, strict=True)]
        rows = 0
        try:
            for batch in papers(stretch):
                rows += len(batch)
                for sink in sinks:
                    sink.write(batch)
        finally:
            for sink in sinks:
                sink.close()
        for path, form in zip(paths, formats, strict=True):
            digest = _hash(path)
            name = f"papers-{stretch.number:05}-{digest[:12]}.{form}"
            _keep(path, self.folder / name)
            size = (self.folder / name).stat().st_size
            yield BulkFile(name, form, rows, size, digest, stretch.number, stretch.mark)

    def _replace(self, now: Manifest) -> None:
        path = self.folder / f"{MANIFEST}{_NEW}"
        path.write_text(json.dumps(asdict(now), ensure_ascii=False, indent=1) + "\n", "utf-8")
        _keep(path, self.folder / MANIFEST)

    def _tidy(self, now: Manifest, before: Manifest | None) -> None:
        """Takes away what neither this list nor the one before it names."""
        named = {one.path for one in now.files} | {one.path for one in (before.files if before else ())} | {MANIFEST}
        for path in self.folder.iterdir():
            if path.name not in named and (path.name.startswith("papers-") or path.name.endswith(_NEW)):
                path.unlink(missing_ok=True)


def _same(before: Manifest) -> bool:
    return before.schema == SCHEMA


def _keep(path: Path, final: Path) -> None:
    """Gives a whole file its name, once it is on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    path.replace(final)


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
