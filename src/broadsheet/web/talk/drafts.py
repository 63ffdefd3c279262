"""What was typed and is not sent yet: previewed, refused, or answered too late. It is never lost.

The page that says why a text was not taken holds the text again, in a form that sends it to the same place.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from broadsheet import markup
from broadsheet.errors import (
    BroadsheetError,
    Busy,
    Conflict,
    Forbidden,
    NotFound,
    Refused,
    SignInNeeded,
    StorageFull,
    TooMany,
    Unavailable,
)
from broadsheet.library import Library
from broadsheet.types import Visitor
from broadsheet.web import threads, votes
from broadsheet.web.contexts import Link
from broadsheet.web.contexts.talk import Said, SayForm, SayPage
from broadsheet.web.press import Press, visitor

ASSETS = ("talk.css",)

_CODES: Mapping[type[BroadsheetError], int] = MappingProxyType(
    {
        SignInNeeded: 401,
        Forbidden: 403,
        TooMany: 429,
        Conflict: 409,
        Unavailable: 503,
        Busy: 503,
        StorageFull: 503,
        NotFound: 404,
        Refused: 400,
    }
)
ANSWERED = tuple(_CODES)
"""What a page with the draft answers; anything else is our own failure."""


def code(error: BroadsheetError) -> int:
    """The status of the page that says what went wrong."""
    return next(status for kind, status in _CODES.items() if isinstance(error, kind))


def preview(library: Library, text: str) -> Markup:
    """How a text will look."""
    return Markup(markup.html(text, people=library.mentioned(text)))  # noqa: S704 - made by `markup`: nothing runs


def page(
    press: Press,
    request: Request,
    form: SayForm,
    about: Link,
    *,
    heading: str = "Your comment",
    status: int = 200,
    quote: Said | None = None,
) -> Response:
    """A page with a text that is not sent yet."""
    who = visitor(request)
    who.keep = who.actor.role is None  # a passer-by's form works only while the browser is the same
    frame = press.frame(request, f"{heading} · {press.site.title}", heading, indexed=False, assets=ASSETS)
    back = form.back if status == 401 else ""
    context = SayPage(frame, heading, about, form, quote, votes.sign_in(back) if back else "")
    return press.page(request, context, status)


def refused(press: Press, request: Request, form: SayForm, about: Link, error: BroadsheetError) -> Response:
    """Says why a text was not taken, and holds it."""
    again = "" if form.problem else " Your text is kept below."
    response = page(
        press,
        request,
        replace(form, problem=form.problem or f"{str(error)[:600]}{again}"),
        about,
        heading="Not sent yet",
        status=code(error),
    )
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(max(1, round(error.retry_after)))
    return response


def old(who: Visitor) -> BroadsheetError:
    """Why a form that has grown old was not taken."""
    if who.actor.role is None:
        return SignInNeeded("You are signed out. Sign in in another tab, then come back to this one and send it again.")
    return Forbidden("This form had grown old, so nothing was sent: send it again.")


def blank(who: Visitor, action: str, back: str, text: str, *, number: int | None = None) -> SayForm:
    """The form in which a text is given back, to whoever that may be."""
    made = threads.form(who, action, back, number=number)
    name = f"say-{number}" if number else "say"
    made = made or SayForm(name, action, who.csrf, "Your text", "Send", back, swap=f"#talk #{name}")
    return replace(made, text=text)
