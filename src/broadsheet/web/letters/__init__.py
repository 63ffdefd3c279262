"""Pages of what is sent, and of what suits one reader.

forme    /for-me
outbox   /letters, for administrators: how the outbox stands, letters in files
reading  /letters/NAME: one of these
"""

from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from broadsheet.library import Library
from broadsheet.web.forms import posted
from broadsheet.web.letters import forme, outbox, reading
from broadsheet.web.press import Press


def routes(library: Library, press: Press) -> list[BaseRoute]:
    """Where these pages are."""

    def get(path: str, handler: Callable[[Library, Press, Request], Response]) -> Route:
        return Route(path, partial(handler, library, press), methods=["GET"])

    return [
        get("/for-me", forme.for_me),
        get("/letters", outbox.letters),
        Route("/letters", posted(outbox.act, library, press), methods=["POST"]),
        get("/letters/{name}", reading.letter),
        get("/letters/{name}/html", reading.html),
    ]
