"""Visitors for tests of pages: the place of the entrance is taken by who the test says asks."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from broadsheet.types import ANYONE, Actor, Visitor


def asking(app: ASGIApp, actor: Actor, **more: object) -> ASGIApp:
    """The application as this actor meets it; `more` are other fields of the visitor."""

    async def met(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "visitor": Visitor(actor, **more)}, receive, send)  # type: ignore[arg-type]

    return met


def by_cookie(app: ASGIApp, actors: Mapping[str, Actor]) -> ASGIApp:
    """The application as browsers meet it whose cookie "who" names one of these actors; others are passers-by."""

    async def met(scope: Scope, receive: Receive, send: Send) -> None:
        name = Request(scope).cookies.get("who", "") if scope["type"] == "http" else ""
        actor = actors.get(name, ANYONE)
        await app({**scope, "visitor": Visitor(actor, csrf=f"form-of-{name}" if name else "")}, receive, send)

    return met
