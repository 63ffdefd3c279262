"""/unsubscribe/TOKEN: the link in every letter. Asking for the page ends nothing, as mail programs look at links.

Mail programs post "List-Unsubscribe=One-Click" there by themselves when their reader presses their own button
(RFC 8058, 3.1): without cookies, from anywhere, and the answer is no redirect. The button on the page sends the same.
"""

from starlette.requests import Request
from starlette.responses import Response

from broadsheet.errors import Conflict, NotFound, Refused
from broadsheet.library import Library
from broadsheet.types import Subscription
from broadsheet.web.contexts import UnsubscribePage
from broadsheet.web.press import Press
from broadsheet.web.subscribing import plans
from broadsheet.web.subscribing.managing import ASSETS

ONE_CLICK, UNDO = b"One-Click", b"Undo"
LARGEST = 10_000  # bytes of what is posted
OVER = "This has ended already, and nothing is kept of it any more."
UNKNOWN = "This link was not copied whole, or is none of ours. There is a whole one in every letter."


def page(library: Library, press: Press, request: Request) -> Response:
    """What the link would end, and a button that does."""
    try:
        found = library.unsubscribing(request.path_params["token"])
    except NotFound:
        return _gone(library, press, request)
    return _page(library, press, request, found, done=found.ended is not None)


def posted(library: Library, press: Press, request: Request, body: bytes) -> Response:
    """Ends it, or undoes that. `body` is as it was sent: a form of either kind, of which a word matters."""
    token = request.path_params["token"]
    try:
        if UNDO in body:
            return _page(library, press, request, library.resubscribe(token), done=False, note="It goes on as before.")
        if ONE_CLICK in body:
            return _page(library, press, request, library.unsubscribe(token), done=True)
    except NotFound:
        return _gone(library, press, request)
    except (Conflict, Refused) as error:
        return _page(library, press, request, library.unsubscribing(token), done=True, note=str(error))
    return page(library, press, request)


def _gone(library: Library, press: Press, request: Request) -> Response:
    """Nothing is sent by this link: a mail program that asks for no more than that is told that it is so."""
    if library.signed("unsubscribe", request.path_params["token"]) is None:
        raise NotFound(UNKNOWN)
    return _page(library, press, request, None, done=True, note=OVER)


def _page(
    library: Library, press: Press, request: Request, found: Subscription | None, *, done: bool, note: str = ""
) -> Response:
    frame = press.frame(
        request, f"Unsubscribe · {press.site.title}", "One press ends it.", assets=ASSETS, indexed=False
    )
    onward = f"/preferences/{library.preferences_token(found.subscriber)}" if found is not None else ""
    response = press.page(request, UnsubscribePage(frame, plans.title(found) if found else "", done, onward, note))
    response.headers["Cache-Control"] = "private, no-store"
    return response
