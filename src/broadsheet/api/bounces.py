"""/mail/bounce: where a mail server hands over what came back, a message as it is, with a shared secret.

    curl --data-binary @- -H "Authorization: Bearer SECRET" https://papers.example.org/mail/bounce < message

Basic authentication will do too (any name, the secret as password), for services that know nothing else. What is sent
has an effect only where it holds the name of a letter that left from here.
"""

import base64
import hmac
from binascii import Error
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Scope

from broadsheet.api.answers import error

ADDRESS = "/mail/bounce"
LARGEST = 1 << 20  # bytes that are read; what comes after them is of the letter that came back


def create(take: Callable[[bytes], str], secret: str) -> ASGIApp:
    """The address, for who knows the secret. `take` takes in a message and says what came of it."""

    async def bounce(request: Request) -> Response:
        if not hmac.compare_digest(_shown(request).encode("utf-8", "surrogatepass"), secret.encode()):
            refused = error(401, "Unauthorized", "Say the setting bounce_secret: Authorization: Bearer SECRET.")
            refused.headers["WWW-Authenticate"] = 'Basic realm="Broadsheet"'
            return refused
        raw = bytearray()
        async for part in request.stream():
            raw += part[: LARGEST - len(raw)]
        return JSONResponse({"taken": await run_in_threadpool(take, bytes(raw))})

    return Starlette(routes=[Route(ADDRESS, bounce, methods=["POST"])])


def asks_here(scope: Scope) -> bool:
    """Whether a request is for this address."""
    return bool(scope["type"] == "http" and scope["path"] == ADDRESS)


def _shown(request: Request) -> str:
    """The secret that a request shows."""
    kind, _, value = request.headers.get("authorization", "").strip().partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (Error, ValueError):
        return ""
