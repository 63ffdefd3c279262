"""One standing query: what it caught and why, what is not wanted, where it goes, and its end."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said
from broadsheet.errors import Conflict, NotFound, Refused, TooMany
from broadsheet.library import Library
from broadsheet.permissions import may
from broadsheet.types import Access, Actor, Rhythm, Standing, Subscription, Wanted
from broadsheet.web import cards
from broadsheet.web.contexts import Choice, Link
from broadsheet.web.contexts.standing import StandingPage
from broadsheet.web.forms import Form
from broadsheet.web.press import Press, visitor
from broadsheet.web.standing.words import address, asked, feed, frame, line, reader, state

PAGE = 20
_NOTES = {
    "made": "Saved. It sees papers that come from now on.",
    "changed": "Changed. It holds for papers that come from now on.",
    "sent": "It is on its way from now on.",
    "resumed": "It runs again.",
}
_RHYTHMS = {
    Rhythm.ONCE: "as it comes",
    Rhythm.EDITION: "with each edition",
    Rhythm.WEEKDAYS: "on weekdays",
    Rhythm.WEEKLY: "once a week",
}


def page(library: Library, press: Press, request: Request) -> Response:
    """What it caught, the latest first."""
    return _page(library, press, request, _NOTES.get(request.query_params.get("done", ""), ""))


def unlike(library: Library, _press: Press, request: Request, form: Form) -> Response:
    """Keeps away what is like a paper, or takes that back."""
    number = int(request.path_params["number"])
    library.dislike(visitor(request).actor, number, form.word("paper"), on=not form.flag("back"))
    return RedirectResponse(address(number), 303)


def pause(library: Library, _press: Press, request: Request, form: Form) -> Response:
    """Pauses it, or lets it run again."""
    number, resumed = int(request.path_params["number"]), form.flag("resume")
    library.change_standing(visitor(request).actor, number, paused=not resumed)
    return RedirectResponse(address(number) + ("?done=resumed" if resumed else ""), 303)


def end(library: Library, _press: Press, request: Request, form: Form) -> Response:
    """Ends it, or takes that back."""
    number, back = int(request.path_params["number"]), form.flag("back")
    library.end_standing(visitor(request).actor, number, on=not back)
    return RedirectResponse(address(number) + ("?done=resumed" if back else ""), 303)


def send(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Lets what it catches be sent, by mail or to a channel."""
    actor, number = visitor(request).actor, int(request.path_params["number"])
    library.standing(actor, number)
    try:
        library.subscribe_me(
            actor, Wanted.QUERY, standing=number, channel=form.number("way"), rhythm=form.word("rhythm")
        )
    except (Refused, Conflict, NotFound, TooMany) as error:
        return _page(library, press, request, "", problem=str(error))
    return RedirectResponse(f"{address(number)}?done=sent", 303)


def _page(library: Library, press: Press, request: Request, note: str, *, problem: str = "") -> Response:
    actor, number = reader(request), int(request.path_params["number"])
    one = library.standing(actor, number)
    found = library.caught(actor, number, limit=PAGE + 1, before=_before(request))
    shown = found[:PAGE]
    last = shown[-1] if len(found) > PAGE else None
    context = StandingPage(
        frame(press, request, one.name, feed=feed(library, actor, one)),
        number=number,
        name=one.name,
        asked=asked(one),
        hits=said.count(one.hits, "paper") if one.hits else "no paper yet",
        state=state(one),
        ended=bool(one.ended),
        paused=bool(one.paused),
        may_stand=may(actor, "stand"),
        catches=[line(each.paper, each.why, each.at) for each in shown],
        disliked=[Link(cards.path(key), key) for key in one.unlike],
        sent=[_sent(each) for each in _subscriptions(library, actor, one)],
        rhythms=[Choice(rhythm.value, text, rhythm is Rhythm.ONCE) for rhythm, text in _RHYTHMS.items()],
        ways=_ways(library, request),
        older=f"{address(number)}?before={last.at},{last.paper.number}" if last else "",
        note=note,
        problem=problem,
    )
    return press.page(request, context, 400 if problem else 200)


def _before(request: Request) -> tuple[str, int] | None:
    """Where to go on, as the address says it; from the beginning where it says nothing that can be meant."""
    at, _, number = request.query_params.get("before", "").partition(",")
    return (at[:40], int(number)) if at and number.isascii() and number.isdigit() and len(number) < 17 else None


def _subscriptions(library: Library, actor: Actor, one: Standing) -> list[Subscription]:
    mine = library.my_subscriptions(actor) if actor.person and may(actor, "subscribe") else []
    return [each for each in mine if each.wanted is Wanted.QUERY and each.value == str(one.number)]


def _sent(one: Subscription) -> Link:
    way = "to a channel" if one.channel is not None else "by mail"
    waits = "" if one.confirmed else ", once it is confirmed"
    held = ", paused" if one.paused is not None else ""
    return Link(f"/settings/subscriptions/{one.number}", f"{way}, {_RHYTHMS[one.rhythm]}{waits}{held}")


def _ways(library: Library, request: Request) -> list[Choice]:
    """Where it could go: one's mailbox, and one's channels."""
    who = visitor(request)
    if not may(who.actor, "subscribe"):
        return []
    single = who.access is Access.SINGLE
    email = "" if single else library.me(who.actor).email or ""
    mail = [Choice("", f"by mail to {email}" if email else "by mail", chosen=True)] if single or email else []
    channels = library.channels(who.actor) if may(who.actor, "channel") else []
    return [*mail, *(Choice(str(each.number), f"to {each.name}") for each in channels)]
