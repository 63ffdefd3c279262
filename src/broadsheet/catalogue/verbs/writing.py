"""Verbs of what language models wrote about papers."""

from datetime import datetime

from broadsheet.catalogue import written
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.verbs.opened import Opened
from broadsheet.types import Written


class Writing(Opened):
    """What the catalogue keeps of language models' words."""

    def written(self, paper: int, *, tried: bool = False) -> Written | None:
        """The newest that a model wrote about a paper; with `tried`, the newest time it was asked, whatever came."""
        with self._store.read() as connection:
            return written.of(connection, paper, tried=tried)

    def write_down(self, one: Written, *, at: datetime) -> None:
        """Keeps what a model wrote about a paper, or how it failed."""
        with self._store.write() as tx:
            written.keep(tx, one, at=stamp(at))

    def asked_to_write(self, *, since: datetime) -> int:
        """How often a model was asked for something since an instant, failures among them."""
        with self._store.read() as connection:
            return written.asked(connection, since=stamp(since))
