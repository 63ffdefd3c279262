"""Where a link to a group leads: a page that asks, and a form that joins. Looking changes nothing."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said
from broadsheet.library import Library
from broadsheet.web.circles.head import address, frame, signed_in, who
from broadsheet.web.contexts import Link
from broadsheet.web.contexts.circles import JoinPage
from broadsheet.web.forms import Form
from broadsheet.web.press import Press, visitor


def invited(library: Library, press: Press, request: Request) -> Response:
    """What the link leads to."""
    found = library.invited(signed_in(request), request.path_params["secret"])
    context = JoinPage(
        frame(press, request, f"Join {found.shown}?"),
        found.shown,
        said.count(found.members, "member"),
        who(found.by),
        said.day(found.expires[:10]),
        request.url.path,
        Link(address(found.name), found.shown) if found.name else None,
    )
    return press.page(request, context)


def join(library: Library, press: Press, request: Request, form: Form) -> Response:  # noqa: ARG001 - a handler's shape
    """Joins."""
    group = library.join(visitor(request).actor, request.path_params["secret"])
    return RedirectResponse(address(group.name), 303)
