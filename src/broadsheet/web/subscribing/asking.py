"""/subscribe: the form of what is sent, to whom and when; whoever has no account is sent a letter to confirm it."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.errors import BroadsheetError, Conflict, NotFound, Refused, SignInNeeded, TooMany, Unfit
from broadsheet.library import Library
from broadsheet.permissions import may
from broadsheet.types import Access, Actor, Wanted
from broadsheet.web import offers
from broadsheet.web.contexts import Choice, Kind, SubscribePage, SubscribeSentPage
from broadsheet.web.forms import Form
from broadsheet.web.people.signing import origin
from broadsheet.web.press import Press, local, visitor
from broadsheet.web.subscribing import plans

ASSETS = ("people.css", "subscribing.css", "subscribing.js")
HOURS = 48  # that a link to confirm is good for
# What has a field that says which one: how it is called, and an example.
NAMED = {
    "category": ("A category", "Which category", "cs.CL"),
    "keyword": ("A keyword", "Which keyword", "sparse attention"),
    "author": ("An author", "Which author", "Emmy Noether"),
    "search": ("A search", "What to look for", "title:forest -survey has:code"),
}
ANSWERED = (Refused, NotFound, Conflict, TooMany, SignInNeeded)
Value = Callable[[str], str]


def page(library: Library, press: Press, request: Request) -> Response:
    """The form, filled with what the address asks for."""
    what = request.query_params.get("what", "trending")[:1_000]
    return _page(library, press, request, _preset(what, "", request.query_params.get("channel", "")))


def start(library: Library, press: Press, request: Request, form: Form) -> Response:
    """The form, filled with what the banner was given. Nothing is done yet."""
    return _page(library, press, request, _preset(form.text("what")[:1_000], form.word("email")[:5_000]))


def ask(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Subscribes: an account at once, an address by a letter, whatever there is of it.

    What is wrong is said at its field.
    """
    who = visitor(request)
    said: dict[str, Any] = {name: form.word(name) for name in plans.NAMES if name in form.fields}
    kind = form.text("what")
    problems: dict[str, str] = {}
    try:
        wanted, value, title = library.wish(f"{kind}:{form.word(kind)}" if kind in NAMED else kind[:1_000])
        if who.actor.role is not None:
            channel = form.number("channel")
            library.subscribe_me(
                who.actor, wanted, value, title=title, channel=channel, email=form.word("email"), **said
            )
            response = RedirectResponse("/settings/subscriptions?done=subscribed", 303)
        else:
            base = origin(press, request, mailed=True)
            library.subscribe(
                form.word("email"),
                wanted,
                value,
                title=title,
                address=who.actor.address,
                link=lambda token: f"{base}/subscribe/confirm/{token}",
                **said,
            )
            response = RedirectResponse("/subscribe/sent", 303)
    except Unfit as error:
        problems = {kind if name == "value" else name: text for name, text in error.problems.items()}
        # What is asked for is looked at first: the rest of what is wrong is said along with it.
        problems = library.unfit(Wanted.QUERY, None if who.actor.role else form.word("email"), **said) | problems
    except ANSWERED as error:
        return _page(library, press, request, _typed(form), problems={"": str(error)}, error=error)
    if problems:
        return _page(library, press, request, _typed(form), problems=problems)
    offers.close(request, response)
    return response


def sent(_library: Library, press: Press, request: Request) -> Response:
    """What happens next: the same words for every address."""
    frame = press.frame(
        request, f"A letter is on its way · {press.site.title}", "What happens next.", assets=ASSETS[:2], indexed=False
    )
    return press.page(request, SubscribeSentPage(frame, logged=not press.site.mail, hours=HOURS))


def close(_library: Library, _press: Press, request: Request, form: Form) -> Response:
    """Lets the banner be gone, and leads back to where it was."""
    response = RedirectResponse(local(form.text("back")), 303)
    offers.close(request, response)
    return response


def _preset(what: str, email: str, channel: str = "") -> Value:
    """What the fields hold before anything is typed."""
    kind, _, name = what.partition(":")
    given = {**plans.DEFAULTS, "what": kind if kind in NAMED else what, "email": email, "channel": channel}
    if kind in NAMED:
        given[kind] = name
    return lambda field: given.get(field, "")


def _typed(form: Form) -> Value:
    return lambda field: form.word(field)[:5_000]


def _address(library: Library, actor: Actor, *, single: bool) -> str:
    """Where letters to an account go; where one person has the place to themselves, they said so."""
    return (library.preferences(actor) if single else library.me(actor)).email or ""


def _page(
    library: Library,
    press: Press,
    request: Request,
    value: Value,
    *,
    problems: Mapping[str, str] | None = None,
    error: BroadsheetError | None = None,
) -> Response:
    who = visitor(request)
    frame = press.frame(
        request,
        f"Papers by mail · {press.site.title}",
        "Trending papers, the daily edition, a category, a keyword, an author, a search: what, and when.",
        assets=ASSETS,
        indexed=False,
    )
    single, signed_in = who.access is Access.SINGLE, who.actor.role is not None
    context = SubscribePage(
        frame,
        kinds=_kinds(library, who.actor, value),
        plan=plans.fields(value, key="p", once=True, problems=problems),
        email=value("email"),
        to=_address(library, who.actor, single=single) if signed_in else "",
        single=single,
        signed_in=signed_in,
        channels=_channels(library, who.actor, value("channel")),
        logged=not press.site.mail,
        problems=problems or {},
    )
    status = 200 if not problems else 429 if isinstance(error, TooMany) else 400
    response = press.page(request, context, status)
    response.headers["Cache-Control"] = "private, no-store"
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = f"{error.retry_after:.0f}"
    return response


def _kinds(library: Library, actor: Actor, value: Value) -> list[Kind]:
    """All that can be sent, and what of it is chosen; what the address names and the list lacks comes first."""
    chosen = value("what")
    found = [Kind("trending", "Trending papers"), Kind("edition", "The daily edition, in full")]
    if actor.role is not None:
        found.append(Kind("mine", "For me: near to what I voted for and keep"))
        if may(actor, "read group"):
            found += [Kind(f"group:{one.name}", f"The edition of {one.shown}") for one in library.circles(actor)]
    found += [
        Kind(kind, text, False, label, value(kind), f"{example}") for kind, (text, label, example) in NAMED.items()
    ]
    known = {one.value for one in found}
    if chosen.startswith("keywords:"):
        found.insert(
            0, Kind(chosen, f"New papers on any of these: {chosen.removeprefix('keywords:').replace(';', ',')}")
        )
    elif chosen not in known:
        chosen = "trending"
    for one in found:
        one.chosen = one.value == chosen
    return found


def _channels(library: Library, actor: Actor, chosen: str) -> list[Choice]:
    if actor.role is None:
        return []
    return [
        Choice(str(one.number), f"{one.name} ({one.kind})", chosen=chosen == str(one.number))
        for one in library.channels(actor)
    ]
