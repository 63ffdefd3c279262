"""Trending: a formula that anybody can recompute, over counts that anybody can download.

    points(paper) = sum over the signals of  weight * log2(1 + fresh)
    fresh         = sum over the days of the window of  gained(day) * 2 ** (-age / half_life)

`age` is how many days ago a day was: 0 for today. A window looks back 1, 7 or 30 days, and at today. All days are
those of UTC. `WEIGHTS` is the table of the formula, and the only one: pages, command line and tests read it.

What a source counts is a total, looked at now and then; `gained` makes days of it, by four rules:

1. The n-th vote (comment, star, ...) is dated at the day on which the total was first seen to reach n, and counts as
   long as the total is still n or more. So what is taken back is gone, and what only came back is nothing new: a source
   that corrects a count downwards and up again makes no paper trend, and neither does who votes and unvotes by turns.
2. What a source had counted before it was first looked at is dated at the paper's own day, or at that first look where
   this is earlier; if the paper has no day, it is left out. So a first fill does not make old papers trend. What is
   counted here begins with nothing, and needs no such rule.
3. Where a source is asked now and then (`Weight.spread`), what came is dated evenly over the days since it was last
   looked at.
4. Where several sources count the same signal, the one counts that gives most: citations are not added up.

Logarithms, so that no single signal drowns the others, and ten votes more say more of a paper with five than of one
with five hundred. Half-lives in place of an edge, so that nothing falls out of a list from one minute to the next.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from math import log2
from types import MappingProxyType
from typing import NamedTuple

from broadsheet.types import Look, Part, Weight, Window

_HUGGING_FACE = ("hf-daily", "daily-api", "daily-page")
HERE = "here"

WEIGHTS: tuple[Weight, ...] = (
    Weight("votes", "votes", (HERE,), 3.0, 5, "votes given here"),
    Weight("comments", "comments", (HERE,), 2.0, 5, "comments written here"),
    Weight("submissions", "submissions", (HERE,), 2.0, 5, "times it was submitted here"),
    Weight("reads", "reads", (HERE,), 0.5, 3, "people who opened its page here, each once a day"),
    Weight("hf-votes", "votes", _HUGGING_FACE, 1.0, 5, "votes at Hugging Face"),
    Weight("stars", "stars", (), 0.5, 7, "stars that its code gained at GitHub", spread=True),
    Weight("citations", "citations", (), 1.0, 30, "citations, by who counts most of them"),
)
"""The table of the formula."""

DAYS: Mapping[Window, int] = MappingProxyType({Window.DAY: 1, Window.WEEK: 7, Window.MONTH: 30})
"""How many days back a window looks."""


class Gain(NamedTuple):
    """So many came from the day after `after` to `until`, evenly: numbers of days, as `date.toordinal` counts them."""

    after: int
    until: int
    gained: int


@dataclass(slots=True)
class Scored:
    """A paper's number, its points, and the parts of them in the order of the table."""

    paper: int
    points: float
    parts: tuple[Part, ...]


class Formula:
    """The formula for a window that ends on a day, ready to be asked of many papers.

    `sources` are the kinds of the sources, by their numbers.
    """

    def __init__(self, window: Window, last: date, sources: Mapping[int, str]) -> None:
        self.window, self.last, self.first = window, last, self.begin(window, last)
        self._sources = sources
        self._rows: dict[tuple[str, int], Weight | None] = {}
        back = DAYS[window]
        self._left = {row.signal: [2 ** (-age / row.half_life) for age in range(back + 1)] for row in WEIGHTS}

    @staticmethod
    def begin(window: Window, last: date) -> date:
        """The first day of a window."""
        return last - timedelta(days=DAYS[window])

    def knowing(self, sources: Mapping[int, str]) -> "Formula":
        """The same formula, with sources that were not there before."""
        return self if sources == self._sources else Formula(self.window, self.last, sources)

    def score(self, looks: Iterable[Look], own_day: str | None) -> Scored | None:
        """The points of one paper by the looks at its totals in the window; None for no points.

        The looks at each total come oldest first. `own_day` is the day that the paper belongs to.
        """
        totals: dict[tuple[str, int], list[Look]] = {}
        for look in looks:
            totals.setdefault((look.kind, look.source), []).append(look)
        best: dict[str, tuple[float, float]] = {}
        for (kind, source), seen in totals.items():
            if row := self._row(kind, source):
                fresh, gained = self._came(row, seen, own_day)
                if fresh > 0:
                    best[row.signal] = max(best.get(row.signal, (0.0, 0.0)), (fresh, gained))
        parts = tuple(
            Part(row.signal, gained, fresh, row.weight * log2(1 + fresh))
            for row in WEIGHTS
            for fresh, gained in ([best[row.signal]] if row.signal in best else [])
        )
        return Scored(seen[0].paper, sum(part.points for part in parts), parts) if parts else None

    def _row(self, kind: str, source: int) -> Weight | None:
        """The row of the table for what a source counts."""
        if (kind, source) not in self._rows:
            by = self._sources[source]
            fitting = (row for row in WEIGHTS if row.kind == kind)
            self._rows[kind, source] = next((row for row in fitting if _is_of(row, by)), None)
        return self._rows[kind, source]

    def _came(self, row: Weight, seen: Sequence[Look], own_day: str | None) -> tuple[float, float]:
        """What age leaves of all that came in the window, and how many that were."""
        left, begin, last = self._left[row.signal], self.first.toordinal(), self.last.toordinal()
        here, now = HERE in row.sources, seen[-1].total
        all_fresh, all_gained = 0.0, 0.0
        for look in seen:
            came = gain(look, now, own_day, here=here, spread=row.spread)
            if came is None or not begin <= came.until <= last:
                continue
            if came.until - came.after == 1:
                all_gained += came.gained
                all_fresh += came.gained * left[last - came.until]
            else:
                each = came.gained / (came.until - came.after)
                days = range(max(came.after + 1, begin), came.until + 1)
                all_gained += each * len(days)
                all_fresh += each * sum([left[last - day] for day in days])
        return all_fresh, all_gained


def gain(look: Look, now: int, own_day: str | None, *, here: bool, spread: bool) -> Gain | None:
    """What a look at a total showed to have come, and when; None for nothing, or nothing that can be dated.

    `now` is the newest total of the same. `here`: it is counted at this place.
    """
    day = look.day
    if look.before is None and not here:
        if own_day is None:
            return None
        day = min(own_day, day)
    gained = min(look.total, now) - min(look.before or 0, now)
    if gained <= 0:
        return None
    until = _ordinal(day)
    after = _ordinal(look.since) if spread and look.since is not None else until - 1
    return Gain(after, until, gained)


def by_signals(papers: Iterable[Scored], signals: Collection[str]) -> list[Scored]:
    """The papers by some signals alone, without those that have no points then."""
    chosen = ((one.paper, tuple(part for part in one.parts if part.signal in signals)) for one in papers)
    return [Scored(paper, sum(part.points for part in parts), parts) for paper, parts in chosen if parts]


def _is_of(row: Weight, source: str) -> bool:
    return source in row.sources if row.sources else source != HERE


@lru_cache(maxsize=1024)  # days are few, looks are many
def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()
