"""Groups: who is in one, what it keeps, and its own view of an edition."""

from dataclasses import dataclass, field
from typing import Literal

from broadsheet.types.editions import Span
from broadsheet.types.papers import Paper
from broadsheet.types.people import Invitation, Person


@dataclass(slots=True)
class Circle:
    """A reading group. `role` is what who asks is in it ("member", "owner").

    `name` stands in addresses and never changes; `shown` is what pages print. `dissolved` is when it was dissolved:
    until `kept` that can be undone.
    """

    number: int
    name: str
    shown: str
    about: str
    made: str
    members: int
    role: Literal["member", "owner"]
    dissolved: str | None = None
    kept: str | None = None


@dataclass(slots=True)
class Member:
    """Somebody in a group. While its owner is banned, who has been in it for longest acts as owner."""

    person: Person
    role: Literal["member", "owner"]
    since: str


@dataclass(slots=True)
class Members:
    """All who are in a group, the owner first and then the longest-standing, and the links that still let people in.

    Only the owner gets the links.
    """

    circle: Circle
    people: list[Member]
    invitations: list[Invitation] = field(default_factory=list)


@dataclass(slots=True)
class Invited:
    """What a link to a group tells who holds it. `name` is the group's where they are in it already, else empty."""

    shown: str
    name: str
    members: int
    by: Person | None
    expires: str


@dataclass(slots=True)
class Shelved:
    """A paper on a group's shelf, who put it there, and what they say of it."""

    paper: Paper
    by: Person | None
    note: str
    at: str


@dataclass(slots=True)
class Shelf:
    """A stretch of a group's shelf, the latest first."""

    circle: Circle
    entries: list[Shelved]
    total: int
    offset: int
    limit: int


@dataclass(slots=True)
class GroupEntry:
    """A paper's place in a group's edition, and what is only this group's.

    `votes` are the group's own, `mine` says whether who asks is among them. `common` is the paper's place in the
    common edition, if it is in that. `submitted`: the group put it into its edition.
    """

    paper: Paper
    position: int
    votes: int
    mine: bool
    common: int | None
    submitted: bool


@dataclass(slots=True)
class GroupEdition:
    """A group's own order of a day, a week or a month, or a stretch of it. Fields are those of `Edition`."""

    circle: Circle
    span: Span
    key: str
    first: str
    last: str
    entries: list[GroupEntry]
    total: int
    offset: int
    limit: int
    previous: str | None = None
    next: str | None = None
    note: str = ""
    latest: bool = False


@dataclass(slots=True)
class CircleFigures:
    """What administrators see of a group: that it is there, whose it is and how large, and no word of it."""

    number: int
    owner: Person | None
    made: str
    members: int
    dissolved: str | None
