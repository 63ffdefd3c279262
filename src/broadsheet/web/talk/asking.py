"""What is done only when it is said again: deleting and flagging; and for moderators hiding, restoring, banning.

Each is a page of its own with a form, so that it works without JavaScript and nothing happens by a slip.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.errors import BroadsheetError, NotFound
from broadsheet.library import Library
from broadsheet.permissions import require
from broadsheet.types import Actor, Person
from broadsheet.web import threads
from broadsheet.web.contexts import Link
from broadsheet.web.contexts.talk import AskPage, Field
from broadsheet.web.forms import Form
from broadsheet.web.press import Press, visitor
from broadsheet.web.talk import drafts
from broadsheet.web.talk.comments import number_of

QUOTED = 2_000  # bytes of a comment that is asked about


@dataclass(frozen=True, slots=True)
class Ask:
    """A question and what is done when it is said again.

    `permit` names the rule that must be kept to be asked; with `reason`, one has to be given, and `label` asks for it.
    """

    permit: str
    heading: str
    lead: str
    button: str
    label: str = ""


DELETE = Ask(
    "delete",
    "Delete this comment?",
    "Its words are taken away for good. Answers to it stay, so the conversation can still be read.",
    "Delete it",
)
HIDE = Ask(
    "moderate",
    "Hide this comment?",
    "Readers will see that it was hidden, and your reason. Its author is told, and can still read it.",
    "Hide it",
    "Why?",
)
RESTORE = Ask("moderate", "Restore this comment?", "Everybody will be able to read it again.", "Restore it", "Why?")
BAN = Ask(
    "moderate",
    "Ban this person?",
    "They can still read and take what is theirs, but not vote, comment or submit. The log shows your reason.",
    "Ban them",
    "Why?",
)
UNBAN = Ask("moderate", "Lift this ban?", "They can vote, comment and submit again.", "Lift the ban", "Why?")
FLAG = Ask(
    "flag",
    "Flag this for the moderators?",
    "Moderators will look at it. They see who flagged what; others do not.",
    "Flag it",
    "What is wrong with it?",
)

Verb = Callable[[Library, Actor, int, str], object]


def comment(
    ask: Ask, verb: Verb, library: Library, press: Press, request: Request, *, form: Form | None = None
) -> Response:
    """Asks about a comment, or does it where the form was sent."""
    who, number = visitor(request), number_of(request)
    found = library.comment_of(who.actor, number)
    if not found.circle or ask.permit != "moderate":  # in a group, the door knows who runs it
        require(who.actor, ask.permit, mine=found.mine)
    problem, status = "", 200
    if form is not None:
        try:
            verb(library, who.actor, number, form.text("reason").strip())
        except drafts.ANSWERED as error:
            problem, status = str(error)[:600], drafts.code(error)
        else:
            return RedirectResponse(threads.at(threads.home(found).href, number), 303)
    page = _page(press, request, ask, threads.home(found), form, problem=problem)
    page.said = threads.comment(who, found, QUOTED, acts=False)
    return press.page(request, page, status)


def person(
    ask: Ask, verb: str, library: Library, press: Press, request: Request, *, form: Form | None = None
) -> Response:
    """Asks about a person, or does it where the form was sent."""
    who = visitor(request)
    require(who.actor, ask.permit)
    found = library.person(request.path_params["name"])
    problem, status = "", 200
    if form is not None:
        act = library.ban if verb == "ban" else library.unban
        try:
            act(who.actor, found.name, form.text("reason").strip())
        except drafts.ANSWERED as error:
            problem, status = str(error)[:600], drafts.code(error)
        else:
            return RedirectResponse(f"/people/{found.name}", 303)
    page = _page(press, request, ask, _called(found), form, problem=problem)
    return press.page(request, page, status)


def flag(library: Library, press: Press, request: Request, *, form: Form | None = None) -> Response:
    """Asks why something is flagged, or flags it; once and again is once."""
    who, kind, number = visitor(request), request.path_params["kind"], number_of(request)
    if kind not in ("comment", "submission", "person"):
        raise NotFound("Only comments, submissions and people can be flagged.")
    require(who.actor, "flag")
    quote, about = None, Link("/", f"{kind} {number}")
    if kind == "comment":
        found = library.comment_of(who.actor, number)
        quote, about = threads.comment(who, found, QUOTED, acts=False), Link(f"/comments/{number}", "the comment")
    problem: BroadsheetError | None = None
    done = "done" in request.query_params
    if form is not None:
        try:
            library.flag(who.actor, kind, number, form.text("reason").strip())
        except drafts.ANSWERED as error:
            problem = error
        else:
            return RedirectResponse(f"{request.url.path}?done", 303)
    page = _page(press, request, FLAG, about, form, problem=str(problem)[:600] if problem else "")
    page.said = quote
    page.done = "Thank you: the moderators will look at it." if done else ""
    return press.page(request, page, drafts.code(problem) if problem else 200)


def _called(one: Person) -> Link:
    return Link(f"/people/{one.name}", one.shown or one.name)


def _page(press: Press, request: Request, ask: Ask, about: Link, form: Form | None, *, problem: str) -> AskPage:
    """The question; what was written as a reason stays."""
    reason = form.text("reason") if form else ""
    fields: Sequence[Field] = [Field("reason", ask.label, reason, rows=3, needed=True)] if ask.label else ()
    frame = press.frame(request, f"{ask.heading} · {press.site.title}", ask.lead, indexed=False, assets=drafts.ASSETS)
    return AskPage(frame, ask.heading, ask.lead, about, request.url.path, ask.button, fields, problem=problem)
