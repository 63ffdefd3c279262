"""Claims: somebody says to be an author of a paper."""

from collections.abc import Sequence
from typing import Any

from broadsheet import ids
from broadsheet.errors import Refused
from broadsheet.ids.people import orcid as orcid_of
from broadsheet.library.talking.speaking import Speaking, reason
from broadsheet.permissions import may, require
from broadsheet.types import ANYONE, Actor, Author, Authorship, Paper


class Claiming(Speaking):
    """Claims are confirmed at once on a ground that the administrator trusts; others wait for an administrator.

    Grounds are an account's address at one of `Rules.claim_domains`, and an ORCID iD that an administrator gave to the
    account and that the paper's record gives for the author.
    """

    def claim(self, actor: Actor, key: str, author: str) -> Authorship:
        """Claims to be the author of this name of a paper. Raises NotFound, Refused, Conflict."""
        who = self._speaker(actor, "claim")
        paper = self.catalogue.paper(key)
        named = _author(paper, author)
        self.catalogue.claim_paper(
            key,
            who,
            author=named.name,
            how=self._ground(who, key, named),
            at=self._clock(),
            spend=self._spend(actor, "claim"),
        )
        return next(one for one in self._claims(self.catalogue.claims_on(key)) if one.person.number == who)

    def withdraw_claim(self, actor: Actor, key: str) -> None:
        """Takes one's claim back. Raises NotFound."""
        self.catalogue.withdraw_claim(key, self._speaker(actor, "claim"))

    def claims(self, name: str, *, actor: Actor = ANYONE) -> list[Authorship]:
        """The papers that somebody wrote, the latest claim first. Raises NotFound.

        They themselves and administrators also see claims that wait and that were refused.
        """
        found = self._claims(self.catalogue.claims_of(name))
        every = (actor.person != 0 and actor.name == name) or may(actor, "decide claim")
        return [one for one in found if every or one.state == "confirmed"]

    def claims_on(self, key: str, *, actor: Actor = ANYONE) -> list[Authorship]:
        """The authors of a paper who are here. Who claims it also sees their own claim. Raises NotFound."""
        found = self._claims(self.catalogue.claims_on(key))
        return [one for one in found if one.state == "confirmed" or one.person.number == actor.person]

    def asked_claims(self, actor: Actor) -> list[Authorship]:
        """The claims that an administrator must decide, the longest-waiting first."""
        require(actor, "decide claim")
        return self._claims(self.catalogue.asked_claims())

    def decide_claim(self, actor: Actor, key: str, name: str, *, yes: bool, reason: str = "") -> None:
        """Confirms somebody's claim, or refuses it with a reason; also one that was decided before. Raises NotFound."""
        require(actor, "decide claim")
        said = _reason(reason) if reason.strip() or not yes else ""
        self.catalogue.decide_claim(key, name, yes=yes, reason=said, by=actor.person, at=self._clock())

    def _ground(self, who: int, key: str, author: Author) -> str:
        """On what ground a claim is confirmed at once; "" where there is none."""
        orcid = self.catalogue.persons([who])[who].orcid
        if orcid and author.orcid and orcid_of(author.orcid) == orcid:
            return f"ORCID {orcid}"
        domain = self.catalogue.email(who).rpartition("@")[2]
        trusted = any(domain == one or domain.endswith(f".{one}") for one in self.rules.claim_domains)
        # An address says where somebody is, not who: it gives nobody an author whom somebody else is already.
        taken = any(
            row.author == author.name and row.person != who and row.state == "confirmed"
            for row in self.catalogue.claims_on(key)
        )
        return f"an address at {domain}" if domain and trusted and not taken else ""

    def _claims(self, rows: Sequence[Any]) -> list[Authorship]:
        papers = self._papers_of({row.paper for row in rows})
        people = self._people({row.person for row in rows})
        return [
            Authorship(papers[row.paper], people[row.person], row.author, row.state, row.how, row.at, row.decided)
            for row in rows
            if row.paper in papers and row.person in people
        ]


_reason = reason


def _author(paper: Paper, named: str) -> Author:
    """The author of a paper whom a name means. Raises Refused."""
    wanted = ids.author_key(named)
    for one in paper.authors:
        if one.name == named or (wanted and ids.author_key(one.name) == wanted):
            return one
    raise Refused(f"The record of this paper names no author {named[:60]!r}: choose one of those whom it names.")
