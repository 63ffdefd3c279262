"""Verbs of papers: taken in and read, joined and split, what happened to them, and what was counted."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from broadsheet.catalogue import (
    events,
    harvesting,
    imports,
    intake,
    listing,
    log,
    lookups,
    merges,
    papers,
    signals,
    syncs,
)
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.imports import ImportRun
from broadsheet.catalogue.intake import Outcome
from broadsheet.catalogue.log import Change
from broadsheet.catalogue.verbs.opened import Opened
from broadsheet.types import (
    Counted,
    Deletion,
    Event,
    EventKind,
    Harvested,
    Merge,
    Paper,
    Provenance,
    Record,
    Signal,
    Sync,
)


class Papers(Opened):
    """What the catalogue does with papers."""

    # Writing.

    def put(
        self,
        records: Sequence[Record | Deletion],
        *,
        at: datetime,
        run: ImportRun | None = None,
        position: int = 0,
        sync: Sync | None = None,
        cursor: str = "",
    ) -> list[Outcome]:
        """Takes in a batch of records, in one transaction, and says of each in order what became of it.

        With a `run` its position and counts are part of the transaction, with a `sync` its cursor and counts; both
        are brought up to date once it is committed.
        """
        batch = intake.encoded(records)
        news: list[tuple[ImportRun | Sync, dict[str, Any]]] = []
        with self._store.write() as tx:
            outcomes = intake.take_in(tx, batch, stamp(at)) if batch else []
            if run is not None:
                news.append((run, imports.advance(tx, run, outcomes, position=position, at=stamp(at))))
            if sync is not None:
                news.append((sync, syncs.advance(tx, sync, outcomes, cursor=cursor, at=stamp(at))))
        for one, facts in news:
            for name, value in facts.items():
                setattr(one, name, value)
        return outcomes

    def merge(self, keep: str, other: str, *, reason: str, at: datetime) -> Merge:
        """Joins two papers by hand, even two that were split before. Raises NotFound, Conflict."""
        with self._store.write() as tx:
            return merges.merge(tx, keep, other, reason=reason, at=stamp(at))

    def split(self, number: int, *, at: datetime) -> None:
        """Undoes the merge with this number and keeps the two apart from now on. Raises NotFound, Conflict."""
        with self._store.write() as tx:
            merges.split(tx, number, at=stamp(at))

    def put_signals(self, counted: Sequence[Signal]) -> int:
        """Keeps what was counted, once a day, paper, source and kind, and says how many it had a paper for.

        A subject may be any identifier of a paper, or `Identifier("key", paper.id)`. Signals of unknown papers are
        left aside.
        """
        with self._store.write() as tx:
            return signals.put(tx, counted)

    def looked_up(self, source: str, numbers: Sequence[int], *, at: datetime) -> None:
        """Notes that a source was asked about these papers, whatever it answered."""
        with self._store.write() as tx:
            lookups.looked_up(tx, source, numbers, at=stamp(at))

    # Reading.

    def paper(self, key: str) -> Paper:
        """The paper that a key means, in any spelling of any of its identifiers, former keys too. Raises NotFound."""
        with self._store.read() as connection:
            return papers.papers(connection, [papers.number_of(connection, key)])[0]

    def papers(self, numbers: Sequence[int]) -> list[Paper]:
        """The papers with these numbers, in this order, deleted ones too; those that are no more are left out."""
        with self._store.read() as connection:
            return papers.papers(connection, numbers)

    def titles(self, numbers: Sequence[int]) -> dict[int, str]:
        """The titles of the papers with these numbers, in this order: quicker than `papers`."""
        with self._store.read() as connection:
            return papers.titles(connection, numbers)

    def texts(self, numbers: Sequence[int]) -> Iterator[tuple[int, str, str]]:
        """Numbers, titles, and all words of papers with their titles, a row for each source: quicker than `papers`."""
        with self._store.read() as connection:
            yield from papers.texts(connection, numbers)

    def named(self, keys: Sequence[str]) -> list[Paper | None]:
        """What `paper` finds for each key; None where there is none."""
        with self._store.read() as connection:
            return listing.named(connection, keys)

    def listing(self, after: str, limit: int) -> tuple[list[Paper], str]:
        """The papers after a cursor, the newest day first, without deleted ones, and the cursor to go on after.

        "" is the cursor of the beginning, and of the end. Raises Refused for one that was not given out here.
        """
        with self._store.read() as connection:
            return listing.after(connection, after, limit)

    def harvest(
        self, since: str, until: str, *, categories: Sequence[str] = (), place: str = "", limit: int
    ) -> list[Harvested]:
        """The papers that changed between two instants, the longest ago first, from a place on. Raises Refused."""
        with self._store.read() as connection:
            return harvesting.after(connection, since, until, categories=categories, place=place, limit=limit)

    def harvested(self, since: str, until: str, *, categories: Sequence[str] = ()) -> int:
        """How many papers `harvest` gives in all."""
        with self._store.read() as connection:
            return harvesting.count(connection, since, until, categories)

    def changed(self, key: str) -> str:
        """The instant at which a paper last changed. Raises NotFound."""
        with self._store.read() as connection:
            return harvesting.changed(connection, papers.number_of(connection, key))

    def earliest_change(self) -> str | None:
        """When the paper that has not changed for longest did so; None in an empty catalogue."""
        with self._store.read() as connection:
            return harvesting.earliest(connection)

    def stretches(self) -> list[tuple[int, str]]:
        """The catalogue in stretches of equal size: a stretch's number and its newest change."""
        with self._store.read() as connection:
            return listing.stretches(connection)

    def stretch_of(self, number: int) -> list[tuple[str, str]]:
        """Key and last change of the papers in a stretch, without deleted ones."""
        with self._store.read() as connection:
            return listing.stretch_of(connection, number)

    def title_matches(self, key: str) -> list[Paper]:
        """The papers whose title folds to this (`ids.title_key`), without deleted ones."""
        with self._store.read() as connection:
            return papers.titled(connection, key)

    def count(self) -> int:
        """How many papers there are, without deleted ones."""
        with self._store.read() as connection:
            return papers.count(connection)

    def changes(self, after: int, limit: int) -> list[Change]:
        """The oldest changes after a sequence, each paper at its last change only."""
        with self._store.read() as connection:
            return log.changes(connection, after, limit)

    def last_change(self) -> int:
        """The sequence of the last change; 0 before the first. Every search asks: the file is read if it changed."""
        signature = self._store.signature()
        known, last = self._last
        if not signature or signature != known:
            with self._store.read() as connection:
                last = log.last_change(connection)
            self._last = signature, last
        return last

    def provenance(self, key: str) -> Provenance:
        """Where each fact of a paper came from, when it changed, and what was merged. Raises NotFound."""
        with self._store.read() as connection:
            return log.provenance(connection, papers.number_of(connection, key))

    def events(self, key: str) -> list[Event]:
        """What happened to a paper since it was first known, the newest first. Raises NotFound."""
        with self._store.read() as connection:
            return events.of_paper(connection, papers.number_of(connection, key))

    def events_after(self, number: int, limit: int, *, kinds: Collection[EventKind] = ()) -> list[Event]:
        """The oldest events after an event's number, of any of these kinds; no kinds means all."""
        with self._store.read() as connection:
            return events.after(connection, number, limit, kinds)

    def signals(self, key: str, *, kind: str | None = None) -> list[Counted]:
        """What was counted for a paper, the oldest day first. Raises NotFound."""
        with self._store.read() as connection:
            return signals.of_paper(connection, papers.number_of(connection, key), kind)

    def due(self, source: str, *, limit: int, now: datetime, older_than_days: float) -> list[int]:
        """Numbers of the papers that a source should be asked about next.

        First those that it was never asked about, the newest day first; then those that it was asked about more than
        so many days ago, the longest ago first. Deleted papers and papers without any identifier are left out.
        """
        before = stamp(now - timedelta(days=older_than_days))
        with self._store.read() as connection:
            return lookups.due(connection, source, limit=limit, before=before)
