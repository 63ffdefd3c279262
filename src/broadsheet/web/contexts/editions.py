"""The front page and the editions."""

from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.web.contexts.cards import Card
from broadsheet.web.contexts.frame import Frame, Link, Pager, Tab


@dataclass(slots=True)
class AccountLine:
    """One category of a day: papers announced in it, and how many of them are here."""

    code: str
    name: str
    announced: int
    held: int


@dataclass(slots=True)
class AccountTable:
    """What a day announced and what is here. `whole`: nothing is missing; `missing` leads to papers that are."""

    summary: str
    whole: bool
    lines: Sequence[AccountLine]
    missing: Sequence[Link]
    more: str
    checked: str


@dataclass(slots=True)
class EditionPage:
    """edition.html: the front page, a day, a week or a month.

    `instead` names the edition whose papers are shown because this one has none.
    """

    frame: Frame
    heading: str
    subheading: str
    count: str
    note: str
    cards: Sequence[Card]
    tabs: Sequence[Tab]
    previous: Link | None
    next: Link | None
    pager: Pager
    empty_catalogue: bool = False
    account: AccountTable | None = None
    instead: Link | None = None
