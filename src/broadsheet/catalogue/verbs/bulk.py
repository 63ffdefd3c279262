"""Verbs of all papers at once: what files of the catalogue are made of."""

from broadsheet.catalogue import bulk
from broadsheet.catalogue.verbs.opened import Opened
from broadsheet.types import Stretch, Whole


class Bulk(Opened):
    """The catalogue in stretches."""

    def bulk_stretches(self) -> list[Stretch]:
        """The catalogue in stretches of 50,000 numbers of papers, each with a mark of its last change."""
        with self._store.read() as connection:
            return bulk.stretches(connection)

    def bulk_papers(self, stretch: int, after: int, limit: int) -> list[Whole]:
        """The first papers of a stretch with a number after this one, without deleted ones."""
        with self._store.read() as connection:
            first = stretch * bulk.STRETCH
            return bulk.wholes(connection, max(after, first - 1), first + bulk.STRETCH - 1, limit)
