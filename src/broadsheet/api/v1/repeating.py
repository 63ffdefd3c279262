"""Writes that are sent twice and done once: `Idempotency-Key`, after the IETF's draft.

https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/

Somebody's key stands for what was sent with it: the method, the address and the body. What was done is answered again
in the same words for a day. What was refused changed nothing, and is not kept: the key is free for another try. A
server that ends in the middle leaves the key taken, because nobody knows then whether it was done.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from broadsheet.api.bodies import actor
from broadsheet.api.problems import of_error, problem
from broadsheet.api.v1.receiving import WRITES
from broadsheet.errors import BroadsheetError
from broadsheet.library import Library

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST = 255  # letters of a key
_KEPT = ("content-type", "location")
_SECRET = "secret"  # noqa: S105 - the field of an answer that is shown once


class Repeating:
    """Keeps what was answered to writes that have a key."""

    def __init__(self, app: ASGIApp, library: Library) -> None:
        self._app, self._library = app, library

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http" or scope["method"] not in WRITES:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        key = request.headers.get(HEADER)
        if key is None:
            await self._app(scope, receive, send)
        elif not (key.strip() and key.isascii() and key.isprintable() and len(key) <= LONGEST):
            said = f"{HEADER} is 1 to {LONGEST} printable ASCII characters, a UUID say."
            await problem(request, 400, said)(scope, receive, send)
        elif actor(request).person == 0:
            await self._app(scope, receive, send)  # nobody's keys could be told from another's
        else:
            await self._once(request, key.strip(), receive, send)

    async def _once(self, request: Request, key: str, receive: Receive, send: Send) -> None:
        scope, who = request.scope, actor(request)
        asked = _fingerprint(request, scope.get("api.body", b""))
        try:
            known = await anyio.to_thread.run_sync(self._library.begin_answer, who, key, asked)
        except BroadsheetError as error:
            await of_error(request, error)(scope, receive, send)
            return
        if known is not None:
            await _replay(request, known.asked == asked, known.status, known.text)(scope, receive, send)
            return
        answer = _Kept(send)
        try:
            await self._app(scope, receive, answer)
        finally:
            with anyio.CancelScope(shield=True):  # who asked may have gone: what was done is done
                if answer.status // 100 == 2:
                    await anyio.to_thread.run_sync(self._library.keep_answer, who, key, answer.status, answer.text())
                elif answer.status:
                    await anyio.to_thread.run_sync(self._library.forget_answer, who, key)


@dataclass
class _Kept:
    """Passes an answer on, and keeps it."""

    send: Send
    status: int = 0
    headers: Mapping[str, str] = None  # type: ignore[assignment]
    body: bytes = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            pairs = ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in message["headers"])
            self.headers = {name: value for name, value in pairs if name in _KEPT}
        else:
            self.body += message.get("body", b"")
        await self.send(message)

    def text(self) -> str:
        """The answer as it is kept, without what is shown once."""
        body = json.loads(self.body) if self.body else None
        if isinstance(body, dict) and _SECRET in body:
            body[_SECRET] = None
        return json.dumps({"headers": dict(self.headers), "body": body})


def _replay(request: Request, same: bool, status: int | None, text: str) -> Response:
    """What is said to a key that was used before."""
    if not same:
        return problem(request, 422, f"This {HEADER} was used for something else. Use a new one for each write.")
    if status is None:
        said = (
            "What was sent with this key is still being done. If this is said for longer than a minute, the server was"
            " interrupted: look whether it was done, and use a new key if it was not."
        )
        return problem(request, 409, said, {"Retry-After": "1"}, retry_after=1)
    kept = json.loads(text)
    body = "" if kept["body"] is None else json.dumps(kept["body"], ensure_ascii=False, separators=(",", ":"))
    return Response(body.encode(), status, {**kept["headers"], REPLAYED: "true"})


def _fingerprint(request: Request, body: bytes) -> str:
    """What was sent, in 32 bytes."""
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode("utf-8", "replace")
    return hashlib.blake2b(asked + body, digest_size=32).hexdigest()
