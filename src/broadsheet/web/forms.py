"""Forms: read whole, within a size, and only from a page of ours.

Two locks against forms of other sites: browsers say where a form was sent from (`Sec-Fetch-Site`, or the origin), and a
signed-in sender's form carries what only our own pages know (`Visitor.csrf`).
"""

import hmac
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from broadsheet.errors import BroadsheetError, Forbidden, Refused
from broadsheet.library import Library
from broadsheet.web.press import Press, visitor

LARGEST = 256_000  # bytes of a form
FIELDS = 200


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form that was sent; a field that is not there is empty."""

    fields: Mapping[str, str]

    def text(self, name: str) -> str:
        """A field of several lines, with line feeds between them."""
        return self.fields.get(name, "").replace("\r\n", "\n").replace("\r", "\n")

    def word(self, name: str) -> str:
        """A field of one line, without white space around it."""
        return " ".join(self.fields.get(name, "").split())

    def flag(self, name: str) -> bool:
        """A box that is ticked, or a button that was pressed."""
        return bool(self.fields.get(name))

    def number(self, name: str) -> int | None:
        """A whole number; None for what is none."""
        return whole(self.word(name))


def whole(text: str) -> int | None:
    """A whole number that a row may have; None for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 17 else None


Handler = Callable[[Library, Press, Request, Form], Response]


def posted(
    handler: Handler,
    library: Library,
    press: Press,
    *,
    largest: int = LARGEST,
    kind: str = "",
    stale: Handler | None = None,
) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """An endpoint that reads a form, looks where it came from, and runs the handler in a thread.

    `kind` is what the act is counted as (library.limits): the answer says then how much is left of the limit.
    `stale` answers a form of ours that has grown old, say because its sender was signed out; it does nothing but give
    back what was typed.
    """

    def act(request: Request, form: Form) -> Response:
        who = visitor(request)
        try:
            return handler(library, press, request, form)
        finally:
            if kind:
                with suppress(BroadsheetError):  # the act's own answer matters more
                    who.allowance = library.allowance(who.actor, kind)

    async def endpoint(request: Request) -> Response:
        if not from_here(request):
            raise Forbidden("This form was sent from another site. Open the page here and try again.")
        form = await read(request, largest)
        if not hmac.compare_digest(form.fields.get("csrf", "").encode(), visitor(request).csrf.encode()):
            if stale is not None:
                return await anyio.to_thread.run_sync(stale, library, press, request, form)
            raise Forbidden("This form has grown old, or came from elsewhere. Go back, reload the page and try again.")
        return await anyio.to_thread.run_sync(act, request, form)

    return endpoint


async def read(request: Request, largest: int) -> Form:
    """The fields of a form. Raises Refused for what is none, and HTTPException (413) for one that is too large."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise Refused("A form is sent as application/x-www-form-urlencoded.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise HTTPException(413, f"This is too long: {largest // 1000:,} kB at most.")
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS, errors="strict")
    except ValueError:
        raise Refused("This form cannot be read: it is damaged, or no UTF-8.") from None
    return Form(dict(pairs))


def from_here(request: Request) -> bool:
    """Whether a form was sent from a page of ours. Browsers say where from; older ones say its origin."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
