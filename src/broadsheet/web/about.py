"""What this is, and whether it is well."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from broadsheet import said
from broadsheet.library import Library
from broadsheet.web.contexts import AboutPage, Link
from broadsheet.web.press import Press


def about(library: Library, press: Press, request: Request) -> Response:
    """What Broadsheet is, how it orders and searches, and the figures of this installation."""
    status = library.status()
    latest = status.latest_edition
    frame = press.frame(
        request,
        f"About {press.site.title}",
        f"What {press.site.title} is, where its papers come from, how they are ordered and how to search them.",
        canonical=press.public("/about"),
    )
    context = AboutPage(
        frame,
        status,
        size=said.size(status.catalogue_bytes + status.index_bytes),
        latest=Link(f"/date/{latest}", said.weekday(latest)) if latest else None,
        last_import=said.moment(status.last_import) if status.last_import else "",
    )
    return press.page(request, context)


def health(library: Library, press: Press, request: Request) -> Response:  # noqa: ARG001 - a handler's shape
    """For load balancers: the process answers. `broadsheet doctor` looks deeper."""
    return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})
