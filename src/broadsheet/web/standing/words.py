"""What is said of standing queries on all of their pages."""

from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from broadsheet import said
from broadsheet.library import Library
from broadsheet.permissions import may, require
from broadsheet.types import Actor, Paper, Standing, Why
from broadsheet.web import cards
from broadsheet.web.contexts import FeedLink, Frame
from broadsheet.web.contexts.standing import CatchLine
from broadsheet.web.press import Press, visitor

ASSETS = ("standing.css",)
WORDS_ALONE = 1.0
_TITLE = 1_200  # bytes of a title
NEARS = {
    1.0: "All the words",
    0.6: "All the words, or almost the same in meaning",
    0.55: "All the words, or very near in meaning",
    0.5: "All the words, or near in meaning",
    0.45: "All the words, or fairly near in meaning",
    0.4: "All the words, or loosely near in meaning",
    0.35: "All the words, or somewhere near in meaning",
}


def address(number: int) -> str:
    """The page of a standing query."""
    return f"/standing/{number}"


def frame(press: Press, request: Request, title: str, **more: Any) -> Frame:
    """The frame of a page that is nobody else's business."""
    return press.frame(request, f"{title} · {press.site.title}", title, assets=ASSETS, indexed=False, **more)


def feed(library: Library, actor: Actor, one: Standing) -> FeedLink | None:
    """Where what it caught is as a feed, with the key of who looks at the page, if they may have one."""
    if not may(actor, "account"):
        return None
    key = library.feed_key(actor, "standing", str(one.number))
    return FeedLink(address(one.number), one.name, urlencode({"key": key}))


def reader(request: Request) -> Actor:
    """Who asks. Raises SignInNeeded for a passer-by, before anything is looked at."""
    actor = visitor(request).actor
    require(actor, "read mine")
    return actor


def near(least: float) -> str:
    """A threshold in words."""
    return NEARS.get(least) or f"All the words, or near in meaning from {least:.0%} on"


def asked(one: Standing) -> list[str]:
    """What a query asks, in a few lines."""
    found = [one.text] if one.text else []
    found += [f"not: {one.unlike_text}"] if one.unlike_text else []
    found += [f"like {said.count(len(one.like), 'paper')}"] if one.like else []
    found += [near(one.near).removeprefix("All the words, ")] if one.near < WORDS_ALONE else []
    return found


def state(one: Standing) -> str:
    """How a query stands; empty where it runs."""
    if one.ended:
        return f"ended on {said.day(one.ended[:10])}"
    return f"paused since {said.day(one.paused[:10])}" if one.paused else ""


def line(paper: Paper, why: Why | None, at: str = "") -> CatchLine:
    """A paper in a list, with the reason why it is there."""
    day = paper.day or ""
    facts = "; ".join(filter(None, (cards.authors(paper), ", ".join(paper.categories[:3]))))
    reason = why.said if why else ""
    iso = at or day
    when = said.moment(at) if at else said.day(day) if len(day) == len("2026-11-20") else day
    return CatchLine(paper.id, cards.path(paper.id), cards.within(paper.title, _TITLE), facts, reason, when, iso)
