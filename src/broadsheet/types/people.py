"""People: who they are, what they may do, what they say and do."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Literal

from broadsheet.types.papers import Paper


class Role(IntEnum):
    """What somebody is here; each may do what those before may."""

    READER = 1
    EDITOR = 2
    MODERATOR = 3
    ADMINISTRATOR = 4


class Scope(StrEnum):
    """What a personal access token is good for."""

    READ = "read"
    VOTE = "vote"
    COMMENT = "comment"
    SUBMIT = "submit"
    ADMIN = "admin"


class Access(StrEnum):
    """Who may have an account: everybody, who is invited, or the one person at this machine."""

    OPEN = "open"
    INVITE = "invite"
    SINGLE = "single"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. Without a `role` it is a passer-by, who may read.

    `person` is the number of an account; 0 is none: a passer-by, or the owner at the command line. `scopes` are those
    of the token in use; None is no token, and no limit. `banned` is why a person may only read, where that is so.
    `address` is where the request comes from, for limits; empty at the command line, which has none.
    """

    name: str
    role: Role | None = None
    person: int = 0
    scopes: frozenset[Scope] | None = None
    banned: str = ""
    address: str = ""


ANYONE = Actor("anyone")
OWNER = Actor("owner", Role.ADMINISTRATOR)
"""Who sits at the machine: the command line and the jobs."""


@dataclass(slots=True)
class Person:
    """An account as everybody sees it. `name` is the handle ("ada"), `shown` what pages print ("Ada L.").

    One who has left has the name "gone-7" and no other facts.
    """

    number: int
    name: str
    shown: str
    role: Role
    about: str
    orcid: str | None
    joined: str
    banned: str | None = None
    ban_reason: str = ""
    left: str | None = None


@dataclass(slots=True)
class Mine:
    """What only its owner sees of an account: the address, the ways to sign in, and the preferences.

    `notify` are the kinds of notices that are switched on; `show_votes` puts one's votes on the profile page.
    """

    person: Person
    email: str | None
    has_password: bool
    show_votes: bool
    notify: frozenset["NoticeKind"]


@dataclass(slots=True)
class Session:
    """A browser that is signed in. `here`: it is the one that asks."""

    number: int
    created: str
    seen: str
    expires: str
    agent: str
    address: str
    here: bool = False


@dataclass(slots=True)
class Passkey:
    """A passkey of an account."""

    number: int
    name: str
    created: str
    seen: str | None


@dataclass(slots=True)
class Token:
    """A personal access token; its secret is shown once, when it is made. `start` are its first letters."""

    number: int
    name: str
    start: str
    scopes: frozenset[Scope]
    created: str
    expires: str | None
    seen: str | None


@dataclass(slots=True)
class Invitation:
    """A link that lets people in: to this place in a role, or to a group. `uses` are those that are left."""

    number: int
    role: str
    note: str
    by: str
    created: str
    expires: str
    uses: int


@dataclass(slots=True)
class Allowance:
    """How often something may still be done: `left` of `limit` in the `seconds` that the window still lasts."""

    kind: str
    limit: int
    window: int
    left: int
    seconds: int


@dataclass(slots=True)
class Visitor:
    """A request's sender, as the entrance found them, and what a page wants their browser told.

    `csrf` is what forms of this sender carry; `session` the number of the session, 0 without one. `secure`: the
    connection is encrypted, so that cookies must be too. `access` is who may have an account here. `browser` names the
    browser, also before anybody has signed in: links that sign in are bound to it. `unread` counts new notices.

    Pages write the other fields, and the entrance puts them into the answer's headers: `secret` is the key of a session
    that begins, or "" where one ends; `keep` where the browser must remember its name, which is wherever a form is
    shown to a passer-by; `allowance` is what is left of a limit.
    """

    actor: Actor
    csrf: str = ""
    session: int = 0
    secure: bool = False
    access: Access = Access.INVITE
    browser: str = ""
    unread: int = 0
    secret: str | None = None
    keep: bool = False
    allowance: Allowance | None = None


@dataclass(slots=True)
class Vote:
    """How a paper stands after a vote: how many voted here, and whether who asks is among them."""

    paper: str
    votes: int
    mine: bool


@dataclass(slots=True)
class Comment:
    """A comment, with `replies` below it. `text` is Markdown as it was typed; empty where it is deleted.

    `number` names it in addresses. `by` is None where its author has left. Of a hidden one only moderators and its
    author get the text; `reason` says why it is hidden. `edits` counts changes: who edits says which one they saw.
    `circle` is the name of the group in which it was said; "" is everybody. `mentions` are the names in it of people
    who are here: others are plain text.
    """

    number: int
    paper: Paper | None
    circle: str
    parent: int | None
    by: Person | None
    at: str
    text: str
    edits: int = 0
    edited: str | None = None
    deleted: str | None = None
    hidden: str | None = None
    reason: str = ""
    votes: int = 0
    voted: bool = False
    mine: bool = False
    mentions: frozenset[str] = frozenset()
    replies: list["Comment"] = field(default_factory=list)


class Order(StrEnum):
    """How comments stand: the newest first, the oldest first, or those that people found best."""

    BEST = "best"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(slots=True)
class Text:
    """What a comment said before an edit."""

    edit: int
    text: str
    at: str


@dataclass(slots=True)
class Submission:
    """A paper that somebody put into an edition. One that waits has no paper yet, and `note` says why.

    `again`: it was here before, and this one became a vote. `circle` is the group whose edition it is in.
    """

    number: int
    paper: Paper | None
    named: str
    by: Person | None
    day: str
    at: str
    state: Literal["listed", "waiting", "failed"]
    note: str = ""
    again: bool = False
    circle: str = ""


@dataclass(slots=True)
class Authorship:
    """Somebody says to be the author of a paper that its record names `author`; `how` says on what ground."""

    paper: Paper
    person: Person
    author: str
    state: Literal["asked", "confirmed", "refused"]
    how: str
    at: str
    decided: str | None = None


@dataclass(slots=True)
class Flag:
    """Somebody asks moderators to look at something. `subject` says in words what it is, `href` where."""

    number: int
    kind: Literal["comment", "submission", "person"]
    target: int
    by: Person | None
    reason: str
    at: str
    subject: str = ""
    settled: str | None = None
    outcome: str = ""


@dataclass(slots=True)
class Act:
    """What a moderator or administrator did, to what, and why."""

    number: int
    by: Person | None
    verb: str
    kind: str
    target: int
    subject: str
    reason: str
    at: str


class NoticeKind(StrEnum):
    """What somebody can be told of.

    A reply; a mention; a new version of a followed paper; talk about a paper one is an author of; what became of a
    submission that waited; what moderators and administrators decided; talk in a group; a channel of one's own that was
    switched off.
    """

    REPLY = "reply"
    MENTION = "mention"
    VERSION = "version"
    CLAIMED = "claimed"
    SUBMISSION = "submission"
    MODERATION = "moderation"
    GROUP = "group"
    CHANNEL = "channel"


@dataclass(slots=True)
class Notice:
    """Something that a person should know of."""

    number: int
    kind: NoticeKind
    paper: Paper | None
    comment: int | None
    circle: str
    by: Person | None
    text: str
    at: str
    read: str | None = None
