"""What trending reckoned, kept for as long as it holds.

To reckon a month of a large catalogue takes seconds, and a vote changes one paper of it. So the days before the last
are read once; after that only the last day's counts are read again, when there are new ones, and only the papers
that these are of are reckoned anew. `Mark` tells what is new, whichever process wrote it.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from broadsheet.catalogue import Catalogue
from broadsheet.catalogue.rising import Mark, among
from broadsheet.ranking import Formula, Scored, by_signals
from broadsheet.types import Look, Window

_KEPT = 6  # windows: each length, and the one before it
_ORDERS = 24  # of each window: what readers chose lately
_DAY = timedelta(days=1)

Choice = tuple[frozenset[str], tuple[str, ...]]
"""Signals and categories."""


@dataclass(slots=True)
class _Page:
    """One window: the looks at totals before its last day and on it, by paper, and what came of them."""

    formula: Formula
    mark: Mark
    before: dict[int, list[Look]]
    today: dict[int, list[Look]]
    days: dict[int, str]
    scored: dict[int, Scored] = field(default_factory=dict)
    categories: dict[int, tuple[str, ...]] = field(default_factory=dict)
    orders: dict[Choice, list[Scored]] = field(default_factory=dict)

    def reckon(self, numbers: Iterable[int]) -> None:
        """Reckons the points of papers."""
        for number in numbers:
            looks = [*self.before.get(number, ()), *self.today.get(number, ())]
            one = self.formula.score(looks, self.days.get(number))
            if one is not None:
                self.scored[number] = one
            else:
                self.scored.pop(number, None)
        self.orders.clear()


class Ledger:
    """The standings of windows. Safe to share among threads: what one reckons, the others wait for."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._pages: dict[tuple[Window, date], _Page] = {}
        self._lock = threading.Lock()

    def order(self, window: Window, last: date, signals: Iterable[str], categories: Iterable[str] = ()) -> list[Scored]:
        """The papers that have points in a window that ends on a day, the most points first; of equals, the later."""
        choice = frozenset(signals), tuple(sorted(categories))
        with self._lock:
            page = self._page(window, last)
            if choice not in page.orders:
                while len(page.orders) >= _ORDERS:
                    del page.orders[next(iter(page.orders))]
                chosen = by_signals(self._among(page, choice[1]), choice[0])
                page.orders[choice] = sorted(chosen, key=lambda one: (-one.points, -one.paper))
            return page.orders[choice]

    def _among(self, page: _Page, wanted: tuple[str, ...]) -> Iterable[Scored]:
        if not wanted:
            return page.scored.values()
        unknown = page.scored.keys() - page.categories.keys()
        page.categories |= self._catalogue.categories_of(list(unknown)) if unknown else {}
        return (one for number, one in page.scored.items() if among(page.categories.get(number, ()), wanted))

    def _page(self, window: Window, last: date) -> _Page:
        """The window as it is by now."""
        mark = self._catalogue.mark(last.isoformat())  # first: what is written from here on is seen next time
        page = self._pages.pop((window, last), None)
        if page is None or self._is_old(page, mark, last):
            page = self._read(window, last, mark)
        elif mark != page.mark:
            self._read_again(page, last, mark)
        self._pages[window, last] = page
        while len(self._pages) > _KEPT:
            del self._pages[next(iter(self._pages))]
        return page

    def _is_old(self, page: _Page, mark: Mark, last: date) -> bool:
        """Whether anything changed in the days before the last."""
        if mark.earlier != page.mark.earlier:
            return True
        first, yesterday = page.formula.first, last - _DAY
        return mark.papers != page.mark.papers and self._catalogue.moved_since(
            page.mark.papers, first.isoformat(), yesterday.isoformat()
        )

    def _read(self, window: Window, last: date, mark: Mark) -> _Page:
        first, day = Formula.begin(window, last).isoformat(), last.isoformat()
        before = self._catalogue.looks(first, (last - _DAY).isoformat(), begin=first)
        today = self._catalogue.looks(day, day, begin=first)
        formula = Formula(window, last, before.sources | today.sources)
        page = _Page(formula, mark, _by_paper(before.looks), _by_paper(today.looks), before.days | today.days)
        page.reckon(page.before.keys() | page.today.keys())
        return page

    def _read_again(self, page: _Page, last: date, mark: Mark) -> None:
        """Reads the counts of the last day again."""
        first, day = page.formula.first.isoformat(), last.isoformat()
        found = self._catalogue.looks(day, day, begin=first)
        today, was = _by_paper(found.looks), page.today
        moved = {one for one in today.keys() | was.keys() if today.get(one) != was.get(one)}
        moved |= {one for one in today if found.days.get(one) != page.days.get(one)}
        page.formula = page.formula.knowing(found.sources)
        page.today, page.mark = today, mark
        page.days |= found.days
        page.categories.clear()
        page.reckon(moved)


def _by_paper(looks: Iterable[Look]) -> dict[int, list[Look]]:
    found: dict[int, list[Look]] = {}
    for look in looks:
        found.setdefault(look.paper, []).append(look)
    return found
