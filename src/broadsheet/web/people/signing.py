"""Signing in and out: by a link in a mail, by a passkey, by a password where the owner allows it.

A link is opened with GET by mail programs that look at links, so GET never signs in: it shows a page with a button.
What is said never depends on whether there is an account.
"""

import ipaddress
import re
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from broadsheet.errors import Conflict, Refused
from broadsheet.library import Library
from broadsheet.types import Access
from broadsheet.web.contexts import LinkPage, LinkSentPage, SignInPage
from broadsheet.web.forms import Form
from broadsheet.web.press import Press, local, visitor

MINUTES = 10  # that a link is good for
ASSETS = ("people.css", "passkey.js")
_NOTES = {
    "left": "Your account is gone, and with it all that was yours alone.",
    "out": "You are signed out.",
}
_LONGEST_BACK = 1_000


def page(library: Library, press: Press, request: Request) -> Response:
    """The ways in."""
    back = _back(request.query_params.get("back", "/"))
    if visitor(request).actor.role is not None and visitor(request).access is not Access.SINGLE:
        return RedirectResponse(back, 303)
    note = _NOTES.get(request.query_params.get("done", ""), "")
    return _form(library, press, request, back=back, note=note)


def invited(library: Library, press: Press, request: Request) -> Response:
    """The ways in, for who comes with an invitation."""
    return _form(library, press, request, invitation=request.path_params["secret"][:200])


def _form(
    library: Library,
    press: Press,
    request: Request,
    *,
    back: str = "/",
    invitation: str = "",
    email: str = "",
    problem: str = "",
    note: str = "",
    status: int = 200,
) -> Response:
    who = visitor(request)
    who.keep = who.access is not Access.SINGLE
    frame = press.frame(
        request,
        f"Sign in · {press.site.title}",
        "The ways in: a link by e-mail, or a passkey.",
        assets=ASSETS,
        indexed=False,
    )
    context = SignInPage(
        frame,
        back=back,
        invitation=invitation,
        email=email[:320],
        problem=problem,
        note=note,
        single=who.access is Access.SINGLE,
        open=who.access is Access.OPEN,
        logged=not press.site.mail,
        passwords=library.rules.passwords,
    )
    return press.page(request, context, status)


def ask(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Has a link sent, and says the same to everybody."""
    who, email, back = visitor(request), form.word("email"), _back(form.word("back"))
    invitation = form.word("invitation")[:200]

    def link(token: str) -> str:
        query = "?" + urlencode({"back": back}) if back != "/" else ""
        return f"{origin(press, request, mailed=True)}/sign-in/link/{token}{query}"

    try:
        origin(press, request, mailed=True)
        library.ask_link(email, browser=who.browser, address=who.actor.address, invitation=invitation, link=link)
    except Refused as error:
        return _form(
            library, press, request, back=back, invitation=invitation, email=email, problem=str(error), status=400
        )
    return RedirectResponse("/sign-in/sent", 303)


def sent(_library: Library, press: Press, request: Request) -> Response:
    """What happens next."""
    frame = press.frame(
        request,
        f"A link is on its way · {press.site.title}",
        "What happens next.",
        assets=("people.css",),
        indexed=False,
    )
    return press.page(request, LinkSentPage(frame, logged=not press.site.mail, minutes=MINUTES))


def link(library: Library, press: Press, request: Request) -> Response:
    """The page behind a link: a button that signs in, or why it cannot."""
    email = library.link_email(request.path_params["token"]) or ""
    return _link(press, request, email=email, problem="" if email else _WORN, status=200 if email else 410)


_WORN = "This link was used already, has expired, or was not copied whole."


def _link(press: Press, request: Request, *, email: str, problem: str, status: int, name: str = "") -> Response:
    visitor(request).keep = True
    title = f"Sign in as {email}?" if email else "This link cannot be used"
    frame = press.frame(
        request, f"{title} · {press.site.title}", "One step more.", assets=("people.css",), indexed=False
    )
    action = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return press.page(request, LinkPage(frame, email, problem, action, name[:40]), status)


def use(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Uses a link up: a new session begins."""
    who = visitor(request)
    try:
        secret = library.use_link(
            request.path_params["token"],
            browser=who.browser,
            agent=agent(request),
            address=who.actor.address,
            name=form.word("name"),
        )
    except (Refused, Conflict) as error:
        # A name may be what was wrong: then the link is as good as before, and another name can be typed.
        name = form.word("name")
        email = (library.link_email(request.path_params["token"]) or "") if name else ""
        return _link(press, request, email=email, problem=str(error), status=400, name=name)
    return _begin(library, request, secret, request.query_params.get("back", "/"))


def password(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Signs in by password."""
    who, email = visitor(request), form.word("email")
    try:
        secret = library.sign_in_password(
            email, form.fields.get("password", ""), agent=agent(request), address=who.actor.address
        )
    except Refused as error:
        back = _back(form.word("back"))
        return _form(library, press, request, back=back, email=email, problem=str(error), status=400)
    return _begin(library, request, secret, form.word("back"))


def passkey_options(library: Library, press: Press, request: Request, _: Form) -> Response:
    """What a browser must sign to show that it has a passkey, as JSON for the page's script."""
    ticket, options = library.begin_passkey(None, site=origin(press, request), address=visitor(request).actor.address)
    return passkey_answer(ticket, options)


def passkey_answer(ticket: str, options: str) -> Response:
    """A ticket, and the options for `navigator.credentials`, which are JSON already."""
    return JSONResponse({"ticket": ticket, "options": options}, headers={"Cache-Control": "no-store"})


def passkey(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Signs in by passkey."""
    try:
        secret = library.sign_in_passkey(
            form.word("ticket"),
            form.text("answer"),
            site=origin(press, request),
            agent=agent(request),
            address=visitor(request).actor.address,
        )
    except Refused as error:
        return _form(library, press, request, back=_back(form.word("back")), problem=str(error), status=400)
    return _begin(library, request, secret, form.word("back"))


def out(library: Library, _press: Press, request: Request, _: Form) -> Response:
    """Ends the session."""
    who = visitor(request)
    if who.session:
        library.end_session(who.actor, who.session)
    who.secret = ""
    return RedirectResponse("/sign-in?done=out", 303)


def _begin(library: Library, request: Request, secret: str, back: str) -> Response:
    """A new session in the place of the one before, whose key is worth nothing any more."""
    who = visitor(request)
    if who.session:
        library.end_session(who.actor, who.session)
    who.secret, who.keep = secret, False
    return RedirectResponse(_back(back), 303)


def _back(address: str) -> str:
    """Where to go on, on this site, and not back to signing in."""
    way = local(address[:_LONGEST_BACK])
    return "/" if way.startswith(("/sign-in", "/sign-out")) else way


def agent(request: Request) -> str:
    """What the browser calls itself."""
    return request.headers.get("user-agent", "")[:400]


def origin(press: Press, request: Request, *, mailed: bool = False) -> str:
    """Where browsers reach this site: the public address, or else the one that was asked for.

    A host that a stranger named must not get into somebody else's mail: its links would lead to the stranger. So where
    letters are sent, only this machine's own name stands in for the public address. Raises Refused.
    """
    if press.site.address:
        public = urlsplit(press.site.address)
        return f"{public.scheme}://{public.netloc}"
    asked = request.url
    if mailed and press.site.mail and not _this_machine(asked.hostname or ""):
        raise Refused("No link can be sent: this site does not know its own address. Its owner sets “address”.")
    return f"{asked.scheme}://{asked.netloc}"


def _this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(re.sub(r"[\[\]]", "", host)).is_loopback
    except ValueError:
        return host == "localhost"
