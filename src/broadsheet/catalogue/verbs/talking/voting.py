"""Verbs of votes for papers."""

from collections.abc import Collection, Sequence
from datetime import datetime

from broadsheet.catalogue import papers, people, tallies, voices, votes
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.log import present
from broadsheet.catalogue.tallies import Spend
from broadsheet.catalogue.verbs.opened import Opened
from broadsheet.types import Person, Vote


class Voting(Opened):
    """Votes."""

    def vote(self, key: str, who: int, *, up: bool, group: str, at: datetime, spend: Spend | None) -> Vote:
        """Votes for a paper, or takes the vote back, and says how it stands. Raises NotFound, Forbidden, TooMany."""
        with self._store.write() as tx:
            tallies.spend(tx, spend)
            circle, number = voices.speaking(tx, who, group), papers.number_of(tx, key)
            count = votes.cast(tx, number, circle, who, up=up, at=stamp(at))
            return Vote(papers.key_of(tx, number), count, up)

    def votes(self, keys: Sequence[str], who: int, *, group: str) -> dict[str, Vote]:
        """How papers stand, by the keys that they are asked for with; unknown ones are left out. Raises NotFound."""
        with self._store.read() as connection:
            circle = voices.place(connection, who, group)
            return votes.standing(connection, papers.numbers_of(connection, keys), circle, who)

    def voters(self, key: str, limit: int) -> list[Person]:
        """Who voted for a paper and shows it, the first first. Raises NotFound."""
        with self._store.read() as connection:
            return votes.voters(connection, papers.number_of(connection, key), limit)

    def voted(self, name: str, *, limit: int, offset: int) -> tuple[bool, list[int]]:
        """Whether somebody shows their votes, and the papers that they voted for, the latest first. Raises NotFound."""
        with self._store.read() as connection:
            found = people.named(connection, name)
            numbers = votes.voted(connection, found.number, limit, offset)
            shown = people.mine(connection, found.number).show_votes
            return shown, list(dict.fromkeys(present(connection, number) for number in numbers))

    def names_here(self, names: Collection[str]) -> frozenset[str]:
        """Those of these names that belong to people who are here."""
        with self._store.read() as connection:
            return frozenset(voices.named(connection, names))
