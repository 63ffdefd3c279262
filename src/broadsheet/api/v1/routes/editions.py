"""Editions, what trends, and the formula by which it does."""

from typing import Annotated, Literal

from fastapi import Path, Query

from broadsheet.api.v1.asking import Asked, widened
from broadsheet.api.v1.operations import Operations
from broadsheet.api.v1.parameters import NAME, Categories, Cursor, Limit
from broadsheet.types import Entry, Span, Weight, Window
from broadsheet.wire import EditionStretch, Gained, Listed, TrendingStretch

editions = Operations("editions", "Daily, weekly and monthly editions, and what trends.")

Spanned = Annotated[Span, Path(description="How long an edition is.")]
Trending = Annotated[bool, Query(description="Those first that trend.")]
Windowed = Annotated[Window, Query(description="How far back: 1, 7 or 30 days.")]
Signals = Annotated[
    tuple[str, ...],
    Query(description="Only these signals of the formula; without one, all.", max_length=50, examples=[["votes"]]),
]


@editions.reads("/editions/{span}/{key}")
def edition(
    asked: Asked,
    *,
    span: Spanned,
    key: Annotated[
        str, Path(description="“2026-11-20”, “2026-W47”, “2026-11”.", max_length=NAME, examples=["2026-11-20"])
    ],
    trending: Trending = False,
    limit: Limit = 20,
    cursor: Cursor = "",
) -> EditionStretch:
    """A day's, week's or month's papers, in their order."""
    return _edition(asked, span, key, limit, cursor, trending=trending)


@editions.reads("/editions/{span}")
def latest_edition(
    asked: Asked, span: Spanned, trending: Trending = False, limit: Limit = 20, cursor: Cursor = ""
) -> EditionStretch:
    """The latest edition. Its stretches are those of that edition by its key."""
    return _edition(asked, span, None, limit, cursor, trending=trending)


def _edition(asked: Asked, span: Span, key: str | None, limit: int, cursor: str, *, trending: bool) -> EditionStretch:
    offset = asked.offset(cursor)
    found = asked.library.edition(span, key, limit=limit, offset=offset, trending=trending)
    return widened(EditionStretch, found, cursor=asked.after(offset, limit, found.total))


@editions.reads("/recent")
def recent(
    asked: Asked,
    days: Annotated[int, Query(description="How many days, the latest edition's the last.", ge=1, le=90)] = 14,
    order: Annotated[
        Literal["day", "votes", "trending"],
        Query(description="Day by day, what people voted for first, or what trends first (of all days)."),
    ] = "day",
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Listed[Entry]:
    """The papers of the latest days."""
    if order == "trending":
        return asked.counted(
            lambda limit, offset: asked.library.trending_first(limit=limit, offset=offset), limit, cursor
        )
    by_day = order == "day"
    return asked.counted(
        lambda limit, offset: asked.library.recent(days, limit=limit, offset=offset, by_day=by_day), limit, cursor
    )


@editions.reads("/trending")
def trending(
    asked: Asked,
    *,
    window: Windowed = Window.WEEK,
    signal: Signals = (),
    category: Categories = (),
    limit: Limit = 20,
    cursor: Cursor = "",
) -> TrendingStretch:
    """What trends, and what its points are made of."""
    offset = asked.offset(cursor)
    found = asked.library.trending(window=window, signals=signal, categories=category, limit=limit, offset=offset)
    return widened(TrendingStretch, found, cursor=asked.after(offset, limit, found.total))


@editions.reads("/trending/formula")
def formula(asked: Asked) -> Listed[Weight]:
    """The table of the formula: what each signal weighs, and how fast it fades."""
    return Listed(list(asked.library.weights()))


@editions.reads("/trending/moved")
def moved(
    asked: Asked, window: Windowed = Window.WEEK, signal: Signals = (), category: Categories = (), limit: Limit = 20
) -> Gained:
    """What rose most and what fell most against the window before."""
    return Gained(*asked.library.moved(window, signals=signal, categories=category, limit=limit))
