"""What all pages of a group have in common."""

from typing import Any
from urllib.parse import quote

from starlette.requests import Request

from broadsheet import said
from broadsheet.library import Library
from broadsheet.permissions import require
from broadsheet.types import Actor, Circle, Person
from broadsheet.web import owned
from broadsheet.web.contexts import FeedLink, Frame, Link, Tab
from broadsheet.web.contexts.circles import GroupHead
from broadsheet.web.press import Press, visitor

ASSETS = ("talk.css", "circles.css")
_TABS = (
    ("", "Edition"),
    ("/shelf", "Shelf"),
    ("/discussion", "Discussion"),
    ("/members", "Members"),
    ("/rules", "Rules"),
)


def address(name: str, *parts: str) -> str:
    """The address of a page of a group."""
    return "/".join(("/groups", quote(name, safe=""), *(quote(part, safe="/:@!$&'()*,;=-._~") for part in parts)))


def head(group: Circle, here: str) -> GroupHead:
    """What stands above a page of a group; `here` is the tab that it belongs to."""
    href = address(group.name)
    tabs = [
        Tab(text, href + below, below == here) for below, text in _TABS if below != "/rules" or group.role == "owner"
    ]
    return GroupHead(group.shown, href, said.count(group.members, "member"), tabs)


def frame(press: Press, request: Request, title: str, **more: Any) -> Frame:
    """The frame of a page that is nobody else's business: named for its reader only, and for no search engine."""
    assets = more.pop("assets", ASSETS)
    return press.frame(request, f"{title} · {press.site.title}", title, assets=assets, indexed=False, **more)


def feed(library: Library, actor: Actor, name: str, title: str, *below: str) -> FeedLink | None:
    """Where a list of the group is as a feed."""
    return owned.feed(library, actor, address(name, *below), title, "group", name)


def who(person: Person | None) -> Link:
    """Somebody and their page; who has left has none."""
    if person is None or person.left:
        return Link("", "somebody who has left")
    return Link(f"/people/{person.name}", person.shown or person.name)


def lines(text: str) -> list[str]:
    """A text's paragraphs."""
    return [line for line in text.split("\n") if line.strip()]


def signed_in(request: Request) -> Actor:
    """Who asks. Raises SignInNeeded for a passer-by, before anything is looked at."""
    actor = visitor(request).actor
    require(actor, "read group")
    return actor
