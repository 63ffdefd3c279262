"""How the outbox stands, and the letters that were written to files. For administrators.

Of what is in the outbox no words are shown: it may be of a private group.
"""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said
from broadsheet.errors import Conflict, NotFound
from broadsheet.library import Library
from broadsheet.permissions import require
from broadsheet.types import Access, Outgoing, Sending, Way
from broadsheet.web.contexts.letters import Count, FileRow, LettersPage, OutboxRow
from broadsheet.web.editions import asked_page, pager
from broadsheet.web.forms import Form, whole
from broadsheet.web.press import Press, visitor

ASSETS = ("letters.css",)
SHOWN, FILES = 20, 20  # things of the outbox and letters on a page
LONGEST = 200  # characters of what the other side said
_STATES = {
    Sending.WAITING: "waiting",
    Sending.CLAIMED: "being sent",
    Sending.DATA: "under way",
    Sending.SENT: "sent",
    Sending.FAILED: "failed",
    Sending.DROPPED: "dropped",
}
_WHAT = {"digest": "A letter about papers", "confirm": "A letter to confirm an address"}
_NOTES = {"retry": "It is tried again at once.", "drop": "It does not leave."}
_BEFORE_IT_LEFT = (Sending.WAITING, Sending.FAILED, Sending.DROPPED)


def letters(library: Library, press: Press, request: Request) -> Response:
    """The page. Raises Forbidden."""
    note = _NOTES.get(request.query_params.get("done", ""), "")
    return press.page(request, _context(library, press, request, note))


def act(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Tries something again, or drops it."""
    actor, number = visitor(request).actor, form.number("number")
    require(actor, "outbox")
    if number is None:
        raise NotFound("Which one?")
    done = "retry" if form.flag("retry") else "drop"
    try:
        (library.retry_outgoing if done == "retry" else library.drop_outgoing)(actor, number)
    except Conflict as error:
        return press.page(request, _context(library, press, request, str(error)), 409)
    return RedirectResponse(f"/letters?done={done}", 303)


def _context(library: Library, press: Press, request: Request, note: str) -> LettersPage:
    actor, page = visitor(request).actor, asked_page(request)
    state = next((one for one in Sending if one.value == request.query_params.get("state")), None)
    before = whole(request.query_params.get("before", ""))
    counts = library.outbox_counts(actor)
    found = library.outbox(actor, state=state, limit=SHOWN + 1, before=before)
    files, total = library.letter_files(actor, limit=FILES, offset=(page - 1) * FILES)
    pages = max(1, -(-total // FILES))
    frame = press.frame(
        request, f"Letters · {press.site.title}", "What is sent, and how it went.", assets=ASSETS, indexed=False
    )
    more = {"state": state.value if state else "", "before": str(found[SHOWN - 1].number)} if len(found) > SHOWN else {}
    return LettersPage(
        frame,
        counts=[Count(one.value, _STATES[one], f"{count:,}", one is state) for one, count in counts.items() if count],
        rows=[_row(one) for one in found[:SHOWN]],
        more="/letters?" + urlencode({name: value for name, value in more.items() if value}) if more else "",
        files=[FileRow(f"/letters/{one.name}", one.subject, one.to, one.at) for one in files],
        total=said.count(total, "letter"),
        pager=pager("/letters", {}, min(page, pages), pages),
        mail=press.site.mail,
        own=library.rules.access is not Access.SINGLE,
        note=note,
    )


def _row(one: Outgoing) -> OutboxRow:
    what = "A message to a chat or webhook" if one.way is Way.CHANNEL else _WHAT.get(one.purpose, "A letter")
    tried = f", tried {said.count(one.attempts, 'time')}" if one.attempts > 1 else ""
    waits = one.state is Sending.WAITING and one.next > one.made
    when = f"to be tried at {said.moment(one.next)}" if waits else said.moment(one.ended or one.made)
    return OutboxRow(
        one.number,
        what,
        "" if one.way is Way.CHANNEL else one.to,
        _STATES[one.state] + tried,
        when,
        one.said[:LONGEST],
        failing=one.state is Sending.FAILED,
        retry=one.state in _BEFORE_IT_LEFT,
        drop=one.state in (Sending.WAITING, Sending.FAILED),
    )
