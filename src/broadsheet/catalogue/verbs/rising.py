"""Verbs of trending: counts by day."""

from collections.abc import Mapping, Sequence

from broadsheet.catalogue import papers, rising, signals
from broadsheet.catalogue.rising import Looks, Mark
from broadsheet.catalogue.verbs.opened import Opened
from broadsheet.types import SignalRow


class Rising(Opened):
    """What the catalogue knows of trending: counts by day."""

    def add_reads(self, day: str, reads: Mapping[int, int]) -> None:
        """Adds to how often papers, by their numbers, were read here on a day."""
        with self._store.write() as tx:
            signals.add_reads(tx, day, reads)

    def looks(self, first: str, last: str, *, begin: str) -> Looks:
        """The looks at totals in these days that may show something new, of papers that are not deleted.

        First looks elsewhere at papers from before the day `begin` are left out.
        """
        with self._store.read() as connection:
            return rising.looks(connection, first, last, begin)

    def categories_of(self, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """The categories of papers, by their numbers."""
        with self._store.read() as connection:
            return rising.categories(connection, numbers)

    def mark(self, day: str) -> Mark:
        """How far the catalogue is, for who keeps what it read of the days until `day`."""
        with self._store.read() as connection:
            return rising.mark(connection, day)

    def moved_since(self, sequence: int, first: str, last: str) -> bool:
        """Whether a paper changed, after a change of this number, for which something was counted in these days."""
        with self._store.read() as connection:
            return rising.moved_since(connection, sequence, first, last)

    def signal_rows(
        self, after: int, stretch: int, *, since: str, until: str, categories: Sequence[str] = ()
    ) -> tuple[list[SignalRow], int | None]:
        """The counts of papers whose numbers are the next `stretch` after one, and where to go on; None at the end."""
        with self._store.read() as connection:
            return rising.rows(connection, after, stretch, since=since, until=until, categories=categories)

    def signal_history(self, key: str) -> list[SignalRow]:
        """All counts of a paper and those joined to it, by kind, source and day. Raises NotFound."""
        with self._store.read() as connection:
            return rising.history(connection, papers.number_of(connection, key))
