"""Verbs of keeping: the index, merged records, the schedule, and the figures of an installation."""

from collections.abc import Iterator
from importlib.metadata import version

from broadsheet import doctor
from broadsheet.errors import Busy
from broadsheet.library.opened import Progress
from broadsheet.library.searching import Searching
from broadsheet.permissions import require
from broadsheet.types import OWNER, Actor, Finding, Job, Merge, Status


class Keeping(Searching):
    """What keeps an installation in order. The index follows by itself, and asks nobody."""

    def jobs(self) -> list[Job]:
        """The schedule: what runs by itself, and how it went last."""
        return self.catalogue.jobs()

    def status(self) -> Status:
        """The figures of this installation."""
        now = self._clock().date().isoformat()
        return Status(
            home=str(self.home),
            papers=self.catalogue.count(),
            indexed=self._search.indexed(),
            behind=self.behind(sure=False),
            editions=self.catalogue.days(),
            latest_edition=self.catalogue.latest_day(today=now),
            catalogue_bytes=self.catalogue.bytes(),
            index_bytes=self._search.bytes(),
            last_import=self.catalogue.last_import(),
            version=version("broadsheet"),
        )

    def follow(self, progress: Progress | None = None) -> bool:
        """Lets the index catch up with the catalogue. False if another process is doing so just now.

        Raises StorageFull, and BadSetting or Damaged for an encoder that cannot be loaded.
        """
        if not self.behind():
            return True
        try:
            self._search.sync(progress)
        except Busy:
            return False
        return True

    def rebuild_index(self, progress: Progress | None = None, *, actor: Actor = OWNER) -> None:
        """Builds the index anew beside the present one, which answers until then. Raises Busy, StorageFull."""
        require(actor, "index")
        self._search.rebuild(progress)

    def verify_index(self) -> list[Finding]:
        """Reads the whole index and compares it with the catalogue."""
        return self._search.verify()

    def merge(self, keep: str, other: str, *, reason: str = "by hand", actor: Actor = OWNER) -> Merge:
        """Joins two records of one paper under `keep`. Raises NotFound, Conflict."""
        require(actor, "merge")
        return self.catalogue.merge(keep, other, reason=reason, at=self._clock())

    def split(self, number: int, *, actor: Actor = OWNER) -> None:
        """Undoes the merge with this number, and keeps the two apart from now on. Raises NotFound, Conflict."""
        require(actor, "split")
        self.catalogue.split(number, at=self._clock())

    def doctor(self) -> Iterator[Finding]:
        """What is wrong with this installation and how to mend it, one finding after the other."""
        yield from doctor.machine(self.home)
        yield from self.catalogue.verify(full=True)
        yield from self._search.verify()
