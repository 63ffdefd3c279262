"""Verbs of notices, and of following papers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from broadsheet.catalogue import notices, papers, voices
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.verbs.opened import Opened


class Noticing(Opened):
    """Notices, as rows of their table."""

    def notices(self, who: int, *, unread: bool, limit: int, before: int | None) -> Sequence[Any]:
        """Somebody's notices, the newest first."""
        with self._store.read() as connection:
            return notices.listed(connection, who, unread=unread, limit=limit, before=before)

    def unread(self, who: int) -> int:
        """How many notices somebody has not read."""
        with self._store.read() as connection:
            return notices.unread(connection, who)

    def mark_read(self, who: int, numbers: Sequence[int] | None, *, at: datetime) -> None:
        """Marks notices as read; None means all."""
        with self._store.write() as tx:
            notices.read(tx, who, numbers, stamp(at))

    def tell_versions(self, *, at: datetime) -> int:
        """Tells followers of the next new versions; 0 when there are no more."""
        with self._store.write() as tx:
            return notices.tell_versions(tx, stamp(at))

    def follow_paper(self, key: str, who: int, *, on: bool, at: datetime) -> None:
        """Follows a paper, or does so no longer. Raises NotFound, Forbidden."""
        with self._store.write() as tx:
            voices.speaking(tx, who)
            notices.follow_paper(tx, papers.number_of(tx, key), who, on=on, at=stamp(at))

    def follows(self, key: str, who: int) -> bool:
        """Whether somebody follows a paper. Raises NotFound."""
        with self._store.read() as connection:
            return notices.follows(connection, papers.number_of(connection, key), who)

    def followed(self, who: int) -> list[int]:
        """The papers that somebody follows, the latest first."""
        with self._store.read() as connection:
            return notices.followed(connection, who)
