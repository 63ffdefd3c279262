"""Pages of administrators: who is here, and who may come."""

from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said
from broadsheet.errors import Conflict, NotFound, Refused
from broadsheet.library import Library
from broadsheet.permissions import require
from broadsheet.types import Person, Role
from broadsheet.web.contexts import Choice, InvitationRow, InvitationsPage, Link, PeoplePage, PersonRow, SecretPage
from broadsheet.web.forms import Form
from broadsheet.web.people.profiles import chosen_role
from broadsheet.web.people.settings import ROLES
from broadsheet.web.people.signing import origin
from broadsheet.web.press import Press, visitor

ROWS = 50
_WORDS = {role.name.lower(): ROLES[role] for role in Role}


def people(library: Library, press: Press, request: Request) -> Response:
    """All accounts, by name."""
    actor = visitor(request).actor
    require(actor, "people", mine=False)
    query = request.query_params.get("q", "")[:100]
    text = request.query_params.get("from", "")
    start = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    found = library.people(actor, query, limit=ROWS + 1, offset=start)
    frame = press.frame(
        request, f"People · {press.site.title}", "Who has an account here.", assets=("people.css",), indexed=False
    )
    onward = {"q": query, "from": str(start + ROWS)} if query else {"from": str(start + ROWS)}
    context = PeoplePage(
        frame,
        query=query,
        rows=[_person(person) for person in found[:ROWS]],
        count="" if len(found) > ROWS or start else said.count(len(found), "account"),
        following=f"/people?{urlencode(onward)}" if len(found) > ROWS else "",
    )
    return press.page(request, context)


def _person(person: Person) -> PersonRow:
    state = "banned" if person.banned else "left" if person.left else ""
    since = said.day(person.joined[:10]) if person.joined else ""
    return PersonRow(f"/people/{quote(person.name)}", person.name, person.shown, ROLES[person.role], since, state)


def invitations(library: Library, press: Press, request: Request) -> Response:
    """Those that are open, and a form for one more."""
    return _show(library, press, request)


def _show(library: Library, press: Press, request: Request, problem: str = "") -> Response:
    actor = visitor(request).actor
    require(actor, "invite")
    frame = press.frame(
        request, f"Invitations · {press.site.title}", "Who may come.", assets=("people.css",), indexed=False
    )
    rows = [
        InvitationRow(
            one.number, _WORDS.get(one.role, one.role), one.note, one.by, said.moment(one.expires),
            said.count(one.uses, "person").replace("persons", "people"),
        )
        for one in library.invitations(actor)
    ]  # fmt: skip
    note = "Withdrawn." if request.query_params.get("done") and not problem else ""
    roles = [Choice(str(int(role)), ROLES[role], chosen=role is Role.READER) for role in Role]
    return press.page(request, InvitationsPage(frame, rows, roles, problem, note), 400 if problem else 200)


def invite(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Makes an invitation, and shows its link: this once."""
    try:
        days, uses = _whole(form, "days"), _whole(form, "uses")
        made, secret = library.invite(
            visitor(request).actor, role=chosen_role(form), note=form.word("note"), days=days, uses=uses
        )
    except (Refused, Conflict) as error:
        return _show(library, press, request, str(error))
    frame = press.frame(
        request, f"An invitation · {press.site.title}", "Shown once.", assets=("people.css",), indexed=False
    )
    many = said.count(made.uses, "person").replace("persons", "people")
    context = SecretPage(
        frame,
        heading="An invitation",
        what="Link",
        secret=f"{origin(press, request)}/sign-in/invited/{secret}",
        lines=[
            "Send this link to those who should come: it is shown this once.",
            f"It lets {many} in until {said.moment(made.expires)}.",
        ],
        example="",
        way=Link("/invitations", "All invitations"),
    )
    response = press.page(request, context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _whole(form: Form, name: str) -> int:
    number = form.number(name)
    if number is None:
        raise Refused(f"“{name}” must be a whole number.")
    return number


def withdraw(library: Library, _press: Press, request: Request, _: Form) -> Response:
    """Makes an invitation worth nothing."""
    if request.path_params["number"] >= 2**63:
        raise NotFound("There is no invitation with this number.")
    library.withdraw_invitation(visitor(request).actor, request.path_params["number"])
    return RedirectResponse("/invitations?done=withdrawn", 303)
