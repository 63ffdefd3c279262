"""Verbs of coming in: a link in a letter, a passkey, a password; and what stays: sessions and tokens.

What is said and done never tells whether there is an account: everybody who asks for a link gets the same answer after
the same work, a wrong name costs the same hash as a wrong password, and letters are sent by a thread that nobody waits
for. All secrets have 256 bits; of them the catalogue holds hashes.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from broadsheet.catalogue.entering import Fresh
from broadsheet.catalogue.sessions import Known
from broadsheet.catalogue.tickets import Ticket
from broadsheet.credentials import TOKEN, Credential, hashed, new_secret, passkeys, same
from broadsheet.errors import Refused
from broadsheet.ids import people
from broadsheet.library import letters, limits
from broadsheet.library.opened import Opened
from broadsheet.mailing import Letter
from broadsheet.permissions import require
from broadsheet.types import Access, Actor, Passkey, Person, Scope, Session, Token

LINK = timedelta(minutes=10)
CHALLENGE = timedelta(minutes=5)
IDLE, ABSOLUTE = timedelta(days=30), timedelta(days=180)  # how long a session lasts unseen, and at most
SEEN_EVERY = timedelta(hours=1)  # how exactly it is known when somebody was last seen
LONGEST = 200  # characters of a secret that somebody shows
LONGEST_TOKEN = 3_660  # days
WRONG = "The name or the password is not right."
PASSKEY, SIGN_IN = "passkey", "passkey sign-in"


class Entering(Opened):
    """The ways in."""

    # Who asks.

    def owner_actor(self) -> Actor:
        """The one person at this machine (`Access.SINGLE`): the first administrator, made at first use as "owner"."""
        return actor_of(self.catalogue.owner(at=self._clock()))

    def session_actor(self, secret: str, *, address: str = "") -> tuple[Actor, int] | None:
        """Whose session this is, and its number; None for one that ended, or never was.

        A session ends 30 days after it was last seen, and 180 days after it began.
        """
        now = self._clock()
        known = self.catalogue.session(hashed(secret), at=now, seen_since=now - IDLE) if _short(secret) else None
        if known is None:
            return None
        self._saw("session", known)
        return actor_of(known.person, address=address), known.number

    def token_actor(self, secret: str, *, address: str = "") -> Actor | None:
        """Whose token this is; it may do what its scopes say. None for one that ended, expired or never was."""
        if not secret.startswith(TOKEN) or not _short(secret):
            return None
        found = self.catalogue.token(hashed(secret), at=self._clock())
        if found is None:
            return None
        known, scopes = found
        self._saw("token", known)
        return actor_of(known.person, scopes=scopes, address=address)

    def _saw(self, kind: str, known: Known) -> None:
        """Notes now and then that somebody was here; the reader does not wait for it."""
        now = self._clock()
        if known.seen < f"{now - SEEN_EVERY:%Y-%m-%dT%H:%M:%SZ}":
            touch = partial(self.catalogue.touch, kind, known.number, at=now)
            self.errands.add_once(f"{kind} {known.number} was seen", touch)

    # Links.

    def ask_link(
        self, email: str, *, browser: str, address: str, invitation: str = "", link: Callable[[str], str]
    ) -> None:
        """Sends a link to sign in to an e-mail address, if it may have one; `link` makes the address of a token.

        Good for ten minutes, once, and in the browser that asked (`browser` is what its cookie holds). Nothing that
        is said or raised tells whether there is an account. Raises Refused (no e-mail address), TooMany.
        """
        if self.rules.access is Access.SINGLE:
            raise Refused("This place is for one person, who need not sign in.")
        to, now, secret = _email(email), self._clock(), new_secret()
        asked = self.catalogue.ask_link(
            to,
            hashed(secret),
            browser=hashed(browser),
            invitation=hashed(invitation) if invitation else "",
            anybody=self.rules.access is Access.OPEN,
            at=now,
            until=now + LINK,
            spend=limits.spend(self.rules.limits["sign-in"], "sign-in", now, own=_mailbox(to), address=address),
        )
        letter = letters.sign_in(self.rules.title, to, link(secret), first=asked.first)
        if asked.sent:
            self._send(letter)

    def link_email(self, token: str) -> str | None:
        """The address that a link was sent to; None where it is used up, expired, or none of ours. Signs nobody in."""
        return self.catalogue.link_email(hashed(token), at=self._clock()) if _short(token) else None

    def use_link(self, token: str, *, browser: str, agent: str, address: str, name: str = "") -> str:
        """Uses a link up: the secret of a new session. Makes an account where there is none and access allows it.

        `name` is the name that a new account is to have; without one it is called by its number. The first account of
        all is the administrator's. A link that was sent to a new address of an account gives it that address. Raises
        Refused (expired, used, another browser, not invited, not a name), Conflict (the name is taken).
        """
        now, secret = self._clock(), new_secret()
        came = self.catalogue.use_link(
            hashed(token[:LONGEST]),
            self._fresh(secret, agent, address),
            browser=hashed(browser),
            name=a_name(name) if name else "",
            anybody=self.rules.access is Access.OPEN,
            at=now,
        )
        if came.before:
            self._send(letters.moved(self.rules.title, came.before))
        return secret

    def ask_new_email(
        self, actor: Actor, email: str, *, browser: str, link: Callable[[str], str], address: str = ""
    ) -> None:
        """Sends a link to what shall be the account's address; it changes when the link is used (`use_link`).

        An address that somebody else has gets no letter, and `actor` no other answer. Raises Refused, TooMany.
        """
        person, to, now, secret = mine(actor), _email(email), self._clock(), new_secret()
        where = address or actor.address
        free = self.catalogue.ask_new_email(
            person,
            to,
            hashed(secret),
            browser=hashed(browser),
            at=now,
            until=now + LINK,
            spend=limits.spend(self.rules.limits["sign-in"], "sign-in", now, own=_mailbox(to), address=where),
        )
        if free:
            self._send(letters.new_address(self.rules.title, to, link(secret)))

    def _send(self, letter: Letter) -> None:
        self.errands.add("a letter", partial(self._post.send, letter))

    def _fresh(self, secret: str, agent: str, address: str) -> Fresh:
        ends = f"{self._clock() + ABSOLUTE:%Y-%m-%dT%H:%M:%SZ}"
        return Fresh(hashed(secret), ends, people.shown_name(agent)[:400], address[:100])

    # Passkeys.

    def begin_passkey(self, actor: Actor | None, *, site: str, address: str = "") -> tuple[str, str]:
        """A ticket, and the options as JSON for `navigator.credentials`: to create with an actor, to get without one.

        `site` is the origin that the browser shows. The ticket is good for one answer, for five minutes.
        Raises TooMany.
        """
        now, secret, challenge = self._clock(), new_secret(), new_secret()
        if actor is None:
            purpose, subject, where = SIGN_IN, "", address
            options = passkeys.request(site, challenge)
        else:
            purpose, subject, where = PASSKEY, str(mine(actor)), address or actor.address
            person = self.catalogue.mine(actor.person).person
            options = passkeys.creation(
                site,
                challenge,
                title=self.rules.title,
                person=person.number,
                name=person.name,
                shown=person.shown,
                known=self.catalogue.credentials(person.number),
            )
        spend = limits.spend(self.rules.limits["passkey"], "passkey", now, address=where)
        ticket = Ticket(purpose, subject, {"challenge": challenge})
        self.catalogue.issue(hashed(secret), ticket, at=now, until=now + CHALLENGE, spend=spend)
        return secret, options

    def add_passkey(self, actor: Actor, ticket: str, answer: str, *, site: str, name: str) -> Passkey:
        """Adds the passkey that a browser made. Raises Refused, Conflict (it is here already)."""
        person, now = mine(actor), self._clock()
        used = self._use(ticket, PASSKEY)
        if not same(used.subject, str(person)):
            raise Refused("This passkey was begun by somebody else. Begin again.")
        made = passkeys.created(answer, site=site, challenge=used.detail["challenge"])
        called = people.shown_name(name)[:60] or "Passkey"
        return self.catalogue.add_passkey(person, made.identity, made.key, made.uses, name=called, at=now)

    def sign_in_passkey(self, ticket: str, answer: str, *, site: str, agent: str, address: str) -> str:
        """Signs in by passkey: the secret of a new session. Raises Refused."""
        asked = passkeys.said(answer)
        used = self._use(ticket, SIGN_IN)
        key = self.catalogue.passkey(asked.identity)
        if key is None:
            raise Refused(passkeys.UNFIT)
        known = Credential(key.credential, key.key, key.uses)
        proved = passkeys.verified(asked, known, site=site, challenge=used.detail["challenge"])
        secret = new_secret()
        self.catalogue.use_passkey(key, proved.uses, self._fresh(secret, agent, address), at=self._clock())
        return secret

    def _use(self, ticket: str, purpose: str) -> Ticket:
        return self.catalogue.use_ticket(hashed(ticket[:LONGEST]), purpose, at=self._clock())

    def passkeys(self, actor: Actor) -> list[Passkey]:
        """One's passkeys."""
        return self.catalogue.passkeys(mine(actor))

    def remove_passkey(self, actor: Actor, number: int) -> None:
        """Removes one of one's passkeys. Raises NotFound, for somebody else's too."""
        self.catalogue.remove_passkey(mine(actor), number)

    # Passwords.

    def sign_in_password(self, typed: str, password: str, *, agent: str, address: str) -> str:
        """Signs in by name or e-mail address, and password: the secret of a new session. Raises Refused, TooMany, Busy.

        An attempt is counted before it is looked at, and a name that nobody has costs the same work.
        """
        if not self.rules.passwords:
            raise Refused("Passwords are switched off here. Sign in by a link or a passkey.")
        who, now = people.email(typed) or a_typed_name(typed), self._clock()
        self.catalogue.spend(
            limits.spend(self.rules.limits["password"], "password", now, own=_mailbox(who), address=address)
        )
        person, known = self.catalogue.password(who) or (None, None)
        if not self._passwords.fits(password, known) or person is None or known is None:
            raise Refused(WRONG)
        if self._passwords.outdated(known):
            self.catalogue.change_person(person.number, {"password": self._passwords.hash(password)})
        secret = new_secret()
        self.catalogue.begin_session(person.number, self._fresh(secret, agent, address), at=now)
        return secret

    def set_password(self, actor: Actor, new: str, *, old: str = "", here: int = 0) -> None:
        """Sets one's password; where there is one already, `old` must be it. With `here` all other sessions end.

        Raises Refused (switched off, too short, too long, or the old one is not right), TooMany, Busy.
        """
        person, now = mine(actor), self._clock()
        if not self.rules.passwords:
            raise Refused("Passwords are switched off here.")
        name = self.catalogue.mine(person).person.name
        _, known = self.catalogue.password(name) or (None, None)
        if known is not None:
            limit = self.rules.limits["password"]
            self.catalogue.spend(limits.spend(limit, "password", now, own=_mailbox(name), address=actor.address))
            if not self._passwords.fits(old, known):
                raise Refused("The old password is not right.")
        self.catalogue.change_person(person, {"password": self._passwords.hash(new)})
        if here:
            self.catalogue.end_other_sessions(person, here)

    # Sessions and tokens.

    def sessions(self, actor: Actor, here: int = 0) -> list[Session]:
        """One's sessions, the last seen first; `here` is the number of the one that asks."""
        now = self._clock()
        return self.catalogue.sessions(mine(actor), here, at=now, seen_since=now - IDLE)

    def end_session(self, actor: Actor, number: int) -> None:
        """Ends one of one's sessions. Raises NotFound, for somebody else's too."""
        self.catalogue.end_session(mine(actor), number)

    def end_other_sessions(self, actor: Actor, here: int) -> int:
        """Ends all of one's sessions but one. Returns how many."""
        return self.catalogue.end_other_sessions(mine(actor), here)

    def tokens(self, actor: Actor) -> list[Token]:
        """One's tokens, the newest first."""
        return self.catalogue.tokens(mine(actor))

    def make_token(self, actor: Actor, name: str, scopes: frozenset[Scope], days: int | None) -> tuple[Token, str]:
        """Makes a personal access token: how it is listed, and its secret, which is known only now.

        It is good for so many days, or until it is ended. Raises Refused.
        """
        person, called, now = mine(actor), people.shown_name(name)[:60], self._clock()
        if not called:
            raise Refused("Give the token a name, to tell it by later.")
        if not scopes:
            raise Refused("A token needs at least one scope.")
        if days is not None and not 1 <= days <= LONGEST_TOKEN:
            raise Refused(f"A token is good for 1 to {LONGEST_TOKEN:,} days.")
        secret = new_secret(TOKEN)
        until = None if days is None else now + timedelta(days=days)
        start = secret[: len(TOKEN) + 4]
        made = self.catalogue.add_token(
            person, hashed(secret), start, name=called, scopes=frozenset(scopes), at=now, until=until
        )
        return made, secret

    def end_token(self, actor: Actor, number: int) -> None:
        """Ends one of one's tokens. Raises NotFound, for somebody else's too."""
        self.catalogue.end_token(mine(actor), number)

    def forget_ended(self) -> None:
        """Forgets sessions and links that have ended, and counts of limits that are over: a job's work."""
        now = self._clock()
        self.catalogue.forget_ended(at=now, seen_since=now - IDLE)


def actor_of(person: Person, *, scopes: frozenset[Scope] | None = None, address: str = "") -> Actor:
    """Somebody as one who acts."""
    banned = (person.ban_reason or "no reason was given") if person.banned else ""
    return Actor(person.name, person.role, person.number, scopes, banned, address)


def mine(actor: Actor) -> int:
    """The number of one's own account. Raises Forbidden, and Refused for the command line, which has none."""
    require(actor, "account")
    if not actor.person:
        raise Refused("The command line has no account of its own.")
    return actor.person


def a_name(text: str) -> str:
    """A name that an account may have. Raises Refused."""
    name = people.handle(text)
    if name is None:
        raise Refused(
            f"{text[:40]!r} cannot be a name here: it takes 2 to 30 small letters a to z and digits, with hyphens or"
            " underscores between them, and some words are kept."
        )
    return name


def a_typed_name(text: str) -> str:
    """A name as somebody types it who looks for one; it may be nobody's, and hold anything that can be stored."""
    return text.strip().removeprefix("@").lower()[:100].encode("utf-8", "replace").decode()


def _email(text: str) -> str:
    email = people.email(text)
    if email is None:
        raise Refused("This is no e-mail address; one is written like ada@example.org.")
    return email


def _mailbox(text: str) -> str:
    """Whom attempts are counted for: no address is kept by it."""
    return f"hash:{hashed(text)[:32]}"


def _short(secret: str) -> bool:
    return 0 < len(secret) <= LONGEST
