"""For administrators: that groups are there, and a button that closes one. Nothing that is said in them."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said
from broadsheet.errors import NotFound
from broadsheet.library import Library
from broadsheet.web.circles.head import frame, who
from broadsheet.web.contexts import Link
from broadsheet.web.contexts.circles import FigureLine, GroupFiguresPage
from broadsheet.web.forms import Form
from broadsheet.web.press import Press, visitor


def figures(library: Library, press: Press, request: Request) -> Response:
    """All groups: whose, since when, how large."""
    lines = [
        FigureLine(
            one.number,
            who(one.owner) if one.owner else Link("", "nobody who can"),
            said.day(one.made[:10]),
            said.count(one.members, "member"),
            said.day(one.dissolved[:10]) if one.dissolved else "",
        )
        for one in library.group_figures(visitor(request).actor)
    ]
    return press.page(request, GroupFiguresPage(frame(press, request, "All groups"), lines))


def close(library: Library, press: Press, request: Request, form: Form) -> Response:  # noqa: ARG001 - a handler's shape
    """Closes a group, or opens it again."""
    number = form.number("group")
    if number is None:
        raise NotFound("Which group?")
    library.close_group(visitor(request).actor, number, form.text("reason"), on=not form.flag("open"))
    return RedirectResponse("/groups/all", 303)
