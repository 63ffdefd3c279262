"""One's own groups: which they are, a new one, and those that can be opened again."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said
from broadsheet.errors import Refused
from broadsheet.library import Library
from broadsheet.permissions import may
from broadsheet.types import Actor
from broadsheet.web.circles.head import address, frame, signed_in
from broadsheet.web.contexts import Link
from broadsheet.web.contexts.circles import EndedLine, GroupLine, GroupsPage
from broadsheet.web.forms import Form
from broadsheet.web.press import Press, visitor

ABOUT = 160  # characters of what a group is about, in the list


def groups(library: Library, press: Press, request: Request) -> Response:
    """The visitor's groups."""
    return press.page(request, _page(library, press, request, signed_in(request)))


def found(library: Library, press: Press, request: Request, form: Form) -> Response:
    """A new group."""
    actor = visitor(request).actor
    shown, about = form.word("shown"), form.text("about")
    try:
        made = library.found(actor, shown, about)
    except Refused as error:
        context = _page(library, press, request, actor)
        context.problem, context.shown, context.about = str(error), shown, about
        return press.page(request, context, 400)
    return RedirectResponse(address(made.name), 303)


def restore(library: Library, press: Press, request: Request, form: Form) -> Response:  # noqa: ARG001 - a handler's shape
    """Opens a dissolved group again."""
    opened = library.restore_group(visitor(request).actor, form.word("name"))
    return RedirectResponse(address(opened.name), 303)


def _page(library: Library, press: Press, request: Request, actor: Actor) -> GroupsPage:
    return GroupsPage(
        frame(press, request, "Your groups"),
        [
            GroupLine(
                Link(address(one.name), one.shown),
                " ".join(one.about.split())[:ABOUT],
                said.count(one.members, "member"),
                "You run it" if one.role == "owner" else "",
            )
            for one in library.circles(actor)
        ],
        [EndedLine(one.shown, one.name, said.day(one.kept or "")) for one in library.dissolved(actor)],
        may_found=may(actor, "found"),
        all=Link("/groups/all", "All groups of this place") if may(actor, "close group") else None,
    )
