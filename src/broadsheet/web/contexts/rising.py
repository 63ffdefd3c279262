"""Trending, what rose and fell, the formula, and the lines of a paper's counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from broadsheet.types import Weight
from broadsheet.web.contexts.cards import Card
from broadsheet.web.contexts.frame import Choice, Frame, Pager, Tab


@dataclass(slots=True)
class Share:
    """What a signal gave a paper: in words, and as a piece of the bar. `css` is the signal's class.

    `x` and `width` are in hundredths of the widest bar of the page.
    """

    css: str
    short: str
    reckoned: str
    x: str
    width: str


@dataclass(slots=True)
class Trending:
    """A paper that trends: its place, its points and what they are made of."""

    place: int
    card: Card
    points: str
    shares: Sequence[Share]


@dataclass(slots=True)
class TrendingPage:
    """trending.html: what trends in a window, by the signals that were chosen.

    `download` is the tail of the addresses of the counts behind it.
    """

    frame: Frame
    days: str
    count: str
    tabs: Sequence[Tab]
    window: str
    signals: Sequence[Choice]
    category: str
    notes: Sequence[str]
    entries: Sequence[Trending]
    pager: Pager
    moved: str
    download: str


@dataclass(slots=True)
class Move:
    """A paper that rose or fell, and by how much: "+8.2, from 4.1 to 12.3"."""

    href: str
    title: str
    change: str
    points: str
    places: str


@dataclass(slots=True)
class MovedPage:
    """moved.html: what rose and what fell against the window before."""

    frame: Frame
    window: str
    tabs: Sequence[Tab]
    days: str
    before: str
    risen: Sequence[Move]
    fallen: Sequence[Move]
    trending: str


@dataclass(slots=True)
class FormulaPage:
    """formula.html: the formula, and its table."""

    frame: Frame
    rows: Sequence[Weight]


@dataclass(slots=True)
class Line:
    """The course of one count as a small line: `points` are its corners within 120 by 24; empty for a single count."""

    name: str
    last: str
    points: str
    said: str


@dataclass(slots=True)
class Lines:
    """All counts of a paper, and where their numbers are."""

    lines: Sequence[Line]
    days: str
    href: str
