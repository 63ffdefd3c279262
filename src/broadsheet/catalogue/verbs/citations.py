"""Verbs of what cites what."""

from collections.abc import Sequence

from broadsheet.catalogue import citations, papers
from broadsheet.catalogue.verbs.opened import Opened
from broadsheet.types import Citing, Work


class Citations(Opened):
    """What the catalogue knows of citations."""

    def put_citations(self, said: Sequence[Citing]) -> int:
        """Keeps what sources say cites what, and says of how many lists' papers it knows.

        A subject is `Identifier("key", paper.id)`.
        """
        if not said:
            return 0
        with self._store.write() as tx:
            return citations.put(tx, said)

    def citations(self, key: str, *, cites: bool) -> tuple[list[int], list[Work], int]:
        """What a paper cites, or what cites it: numbers of papers that are here, other works, and how many in all.

        Raises NotFound.
        """
        with self._store.read() as connection:
            found, works, total = citations.around(connection, papers.number_of(connection, key), cites=cites)
        return sorted(found), works, max(total, len(found))
