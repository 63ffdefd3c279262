"""Submitting a paper: by arXiv id, DOI or address, with a first comment; and what became of one's submissions."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said, tex
from broadsheet.errors import BroadsheetError, TooMany
from broadsheet.library import Library
from broadsheet.permissions import may
from broadsheet.types import Paper, Submission
from broadsheet.web import threads, votes
from broadsheet.web.cards import path
from broadsheet.web.contexts import Link
from broadsheet.web.contexts.talk import SubmissionLine, SubmitPage
from broadsheet.web.forms import Form
from broadsheet.web.press import Press, visitor
from broadsheet.web.talk import drafts

LINES = 20  # submissions of one's own that are shown

_STATES = {"listed": "Listed", "waiting": "Waiting", "failed": "Not found"}


def asked(library: Library, press: Press, request: Request) -> Response:
    """The form, filled with what the address names (`paper`, `group`)."""
    given = request.query_params
    page = _page(
        library, press, request, named=given.get("paper", "")[:500], comment="", group=given.get("group", "")[:60]
    )
    if fresh := given.get("sent", ""):
        page.fresh = _sent(page, fresh)
    elif voted := given.get("voted", "")[:500]:
        page.fresh = "This paper was here already: your submission became a vote."
        page.about = _paper(library.paper(voted))
    return press.page(request, page)


def submit(library: Library, press: Press, request: Request, form: Form, *, stale: bool = False) -> Response:
    """Submits a paper; what cannot be taken is given back in the form."""
    who = visitor(request)
    named, comment, group = form.word("paper"), form.text("comment"), form.word("group")
    error: BroadsheetError | None = drafts.old(who) if stale else None
    if error is None and not form.flag("preview"):
        try:
            made = library.submit(who.actor, named, comment=comment, group=group)
        except drafts.ANSWERED as refusal:
            error = refusal
        else:
            sent = {"voted": made.paper.id} if made.again and made.paper else {"sent": str(made.number)}
            return RedirectResponse(f"/submit?{urlencode(sent)}#sent", 303)
    who.keep = who.actor.role is None
    page = _page(library, press, request, named=named, comment=comment, group=group)
    page.preview = drafts.preview(library, comment) if comment and error is None else None
    page.problem = str(error)[:600] if error else ""
    response = press.page(request, page, drafts.code(error) if error else 200)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(max(1, round(error.retry_after)))
    return response


def line(one: Submission) -> SubmissionLine:
    """A submission in words: listed, waiting, or given up."""
    state, note = _STATES[one.state], one.note
    if one.state == "listed":
        note = f"In the edition of {said.day(one.day)}."
    return SubmissionLine(
        id=f"s{one.number}",
        named=one.named[:200],
        paper=_paper(one.paper) if one.paper else None,
        state=state,
        note=note[:400],
        when=said.moment(one.at),
        iso=one.at,
    )


def _paper(paper: Paper) -> Link:
    return Link(path(paper.id), tex.plain(paper.title)[:200])


def _page(library: Library, press: Press, request: Request, *, named: str, comment: str, group: str) -> SubmitPage:
    who = visitor(request)
    frame = press.frame(
        request,
        f"Submit a paper · {press.site.title}",
        "Put a paper into today's edition: by arXiv id, DOI or address.",
        assets=drafts.ASSETS,
    )
    page = SubmitPage(frame, named, comment, group)
    if who.actor.role is None:
        page.sign_in = votes.sign_in("/submit")
        return page
    if not may(who.actor, "submit") and not page.problem:
        page.problem, _ = threads.closed(who, "/submit")
    mine = library.submissions(actor=who.actor, person=who.actor.name, limit=LINES) if who.actor.person else []
    page.lines = [line(one) for one in mine]
    return page


def _sent(page: SubmitPage, number: str) -> str:
    """What became of the submission that was just sent, in a sentence."""
    found = next((one for one in page.lines if one.id == f"s{number}"), None)
    if found is None:
        return ""
    words = {
        "Listed": "Thank you: the paper is listed.",
        "Waiting": "Thank you: the paper is not here yet. It is looked for, and listed as soon as it is found.",
    }
    return words.get(found.state, f"This did not work: {found.note}")
