"""Verbs of the map: papers as points placed by meaning, in regions named by the words that tell them apart."""

from array import array
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import date

from broadsheet.errors import Refused
from broadsheet.library.opened import Opened, Progress
from broadsheet.ranking import editions_order, growth, span_bounds, span_key
from broadsheet.search import Filters
from broadsheet.types import Atlas, Paper, Region, Span

MOST = 100_000  # papers of a map: the newest, where more match
TITLES = 120  # of a region that are read for its words
LONGEST = 200  # characters of a query
_WORDS = 3


class Mapping(Opened):
    """The map. Everybody may read."""

    def atlas(self, span: Span, key: str | None = None) -> Atlas:
        """The papers of an edition on the map; without a key, of the latest. Raises NotFound for a key of no day."""
        today = self._clock().date()
        if key is None:
            latest = self.catalogue.latest_day(today=today.isoformat())
            key = span_key(span, date.fromisoformat(latest) if latest else today)
        first, last = (day.isoformat() for day in span_bounds(span, key))

        def numbers() -> list[int]:
            found = self.catalogue.candidates(first, last, categories=self.rules.categories)
            return [one.number for one in editions_order(found)]

        return replace(self._mapped((span, key), numbers, ""), key=key, first=first, last=last)

    def atlas_of(self, query: str = "", *, since: str | None = None, until: str | None = None) -> Atlas:
        """The papers that match a query by its words on the map, of some years or days; the newest `MOST` of them.

        Days may be partial ("2025"). Raises Refused for a query that is too long.
        """
        query = " ".join(query.split())
        if len(query) > LONGEST:
            raise Refused(f"A query may have {LONGEST} characters here; this one has {len(query):,}.")
        filters = Filters(since, until)
        return self._mapped((query, since, until), lambda: self._search.newest(query, filters, limit=MOST), query)

    def numbered(self, numbers: Sequence[int]) -> list[Paper]:
        """The papers with these numbers, in this order; those that are no more are left out."""
        return self.catalogue.papers(numbers)

    def draw_map(self, progress: Progress, *, stop: Callable[[], bool] = lambda: False) -> int:
        """Gives every paper a place that has none yet, and says how many those were.

        A first map takes minutes for each hundred thousand papers, what came since then seconds. Told to stop, it
        goes on the next time. Raises Busy, StorageFull, BadSetting, Damaged; NotFound (the index has no encoder).
        """
        return self._search.atlas.draw(progress, stop)

    # Inside.

    def _mapped(self, asked: Hashable, numbers: Callable[[], Sequence[int]], known: str) -> Atlas:
        """The map of what was asked, made once as long as neither the papers nor the map change."""
        state = asked, self._search.atlas.stamp(), self._search.sequence(sure=False), self.catalogue.last_change()
        return self._maps.of(state, lambda: self._made(numbers()[:MOST], known))

    def _made(self, numbers: Sequence[int], known: str) -> Atlas:
        from broadsheet.search.atlas import regions as clusters  # noqa: PLC0415  numpy: when used

        atlas = self._search.atlas
        shown, places = atlas.places(numbers)
        own, middles = clusters.regions(places, clusters.wanted(len(shown)))
        found = Atlas(
            len(numbers),
            array("I", shown.tobytes()),
            array("H", places[:, 0].tobytes()),
            array("H", places[:, 1].tobytes()),
            array("B", own.tobytes()),
            drawn=bool(atlas.drawn()),
        )
        groups = [shown[own == region] for region in range(len(middles))]
        words = growth.telling([self._some_titles(group.tolist()) for group in groups], known=known, limit=_WORDS)
        found.regions = [
            Region(names, len(group), x, y)
            for names, group, (x, y) in zip(words, groups, middles.tolist(), strict=True)
        ]
        return found

    def _some_titles(self, numbers: Sequence[int]) -> list[str]:
        """Titles of papers throughout a list."""
        step = max(1, -(-len(numbers) // TITLES))
        return list(self.catalogue.titles(numbers[::step]).values())
