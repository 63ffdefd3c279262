"""What rose and what fell against the window before."""

from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from broadsheet import said, tex
from broadsheet.library import Library
from broadsheet.types import Moved, Window
from broadsheet.web import cards
from broadsheet.web.contexts import Move, MovedPage
from broadsheet.web.press import Press
from broadsheet.web.rising.asking import asked, at
from broadsheet.web.rising.trending import ASSETS

MOST = 20
TITLE = 300  # characters
_BEFORE = {Window.DAY: "the day before", Window.WEEK: "the week before", Window.MONTH: "the month before"}


def moved(library: Library, press: Press, request: Request) -> Response:
    """The page."""
    wish = asked(request, library.weights())
    risen, fallen = library.moved(wish.window, signals=wish.signals, categories=wish.categories, limit=MOST)
    now = library.trending(window=wish.window, limit=0)
    length = date.fromisoformat(now.last) - date.fromisoformat(now.first)
    among = f" in {', '.join(wish.categories)}" if wish.categories else ""
    before = said.stretch((date.fromisoformat(now.first) - length).isoformat(), now.first)
    frame = press.frame(
        request,
        f"What rose and fell{among} · {press.site.title}",
        f"The papers that gained and lost most points against {_BEFORE[wish.window]}.",
        assets=ASSETS,
        canonical=press.public(at("/trending/rising", **wish.fields())),
    )
    context = MovedPage(
        frame,
        window=_BEFORE[wish.window],
        tabs=wish.tabs("/trending/rising"),
        days=said.stretch(now.first, now.last),
        before=before,
        risen=[_move(one) for one in risen],
        fallen=[_move(one) for one in fallen],
        trending=at("/trending", **wish.fields()),
    )
    return press.page(request, context)


def _move(one: Moved) -> Move:
    change = one.points - one.before
    title = tex.plain(one.paper.title[:2_000])
    return Move(
        href=cards.path(one.paper.id),
        title=title if len(title) <= TITLE else f"{title[:TITLE].rsplit(' ', 1)[0]} …",
        change=f"{'+' if change > 0 else '−'}{abs(change):.1f}",  # noqa: RUF001 - a true minus
        points=f"from {one.before:.1f} to {one.points:.1f} points",
        places=_places(one.place_before, one.place),
    )


def _places(before: int | None, now: int | None) -> str:
    if before is None:
        return f"new at {now:,}" if now else ""
    return f"place {before:,}, now {now:,}" if now else f"place {before:,}, now none"
