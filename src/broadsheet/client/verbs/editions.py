"""The client's verbs of "editions", named as the operations of the API are."""

from collections.abc import Sequence
from typing import Literal

from broadsheet.client.calls import Call, get, verb
from broadsheet.types import Entry, Span, Weight, Window
from broadsheet.wire import EditionStretch, Gained, Listed, TrendingStretch


class Editions:
    """Daily, weekly and monthly editions, and what trends."""

    @verb
    def edition(
        self, span: Span, key: str, *, trending: bool = False, limit: int = 20, cursor: str = ""
    ) -> Call[EditionStretch]:
        """A day's, week's or month's papers, in their order."""
        return get(
            "/editions/{span}/{key}",
            EditionStretch,
            {"span": span, "key": key},
            trending=trending,
            limit=limit,
            cursor=cursor,
        )

    @verb
    def latest_edition(
        self, span: Span, *, trending: bool = False, limit: int = 20, cursor: str = ""
    ) -> Call[EditionStretch]:
        """The latest edition. Its stretches are those of that edition by its key."""
        return get("/editions/{span}", EditionStretch, {"span": span}, trending=trending, limit=limit, cursor=cursor)

    @verb
    def recent(
        self, *, days: int = 14, order: Literal["day", "votes", "trending"] = "day", limit: int = 20, cursor: str = ""
    ) -> Call[Listed[Entry]]:
        """The papers of the latest days."""
        return get("/recent", Listed[Entry], days=days, order=order, limit=limit, cursor=cursor)

    @verb
    def trending(
        self,
        *,
        window: Window = Window.WEEK,
        signal: Sequence[str] = (),
        category: Sequence[str] = (),
        limit: int = 20,
        cursor: str = "",
    ) -> Call[TrendingStretch]:
        """What trends, and what its points are made of."""
        return get(
            "/trending", TrendingStretch, window=window, signal=signal, category=category, limit=limit, cursor=cursor
        )

    @verb
    def formula(self) -> Call[Listed[Weight]]:
        """The table of the formula: what each signal weighs, and how fast it fades."""
        return get("/trending/formula", Listed[Weight])

    @verb
    def moved(
        self, *, window: Window = Window.WEEK, signal: Sequence[str] = (), category: Sequence[str] = (), limit: int = 20
    ) -> Call[Gained]:
        """What rose most and what fell most against the window before."""
        return get("/trending/moved", Gained, window=window, signal=signal, category=category, limit=limit)
