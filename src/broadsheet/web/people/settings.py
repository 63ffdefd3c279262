"""One's own account: what others see of it, what one is told of, the ways in, what is kept, and the end of it all.

Each form leads back to its section of the page; what was wrong is said there, beside what was typed.
"""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said
from broadsheet.errors import Conflict, Refused
from broadsheet.library import Library
from broadsheet.permissions import require
from broadsheet.types import Access, Mine, NoticeKind, Scope, Session
from broadsheet.web.contexts import Choice, KeyRow, LeavePage, SessionRow, SettingsPage, Ticked, TokenRow
from broadsheet.web.forms import Form
from broadsheet.web.people.signing import ASSETS, origin
from broadsheet.web.press import Press, visitor

KINDS = {
    NoticeKind.REPLY: "Somebody answers a comment of mine",
    NoticeKind.MENTION: "Somebody names me",
    NoticeKind.VERSION: "A paper that I follow has a new version",
    NoticeKind.CLAIMED: "A paper of mine is discussed",
    NoticeKind.SUBMISSION: "A paper that I submitted has come, or did not",
    NoticeKind.MODERATION: "Something of mine is moderated",
    NoticeKind.GROUP: "Something happens in a group of mine",
    NoticeKind.CHANNEL: "A channel of mine is switched off",
}
SCOPES = {
    Scope.READ: "Read what I can read, my notices too",
    Scope.VOTE: "Vote, and follow papers",
    Scope.COMMENT: "Comment",
    Scope.SUBMIT: "Submit and claim papers",
    Scope.ADMIN: "Change this account, run groups, moderate: as far as I may",
}
LIFETIMES = {"30": "30 days", "90": "90 days", "365": "a year", "": "until I end it"}
ROLES = {1: "Reader", 2: "Editor", 3: "Moderator", 4: "Administrator"}
_NOTES = {
    "profile": "Saved.",
    "notices": "Saved.",
    "email": "A link was sent to the new address. The address changes when it is opened.",
    "password": "The password is set, and every other browser is signed out.",
    "passkeys": "The list of passkeys is changed.",
    "sessions": "Ended.",
    "tokens": "The token is ended.",
    "feeds": "All your feeds have new addresses; the old ones have ended.",
}
_BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
_CALLED = {"Edg": "Edge", "OPR": "Opera"}
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")


def page(library: Library, press: Press, request: Request) -> Response:
    """The page of one's account."""
    return show(library, press, request, at=request.query_params.get("done", ""))


def show(
    library: Library, press: Press, request: Request, *, at: str = "", problem: str = "", typed: Form | None = None
) -> Response:
    """The page, with what was wrong in a section, and what was typed there."""
    who = visitor(request)
    require(who.actor, "account")
    mine, single = library.me(who.actor), who.access is Access.SINGLE
    frame = press.frame(request, f"Settings · {press.site.title}", "Your own account.", assets=ASSETS, indexed=False)
    changed = typed if typed is not None and at == "profile" else None
    context = SettingsPage(
        frame,
        at=at,
        problem=problem,
        note="" if problem else _NOTES.get(at, ""),
        single=single,
        name=changed.word("name") if changed else mine.person.name,
        shown=changed.word("shown") if changed else mine.person.shown,
        about=changed.text("about") if changed else mine.person.about,
        role=ROLES[mine.person.role],
        banned=who.actor.banned,
        show_votes=changed.flag("show_votes") if changed else mine.show_votes,
        notices=[Ticked(kind.value, text, kind in mine.notify) for kind, text in KINDS.items()],
        email=mine.email or "",
        passwords=library.rules.passwords,
        has_password=mine.has_password,
        passkeys=[
            KeyRow(key.number, key.name, said.moment(key.created), said.moment(key.seen) if key.seen else "never")
            for key in library.passkeys(who.actor)
        ],
        sessions=[] if single else [_session(one) for one in library.sessions(who.actor, here=who.session)],
        tokens=_tokens(library, request),
        scopes=[Ticked(scope.value, text, scope is Scope.READ) for scope, text in SCOPES.items()],
        feeds="/feeds.opml?" + urlencode({"key": library.feed_key(who.actor, "opml")}),
        lifetimes=[Choice(days, text, chosen=days == "90") for days, text in LIFETIMES.items()],
    )
    return press.page(request, context, 400 if problem else 200)


def _tokens(library: Library, request: Request) -> list[TokenRow]:
    return [
        TokenRow(
            token.number,
            token.name,
            token.start,
            ", ".join(scope.value for scope in Scope if scope in token.scopes),
            said.moment(token.expires) if token.expires else "ended by hand",
            said.moment(token.seen) if token.seen else "never",
        )
        for token in library.tokens(visitor(request).actor)
    ]


def _session(one: Session) -> SessionRow:
    return SessionRow(
        one.number, browser(one.agent), one.address, said.moment(one.created), said.moment(one.seen), one.here
    )


def browser(agent: str) -> str:
    """What a browser's long name says: "Firefox on Windows"; a program's is its own."""
    kind = next((kind for kind in _BROWSERS if f"{kind}/" in agent), "")
    system = next((system for system in _SYSTEMS if system in agent), "")
    if not kind:
        return re.split(r"[\s/(]", agent.strip(), maxsplit=1)[0][:40] or "an unknown program"
    return _CALLED.get(kind, kind) + (f" on {system.replace(' OS X', '')}" if system else "")


Act = Callable[[Library, Press, Request, Form], None]


def changing(section: str, act: Act) -> Callable[[Library, Press, Request, Form], Response]:
    """A handler that changes one section, leads back to it, and says there what was wrong."""

    def handler(library: Library, press: Press, request: Request, form: Form) -> Response:
        require(visitor(request).actor, "account")
        try:
            act(library, press, request, form)
        except (Refused, Conflict) as error:
            return show(library, press, request, at=section, problem=str(error), typed=form)
        return RedirectResponse(f"/settings?done={section}#{section}", 303)

    return handler


def profile(library: Library, _press: Press, request: Request, form: Form) -> None:
    """What others see."""
    library.change_me(
        visitor(request).actor,
        name=form.word("name"),
        shown=form.word("shown"),
        about=form.text("about"),
        show_votes=form.flag("show_votes"),
    )


def notices(library: Library, _press: Press, request: Request, form: Form) -> None:
    """What one is told of."""
    library.change_me(visitor(request).actor, notify=frozenset(kind for kind in KINDS if form.flag(kind.value)))


def email(library: Library, press: Press, request: Request, form: Form) -> None:
    """Asks for a new address, which must be shown to be one's own."""
    who = visitor(request)
    base = origin(press, request, mailed=True)
    library.ask_new_email(
        who.actor, form.word("email"), browser=who.browser, link=lambda token: f"{base}/sign-in/link/{token}"
    )


def password(library: Library, _press: Press, request: Request, form: Form) -> None:
    """Sets a password."""
    who = visitor(request)
    library.set_password(who.actor, form.fields.get("new", ""), old=form.fields.get("old", ""), here=who.session)


def feeds(library: Library, _press: Press, request: Request, _: Form) -> None:
    """Ends the addresses of one's own feeds: they get new ones."""
    library.new_feed_keys(visitor(request).actor)


def export(library: Library, _press: Press, request: Request) -> Response:
    """All that somebody gave to this place, as a file."""
    actor = visitor(request).actor
    given: dict[str, Any] = library.export_me(actor)
    name = re.sub(r"[^a-z0-9-]", "", actor.name) or "account"
    body = json.dumps(given, ensure_ascii=False, indent=2).encode("utf-8", "replace")
    headers = {
        "Content-Disposition": f'attachment; filename="broadsheet-{name}.json"',
        "Cache-Control": "private, no-store",
    }
    return Response(body, 200, headers, "application/json; charset=utf-8")


def leave(library: Library, press: Press, request: Request) -> Response:
    """What deleting the account does, and the button."""
    return _leave(library, press, request)


def _leave(library: Library, press: Press, request: Request, problem: str = "") -> Response:
    who = visitor(request)
    require(who.actor, "account")
    if who.access is Access.SINGLE:
        raise Refused("There is one person here, who cannot leave: delete the home folder instead.")
    mine: Mine = library.me(who.actor)
    frame = press.frame(
        request,
        f"Delete the account · {press.site.title}",
        "What goes and what stays.",
        assets=("people.css",),
        indexed=False,
    )
    return press.page(request, LeavePage(frame, mine.person.name, problem), 400 if problem else 200)


def gone(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Deletes the account, once its name was typed."""
    who = visitor(request)
    if form.word("name") != library.me(who.actor).person.name:
        return _leave(library, press, request, problem="This is not the name of the account.")
    try:
        library.leave(who.actor)
    except (Refused, Conflict) as error:
        return _leave(library, press, request, problem=str(error))
    who.secret = ""
    return RedirectResponse("/sign-in?done=left", 303)
