"""Answers that are no noun by themselves: stretches of lists, secrets that are shown once, and small confirmations.

Every stretch has a `cursor`, which names the one after it; None says that it was the last.
"""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from broadsheet.types import (
    Channel,
    Edition,
    Facets,
    GroupEdition,
    Invitation,
    Moved,
    Page,
    Paper,
    Region,
    Shelf,
    Token,
    Trending,
)

T = TypeVar("T")


@dataclass(slots=True)
class Listed(Generic[T]):
    """A stretch of a list; `total` counts all of it, where that is known."""

    items: list[T]
    cursor: str | None = None
    total: int | None = None


@dataclass(slots=True)
class Found(Page):
    """A page of a result list. `facets` are there where they were asked for."""

    facets: Facets | None = None
    cursor: str | None = None


@dataclass(slots=True)
class EditionStretch(Edition):
    """A stretch of an edition."""

    cursor: str | None = None


@dataclass(slots=True)
class TrendingStretch(Trending):
    """A stretch of what trends."""

    cursor: str | None = None


@dataclass(slots=True)
class GroupStretch(GroupEdition):
    """A stretch of a group's edition."""

    cursor: str | None = None


@dataclass(slots=True)
class ShelfStretch(Shelf):
    """A stretch of a group's shelf."""

    cursor: str | None = None


@dataclass(slots=True)
class Gained:
    """What rose and what fell against the window before."""

    rose: list[Moved]
    fell: list[Moved]


@dataclass(slots=True)
class Point:
    """A paper's place on the map, from 0 to 65,535 on both axes (y downwards), and the number of its region."""

    paper: Paper
    x: int
    y: int
    region: int


@dataclass(slots=True)
class Mapped:
    """A stretch of a map. Fields are those of `Atlas`; `points` are in the order of its papers."""

    total: int
    points: list[Point]
    regions: list[Region]
    key: str = ""
    first: str = ""
    last: str = ""
    drawn: bool = True
    cursor: str | None = None


@dataclass(slots=True)
class Quoted:
    """A paper as others' tools want to have it: `form` is "bibtex", "ris", "csl", "markdown" or a style in words."""

    form: str
    text: str


@dataclass(slots=True)
class CommentVote:
    """How a comment stands after a vote."""

    comment: int
    votes: int


@dataclass(slots=True)
class Following:
    """Whether somebody follows a paper."""

    paper: str
    on: bool


@dataclass(slots=True)
class Unread:
    """How many notices are not read yet."""

    unread: int


@dataclass(slots=True)
class NewToken:
    """A token that was made. `secret` is shown this once; in an answer that is given again it is None."""

    token: Token
    secret: str | None


@dataclass(slots=True)
class NewChannel:
    """A channel that was added, with the key that signs its messages as in `NewToken`; a chat has none."""

    channel: Channel
    secret: str | None


@dataclass(slots=True)
class NewInvitation:
    """An invitation that was made, with its secret as in `NewToken`."""

    invitation: Invitation
    secret: str | None


@dataclass(slots=True)
class Link:
    """The secret of a link to a group, as in `NewToken`."""

    secret: str | None


@dataclass(slots=True)
class Answered:
    """What was done, in a sentence, and what more there is to say."""

    said: str
    notes: list[str] = field(default_factory=list)
