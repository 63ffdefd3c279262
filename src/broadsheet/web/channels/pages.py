"""One's channels: the list, one of them with what is sent there and how it fares, trying it, removing it."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said
from broadsheet.errors import Conflict, NotFound, Refused
from broadsheet.library import Library
from broadsheet.permissions import may, require
from broadsheet.types import Actor, Channel, Outgoing, Sending
from broadsheet.web.channels.adding import ASSETS, LIST
from broadsheet.web.channels.services import SERVICES
from broadsheet.web.contexts import Link
from broadsheet.web.contexts.channels import (
    ChannelPage,
    ChannelRow,
    ChannelsPage,
    RemoveChannelPage,
    SentMessage,
    ServiceLink,
)
from broadsheet.web.forms import Form
from broadsheet.web.press import Press, visitor
from broadsheet.web.subscribing.plans import in_words

_NOTES = {
    "added": "Added. Try it before something is sent there.",
    "tried": "A few words are on their way. Reload this page in a moment to see whether they arrived.",
    "removed": "Removed, with its address.",
}
_STATES = {
    Sending.WAITING: "waits",
    Sending.CLAIMED: "is on its way",
    Sending.DATA: "is on its way",
    Sending.SENT: "arrived",
    Sending.FAILED: "failed",
    Sending.DROPPED: "was not sent",
}


def channels(library: Library, press: Press, request: Request) -> Response:
    """All of one's channels, and the services that one can add."""
    actor = visitor(request).actor
    rows = [_row(one) for one in library.channels(actor)]
    services = SERVICES.items() if may(actor, "channel") else ()
    frame = press.frame(request, f"Channels · {press.site.title}", "Chats and webhooks.", assets=ASSETS, indexed=False)
    context = ChannelsPage(
        frame,
        rows,
        [ServiceLink(f"{LIST}/new/{kind}", service.text, service.note) for kind, service in services],
        note=_NOTES["removed"] if request.query_params.get("done") == "removed" else "",
    )
    return press.page(request, context)


def channel(library: Library, press: Press, request: Request) -> Response:
    """One channel."""
    return _show(library, press, request)


def trial(library: Library, press: Press, request: Request, _: Form) -> Response:
    """Sends a few words there."""
    number = _number(request)
    try:
        library.try_channel(visitor(request).actor, number)
    except (Conflict, Refused) as error:
        return _show(library, press, request, problem=str(error))
    return RedirectResponse(f"{LIST}/{number}?done=tried", 303)


def removing(library: Library, press: Press, request: Request) -> Response:
    """What goes with a channel, and the button."""
    actor, number = visitor(request).actor, _number(request)
    require(actor, "account")
    one = library.channel(actor, number)
    frame = press.frame(request, f"Remove {one.name} · {press.site.title}", "", assets=ASSETS, indexed=False)
    there = f"{LIST}/{number}"
    return press.page(
        request, RemoveChannelPage(frame, _row(one), f"{there}/remove", there, _sent(library, actor, number))
    )


def remove(library: Library, _press: Press, request: Request, _: Form) -> Response:
    """Removes a channel."""
    library.remove_channel(visitor(request).actor, _number(request))
    return RedirectResponse(f"{LIST}?done=removed", 303)


def _show(library: Library, press: Press, request: Request, *, problem: str = "") -> Response:
    actor, number = visitor(request).actor, _number(request)
    one = library.channel(actor, number)
    frame = press.frame(request, f"{one.name} · {press.site.title}", "A channel.", assets=ASSETS, indexed=False)
    context = ChannelPage(
        frame,
        row=_row(one),
        since=said.moment(one.made),
        signed=one.kind == "webhook",
        subscriptions=_sent(library, actor, number),
        messages=[_message(sent) for sent in library.channel_history(actor, number)],
        base=f"{LIST}/{number}",
        subscribe=f"/subscribe?what=trending&channel={number}",
        note="" if problem else _NOTES.get(request.query_params.get("done", ""), ""),
        problem=problem,
    )
    return press.page(request, context, 400 if problem else 200)


def _sent(library: Library, actor: Actor, number: int) -> list[Link]:
    """What is sent to a channel, in words."""
    return [
        Link(f"/settings/subscriptions#s{one.number}", f"{one.title}: {', '.join(in_words(one))}")
        for one in library.my_subscriptions(actor)
        if one.channel == number
    ]


def _row(one: Channel) -> ChannelRow:
    problem = one.reason
    if one.off:
        problem = f"Switched off since {said.moment(one.off)}. {one.reason}"
    elif one.failures:
        problem = f"{said.count(one.failures, 'attempt')} failed in a row. The last: {one.reason}"
    return ChannelRow(f"{LIST}/{one.number}", one.name, SERVICES[one.kind].text, one.shown, problem, bool(one.off))


def _message(sent: Outgoing) -> SentMessage:
    state = _STATES[sent.state]
    if sent.state is Sending.WAITING and sent.attempts:
        state = f"is tried again: {said.moment(sent.next)}"
    what = "A trial" if sent.purpose == "trial" else "Papers"
    return SentMessage(what, said.moment(sent.made), state, sent.said, well=sent.state is Sending.SENT)


def _number(request: Request) -> int:
    number = int(request.path_params["number"])
    if number >= 2**63:
        raise NotFound("There is no such channel; it was removed.")
    return number
