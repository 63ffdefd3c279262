"""Truth, and the only SQL: papers, where each fact came from, and the log of changes that the index follows.

`Catalogue` is the room's one door. Each of its methods is one transaction, or one snapshot.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Self

from broadsheet.catalogue import editions, imports, intake, log, merges, papers
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.connection import Store, in_our_words
from broadsheet.catalogue.imports import ImportRun
from broadsheet.catalogue.intake import Outcome
from broadsheet.catalogue.log import Change
from broadsheet.catalogue.migrate import migrate
from broadsheet.catalogue.verify import verify
from broadsheet.errors import NotFound
from broadsheet.types import Candidate, Finding, Merge, Paper, Provenance, Record

__all__ = ["Catalogue", "Change", "ImportRun", "Outcome"]


class Catalogue:
    """A catalogue on disk. Safe to share among threads; several processes may have it open.

    Reading never waits for writing. Whatever is written is there in full after the method returns, or not at
    all if it raises. Any method may raise Damaged; those that write may raise Busy and StorageFull.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    @classmethod
    def open(cls, path: Path, *, create: bool = True, wait: float = 30.0) -> Self:
        """Opens `catalogue.db`, brings it to the newest shape, and makes it where `create` allows.

        `wait` is how many seconds a write waits for other processes. Raises NotFound, Busy, Damaged, Refused.
        """
        if not path.exists():
            if not create:
                raise NotFound(f"There is no catalogue at {path}.")
            with in_our_words(path):
                path.parent.mkdir(parents=True, exist_ok=True)
        store = Store(path, wait=wait)
        try:
            migrate(store)
        except BaseException:
            store.close()
            raise
        return cls(store)

    def close(self) -> None:
        """Lets go of the files."""
        self._store.close()

    # Writing.

    def put(
        self, records: Sequence[Record], *, at: datetime, run: ImportRun | None = None, position: int = 0
    ) -> list[Outcome]:
        """Takes in a batch of records, in one transaction, and says of each in order what became of it.

        With a `run` its position and counts are part of the transaction, and of `run` once it is committed.
        """
        batch = intake.encoded(records)
        with self._store.write() as tx:
            outcomes = intake.take_in(tx, batch, stamp(at)) if batch else []
            if run is not None:
                after = _counted(run, outcomes, position)
                imports.advance(tx, after, stamp(at))
        if run is not None:
            run.position, run.new, run.changed = after.position, after.new, after.changed
            run.unchanged, run.merged = after.unchanged, after.merged
        return outcomes

    def begin_import(self, *, fingerprint: str, path: str, source: str, at: datetime) -> ImportRun:
        """The unfinished import of this very file, whose `position` says where to go on, or a new one."""
        with self._store.write() as tx:
            return imports.begin(tx, fingerprint=fingerprint, path=path, source=source, at=stamp(at))

    def finish_import(self, run: ImportRun, *, at: datetime, error: str = "") -> None:
        """Ends an import. With an error it stays open, to be gone on with."""
        with self._store.write() as tx:
            imports.finish(tx, run, at=stamp(at), error=error)

    def merge(self, keep: str, other: str, *, reason: str, at: datetime) -> Merge:
        """Joins two papers by hand, even two that were split before. Raises NotFound, Conflict."""
        with self._store.write() as tx:
            return merges.merge(tx, keep, other, reason=reason, at=stamp(at))

    def split(self, number: int, *, at: datetime) -> None:
        """Undoes the merge with this number and keeps the two apart from now on. Raises NotFound, Conflict."""
        with self._store.write() as tx:
            merges.split(tx, number, at=stamp(at))

    # Reading.

    def paper(self, key: str) -> Paper:
        """The paper that a key means, in any spelling of any of its identifiers, former keys too. Raises NotFound."""
        with self._store.read() as connection:
            return papers.papers(connection, [papers.number_of(connection, key)])[0]

    def papers(self, numbers: Sequence[int]) -> list[Paper]:
        """The papers with these numbers, in this order; those that are no more are left out."""
        with self._store.read() as connection:
            return papers.papers(connection, numbers)

    def title_matches(self, key: str) -> list[Paper]:
        """The papers whose title folds to this (`ids.title_key`)."""
        with self._store.read() as connection:
            return papers.titled(connection, key)

    def count(self) -> int:
        """How many papers there are."""
        with self._store.read() as connection:
            return papers.count(connection)

    def changes(self, after: int, limit: int) -> list[Change]:
        """The oldest changes after a sequence, each paper at its last change only."""
        with self._store.read() as connection:
            return log.changes(connection, after, limit)

    def last_change(self) -> int:
        """The sequence of the last change; 0 before the first."""
        with self._store.read() as connection:
            return log.last_change(connection)

    def provenance(self, key: str) -> Provenance:
        """Where each fact of a paper came from, when it changed, and what was merged. Raises NotFound."""
        with self._store.read() as connection:
            return log.provenance(connection, papers.number_of(connection, key))

    def candidates(self, first: str, last: str) -> list[Candidate]:
        """The papers that belong to the days from `first` to `last`, once each, in no order."""
        with self._store.read() as connection:
            return editions.candidates(connection, first, last)

    def neighbour_days(self, first: str, last: str) -> tuple[str | None, str | None]:
        """The nearest day before `first` and the nearest after `last` that have papers."""
        with self._store.read() as connection:
            return editions.neighbour_days(connection, first, last)

    def latest_day(self, *, today: str) -> str | None:
        """The newest day, up to `today`, that is worth opening with; None in an empty catalogue."""
        with self._store.read() as connection:
            return editions.latest_day(connection, today)

    def days(self) -> int:
        """How many days have papers."""
        with self._store.read() as connection:
            return editions.days(connection)

    def last_import(self) -> str | None:
        """When something was last imported."""
        with self._store.read() as connection:
            return imports.last(connection)

    # Keeping.

    def verify(self, *, full: bool) -> list[Finding]:
        """Looks for damage. `full` also reads every paper and makes all that is derived from it again."""
        return verify(self._store, full=full)

    def checkpoint(self) -> None:
        """Brings the database file up to date and empties its log."""
        self._store.checkpoint()

    def bytes(self) -> int:
        """What the catalogue takes on the disk."""
        return self._store.bytes()


def _counted(run: ImportRun, outcomes: Sequence[Outcome], position: int) -> ImportRun:
    states = [outcome.state for outcome in outcomes]
    return replace(
        run,
        position=position,
        new=run.new + states.count("new"),
        changed=run.changed + states.count("changed"),
        unchanged=run.unchanged + states.count("unchanged"),
        merged=run.merged + sum(outcome.merged for outcome in outcomes),
    )
