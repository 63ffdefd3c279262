"""A group's shelf: papers that it keeps, each with a note."""

from collections.abc import Sequence
from html import escape

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said
from broadsheet.errors import BroadsheetError, NotFound, Refused
from broadsheet.library import Library
from broadsheet.permissions import may
from broadsheet.types import Shelved
from broadsheet.web import cards, editions, votes
from broadsheet.web.circles.head import address, feed, frame, head, lines, signed_in, who
from broadsheet.web.contexts.circles import GroupShelfPage, ShelfLine
from broadsheet.web.contexts.talk import VoteButton
from broadsheet.web.forms import Form
from broadsheet.web.press import Press, local, visitor

PAGE = 15
TITLE = 1_200  # bytes
NOTE = 120  # bytes of a note that any page has room for; the whole of it stands on the group's page of the paper


def shelf(library: Library, press: Press, request: Request) -> Response:
    """What stands on the shelf, the latest first."""
    signed_in(request)
    page = editions.asked_page(request)
    context = _page(library, press, request, page)
    if page > context.pager.pages:
        return RedirectResponse(request.url.path, 302)
    return press.page(request, context)


def shelve(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Puts a paper on the shelf, changes its note, or takes it down."""
    actor, name = visitor(request).actor, request.path_params["name"]
    key, note = form.word("paper"), form.text("note")
    try:
        library.shelve(actor, name, key, note, on=not form.flag("down"))
    except (NotFound, Refused) as error:
        library.group(actor, name)  # who is not in the group learns nothing of papers here
        context = _page(library, press, request, 1)
        context.problem, context.paper, context.note = _said(error, key), key, note
        return press.page(request, context, 400)
    return RedirectResponse(local(form.word("back")) if form.word("back") else address(name, "shelf"), 303)


def _said(error: BroadsheetError, key: str) -> str:
    if isinstance(error, NotFound):
        return f"{error} Submit it to the edition of the group first: then it is." if key else "Which paper?"
    return str(error)


def _page(library: Library, press: Press, request: Request, page: int) -> GroupShelfPage:
    actor, name = visitor(request).actor, request.path_params["name"]
    found = library.shelf(actor, name, limit=PAGE, offset=(page - 1) * PAGE)
    buttons = votes.buttons(library, visitor(request), [one.paper for one in found.entries], group=name)
    context = GroupShelfPage(
        frame(
            press,
            request,
            f"Shelf of {found.circle.shown}" + (f", page {page}" if page > 1 else ""),
            feed=feed(library, actor, name, "This shelf", "shelf"),
        ),
        head(found.circle, "/shelf"),
        said.count(found.total, "paper"),
        [line(name, one, buttons.get(one.paper.id)) for one in found.entries],
        editions.pager(address(name, "shelf"), {}, page, max(1, -(-found.total // PAGE))),
        may_shelve=may(actor, "shelve"),
    )
    if (left := press.left(context)) < 0:
        notes = sum(_bytes(text) for one in context.lines for text in one.note)
        share = max(NOTE, (notes + left) // len(context.lines))
        for one in context.lines:
            one.note = _shortened(one.note, share)
    return context


def _shortened(note: Sequence[str], most: int) -> list[str]:
    """The beginning of a note, in so many bytes."""
    if sum(map(_bytes, note)) <= most:
        return list(note)
    text = " / ".join(note)
    while _bytes(text) > most:
        text = text[: len(text) * 9 // 10]
    return [text.rstrip() + " …"]


def _bytes(text: str) -> int:
    return len(escape(text).encode())


def line(name: str, one: Shelved, vote: VoteButton | None) -> ShelfLine:
    """A paper on the shelf of the group `name`."""
    return ShelfLine(
        one.paper.id,
        address(name, "papers", one.paper.id),
        cards.within(one.paper.title, TITLE),
        cards.authors(one.paper),
        who(one.by),
        said.moment(one.at),
        one.at,
        lines(one.note),
        vote,
    )
