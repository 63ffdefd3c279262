"""Verbs of accounts, sessions, tokens, tickets, invitations, tallies.

Secrets come as hashes (`credentials.hashed`): the catalogue never sees one.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from broadsheet.catalogue import (
    entering,
    exporting,
    invitations,
    leaving,
    passkeys,
    people,
    sessions,
    tallies,
    tickets,
    tokens,
)
from broadsheet.catalogue.codec import stamp
from broadsheet.catalogue.entering import Asked, Came, Fresh
from broadsheet.catalogue.passkeys import Key
from broadsheet.catalogue.sessions import Known
from broadsheet.catalogue.tallies import Spend
from broadsheet.catalogue.tickets import Ticket
from broadsheet.catalogue.verbs.opened import Opened
from broadsheet.types import Allowance, Invitation, Mine, NoticeKind, Passkey, Person, Role, Scope, Session, Token


class Accounts(Opened):
    """What the catalogue knows of accounts, sessions, tokens, tickets, invitations, tallies."""

    # Limits.

    def spend(self, spend: Spend | None) -> None:
        """Counts an act that writes nothing else (an attempt). Raises TooMany."""
        if spend is not None:
            with self._store.write() as tx:
                tallies.spend(tx, spend)

    def allowance(self, spend: Spend) -> Allowance:
        """What is left of the budgets of an act."""
        with self._store.read() as connection:
            return tallies.allowance(connection, spend)

    # Coming in.

    def ask_link(
        self,
        email: str,
        secret: str,
        *,
        browser: str,
        invitation: str,
        anybody: bool,
        at: datetime,
        until: datetime,
        spend: Spend | None = None,
    ) -> Asked:
        """Issues a ticket to sign in, the same way for everybody. Raises TooMany."""
        with self._store.write() as tx:
            tallies.spend(tx, spend)
            how = {"browser": browser, "invitation": invitation, "at": stamp(at), "expires": stamp(until)}
            return entering.ask(tx, email, secret, anybody=anybody, **how)

    def ask_new_email(
        self, who: int, email: str, secret: str, *, browser: str, at: datetime, until: datetime, spend: Spend | None
    ) -> bool:
        """Issues a ticket that changes an account's address. False where somebody has it. Raises TooMany."""
        with self._store.write() as tx:
            tallies.spend(tx, spend)
            when = {"at": stamp(at), "expires": stamp(until)}
            return entering.ask_new_email(tx, who, email, secret, browser=browser, **when)

    def link_email(self, secret: str, *, at: datetime) -> str | None:
        """The address that a link was sent to, if it is still good."""
        with self._store.read() as connection:
            return entering.address(connection, secret, stamp(at))

    def use_link(self, secret: str, fresh: Fresh, *, browser: str, name: str, anybody: bool, at: datetime) -> Came:
        """Uses a link up: a session begins, and an account where there is none. Raises Refused, Conflict."""
        with self._store.write() as tx:
            return entering.use(tx, secret, fresh, browser=browser, name=name, anybody=anybody, at=stamp(at))

    def issue(self, secret: str, ticket: Ticket, *, at: datetime, until: datetime, spend: Spend | None) -> None:
        """Issues a ticket that is bound to no browser. Raises TooMany."""
        with self._store.write() as tx:
            tallies.spend(tx, spend)
            tickets.issue(tx, secret, ticket, browser="", at=stamp(at), expires=stamp(until))

    def use_ticket(self, secret: str, purpose: str, *, at: datetime) -> Ticket:
        """Uses such a ticket up. Raises Refused."""
        with self._store.write() as tx:
            return tickets.use(tx, secret, browser="", at=stamp(at), purposes={purpose})

    # Sessions.

    def session(self, secret: str, *, at: datetime, seen_since: datetime) -> Known | None:
        """The session with this secret, if it has not ended."""
        with self._store.read() as connection:
            return sessions.find(connection, secret, at=stamp(at), seen_since=stamp(seen_since))

    def begin_session(self, who: int, fresh: Fresh, *, at: datetime) -> int:
        """Signs a browser in. Returns the session's number."""
        with self._store.write() as tx:
            return entering.begin(tx, who, fresh, stamp(at))

    def touch(self, kind: str, number: int, *, at: datetime) -> None:
        """Notes that a "session" or a "token" was used."""
        with self._store.write() as tx:
            (sessions if kind == "session" else tokens).touch(tx, number, stamp(at))

    def sessions(self, who: int, here: int, *, at: datetime, seen_since: datetime) -> list[Session]:
        """Somebody's sessions, the last seen first."""
        with self._store.read() as connection:
            return sessions.listed(connection, who, here, at=stamp(at), seen_since=stamp(seen_since))

    def end_session(self, who: int, number: int) -> None:
        """Ends one of somebody's sessions. Raises NotFound, for somebody else's too."""
        with self._store.write() as tx:
            sessions.end(tx, who, number)

    def end_other_sessions(self, who: int, here: int) -> int:
        """Ends all of somebody's sessions but one. Returns how many."""
        with self._store.write() as tx:
            return sessions.end_others(tx, who, here)

    # Passkeys.

    def add_passkey(self, who: int, credential: str, key: str, uses: int, *, name: str, at: datetime) -> Passkey:
        """Adds a passkey. Raises Conflict, Refused."""
        with self._store.write() as tx:
            return passkeys.add(tx, who, credential, key, uses, name=name, at=stamp(at))

    def passkey(self, credential: str) -> Key | None:
        """The passkey that names itself so."""
        with self._store.read() as connection:
            return passkeys.find(connection, credential)

    def credentials(self, who: int) -> list[str]:
        """The names that somebody's passkeys have for themselves."""
        with self._store.read() as connection:
            return passkeys.credentials(connection, who)

    def use_passkey(self, key: Key, uses: int, fresh: Fresh, *, at: datetime) -> int:
        """Signs in by a passkey that was verified, and keeps its counter."""
        with self._store.write() as tx:
            passkeys.used(tx, key.number, uses, stamp(at))
            return entering.begin(tx, key.person.number, fresh, stamp(at))

    def passkeys(self, who: int) -> list[Passkey]:
        """Somebody's passkeys."""
        with self._store.read() as connection:
            return passkeys.listed(connection, who)

    def remove_passkey(self, who: int, number: int) -> None:
        """Removes one of somebody's passkeys. Raises NotFound, for somebody else's too."""
        with self._store.write() as tx:
            passkeys.remove(tx, who, number)

    # Tokens.

    def add_token(
        self,
        who: int,
        secret: str,
        start: str,
        *,
        name: str,
        scopes: frozenset[Scope],
        at: datetime,
        until: datetime | None,
    ) -> Token:
        """Makes a token. Raises Refused."""
        with self._store.write() as tx:
            expires = stamp(until) if until else None
            return tokens.add(tx, who, secret, start, name=name, scopes=scopes, at=stamp(at), expires=expires)

    def token(self, secret: str, *, at: datetime) -> tuple[Known, frozenset[Scope]] | None:
        """The token with this secret, if it has not expired, and its scopes."""
        with self._store.read() as connection:
            known = tokens.find(connection, secret, at=stamp(at))
            return known and (known, tokens.scopes(known.scopes))

    def tokens(self, who: int) -> list[Token]:
        """Somebody's tokens, the newest first."""
        with self._store.read() as connection:
            return tokens.listed(connection, who)

    def end_token(self, who: int, number: int) -> None:
        """Ends one of somebody's tokens. Raises NotFound, for somebody else's too."""
        with self._store.write() as tx:
            tokens.end(tx, who, number)

    # People.

    def owner(self, *, at: datetime) -> Person:
        """Whom the one person at this machine is: the first administrator, who is made where there is none."""
        with self._store.read() as connection:
            known = people.owner(connection)
        if known is not None:
            return known
        with self._store.write() as tx:
            found = people.owner(tx)
            if found is None:
                free = people.is_free(tx, "owner")
                at_last = people.add(
                    tx, name="owner" if free else "", email=None, role=Role.ADMINISTRATOR, at=stamp(at)
                )
                found = people.numbered(tx, at_last)
            return found

    def person(self, name: str) -> Person:
        """The account with a name. Raises NotFound."""
        with self._store.read() as connection:
            return people.named(connection, name)

    def persons(self, numbers: Iterable[int]) -> dict[int, Person]:
        """Accounts by number, those that have left among them."""
        with self._store.read() as connection:
            return people.by_numbers(connection, numbers)

    def people(self, query: str, *, limit: int, offset: int) -> list[Person]:
        """Accounts by name."""
        with self._store.read() as connection:
            return people.listed(connection, query, limit, offset)

    def password(self, typed: str) -> tuple[Person, str | None] | None:
        """The account with this name or address, and its password's hash."""
        with self._store.read() as connection:
            return people.secrets_of(connection, typed)

    def mine(self, who: int) -> Mine:
        """An account as its owner sees it. Raises NotFound."""
        with self._store.read() as connection:
            return people.mine(connection, who)

    def change_person(
        self,
        who: int,
        facts: Mapping[str, Any],
        *,
        show_votes: bool | None = None,
        notify: frozenset[NoticeKind] | None = None,
    ) -> None:
        """Changes facts (columns of `person`) and preferences. Raises Conflict for a name that is taken."""
        with self._store.write() as tx:
            people.numbered(tx, who)
            people.change(tx, who, facts)
            people.prefer(tx, who, show_votes=show_votes, notify=notify)

    def feed_keys(self, who: int) -> int:
        """How often somebody had the keys of their feeds made anew. Raises NotFound."""
        with self._store.read() as connection:
            return people.feed_keys(connection, who)

    def new_feed_keys(self, who: int) -> None:
        """Ends the keys of somebody's feeds. Raises NotFound."""
        with self._store.write() as tx:
            people.new_feed_keys(tx, who)

    def set_orcid(self, name: str, orcid: str | None, *, by: int | None, at: datetime) -> None:
        """Says which ORCID iD somebody has, None for none, and logs it. Raises NotFound."""
        with self._store.write() as tx:
            people.set_orcid(tx, name, orcid, by=by, at=stamp(at))

    def set_role(self, name: str, role: Role, *, by: int | None, reason: str, at: datetime) -> None:
        """Gives somebody a role, and logs it; `by` is None for the command line. Raises NotFound, Conflict."""
        with self._store.write() as tx:
            people.set_role(tx, name, role, by=by, reason=reason, at=stamp(at))

    def export(self, who: int) -> dict[str, Any]:
        """Everything of one account. Raises NotFound."""
        with self._store.read() as connection:
            return exporting.export(connection, who)

    def leave(self, who: int, *, at: datetime) -> None:
        """Ends an account. Raises NotFound, Conflict."""
        with self._store.write() as tx:
            leaving.leave(tx, who, stamp(at))

    # Invitations.

    def invite(
        self,
        by: int | None,
        secret: str,
        *,
        role: Role,
        note: str,
        at: datetime,
        until: datetime,
        uses: int,
        spend: Spend | None,
    ) -> Invitation:
        """Makes an invitation; `by` is None for the command line. Raises TooMany."""
        with self._store.write() as tx:
            tallies.spend(tx, spend)
            how = {"at": stamp(at), "expires": stamp(until)}
            return invitations.add(tx, by, secret, role=role, note=note, uses=uses, **how)

    def invitations(self, *, at: datetime) -> list[Invitation]:
        """The invitations that are still good."""
        with self._store.read() as connection:
            return invitations.listed(connection, stamp(at))

    def withdraw_invitation(self, number: int) -> None:
        """Withdraws an invitation. Raises NotFound."""
        with self._store.write() as tx:
            invitations.withdraw(tx, number)

    def forget_ended(self, *, at: datetime, seen_since: datetime) -> None:
        """Forgets sessions and tickets that have ended, and counts of limits that are over."""
        with self._store.write() as tx:
            tickets.sweep(tx, stamp(at))
            sessions.sweep(tx, at=stamp(at), seen_since=stamp(seen_since))
            tallies.sweep(tx, at)
