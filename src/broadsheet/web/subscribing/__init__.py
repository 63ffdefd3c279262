"""Pages of what is sent by mail or to a channel.

asking     /subscribe: the form, and what happens next
managing   /subscribe/confirm/…  /preferences/…  /settings/subscriptions
leaving    /unsubscribe/…
plans      when, how much and in what form, as fields and in words

Forms of who has no account carry no secret of a session: what they do is either what anybody may ask for (a letter that
asks to confirm), or what the token in their address allows. They must still be sent from a page of ours, but for
/unsubscribe, where mail programs post.
"""

import hmac
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from broadsheet.errors import Forbidden
from broadsheet.library import Library
from broadsheet.web.forms import Handler, from_here, posted, read
from broadsheet.web.press import Press, visitor
from broadsheet.web.subscribing import asking, leaving, managing
from broadsheet.web.subscribing.managing import by_account, by_token

LARGEST = 20_000  # bytes of a form
Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]
_VERBS = {
    "change": managing.change,
    "pause": managing.pause,
    "resume": managing.resume,
    "end": managing.end,
    "undo": managing.undo,
}
_OF_ALL = ("pause", "resume", "end")


def routes(library: Library, press: Press) -> list[BaseRoute]:
    """Where these pages are."""

    def get(path: str, handler: Callable[[Library, Press, Request], Response]) -> Route:
        return Route(path, partial(handler, library, press), methods=["GET"])

    def post(path: str, endpoint: Endpoint) -> Route:
        return Route(path, endpoint, methods=["POST"])

    own, token = "/settings/subscriptions", "/preferences/{token}"
    mine = partial(posted, library=library, press=press)
    theirs = partial(without_account, library=library, press=press)
    return [
        get("/subscribe", asking.page),
        post("/subscribe", theirs(asking.ask)),
        post("/subscribe/start", theirs(asking.start)),
        post("/subscribe/close", theirs(asking.close)),
        get("/subscribe/sent", asking.sent),
        get("/subscribe/confirm/{token}", managing.confirming),
        post("/subscribe/confirm/{token}", theirs(managing.confirm)),
        get("/unsubscribe/{token}", leaving.page),
        post("/unsubscribe/{token}", one_click(library, press)),
        get(own, partial(managing.page, by_account)),
        get(token, partial(managing.page, by_token)),
        get(f"{own}/{{number:int}}", partial(managing.one, by_account)),
        get(f"{token}/{{number:int}}", partial(managing.one, by_token)),
        post(f"{own}/press", mine(partial(managing.pressed, by_account))),
        post(f"{token}/press", theirs(partial(managing.pressed, by_token))),
        *(post(f"{own}/{{number:int}}/{name}", mine(partial(verb, by_account))) for name, verb in _VERBS.items()),
        *(post(f"{token}/{{number:int}}/{name}", theirs(partial(verb, by_token))) for name, verb in _VERBS.items()),
        *(post(f"{own}/{name}", mine(partial(_VERBS[name], by_account))) for name in _OF_ALL),
        *(post(f"{token}/{name}", theirs(partial(_VERBS[name], by_token))) for name in _OF_ALL),
    ]


def without_account(handler: Handler, library: Library, press: Press) -> Endpoint:
    """An endpoint for a form that needs no account, and no cookie; of who is signed in it must be from their page."""

    async def endpoint(request: Request) -> Response:
        if not from_here(request):
            raise Forbidden("This form was sent from another site. Open the page here and try again.")
        form = await read(request, LARGEST)
        who = visitor(request)
        given = form.fields.get("csrf", "").encode()
        own = who.actor.role is not None and "token" not in request.path_params
        if own and not hmac.compare_digest(given, who.csrf.encode()):
            raise Forbidden("This form has grown old. Go back, reload the page and try again.")
        return await anyio.to_thread.run_sync(handler, library, press, request, form)

    return endpoint


def one_click(library: Library, press: Press) -> Endpoint:
    """What mail programs post to: whatever the kind of form, and wherever it was sent from."""

    async def endpoint(request: Request) -> Response:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > leaving.LARGEST:
                raise HTTPException(413)
        return await anyio.to_thread.run_sync(leaving.posted, library, press, request, bytes(body))

    return endpoint
