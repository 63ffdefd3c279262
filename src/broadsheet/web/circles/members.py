"""Who is in a group: links that let people in, leaving, removing, handing on, dissolving. Each of these asks first."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said
from broadsheet.errors import Refused
from broadsheet.library import Library
from broadsheet.types import Actor, Circle, Member
from broadsheet.web.circles.head import address, frame, head, signed_in, who
from broadsheet.web.contexts import Link
from broadsheet.web.contexts.circles import GroupMembersPage, LinkLine, MemberLine
from broadsheet.web.contexts.talk import AskPage
from broadsheet.web.forms import Form
from broadsheet.web.press import Press, visitor


def members(library: Library, press: Press, request: Request) -> Response:
    """Who is in the group."""
    signed_in(request)
    return press.page(request, _page(library, press, request))


def invite(library: Library, press: Press, request: Request, form: Form) -> Response:
    """A new link, shown this once."""
    actor, name = visitor(request).actor, request.path_params["name"]
    days, uses = form.number("days") or 0, form.number("uses") or 0
    try:
        secret = library.invite_to(actor, name, days=days, uses=uses)
    except Refused as error:
        context = _page(library, press, request)
        context.problem = str(error)
        return press.page(request, context, 400)
    context = _page(library, press, request)
    path = f"/groups/join/{secret}"
    context.fresh = press.public(path) or f"{request.url.scheme}://{request.url.netloc}{path}"
    context.until = context.links[0].until
    return press.page(request, context)


def withdraw(library: Library, press: Press, request: Request, form: Form) -> Response:  # noqa: ARG001 - a handler's shape
    """Ends a link."""
    name = request.path_params["name"]
    library.withdraw_link(visitor(request).actor, name, form.number("link") or 0)
    return RedirectResponse(address(name, "members"), 303)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done only when it is said again. `person`: to somebody; `inside`: one stays in."""

    path: str
    button: str
    heading: str
    lead: str
    does: Callable[[Library, Actor, str, str], None]
    person: bool = False
    inside: bool = False
    owner: bool = True


def _leave(library: Library, actor: Actor, name: str, _person: str) -> None:
    library.leave_group(actor, name)


def _dissolve(library: Library, actor: Actor, name: str, _person: str) -> None:
    library.dissolve(actor, name)


def _remove(library: Library, actor: Actor, name: str, person: str) -> None:
    library.remove_member(actor, name, person)


def _hand_on(library: Library, actor: Actor, name: str, person: str) -> None:
    library.hand_on(actor, name, person)


ACTS = (
    Act(
        "leave",
        "Leave",
        "Leave {group}?",
        "You will not find it any more, unless somebody sends you a link. What you said there stays. A group that its "
        "last member leaves is dissolved.",
        _leave,
        owner=False,
    ),
    Act(
        "dissolve",
        "Dissolve",
        "Dissolve {group}?",
        "Nobody will find it any more. For 30 days you can open it again, on the page of your groups; then its votes, "
        "comments, submissions and its shelf are deleted. You may want to take them along first.",
        _dissolve,
    ),
    Act(
        "remove",
        "Remove",
        "Remove {person} from {group}?",
        "They will not find the group any more. What they said there stays. All links to the group are withdrawn, for "
        "they may know one.",
        _remove,
        person=True,
        inside=True,
    ),
    Act(
        "hand-on",
        "Hand on",
        "Hand {group} on to {person}?",
        "They will run the group, and you will be a member like the others.",
        _hand_on,
        person=True,
        inside=True,
    ),
)


def ask(act: Act, library: Library, press: Press, request: Request) -> Response:
    """Asks whether it is meant."""
    actor = signed_in(request)
    found = library.members(actor, request.path_params["name"])
    named = _shown(found.people, request.path_params.get("person", ""))
    group = found.circle.shown
    problem = "" if not act.owner or found.circle.role == "owner" else "Only who runs the group may."
    heading = act.heading.format(group=group, person=named)
    page = AskPage(
        frame(press, request, heading),
        heading=heading,
        lead=act.lead,
        about=Link(address(found.circle.name, "members"), group),
        action=request.url.path,
        button=act.button,
        problem=problem,
    )
    return press.page(request, page)


def do(act: Act, library: Library, press: Press, request: Request, form: Form) -> Response:  # noqa: ARG001 - a handler's shape
    """Does it."""
    name = request.path_params["name"]
    act.does(library, visitor(request).actor, name, request.path_params.get("person", ""))
    return RedirectResponse(address(name, "members") if act.inside else "/groups", 303)


def _page(library: Library, press: Press, request: Request) -> GroupMembersPage:
    actor = visitor(request).actor
    found = library.members(actor, request.path_params["name"])
    group = found.circle
    owner = group.role == "owner"
    return GroupMembersPage(
        frame(press, request, f"Members of {group.shown}"),
        head(group, "/members"),
        address(group.name),
        [_line(group, one, actor) for one in found.people],
        [
            LinkLine(
                link.number,
                link.by,
                said.day(link.expires[:10]),
                said.count(link.uses, "person").replace("persons", "people"),
            )
            for link in found.invitations
        ],
        owner=owner,
        leave=None if owner and group.members > 1 else Link(address(group.name, "leave"), "Leave this group"),
    )


def _line(group: Circle, one: Member, actor: Actor) -> MemberLine:
    acts = []
    if group.role == "owner" and one.person.number != actor.person:
        at = address(group.name, "members", one.person.name)
        acts = [Link(f"{at}/hand-on", "Hand the group on"), Link(f"{at}/remove", "Remove")]
    role = "runs the group" if one.role == "owner" else ""
    return MemberLine(who(one.person), one.person.name, role, said.day(one.since[:10]), one.since[:10], acts)


def _shown(people: list[Member], name: str) -> str:
    """What somebody in the group is called; nobody else is named here."""
    return next((one.person.shown or one.person.name for one in people if one.person.name == name), "nobody")
