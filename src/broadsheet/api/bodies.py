"""What is sent to machines' addresses: one JSON object, read whole within a size, and by whom.

A body that is not said to be JSON is refused: a form of another site cannot say so without asking first.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from broadsheet.errors import BroadsheetError, Refused
from broadsheet.library import Library
from broadsheet.types import ANYONE, Actor, Visitor

LARGEST = 256_000  # bytes

Body = Mapping[str, Any]
Writing = Callable[[Library, Request, Body], Response]


def actor(request: Request) -> Actor:
    """Who asks, as the entrance found them."""
    found = request.scope.get("visitor")
    return found.actor if isinstance(found, Visitor) else ANYONE


def writing(handler: Writing, library: Library, kind: str = "") -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that reads a JSON object and runs the handler in a thread. No body at all is an empty object.

    `kind` is what the act is counted as (library.limits): the answer says then how much is left of that limit.
    """

    def act(request: Request, body: Body) -> Response:
        try:
            return handler(library, request, body)
        finally:
            visitor = request.scope.get("visitor")
            if kind and isinstance(visitor, Visitor):
                with suppress(BroadsheetError):  # the act's own answer matters more
                    visitor.allowance = library.allowance(visitor.actor, kind)

    async def endpoint(request: Request) -> Response:
        body = await read(request)
        return await anyio.to_thread.run_sync(act, request, body)

    return endpoint


async def read(request: Request) -> Body:
    """The object in a request's body. Raises Refused for anything else."""
    text = b""
    async for piece in request.stream():
        text += piece
        if len(text) > LARGEST:
            raise Refused(f"The body is longer than {LARGEST:,} bytes.")
    if not text:
        return {}
    if wrong := not_json(request):
        raise Refused(wrong)
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("The body is not JSON.") from None
    if not isinstance(body, dict):
        raise Refused("The body is one JSON object.")
    return body


def not_json(request: Request) -> str:
    """What is wrong with how a body is sent, as its headers say; "" if nothing is."""
    kind, _, more = request.headers.get("content-type", "").partition(";")
    if kind.strip().lower() != "application/json":
        return "The body is sent as application/json."
    if (coding := request.headers.get("content-encoding", "identity").strip().lower()) not in ("", "identity"):
        return f"The body is sent as it is, not packed with {coding[:40]}."
    name, _, charset = more.partition("=")
    if name.strip().lower() == "charset" and charset.strip(' "').lower() not in ("utf-8", "utf8"):
        return f"The body is sent in UTF-8, not in {charset.strip()[:40]}."
    return ""


def text_of(body: Body, *names: str, default: str | None = None) -> str:
    """The text under the first of these names that the body has. Raises Refused where it is none, or missing."""
    for name in names:
        value = body.get(name)
        if value is not None:
            if not isinstance(value, str):
                raise Refused(f"“{name}” is a text.")
            return value
    if default is None:
        raise Refused(f"The body needs “{names[0]}”.")
    return default
