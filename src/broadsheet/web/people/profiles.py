"""Somebody, as everybody sees them: what they say of themselves, and what they did here that others may see."""

import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.errors import Conflict, Refused
from broadsheet.library import Library
from broadsheet.permissions import may
from broadsheet.types import Person, Role
from broadsheet.web import said
from broadsheet.web.contexts import Choice, Doings, Link, ProfilePage
from broadsheet.web.forms import Form
from broadsheet.web.people.settings import ROLES
from broadsheet.web.press import Press, visitor


def page(library: Library, press: Press, request: Request) -> Response:
    """The page of an account."""
    return _show(library, press, request, library.person(request.path_params["name"][:100]))


def _show(library: Library, press: Press, request: Request, person: Person, problem: str = "") -> Response:
    who = visitor(request)
    shown = person.shown or person.name
    runs = may(who.actor, "people", mine=False) and not person.left
    frame = press.frame(
        request,
        f"{shown} · {press.site.title}",
        f"What {shown} submitted, voted for, wrote and said at {press.site.title}.",
        assets=("people.css",),
        canonical=press.public(f"/people/{person.name}"),
        indexed=False,
    )
    context = ProfilePage(
        frame,
        name=person.name,
        shown=shown,
        role=ROLES[person.role] if person.role > Role.READER else "",
        since=said.day(person.joined[:10]) if person.joined else "",
        about=[part.strip() for part in re.split(r"\n\s*\n", person.about) if part.strip()],
        orcid=Link(f"https://orcid.org/{person.orcid}", person.orcid) if person.orcid else None,
        banned=person.ban_reason if person.banned else "",
        mine=bool(who.actor.person) and who.actor.person == person.number,
        doings=_doings(library, press, request, person),
        roles=[Choice(str(int(role)), ROLES[role], chosen=role is person.role) for role in Role] if runs else [],
        orcid_text=person.orcid or "",
        problem=problem,
    )
    return press.page(request, context, 400 if problem else 200)


def _doings(_library: Library, _press: Press, _request: Request, _person: Person) -> list[Doings]:
    return []


def role(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Gives somebody another role, with a reason for the log."""
    person = library.person(request.path_params["name"][:100])
    try:
        library.set_role(visitor(request).actor, person.name, chosen_role(form), form.word("reason"))
    except (Refused, Conflict) as error:
        return _show(library, press, request, person, str(error))
    return RedirectResponse(f"/people/{person.name}", 303)


def chosen_role(form: Form) -> Role:
    """The role that was chosen in a form. Raises Refused."""
    number = form.number("role")
    if number not in ROLES:
        raise Refused("Choose a role.")
    return Role(number)


def orcid(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Says which ORCID somebody has."""
    person = library.person(request.path_params["name"][:100])
    try:
        library.set_orcid(visitor(request).actor, person.name, form.word("orcid"))
    except (Refused, Conflict) as error:
        return _show(library, press, request, person, str(error))
    return RedirectResponse(f"/people/{person.name}", 303)
