"""Pages of channels, below /settings/channels.

pages     the list, one channel, removing it
adding    a service's form
services  what each service is called, how one gets an address there
"""

from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from broadsheet.library import Library
from broadsheet.web.channels import adding, pages
from broadsheet.web.forms import Handler, posted
from broadsheet.web.press import Press


def routes(library: Library, press: Press) -> list[BaseRoute]:
    """Where these pages are."""

    def get(path: str, handler: Callable[[Library, Press, Request], Response]) -> Route:
        return Route(path, partial(handler, library, press), methods=["GET"])

    def post(path: str, handler: Handler, kind: str = "") -> Route:
        return Route(path, posted(handler, library, press, kind=kind), methods=["POST"])

    return [
        get("/settings/channels", pages.channels),
        get("/settings/channels/new/{kind}", adding.page),
        post("/settings/channels/new/{kind}", adding.add, "channel"),
        get("/settings/channels/{number:int}", pages.channel),
        post("/settings/channels/{number:int}/try", pages.trial, "channel"),
        get("/settings/channels/{number:int}/remove", pages.removing),
        post("/settings/channels/{number:int}/remove", pages.remove),
    ]
