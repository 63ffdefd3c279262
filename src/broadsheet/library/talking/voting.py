"""Votes for papers."""

from collections.abc import Sequence

from broadsheet.library.talking.speaking import Speaking
from broadsheet.types import ANYONE, Actor, Paper, Person, Vote


class Voting(Speaking):
    """One vote a person, paper and group; what is so already stays so, so that a vote sent twice counts once."""

    def vote(self, actor: Actor, key: str, *, up: bool = True, group: str = "") -> Vote:
        """Votes for a paper, or takes the vote back, and says how it stands. Raises NotFound, TooMany.

        When this returns, the vote and the paper's count are on the disk.
        """
        who = self._speaker(actor, "vote", group)
        now, spend = self._clock(), self._spend(actor, "vote")
        return self.catalogue.vote(key, who, up=up, group=group, at=now, spend=spend)

    def votes(self, keys: Sequence[str], actor: Actor = ANYONE, *, group: str = "") -> dict[str, Vote]:
        """How papers stand, by the keys that they are asked for with; papers that are not here are left out."""
        return self.catalogue.votes(keys, self._reader(actor, group), group=group)

    def voters(self, key: str, limit: int = 50) -> list[Person]:
        """Who voted for a paper and shows it, the first first. Raises NotFound."""
        return self.catalogue.voters(key, limit)

    def voted(self, name: str, *, actor: Actor = ANYONE, limit: int = 20, offset: int = 0) -> list[Paper]:
        """The papers that somebody voted for, the latest first: for themselves, and for all if they show it.

        Raises NotFound.
        """
        shown, numbers = self.catalogue.voted(name, limit=limit, offset=offset)
        mine = actor.person != 0 and actor.name == name
        return self.catalogue.papers(numbers) if shown or mine else []
