"""Somebody, as everybody sees them: what they say of themselves, and what they did here that others may see."""

import re
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import markup, said, tex
from broadsheet.errors import Conflict, Refused
from broadsheet.library import Library
from broadsheet.permissions import may
from broadsheet.types import Actor, Comment, Paper, Person, Role
from broadsheet.web.cards import path
from broadsheet.web.contexts import Choice, Doings, FeedLink, Link, ProfilePage, Said
from broadsheet.web.forms import Form
from broadsheet.web.people.settings import ROLES
from broadsheet.web.press import Press, visitor

MOST = 20  # of each kind of things that somebody did
EXCERPT = 200  # characters of a comment
_CLAIMS = {"asked": "claimed, not yet confirmed", "refused": "claimed, and refused"}


def page(library: Library, press: Press, request: Request) -> Response:
    """The page of an account."""
    return _show(library, press, request, library.person(request.path_params["name"][:100]))


def _show(library: Library, press: Press, request: Request, person: Person, problem: str = "") -> Response:
    who = visitor(request)
    shown = person.shown or person.name
    mine = bool(who.actor.person) and who.actor.person == person.number
    runs = may(who.actor, "people", mine=False) and not person.left
    frame = press.frame(
        request,
        f"{shown} · {press.site.title}",
        f"What {shown} submitted, voted for, wrote and said at {press.site.title}.",
        assets=("people.css",),
        canonical=press.public(f"/people/{person.name}"),
        indexed=False,
        feed=None if person.left else FeedLink(f"/people/{person.name}", f"What {shown} submits"),
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
        mine=mine,
        ways=_ways(person, who.actor, mine=mine),
        doings=_doings(library, person, who.actor),
        roles=[Choice(str(int(role)), ROLES[role], chosen=role is person.role) for role in Role] if runs else [],
        orcid_text=person.orcid or "",
        problem=problem,
    )
    return press.page(request, context, 400 if problem else 200)


def _doings(library: Library, person: Person, actor: Actor) -> list[Doings]:
    """What somebody did here, as far as `actor` may see it; nothing is said of what they did not do."""
    name = person.name
    if person.left:
        return []
    wrote = [
        Said(path(one.paper.id), _title(one.paper), "" if one.state == "confirmed" else _CLAIMS[one.state])
        for one in library.claims(name, actor=actor)[:MOST]
    ]
    put = [
        Said(
            path(one.paper.id) if one.paper else "/inbox",
            _title(one.paper) if one.paper else one.named,
            said.day(one.day),
        )
        for one in library.submissions(actor=actor, person=name, limit=MOST)
    ]
    spoke = [
        Said(f"/comments/{one.number}", _title(one.paper) if one.paper else "", said.day(one.at[:10]), _words(one))
        for one in library.latest_comments(MOST, person=name, actor=actor)
        if not one.deleted
    ]
    liked = [Said(path(paper.id), _title(paper), "") for paper in library.voted(name, actor=actor, limit=MOST)]
    groups = (("Papers of their own", wrote), ("Submitted", put), ("Said", spoke), ("Voted for", liked))
    return [
        Doings(heading, f"the latest {MOST}" if len(entries) == MOST else "", entries)
        for heading, entries in groups
        if entries
    ]


def _title(paper: Paper) -> str:
    return tex.plain(paper.title)[:200] or "Without a title"


def _words(comment: Comment) -> str:
    words = " ".join(markup.plain(comment.text).split())
    return words if len(words) <= EXCERPT else words[:EXCERPT].rsplit(maxsplit=1)[0] + " …"


def _ways(person: Person, actor: Actor, *, mine: bool) -> list[Link]:
    """What may be done about somebody."""
    if mine or person.left:
        return []
    ways = [Link(f"/flag/person/{person.number}", "Flag this profile")] if may(actor, "flag") else []
    if may(actor, "moderate", mine=False):
        verb = "unban" if person.banned else "ban"
        ways.append(Link(f"/moderation/{verb}/{quote(person.name)}", f"{verb.capitalize()} this account"))
    return ways


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
