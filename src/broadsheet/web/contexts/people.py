"""Signing in, one's account, profiles, and the pages of administrators."""

from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.web.contexts.frame import Choice, Frame, Link


@dataclass(slots=True)
class SignInPage:
    """signin.html: the ways in. `problem` is what was wrong with the last try, `note` what happened just now.

    `single`: one person has this place to themselves, so that nobody signs in. `logged`: links are printed in the
    server's log, because no mail server is set.
    """

    frame: Frame
    back: str
    invitation: str
    email: str
    problem: str
    note: str
    single: bool
    open: bool
    logged: bool
    passwords: bool


@dataclass(slots=True)
class LinkSentPage:
    """linksent.html: what happens next, the same for every address."""

    frame: Frame
    logged: bool
    minutes: int


@dataclass(slots=True)
class LinkPage:
    """link.html: the button that signs in as `email`; without one, the link cannot be used, and `problem` says why.

    With both, something else was wrong: `name` is what was typed there.
    """

    frame: Frame
    email: str
    problem: str
    action: str
    name: str = ""


@dataclass(slots=True)
class SessionRow:
    """A browser that is signed in, in words."""

    number: int
    browser: str
    address: str
    since: str
    seen: str
    here: bool


@dataclass(slots=True)
class KeyRow:
    """A passkey in words."""

    number: int
    name: str
    since: str
    seen: str


@dataclass(slots=True)
class TokenRow:
    """A personal access token in words; `start` are its first letters."""

    number: int
    name: str
    start: str
    scopes: str
    until: str
    seen: str


@dataclass(slots=True)
class Ticked:
    """A box that can be ticked, and the words beside it."""

    value: str
    text: str
    ticked: bool


@dataclass(slots=True)
class SettingsPage:
    """settings.html: one's own account. `problem` is what was wrong with the section `at`; `note` what was done.

    `single`: one person has this place to themselves, who needs no way in and no sessions. `feeds` leads to the list of
    what they follow.
    """

    frame: Frame
    at: str
    problem: str
    note: str
    single: bool
    name: str
    shown: str
    about: str
    role: str
    banned: str
    show_votes: bool
    notices: Sequence[Ticked]
    email: str
    passwords: bool
    has_password: bool
    passkeys: Sequence[KeyRow]
    sessions: Sequence[SessionRow]
    tokens: Sequence[TokenRow]
    scopes: Sequence[Ticked]
    feeds: str
    lifetimes: Sequence[Choice]


@dataclass(slots=True)
class SecretPage:
    """secret.html: a token or an invitation, shown once. `example` is how it is used, `ways` where to go on."""

    frame: Frame
    heading: str
    what: str
    secret: str
    lines: Sequence[str]
    example: str
    way: Link


@dataclass(slots=True)
class LeavePage:
    """leave.html: what deleting the account does, and the button; `problem` is what was wrong with the last try."""

    frame: Frame
    name: str
    problem: str


@dataclass(slots=True)
class Said:
    """A paper, and what somebody did with it; `text` is in their words, where there are some."""

    href: str
    title: str
    note: str
    text: str = ""


@dataclass(slots=True)
class Doings:
    """One kind of things that somebody did here."""

    heading: str
    count: str
    entries: Sequence[Said]


@dataclass(slots=True)
class ProfilePage:
    """profile.html: somebody, as everybody sees them.

    `ways` lead to what may be done about them, `roles` are there for administrators.
    """

    frame: Frame
    name: str
    shown: str
    role: str
    since: str
    about: Sequence[str]
    orcid: Link | None
    banned: str
    mine: bool
    ways: Sequence[Link]
    doings: Sequence[Doings]
    roles: Sequence[Choice]
    orcid_text: str
    problem: str


@dataclass(slots=True)
class PersonRow:
    """An account in a list."""

    href: str
    name: str
    shown: str
    role: str
    since: str
    state: str


@dataclass(slots=True)
class PeoplePage:
    """people.html: all accounts, for administrators."""

    frame: Frame
    query: str
    rows: Sequence[PersonRow]
    count: str
    following: str


@dataclass(slots=True)
class InvitationRow:
    """An invitation that still lets people in."""

    number: int
    role: str
    note: str
    by: str
    until: str
    uses: str


@dataclass(slots=True)
class InvitationsPage:
    """invitations.html: those that are open, and a form for one more."""

    frame: Frame
    rows: Sequence[InvitationRow]
    roles: Sequence[Choice]
    problem: str
    note: str
