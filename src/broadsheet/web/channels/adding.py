"""Adding a channel: how to get an address from a service, and the form that takes it."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.errors import NotFound, Refused
from broadsheet.library import Library
from broadsheet.permissions import require
from broadsheet.web.channels.services import SERVICES, Service
from broadsheet.web.contexts import Link, SecretPage
from broadsheet.web.contexts.channels import AddChannelPage, ChannelField
from broadsheet.web.forms import Form
from broadsheet.web.press import Press, visitor

ASSETS = ("people.css", "channels.css")
LIST = "/settings/channels"


def page(library: Library, press: Press, request: Request) -> Response:  # noqa: ARG001 - a handler's shape
    """The form of a service."""
    return _show(press, request)


def add(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Adds a channel; of a webhook the signing key is shown, this once."""
    kind, service = _service(request)
    address = " ".join(filter(None, (form.word(field.name) for field in service.fields)))
    try:
        made, secret = library.add_channel(visitor(request).actor, kind, address, form.word("name"))
    except Refused as error:
        return _show(press, request, problem=str(error), typed=form)
    there = f"{LIST}/{made.number}"
    if not secret:
        return RedirectResponse(f"{there}?done=added", 303)
    frame = press.frame(request, f"A new webhook · {press.site.title}", "Shown once.", assets=ASSETS, indexed=False)
    context = SecretPage(
        frame,
        heading=f"The webhook “{made.name}”",
        what="Signing key",
        secret=secret,
        lines=[
            "Copy the key now: it is shown this once.",
            "Every message is signed with it, by the rules of Standard Webhooks (standardwebhooks.com).",
        ],
        example="",
        way=Link(f"{there}?done=added", "On to the channel, to try it"),
    )
    response = press.page(request, context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _service(request: Request) -> tuple[str, Service]:
    kind = str(request.path_params["kind"])
    if kind not in SERVICES:
        raise NotFound("There is no such service.")
    return kind, SERVICES[kind]


def _show(press: Press, request: Request, *, problem: str = "", typed: Form | None = None) -> Response:
    require(visitor(request).actor, "channel")
    kind, service = _service(request)
    frame = press.frame(
        request, f"Add {service.text} · {press.site.title}", "A channel of yours.", assets=ASSETS, indexed=False
    )
    context = AddChannelPage(
        frame,
        service=service.text,
        action=f"{LIST}/new/{quote(kind)}",
        steps=service.steps,
        fields=[
            ChannelField(
                field.name,
                field.label,
                field.example,
                typed.word(field.name) if typed is not None and not field.secret else "",
                secret=field.secret,
                required=field.required,
            )
            for field in service.fields
        ],
        name=typed.word("name") if typed is not None else "",
        problem=problem,
    )
    return press.page(request, context, 400 if problem else 200)
