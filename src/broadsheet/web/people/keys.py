"""What opens an account: passkeys, sessions, and tokens for programs."""

from starlette.requests import Request
from starlette.responses import Response

from broadsheet import said
from broadsheet.errors import Conflict, NotFound, Refused
from broadsheet.library import Library
from broadsheet.types import Scope
from broadsheet.web.contexts import Link, SecretPage
from broadsheet.web.forms import Form
from broadsheet.web.people.settings import LIFETIMES, show
from broadsheet.web.people.signing import origin, passkey_answer
from broadsheet.web.press import Press, visitor


def passkey_options(library: Library, press: Press, request: Request, _: Form) -> Response:
    """What a browser must sign to make a passkey, as JSON for the page's script."""
    ticket, options = library.begin_passkey(visitor(request).actor, site=origin(press, request))
    return passkey_answer(ticket, options)


def add_passkey(library: Library, press: Press, request: Request, form: Form) -> None:
    """Keeps a passkey that the browser made."""
    library.add_passkey(
        visitor(request).actor,
        form.word("ticket"),
        form.text("answer"),
        site=origin(press, request),
        name=form.word("name") or "Passkey",
    )


def remove_passkey(library: Library, _press: Press, request: Request, _: Form) -> None:
    """Forgets a passkey."""
    library.remove_passkey(visitor(request).actor, _number(request))


def end_session(library: Library, _press: Press, request: Request, _: Form) -> None:
    """Signs another browser out."""
    library.end_session(visitor(request).actor, _number(request))


def end_other_sessions(library: Library, _press: Press, request: Request, _: Form) -> None:
    """Signs all other browsers out."""
    who = visitor(request)
    library.end_other_sessions(who.actor, who.session)


def make_token(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Makes a token, and shows it: this once."""
    try:
        scopes, days = _wanted(form)
        token, secret = library.make_token(visitor(request).actor, form.word("name"), scopes, days)
    except (Refused, Conflict) as error:
        return show(library, press, request, at="tokens", problem=str(error), typed=form)
    frame = press.frame(
        request, f"A new token · {press.site.title}", "Shown once.", assets=("people.css",), indexed=False
    )
    until = f"It is good until {said.moment(token.expires)}." if token.expires else "It is good until you end it."
    context = SecretPage(
        frame,
        heading=f"The token “{token.name}”",
        what="Token",
        secret=secret,
        lines=["Copy it now: it is shown this once, and only a hash of it is kept.", until],
        example=f"curl -H 'Authorization: Bearer {secret}' {origin(press, request)}/api/whoami-v2",
        way=Link("/settings#tokens", "Back to the settings"),
    )
    response = press.page(request, context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _wanted(form: Form) -> tuple[frozenset[Scope], int | None]:
    """What a token shall be good for, and for how many days; None is without an end."""
    scopes = frozenset(scope for scope in Scope if form.flag(f"scope-{scope.value}"))
    lifetime = form.word("days")
    if not scopes:
        raise Refused("Tick at least one thing that the token may do.")
    if lifetime not in LIFETIMES:
        raise Refused("Choose how long the token is good for.")
    return scopes, int(lifetime) if lifetime else None


def end_token(library: Library, _press: Press, request: Request, _: Form) -> None:
    """Ends a token."""
    library.end_token(visitor(request).actor, _number(request))


def _number(request: Request) -> int:
    number = request.path_params["number"]
    if not isinstance(number, int) or number >= 2**63:
        raise NotFound("There is nothing with this number.")
    return number
