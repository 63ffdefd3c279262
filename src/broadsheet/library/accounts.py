"""Verbs of accounts: who people are, who may come, what one has here, and leaving."""

import unicodedata
from datetime import timedelta
from typing import Any

from broadsheet.credentials import hashed, new_secret
from broadsheet.errors import Forbidden, Refused
from broadsheet.ids import people
from broadsheet.library import limits
from broadsheet.library.entering import Entering, a_name, a_typed_name, actor_of, mine
from broadsheet.permissions import require
from broadsheet.types import OWNER, Actor, Allowance, Invitation, Mine, NoticeKind, Person, Role

LONGEST_SHOWN, LONGEST_ABOUT, LONGEST_REASON = 80, 2_000, 1_000  # characters
LONGEST_INVITATION, MOST_USES = 365, 1_000  # days, people
# What turns the order of the letters after it around.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Accounts(Entering):
    """Accounts and the ways into them."""

    # One's own.

    def me(self, actor: Actor) -> Mine:
        """One's account, with what only its owner sees."""
        return self.catalogue.mine(mine(actor))

    def change_me(
        self,
        actor: Actor,
        *,
        name: str | None = None,
        shown: str | None = None,
        about: str | None = None,
        show_votes: bool | None = None,
        notify: frozenset[NoticeKind] | None = None,
    ) -> None:
        """Changes one's account; None leaves something as it is. Raises Refused, Conflict (the name is taken)."""
        person = mine(actor)
        facts: dict[str, str] = {}
        if name is not None and name.strip().lower() != self.catalogue.mine(person).person.name:
            facts["name"] = a_name(name)
        if shown is not None:
            facts["shown"] = _within(people.shown_name(shown), LONGEST_SHOWN, "The name that pages print")
        if about is not None:
            facts["about"] = _within(_prose(about), LONGEST_ABOUT, "What you say about yourself")
        self.catalogue.change_person(person, facts, show_votes=show_votes, notify=notify)

    def allowance(self, actor: Actor, kind: str) -> Allowance | None:
        """How often `actor` may still do something; None where nothing limits it.

        Of what passers-by do, and of all attempts to sign in, it is what their address on the network has left: to say
        it of an account would tell who has one.
        """
        spend = self._spend(actor, kind)
        if actor.role is None or (spend is not None and kind in limits.ENTERING):
            spend = limits.spend(self.rules.limits[kind], kind, self._clock(), address=actor.address)
        return self.catalogue.allowance(spend) if spend is not None else None

    def export_me(self, actor: Actor) -> dict[str, Any]:
        """All that one gave to this place, as values that JSON knows."""
        return self.catalogue.export(mine(actor))

    def leave(self, actor: Actor) -> None:
        """Ends one's account: personal data goes, votes too, and counts follow; comments stay under nobody's name.

        Groups that one ran go to their longest-standing member; those that nobody else is in are forgotten. Raises
        Conflict for the only administrator of others.
        """
        self.catalogue.leave(mine(actor), at=self._clock())

    def acting_as(self, actor: Actor, name: str) -> Actor:
        """Somebody's account in the hands of who sits at the machine; nobody else may. Raises Forbidden, NotFound."""
        if actor != OWNER:
            raise Forbidden("Only at the command line can one act for somebody else.")
        return actor_of(self.person(name))

    # People.

    def person(self, name: str) -> Person:
        """Somebody who is here, by name. Raises NotFound."""
        return self.catalogue.person(a_typed_name(name))

    def people(self, actor: Actor, query: str = "", *, limit: int = 50, offset: int = 0) -> list[Person]:
        """Accounts by name; with a query those whose names or e-mail address hold it."""
        require(actor, "people", mine=False)
        return self.catalogue.people(people.shown_name(query)[:200], limit=max(0, limit), offset=max(0, offset))

    def set_role(self, actor: Actor, name: str, role: Role, reason: str) -> None:
        """Gives somebody a role, and logs it with its reason. Raises NotFound, Refused, Conflict."""
        require(actor, "people", mine=False)
        said = _within(_prose(reason), LONGEST_REASON, "The reason")
        self.catalogue.set_role(self.person(name).name, role, by=actor.person or None, reason=said, at=self._clock())

    def set_orcid(self, actor: Actor, name: str, orcid: str) -> None:
        """Says which ORCID iD somebody has; empty is none. Logged. Raises NotFound, and Refused for what is none."""
        require(actor, "people", mine=False)
        found = people.orcid(orcid) if orcid.strip() else None
        if orcid.strip() and found is None:
            raise Refused(f"{orcid[:60]!r} is no ORCID iD; one is written like 0000-0002-1825-0097.")
        self.catalogue.set_orcid(self.person(name).name, found, by=actor.person or None, at=self._clock())

    # Invitations.

    def invite(
        self, actor: Actor, *, role: Role = Role.READER, note: str = "", days: int = 14, uses: int = 1
    ) -> tuple[Invitation, str]:
        """Makes an invitation: how it is listed, and its secret, which is known only now. Raises Refused, TooMany."""
        require(actor, "invite", mine=False)
        if not 1 <= days <= LONGEST_INVITATION:
            raise Refused(f"An invitation is good for 1 to {LONGEST_INVITATION} days.")
        if not 1 <= uses <= MOST_USES:
            raise Refused(f"An invitation lets in 1 to {MOST_USES:,} people.")
        now, secret = self._clock(), new_secret()
        made = self.catalogue.invite(
            actor.person or None,
            hashed(secret),
            role=role,
            note=_within(people.shown_name(note), 200, "The note"),
            at=now,
            until=now + timedelta(days=days),
            uses=uses,
            spend=self._spend(actor, "invite"),
        )
        return made, secret

    def invitations(self, actor: Actor) -> list[Invitation]:
        """The invitations that are still good, the newest first."""
        require(actor, "invite", mine=False)
        return self.catalogue.invitations(at=self._clock())

    def withdraw_invitation(self, actor: Actor, number: int) -> None:
        """Withdraws an invitation. Raises NotFound."""
        require(actor, "invite", mine=False)
        self.catalogue.withdraw_invitation(number)


def _within(text: str, most: int, what: str) -> str:
    if len(text) > most:
        raise Refused(f"{what} is too long: {most:,} characters at most, and there are {len(text):,}.")
    return text


def _prose(text: str) -> str:
    """Text of several lines, composed, without control characters and without what turns its order around."""
    lines = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        letter
        for letter in lines
        if letter in "\n\t" or (unicodedata.category(letter) not in {"Cc", "Cs"} and letter not in _TURNS)
    ).strip()
