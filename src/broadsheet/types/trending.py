"""Trending: what is counted for papers, how much each count weighs, and what came of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from broadsheet.types.papers import Paper


class Window(StrEnum):
    """How far back trending looks: 1, 7 or 30 days, and today."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Weight:
    """A signal's row in the table of the formula: `weight` in points, `half_life` in days.

    `signal` is its name in addresses ("votes"); `kind` says which counts it is made of, and `sources` whose: kinds of
    sources, or all that are elsewhere if there are none. `spread`: it is looked up now and then, so that what came is
    dated evenly over the days since the look before. `help` says in words what is counted.
    """

    signal: str
    kind: str
    sources: tuple[str, ...]
    weight: float
    half_life: float
    help: str
    spread: bool = False


class Look(NamedTuple):
    """A look at a total: how much of a kind a source had counted for a paper on a day, and what there was before.

    `source` is a number of the source. `before` is the largest total of the same until then and `since` the day of the
    last look before; both are None at the first.
    """

    paper: int
    kind: str
    source: int
    day: str
    total: int
    before: int | None
    since: str | None


@dataclass(slots=True)
class Part:
    """What one signal gave a paper: how many came in the window, what age leaves of that, and the points."""

    signal: str
    gained: float
    fresh: float
    points: float


@dataclass(slots=True)
class Trend:
    """A paper's place among the trending, and how it came about: its points are the sum of its parts'."""

    paper: Paper
    position: int
    points: float
    parts: list[Part]


@dataclass(slots=True)
class Trending:
    """A stretch of what is trending, reckoned at the instant `at`. `first` and `last` are the days of the window."""

    window: Window
    signals: tuple[str, ...]
    categories: tuple[str, ...]
    entries: list[Trend]
    total: int
    offset: int
    limit: int
    at: str
    first: str
    last: str


@dataclass(slots=True)
class Moved:
    """A paper that rose or fell: its points in a window and in the one before, and its places (None: it had none)."""

    paper: Paper
    points: float
    before: float
    place: int | None
    place_before: int | None


class SignalRow(NamedTuple):
    """A count as it is downloaded, with what the formula needs besides: the paper's own day, where it is known.

    `paper` is the key of the paper, `source` the name of who counted.
    """

    paper: str
    paper_day: str | None
    kind: str
    source: str
    day: str
    total: int
