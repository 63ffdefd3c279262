"""All that an address or an account is sent: changed, paused, ended, taken up again. Two doors lead to the same page.

/settings/subscriptions is an account's. /preferences/TOKEN is in every letter: who holds one of somebody's letters may
do the same without signing in.
"""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said
from broadsheet.errors import Conflict, NotFound, Refused, Unfit
from broadsheet.library import Library
from broadsheet.types import Access, Actor, Rhythm, Subscriber, Subscription, Wanted
from broadsheet.web.contexts import ConfirmPage, Frame, Link, SentRow, SubscriptionPage, SubscriptionsPage
from broadsheet.web.forms import Form, whole
from broadsheet.web.press import Press, visitor
from broadsheet.web.subscribing import plans

ASSETS = ("people.css", "subscribing.css")
ENDED = 10  # that are listed, so that it can be undone
NOTES = {
    "subscribed": "Subscribed. The first letter comes as it says below.",
    "confirmed": "Confirmed. The first letter comes as it says below.",
    "change": "Saved.",
    "pause": "Paused: nothing is sent.",
    "resume": "It goes on.",
    "end": "Ended: nothing more is sent. It can be undone below for thirty days.",
    "undo": "It goes on as before.",
}
WORN = "This link was not copied whole, is older than two days, or leads to something that is no more."

Whose = Callable[[Request], str | Actor]


def by_account(request: Request) -> Actor:
    """Whose account asks."""
    return visitor(request).actor


def by_token(request: Request) -> str:
    """Whose letter the link was in."""
    return str(request.path_params["token"])


def page(whose: Whose, library: Library, press: Press, request: Request) -> Response:
    """What is sent, with what can be done about it."""
    return _page(library, press, request, whose(request), note=NOTES.get(request.query_params.get("done", ""), ""))


def one(whose: Whose, library: Library, press: Press, request: Request) -> Response:
    """One of them, with the form that changes it."""
    return _one(library, press, request, whose(request))


def change(whose: Whose, library: Library, press: Press, request: Request, form: Form) -> Response:
    """Changes when, how much and in what form; what is wrong is said at its field."""
    try:
        library.change_subscription(whose(request), _number(request), **_said(form))
    except Unfit as error:
        return _one(library, press, request, whose(request), form=form, problems=error.problems)
    return _done(request, whose, "change")


def pause(whose: Whose, library: Library, press: Press, request: Request, form: Form) -> Response:
    """Pauses one, or all: until a day, or until somebody says so."""
    number = request.path_params.get("number")
    try:
        library.pause(whose(request), number, form.word("until"))
    except Unfit as error:
        if number is None:
            return _page(library, press, request, whose(request), problem=str(error))
        return _one(library, press, request, whose(request), problem=str(error))
    return _done(request, whose, "pause")


def resume(whose: Whose, library: Library, _press: Press, request: Request, _: Form) -> Response:
    """Lets one, or all, go on."""
    library.pause(whose(request), request.path_params.get("number"), None)
    return _done(request, whose, "resume")


def end(whose: Whose, library: Library, _press: Press, request: Request, _: Form) -> Response:
    """Ends one, or all."""
    library.end_subscription(whose(request), request.path_params.get("number"))
    return _done(request, whose, "end")


def undo(whose: Whose, library: Library, press: Press, request: Request, _: Form) -> Response:
    """Takes one up again that ended."""
    try:
        library.take_up(whose(request), _number(request))
    except (Conflict, Refused) as error:
        return _page(library, press, request, whose(request), problem=str(error))
    return _done(request, whose, "undo")


def pressed(whose: Whose, library: Library, press: Press, request: Request, form: Form) -> Response:
    """One of the buttons in the list, each naming a verb and a number: one form is lighter than many."""
    for name, verb in (("resume", resume), ("end", end), ("undo", undo)):
        number = form.number(name)
        if number is not None:
            request.path_params["number"] = number
            return verb(whose, library, press, request, form)
    return _page(library, press, request, whose(request))


def confirming(library: Library, press: Press, request: Request) -> Response:
    """The page behind the link in a letter: what waits, and a button. Opening it confirms nothing."""
    return _confirming(library, press, request)


def confirm(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Confirms what is ticked, and leads to all that this address is sent."""
    token = request.path_params["token"]
    ticked = [name.removeprefix("s") for name in form.fields if name.startswith("s")]
    numbers = frozenset(number for one in ticked if (number := whole(one)) is not None)
    if not numbers:
        return _confirming(
            library, press, request, problem="Tick at least one, or close this page: nothing is sent then."
        )
    try:
        found = library.confirm(token, numbers)
    except Refused:
        return _confirming(library, press, request)
    return RedirectResponse(f"/preferences/{library.preferences_token(found.number)}?done=confirmed", 303)


def _confirming(library: Library, press: Press, request: Request, problem: str = "") -> Response:
    frame = press.frame(
        request, f"Confirm · {press.site.title}", "What an address asked for.", assets=ASSETS, indexed=False
    )
    token = request.path_params["token"]
    try:
        found = library.confirming(token)
    except Refused:
        return _private(press.page(request, ConfirmPage(frame, "", [], "", problem=WORN), 410))
    more = f"/preferences/{library.preferences_token(found.number)}"
    rows = [_row(one) for one in found.subscriptions]
    context = ConfirmPage(frame, found.email or "", rows, f"/subscribe/confirm/{token}", problem, more)
    return _private(press.page(request, context, 400 if problem else 200))


def _page(
    library: Library, press: Press, request: Request, whose: str | Actor, *, note: str = "", problem: str = ""
) -> Response:
    own, single = not isinstance(whose, str), visitor(request).access is Access.SINGLE
    found = library.preferences(whose)
    names = {} if isinstance(whose, str) else {one.number: one.name for one in library.channels(whose)}
    going = [one for one in found.subscriptions if one.ended is None and (own or one.confirmed)]
    ended = sorted((one for one in found.subscriptions if one.ended), key=lambda one: one.ended or "", reverse=True)
    context = SubscriptionsPage(
        _frame(press, request),
        to=_to(found, own=own, single=single),
        base=_base(whose),
        own=own,
        rows=[_row(one, link=own, channel=names.get(one.channel or 0, "")) for one in going],
        ended=[_row(one) for one in ended[:ENDED]],
        note="" if problem else note,
        problem=problem,
        refused=found.reason or "letters to it came back." if found.suppressed else "",
        letters=Link("/letters", "What was sent") if single else None,
    )
    return _private(press.page(request, context, 400 if problem else 200))


def _one(
    library: Library,
    press: Press,
    request: Request,
    whose: str | Actor,
    *,
    problem: str = "",
    form: Form | None = None,
    problems: dict[str, str] | None = None,
) -> Response:
    own, single = not isinstance(whose, str), visitor(request).access is Access.SINGLE
    found = library.preferences(whose)
    number = _number(request)
    chosen = next((one for one in found.subscriptions if one.number == number and one.ended is None), None)
    if chosen is None or chosen.confirmed is None:
        raise NotFound("This has ended, or waits to be confirmed.")
    plan = plans.of(chosen)
    if form is not None:
        once = chosen.wanted is Wanted.QUERY
        plan = plans.fields(lambda name: form.text(name)[:100], key=plan.key, once=once, problems=problems)
    context = SubscriptionPage(
        _frame(press, request),
        to=_to(found, own=own, single=single),
        base=_base(whose),
        own=own,
        row=_row(chosen, link=own),
        plan=plan,
        problem=problem,
    )
    return _private(press.page(request, context, 400 if problem or problems else 200))


def _frame(press: Press, request: Request) -> Frame:
    title = f"What is sent to you · {press.site.title}"
    return press.frame(request, title, "Change it, pause it, end it.", assets=ASSETS, indexed=False)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _base(whose: str | Actor) -> str:
    return f"/preferences/{whose}" if isinstance(whose, str) else "/settings/subscriptions"


def _number(request: Request) -> int:
    return int(request.path_params["number"])


def _to(found: Subscriber, *, own: bool, single: bool) -> str:
    """The address; in a letter that was handed on, only enough to know it by."""
    if not found.email:
        return "files on this machine" if single else ""
    local, _, domain = found.email.partition("@")
    return found.email if own else f"{local[:1]}…@{domain}"


def _row(one: Subscription, *, link: bool = False, channel: str = "") -> SentRow:
    state = ""
    if one.ended is not None:
        state = "Ended"
    elif one.confirmed is None:
        state = "Waits to be confirmed: look into your mail"
    elif one.paused is not None:
        state = f"Paused until {said.day(one.paused)}" if one.paused else "Paused"
    elif one.next and one.rhythm is not Rhythm.ONCE:
        state = f"Next: {plans.local(one.next, one.zone)}"
    return SentRow(
        one.number,
        plans.title(one),
        _page_of(one) if link else "",
        [*plans.in_words(one), *([f"to {channel}"] if channel else [])],
        state,
        waits=one.confirmed is None,
        paused=one.paused is not None,
        ended=one.ended is not None,
    )


def _page_of(one: Subscription) -> str:
    """Where what is sent can be read."""
    places = {Wanted.EDITION: "/", Wanted.TRENDING: "/trending", Wanted.MINE: "/for-me"}
    if one.wanted is Wanted.GROUP:
        return f"/groups/{one.value}" if one.value else ""
    return places.get(one.wanted, f"/standing/{one.value}")


def _said(form: Form) -> dict[str, str]:
    return {name: form.word(name) for name in plans.NAMES if name in form.fields}


def _done(request: Request, whose: Whose, what: str) -> Response:
    return RedirectResponse(f"{_base(whose(request))}?done={what}", 303)
