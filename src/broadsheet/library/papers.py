"""Verbs of papers and days: one paper, many, editions, and how all that came about."""

from collections.abc import Sequence
from datetime import date

from broadsheet.library.opened import Opened
from broadsheet.ranking import edition_note, editions_order, newest_day_first, span_bounds, span_key
from broadsheet.types import Counted, Edition, Entry, Event, Harvested, Paper, Provenance, Span, Window


class Papers(Opened):
    """What is known of papers, and the editions they stand in. Everybody may read."""

    def paper(self, key: str) -> Paper:
        """The paper with this key, in any spelling of any of its identifiers. Raises NotFound.

        The paper's `id` differs from `key` where that is not its present name.
        """
        return self.catalogue.paper(key)

    def edition(
        self, span: Span, key: str | None = None, *, limit: int = 20, offset: int = 0, trending: bool = False
    ) -> Edition:
        """A stretch of an edition; without a key, the latest. Raises NotFound for a key that names no day.

        With `trending` those of its papers come first that trend at its end, or by now.
        """
        now = self._clock()
        today = now.date()
        latest_day = self.catalogue.latest_day(today=today.isoformat())
        latest = span_key(span, date.fromisoformat(latest_day) if latest_day else today)
        key = key or latest
        first, last = span_bounds(span, key)
        order = editions_order(
            self.catalogue.candidates(first.isoformat(), last.isoformat(), categories=self.rules.categories)
        )
        if trending:
            order = self._trending_first(order, Window(span.value), min(last, today))
        entries = self._entries(order, limit, offset)
        before, after = self.catalogue.neighbour_days(first.isoformat(), last.isoformat())
        return Edition(
            span=span,
            key=key,
            first=first.isoformat(),
            last=last.isoformat(),
            entries=entries,
            total=len(order),
            offset=offset,
            limit=limit,
            previous=before and span_key(span, date.fromisoformat(before)),
            next=after and span_key(span, date.fromisoformat(after)),
            note=edition_note(span, first, last, entries, now, empty=not order),
            latest=key == latest,
            accounts=self.catalogue.accounts(key, key, categories=self.rules.categories) if span is Span.DAY else [],
        )

    def recent(self, days: int, *, limit: int = 20, offset: int = 0, by_day: bool = True) -> list[Entry]:
        """A stretch of the papers of the latest edition and the days before it, so many days in all.

        By day, each day's papers stand in the order of its edition, the newest day first; otherwise all are ordered
        as one edition, what people voted for first.
        """
        latest = self.catalogue.latest_day(today=self._clock().date().isoformat())
        if not latest:
            return []
        first = date.fromordinal(max(1, date.fromisoformat(latest).toordinal() - days + 1))
        found = self.catalogue.candidates(first.isoformat(), latest, categories=self.rules.categories)
        order = newest_day_first(found) if by_day else editions_order(found)
        return self._entries(order, limit, offset)

    def papers(self, keys: Sequence[str]) -> list[Paper | None]:
        """What `paper` finds for each key; None where there is none."""
        return self.catalogue.named(keys)

    def listing(self, after: str = "", *, limit: int = 20) -> tuple[list[Paper], str]:
        """A stretch of all papers, the newest day first, and the cursor after which it goes on; "" at the end.

        Raises Refused for a cursor that was not given out here.
        """
        return self.catalogue.listing(after, limit)

    def stretches(self) -> list[tuple[int, str]]:
        """The catalogue in stretches of equal size, as papers came: a stretch's number and its newest change."""
        return self.catalogue.stretches()

    def stretch_of(self, number: int) -> list[tuple[str, str]]:
        """Key and last change of the papers in a stretch; none for one that is not there."""
        return self.catalogue.stretch_of(number)

    def harvest(
        self, since: str, until: str, *, categories: Sequence[str] = (), place: str = "", limit: int = 500
    ) -> list[Harvested]:
        """The papers that changed between two instants, in that order, from a place on; deleted and merged ones too.

        An archive among the categories ("cs") stands for all that is in it; no categories are all. Raises Refused for
        a place that was not given out here.
        """
        return self.catalogue.harvest(since, until, categories=categories, place=place, limit=limit)

    def harvested(self, since: str, until: str, *, categories: Sequence[str] = ()) -> int:
        """How many papers `harvest` gives in all."""
        return self.catalogue.harvested(since, until, categories=categories)

    def changed(self, key: str) -> str:
        """The instant at which a paper last changed here. Raises NotFound."""
        return self.catalogue.changed(key)

    def earliest_change(self) -> str | None:
        """When the paper that has not changed for longest did so; None in an empty catalogue."""
        return self.catalogue.earliest_change()

    def provenance(self, key: str) -> Provenance:
        """Where each fact of a paper came from, when it changed, and what was merged. Raises NotFound."""
        return self.catalogue.provenance(key)

    def events(self, key: str) -> list[Event]:
        """What happened to a paper since it was first known, the newest first. Raises NotFound."""
        return self.catalogue.events(key)

    def signals(self, key: str) -> list[Counted]:
        """What was counted for a paper, day by day: votes, comments, stars, citations. Raises NotFound."""
        return self.catalogue.signals(key)
