"""What the owner of a group may change, and all that it holds as one file."""

import json

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.errors import Refused
from broadsheet.library import Library
from broadsheet.permissions import require
from broadsheet.types import Circle
from broadsheet.web.circles.head import address, frame, head, signed_in
from broadsheet.web.contexts.circles import GroupRulesPage
from broadsheet.web.forms import Form
from broadsheet.web.press import Press, visitor


def rules(library: Library, press: Press, request: Request) -> Response:
    """The name, what the group is about, and its end."""
    actor = signed_in(request)
    group = library.group(actor, request.path_params["name"])
    require(actor, "run group", mine=group.role == "owner")
    return press.page(request, _page(press, request, group, group.shown, group.about))


def change(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Another name, or other words about the group."""
    actor, name = visitor(request).actor, request.path_params["name"]
    shown, about = form.word("shown"), form.text("about")
    try:
        library.change_group(actor, name, shown, about)
    except Refused as error:
        context = _page(press, request, library.group(actor, name), shown, about)
        context.problem = str(error)
        return press.page(request, context, 400)
    return RedirectResponse(address(name), 303)


def export(library: Library, press: Press, request: Request) -> Response:  # noqa: ARG001 - a handler's shape
    """All that the group holds, as JSON."""
    name = request.path_params["name"]
    content = json.dumps(library.export_group(signed_in(request), name), ensure_ascii=False, indent=1)
    headers = {"Content-Disposition": f'attachment; filename="{name}.json"', "Cache-Control": "private, no-store"}
    return Response(content, media_type="application/json", headers=headers)


def _page(press: Press, request: Request, group: Circle, shown: str, about: str) -> GroupRulesPage:
    title = f"Rules of {group.shown}"
    return GroupRulesPage(frame(press, request, title), head(group, "/rules"), address(group.name), shown, about)
