"""Pages of standing queries. Only whose they are finds them.

listing   /standing: all of one's own
form      /standing/new and /standing/…/change: what it asks, with a preview
one       /standing/…: what it caught, where it goes, and what becomes of it
words     what is said of them on all of these
"""

from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from broadsheet.library import Library
from broadsheet.web.forms import Handler, posted
from broadsheet.web.press import Press
from broadsheet.web.standing import form, listing, one

Shown = Callable[[Library, Press, Request], Response]


def routes(library: Library, press: Press) -> list[BaseRoute]:
    """Where these pages are."""

    def page(path: str, handler: Shown) -> Route:
        return Route(path, partial(handler, library, press), methods=["GET"])

    def posts(path: str, handler: Handler, kind: str = "") -> Route:
        return Route(path, posted(handler, library, press, kind=kind), methods=["POST"])

    number = "/standing/{number:int}"
    return [
        page("/standing", listing.page),
        posts("/standing", form.make, "stand"),
        page("/standing/new", form.new),
        posts("/standing/preview", form.preview),
        page(number, one.page),
        page(f"{number}/change", form.present),
        posts(f"{number}/change", form.change, "stand"),
        posts(f"{number}/unlike", one.unlike, "stand"),
        posts(f"{number}/pause", one.pause, "stand"),
        posts(f"{number}/end", one.end),
        posts(f"{number}/send", one.send, "subscribe"),
    ]
