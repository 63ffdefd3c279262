"""Verbs of the catalogue as files: a folder of them that a job keeps up to date, and one file for who asks for it.

Only papers are in them: what everybody may read, with counts, and nothing of people or of groups.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from broadsheet.bulk import MANIFEST, Shelf, format_of, open_sink, tabular
from broadsheet.catalogue.codec import stamp
from broadsheet.errors import NotFound
from broadsheet.library.opened import Opened, Progress
from broadsheet.types import Manifest, Stretch, Whole

BATCH = 2_000  # papers in memory
_FILE = re.compile(r"papers-\d{5,9}-[0-9a-f]{12}\.(?:jsonl\.zst|parquet)", re.ASCII)
_NO_TABLES = "There are no Parquet tables here: pyarrow is not installed (the extra “parquet”)."


class Bulk(Opened):
    """Files of all papers. Everybody may have them."""

    def write_bulk(self, progress: Progress = lambda _done, _total: None) -> tuple[Manifest, int]:
        """Brings the folder of files up to date: their list, and how many stretches of the catalogue were written anew.

        `progress` is told after each stretch, and may raise to stop. A job does this. Raises NotFound where there is
        no folder (`Rules.bulk`), StorageFull.
        """
        tables = tabular()
        as_of = self.catalogue.last_change()
        return self._bulk().write(
            self.catalogue.bulk_stretches(),
            self._batches,
            formats=("jsonl.zst", "parquet") if tables else ("jsonl.zst",),
            as_of=as_of,
            made=stamp(self._clock()),
            notes=[] if tables else [_NO_TABLES],
            progress=progress,
        )

    def bulk_file(self, name: str) -> Path:
        """Where a file of that folder is: the list, or one that it names or named. Raises NotFound."""
        folder = self._bulk().folder
        if (name == MANIFEST or _FILE.fullmatch(name)) and (folder / name).is_file():
            return folder / name
        raise NotFound(f"There is no such file. {MANIFEST} names those that there are, where this place makes them.")

    def export_papers(self, path: Path, *, form: str = "", progress: Progress = lambda _done, _total: None) -> int:
        """Writes all papers into one file and says how many. Its name or `form` says of what kind.

        The file gets its name when it is whole. Raises Refused (no such kind), Unavailable (a table, without pyarrow).
        """
        kind = format_of(path, form)
        unfinished = path.with_name(f"{path.name}.new")
        total, done = self.catalogue.count(), 0
        sink = open_sink(unfinished, kind)
        try:
            try:
                for stretch in self.catalogue.bulk_stretches():
                    for batch in self._batches(stretch):
                        sink.write(batch)
                        done += len(batch)
                        progress(done, max(done, total))
            finally:
                sink.close()
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        return done

    def _bulk(self) -> Shelf:
        if self.rules.bulk is None:
            raise NotFound("This place gives no files of its catalogue: its setting “bulk” is off.")
        return Shelf(self.rules.bulk)

    def _batches(self, stretch: Stretch) -> Iterator[list[Whole]]:
        after = -1
        while batch := self.catalogue.bulk_papers(stretch.number, after, BATCH):
            yield batch
            after = batch[-1].paper.number
