"""Visitors for tests of pages: the place of the entrance is taken by who the test says asks."""

from starlette.types import ASGIApp, Receive, Scope, Send

from broadsheet.types import Actor, Visitor


def asking(app: ASGIApp, actor: Actor, **more: object) -> ASGIApp:
    """The application as this actor meets it; `more` are other fields of the visitor."""

    async def met(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "visitor": Visitor(actor, **more)}, receive, send)  # type: ignore[arg-type]

    return met
