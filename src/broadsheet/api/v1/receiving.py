"""What comes in, before anything looks at it: bodies within a size, whole, and JSON that can be read; HEAD as GET.

What is wrong with a body is said here, in one way for all operations. What was read is handed on as it came.
"""

import json
from collections.abc import Awaitable, Callable

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from broadsheet.api.bodies import LARGEST, not_json
from broadsheet.api.problems import problem

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_GONE = 499  # the status of an answer that nobody reads, as nginx logs it


class Receiving:
    """Reads bodies before the application does."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["method"] == "HEAD":
            await self._app({**scope, "method": "GET"}, receive, _headers_only(send))
        elif scope["method"] in WRITES:
            await self._write(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _write(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        pieces, size = [], 0
        try:
            async for piece in request.stream():
                pieces.append(piece)
                size += len(piece)
                if size > LARGEST:
                    break
        except ClientDisconnect:
            await Response(status_code=_GONE)(scope, receive, send)
            return
        body = b"".join(pieces)
        if answer := _wrong(request, body):
            await answer(scope, receive, send)
        else:
            await self._app({**scope, "api.body": body}, _again(body, receive), send)


def _wrong(request: Request, body: bytes) -> Response | None:
    """The answer to a body that no operation can use."""
    if len(body) > LARGEST:
        return problem(request, 413, f"The body is longer than {LARGEST:,} bytes.")
    if not body:
        return None
    if wrong := not_json(request):
        return problem(request, 415, wrong)
    try:
        # Half a surrogate pair can be escaped in JSON, and can be written nowhere.
        json.dumps(json.loads(body.decode("utf-8")), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return problem(request, 400, "The body holds half of a character (a lone surrogate).")
    except (ValueError, RecursionError):
        return problem(request, 400, "The body is not JSON in UTF-8, or is nested too deep.")
    return None


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more, in one piece; then whatever comes."""
    pieces: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pieces.pop() if pieces else await receive()

    return replay


def _headers_only(send: Send) -> Callable[[Message], Awaitable[None]]:
    """The answer to HEAD: what GET would be answered, without the body."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return sending
