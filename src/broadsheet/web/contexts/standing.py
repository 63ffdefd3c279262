"""Standing queries: the list of them, one with what it caught, and the form of one with its preview."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from broadsheet.web.contexts.frame import Choice, Frame, Link


@dataclass(slots=True)
class StandingLine:
    """A standing query in the list: what it asks in a line, how much it caught, and how it stands."""

    number: int
    link: Link
    asked: str
    hits: str
    state: str


@dataclass(slots=True)
class StandingsPage:
    """standings.html: the visitor's standing queries, and those whose end can be undone."""

    frame: Frame
    lines: Sequence[StandingLine]
    ended: Sequence[StandingLine]
    may_stand: bool


@dataclass(slots=True)
class CatchLine:
    """A paper that was caught, or would have been: `why` it was, and `when`."""

    key: str
    href: str
    title: Markup
    facts: str
    why: str
    when: str
    iso: str


@dataclass(slots=True)
class Week:
    """How many papers of a week it would have caught; `most` is the greatest of all weeks."""

    text: str
    count: int
    most: int


@dataclass(slots=True)
class PreviewPart:
    """What a query would have caught in the last weeks, in words and by week, and the best of it."""

    said: str
    weeks: Sequence[Week]
    hits: Sequence[CatchLine]


@dataclass(slots=True)
class WishPage:
    """wish.html: the form of a standing query, new (`number` is 0) or to be changed, with a preview.

    `nears` are the thresholds, with how much each would have caught. `split` says that a "not …" was taken out of the
    text. `problems` are sentences by the fields' names; "" is of no field.
    """

    frame: Frame
    number: int
    name: str
    text: str
    unlike_text: str
    like: str
    unlike: str
    nears: Sequence[Choice]
    preview: PreviewPart | None
    split: bool = False
    notes: Sequence[str] = ()
    problems: Mapping[str, str] = field(default_factory=lambda: defaultdict(str))


@dataclass(slots=True)
class StandingPage:
    """standing.html: what a standing query asks, where it goes, and what it caught.

    `sent` are the subscriptions to it; `rhythms` and `ways` are the choices of a further one. `disliked` are papers
    whose like it keeps away. `older` leads on.
    """

    frame: Frame
    number: int
    name: str
    asked: Sequence[str]
    hits: str
    state: str
    ended: bool
    paused: bool
    may_stand: bool
    catches: Sequence[CatchLine]
    disliked: Sequence[Link]
    sent: Sequence[Link]
    rhythms: Sequence[Choice]
    ways: Sequence[Choice]
    older: str = ""
    note: str = ""
    problem: str = ""
