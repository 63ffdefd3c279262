"""Trending: what is counted for papers, how much each count weighs, and what came of it."""

from dataclasses import dataclass
from enum import StrEnum

from broadsheet.types.papers import Paper


class Window(StrEnum):
    """How far back trending looks: 1, 7 or 30 days."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Weight:
    """A signal's row in the table of the formula: `weight` in points, `half_life` in days.

    `signal` is its name in addresses ("votes"); `kind` and `source` say which counts it is made of.
    """

    signal: str
    kind: str
    source: str
    weight: float
    half_life: float
    help: str


@dataclass(slots=True)
class Part:
    """What one signal gave a paper: how many came in the window, what age leaves of that, and the points."""

    signal: str
    gained: int
    fresh: float
    points: float


@dataclass(slots=True)
class Trend:
    """A paper's place among the trending, and how it came about."""

    paper: Paper
    position: int
    points: float
    parts: list[Part]


@dataclass(slots=True)
class Trending:
    """A stretch of what is trending, reckoned at the instant `at`."""

    window: Window
    signals: tuple[str, ...]
    categories: tuple[str, ...]
    entries: list[Trend]
    total: int
    offset: int
    limit: int
    at: str


@dataclass(slots=True)
class Moved:
    """A paper that rose or fell: its points in a window and in the one before, and its places (None: it had none)."""

    paper: Paper
    points: float
    before: float
    place: int | None
    place_before: int | None
