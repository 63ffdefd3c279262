"""Moderation: the queue of flags, what was done about them, claims that wait, and the log that members can read."""

from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said, tex
from broadsheet.errors import NotFound, Refused
from broadsheet.library import Library
from broadsheet.permissions import may, require
from broadsheet.types import Act, Authorship, Flag, Visitor
from broadsheet.web import papers, threads
from broadsheet.web.cards import path
from broadsheet.web.contexts import Link, Tab
from broadsheet.web.contexts.talk import ActLine, AskPage, ClaimLine, Field, FlagLine, LogPage, ModerationPage
from broadsheet.web.forms import Form, whole
from broadsheet.web.press import Press, visitor
from broadsheet.web.talk import drafts
from broadsheet.web.talk.comments import number_of

FLAGS = 30  # on a page
ACTS = 60
AUTHORS = 300  # one can choose from
QUOTED = 700  # bytes of a comment that was flagged

_VERBS = {
    "hide comment": "hid",
    "restore comment": "restored",
    "ban": "banned",
    "unban": "lifted the ban of",
    "settle flag": "settled a flag about",
    "take out submission": "took out",
    "give orcid": "gave an ORCID iD to",
    "take orcid": "took the ORCID iD of",
    "confirm claim": "confirmed",
    "refuse claim": "refused",
    "close group": "closed",
    "open group": "opened",
}


def queue(library: Library, press: Press, request: Request) -> Response:
    """Flags that wait, or those that were settled; for administrators also claims."""
    who = visitor(request)
    require(who.actor, "moderate")
    settled = request.query_params.get("show") == "settled"
    lines = [_flag(library, who, flag) for flag in library.flags(who.actor, settled=settled)[:FLAGS]]
    frame = press.frame(
        request, f"Moderation · {press.site.title}", "Flags that wait.", indexed=False, assets=drafts.ASSETS
    )
    tabs = [
        Tab("Waiting", "/moderation", not settled),
        Tab("Settled", "/moderation?show=settled", settled),
        Tab("Log", "/moderation/log", current=False),
    ]
    page = ModerationPage(frame, lines, tabs)
    if not settled and may(who.actor, "decide claim"):
        page.claims = [_claim(claim) for claim in library.asked_claims(who.actor)[:FLAGS]]
    return press.page(request, page)


def settle(library: Library, press: Press, request: Request, *, form: Form | None = None) -> Response:
    """Asks what came of a flag, or settles it."""
    who, number = visitor(request), number_of(request)
    require(who.actor, "moderate")
    flag = next((one for one in library.flags(who.actor) if one.number == number), None)
    if flag is None:
        raise NotFound("This flag was settled already, or there is none of this number.")
    problem, status, outcome, reason = "", 200, "", ""
    if form is not None:
        outcome, reason = form.word("outcome"), form.text("reason").strip()
        try:
            library.settle(who.actor, number, outcome=outcome, reason=reason)
        except drafts.ANSWERED as error:
            problem, status = str(error)[:600], drafts.code(error)
        else:
            return RedirectResponse("/moderation", 303)
    page = AskPage(
        press.frame(
            request, f"Settle a flag · {press.site.title}", "Settle a flag.", indexed=False, assets=drafts.ASSETS
        ),
        "Settle this flag",
        f"{flag.subject or flag.kind.capitalize()}, flagged because: {flag.reason}",
        Link("/moderation", "the queue"),
        request.url.path,
        "Settle it",
        [
            Field("outcome", "What came of it", outcome, choices=_OUTCOMES, needed=True),
            Field("reason", "Why?", reason, rows=3, needed=True),
        ],
        problem=problem,
    )
    return press.page(request, page, status)


_OUTCOMES = (("nothing had to be done", "Nothing had to be done"), ("it was dealt with", "It was dealt with"))


def log(library: Library, press: Press, request: Request) -> Response:
    """Every act of moderators, for members to read."""
    who = visitor(request)
    found = library.acts(who.actor, limit=ACTS + 1, before=whole(request.query_params.get("before", "")))
    frame = press.frame(
        request,
        f"What moderators did · {press.site.title}",
        "Every act of moderators, and why.",
        indexed=False,
        assets=drafts.ASSETS,
    )
    page = LogPage(frame, [_act(act) for act in found[:ACTS]])
    if len(found) > ACTS:
        page.older = Link(f"/moderation/log?{urlencode({'before': found[ACTS - 1].number})}", "Earlier acts")
    return press.page(request, page)


def claiming(library: Library, press: Press, request: Request, *, form: Form | None = None) -> Response:
    """Asks which author of a paper the visitor is, or claims it."""
    who = visitor(request)
    try:
        paper = library.paper(request.path_params["id"].strip("/ "))
    except NotFound:
        if form is not None:
            raise
        return papers.otherwise(library, press, request, "claim")
    here = papers.below(paper.id, "claim")
    if form is None and request.url.path != here:
        return RedirectResponse(here, 301)
    require(who.actor, "claim")
    title, names = tex.plain(paper.title)[:200], [author.name for author in paper.authors if author.name.strip()]
    choices = [(name, tex.plain(name)[:120]) for name in names[:AUTHORS]]
    problem, status, done, author = "", 200, "", form.word("author") if form else ""
    if form is not None:
        try:
            made = library.claim(who.actor, paper.id, author)
        except drafts.ANSWERED as error:
            problem, status = str(error)[:600], drafts.code(error)
        else:
            return RedirectResponse(f"{here}?{urlencode({'claimed': made.state})}", 303)
    elif state := request.query_params.get("claimed", ""):
        done = _CLAIMED.get(state, "")
    page = AskPage(
        press.frame(request, f"Claim a paper · {press.site.title}", title, indexed=False, assets=drafts.ASSETS),
        "Are you an author of this paper?",
        "Say which one. It is confirmed by your e-mail address or ORCID iD where that can be told, else by an "
        "administrator.",
        Link(path(paper.id), title),
        here,
        "I am this author",
        [Field("author", "Your name on the paper", author, choices=choices)] if choices else [],
        problem=problem or ("" if names else "No source names the authors of this paper."),
        done=done,
    )
    return press.page(request, page, status)


_CLAIMED = {
    "confirmed": "It is confirmed: your page names this paper now.",
    "asked": "Thank you: an administrator will look at it. Until then, only you and they see it.",
    "refused": "An administrator has refused this claim.",
}


def decide(library: Library, press: Press, request: Request, form: Form) -> Response:  # noqa: ARG001 - a handler's shape
    """An administrator's decision about a claim."""
    who = visitor(request)
    key, name = form.word("paper"), form.word("person")
    if not (form.flag("yes") or form.flag("no")):
        raise Refused("Yes or no? Go back and press one of the two buttons.")
    library.decide_claim(who.actor, key, name, yes=form.flag("yes"), reason=form.text("reason").strip())
    return RedirectResponse("/moderation", 303)


def _flag(library: Library, who: Visitor, flag: Flag) -> FlagLine:
    quote: Markup | None = None
    acts = [] if flag.settled else [Link(f"/moderation/flags/{flag.number}", "Settle")]
    href = ""
    if flag.kind == "comment":
        href = f"/comments/{flag.target}"
        try:
            found = library.comment_of(who.actor, flag.target)
        except NotFound:
            found = None
        if found is not None and not found.deleted:
            quote, _ = threads.words(found, QUOTED)
            verb = "restore" if found.hidden else "hide"
            acts.append(Link(f"{href}/{verb}", verb.capitalize()))
            if found.by and not found.by.left:
                acts.append(Link(f"/moderation/ban/{found.by.name}", f"Ban {found.by.name}"))
    subject = flag.subject.partition(": ")[0] if quote else flag.subject  # what it says stands below
    return FlagLine(
        number=flag.number,
        subject=Link(href, subject or f"{flag.kind} {flag.target}"),
        kind=flag.kind,
        by=threads.person(flag.by),
        reason=flag.reason,
        when=said.moment(flag.at),
        iso=flag.at,
        quote=quote,
        outcome=f"{flag.outcome}, {said.moment(flag.settled)}" if flag.settled else "",
        acts=acts,
    )


def _claim(claim: Authorship) -> ClaimLine:
    return ClaimLine(
        paper=Link(path(claim.paper.id), tex.plain(claim.paper.title)[:200]),
        by=threads.person(claim.person),
        author=tex.plain(claim.author)[:120],
        how=claim.how,
        when=said.moment(claim.at),
        iso=claim.at,
        key=claim.paper.id,
        name=claim.person.name,
    )


def _did(verb: str) -> str:
    word, _, role = verb.partition(" ")
    return f"gave the role {role} to" if word == "role" else _VERBS.get(verb, verb)


def _act(act: Act) -> ActLine:
    href = f"/comments/{act.target}" if act.kind == "comment" else ""
    if act.kind == "person" and act.subject.startswith("@"):  # others have left
        href = f"/people/{act.subject[1:]}"
    return ActLine(
        by=threads.person(act.by) if act.by else Link("", "the command line"),
        verb=_did(act.verb),
        subject=Link(href, act.subject or f"{act.kind} {act.target}"),
        reason=act.reason,
        when=said.moment(act.at),
        iso=act.at,
    )
