"""Verbs of trending: what rises, what fell, and the counts behind it."""

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, date, timedelta

from broadsheet.errors import BroadsheetError, Refused
from broadsheet.library.opened import Opened
from broadsheet.ranking import WEIGHTS, Formula, editions_order
from broadsheet.types import (
    Actor,
    Entry,
    Moved,
    Paper,
    SignalRow,
    Trend,
    Trending,
    Weight,
    Window,
)

log = logging.getLogger("broadsheet")
SIGNALS = tuple(row.signal for row in WEIGHTS)
WRITTEN_EVERY = timedelta(minutes=1)  # reads wait so long, at most while the page is busy
AT_ONCE = 2_000  # papers whose counts are read together for a download
_RECENT = 7  # days whose papers follow those that trend
_EVER, _NEVER = "", "~"  # before and after every day, as texts are compared


class Rising(Opened):
    """Trending and the history of signals. Everybody may read."""

    def trending(
        self,
        *,
        window: Window = Window.WEEK,
        signals: Sequence[str] = (),
        categories: Sequence[str] = (),
        limit: int = 20,
        offset: int = 0,
    ) -> Trending:
        """A stretch of the papers that trend, by the formula of `ranking.trending`, each with the parts of its points.

        No signals are all of them; of categories one must fit, and an archive ("cs") stands for all that is in it.
        Raises Refused for a signal that is not in the table.
        """
        chosen, now = _signals(signals), self._clock().astimezone(UTC)
        order = self._ledger.order(window, now.date(), chosen, categories)
        stretch = order[offset : offset + limit]
        papers = self._by_number([one.paper for one in stretch])
        return Trending(
            window=window,
            signals=chosen,
            categories=tuple(categories),
            entries=[
                Trend(papers[one.paper], position, one.points, list(one.parts))
                for position, one in enumerate(stretch, start=offset + 1)
                if one.paper in papers
            ],
            total=len(order),
            offset=offset,
            limit=limit,
            at=now.isoformat(timespec="seconds"),
            first=Formula.begin(window, now.date()).isoformat(),
            last=now.date().isoformat(),
        )

    def moved(
        self,
        window: Window = Window.WEEK,
        *,
        signals: Sequence[str] = (),
        categories: Sequence[str] = (),
        limit: int = 20,
    ) -> tuple[list[Moved], list[Moved]]:
        """The papers whose points rose most against the window before, and those whose fell most.

        The window before is the same reckoned as many days ago as it is long. Raises Refused as `trending` does.
        """
        chosen, today = _signals(signals), self._clock().astimezone(UTC).date()
        now = self._ledger.order(window, today, chosen, categories)
        before = self._ledger.order(window, Formula.begin(window, today), chosen, categories)
        places = {one.paper: (place, one.points) for place, one in enumerate(now, start=1)}
        placed = {one.paper: (place, one.points) for place, one in enumerate(before, start=1)}
        by = sorted(
            (places.get(one, (0, 0.0))[1] - placed.get(one, (0, 0.0))[1], one) for one in places.keys() | placed.keys()
        )
        fell = [number for change, number in by[:limit] if change < 0]
        rose = [number for change, number in by[: -limit - 1 : -1] if change > 0]
        papers = self._by_number([*rose, *fell])

        def moved(number: int) -> Moved:
            (place, points), (placed_before, points_before) = (
                found.get(number, (None, 0.0)) for found in (places, placed)
            )
            return Moved(papers[number], points, points_before, place, placed_before)

        return [moved(one) for one in rose if one in papers], [moved(one) for one in fell if one in papers]

    def trending_first(self, *, limit: int = 20, offset: int = 0) -> list[Entry]:
        """What trends in the week, then the other papers of the newest days in the order of their editions."""
        now = self._clock().astimezone(UTC)
        order = [one.paper for one in self._ledger.order(Window.WEEK, now.date(), SIGNALS)]
        if latest := self.catalogue.latest_day(today=now.date().isoformat()):
            first = date.fromisoformat(latest) - timedelta(days=_RECENT - 1)
            found = self.catalogue.candidates(first.isoformat(), latest, categories=self.rules.categories)
            trending = set(order)
            order += [one.number for one in editions_order(found) if one.number not in trending]
        stretch = order[offset : offset + limit]
        papers = self._by_number(stretch)
        return [
            Entry(papers[one], place, "trending", day=papers[one].day or "")
            for place, one in enumerate(stretch, start=offset + 1)
            if one in papers
        ]

    def weights(self) -> tuple[Weight, ...]:
        """The table of the formula."""
        return WEIGHTS

    def signal_history(self, key: str) -> list[SignalRow]:
        """All counts of a paper, by kind, source and day. Raises NotFound."""
        return self.catalogue.signal_history(key)

    def signal_rows(
        self, since: str | None = None, until: str | None = None, *, categories: Sequence[str] = ()
    ) -> Iterator[SignalRow]:
        """All counts from the day `since` to `until`, by paper, kind, source and day. Deleted papers are left out.

        They are read while they are taken, a few thousand papers at a time: what is written meanwhile may be in them.
        """
        after: int | None = 0
        while after is not None:
            found, after = self.catalogue.signal_rows(
                after, AT_ONCE, since=since or _EVER, until=until or _NEVER, categories=categories
            )
            yield from found

    # Reads.

    def read(self, paper: Paper, *, actor: Actor) -> bool:
        """Notes that somebody opened the page of a paper, and says whether that counts: once a reader and day.

        Nobody waits for it to be written, and who it was is not kept (`library.readers`). Of somebody who has neither
        an account nor an address nothing is counted.
        """
        who = f"person {actor.person}" if actor.person else actor.address
        now = self._clock().astimezone(UTC)
        if not who or not self._readers.note(now.date().isoformat(), paper.number, who):
            return False
        if self._readers.due(now, WRITTEN_EVERY):
            self.errands.add_once("reads", self.write_reads)
        return True

    def close(self) -> None:
        """Writes down what waits, and lets go of the files."""
        try:
            self.write_reads()
        except BroadsheetError as error:
            log.warning("the last reads were not written: %s", error)
        super().close()

    def write_reads(self) -> int:
        """Writes down the reads that wait, and says how many. Raises Busy, StorageFull: then they wait on."""
        waiting, written = self._readers.take(), 0
        for day in list(waiting):
            try:
                self.catalogue.add_reads(day, waiting[day])
            except BroadsheetError:
                for left, reads in waiting.items():
                    self._readers.put_back(left, reads)
                raise
            written += sum(waiting.pop(day).values())
        return written

    def _by_number(self, numbers: Sequence[int]) -> dict[int, Paper]:
        """The papers with these numbers that are there and not deleted."""
        return {one.number: one for one in self.catalogue.papers(numbers) if not one.deleted}


def _signals(named: Sequence[str]) -> tuple[str, ...]:
    """The signals of the table that are named, in its order; all, if none is. Raises Refused."""
    if unknown := next((name for name in named if name not in SIGNALS), None):
        raise Refused(f"There is no signal “{unknown[:40]}”. There are: {', '.join(SIGNALS)}.")
    return tuple(name for name in SIGNALS if name in named) or SIGNALS
