"""The front page, and the editions of a day, a week and a month."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said, tex
from broadsheet.library import Library
from broadsheet.types import Edition, Span
from broadsheet.web import accounts, cards, offers, votes
from broadsheet.web.contexts import EditionPage, FeedLink, Link, Pager, Tab
from broadsheet.web.press import Press, visitor

PATHS = {Span.DAY: "date", Span.WEEK: "week", Span.MONTH: "month"}


def latest(library: Library, press: Press, request: Request) -> Response:
    """The front page: the newest day that is worth one."""
    return _page(library, press, request, Span.DAY, None)


def newest(span: Span, library: Library, press: Press, request: Request) -> Response:  # noqa: ARG001 - a handler's shape
    """An address without a key leads to the newest edition of that length."""
    edition = library.edition(span, None, limit=1)
    return RedirectResponse(address(span, edition.key), 302)


def edition(span: Span, library: Library, press: Press, request: Request) -> Response:
    """The edition of a day, a week or a month."""
    return _page(library, press, request, span, request.path_params["key"])


def address(span: Span, key: str) -> str:
    """Where an edition is."""
    return f"/{PATHS[span]}/{key}"


def asked_page(request: Request) -> int:
    """The page of a list that an address asks for; what is no number is the first."""
    asked = request.query_params.get("page", "")
    return min(max(int(asked), 1), 100_000) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1


def pager(path: str, query: dict[str, str], page: int, pages: int) -> Pager:
    """Links to the pages before and after this one."""

    def at(number: int) -> str:
        fields = {**query, "page": str(number)} if number > 1 else query
        return f"{path}?{urlencode(fields)}" if fields else path

    return Pager(page, pages, at(page - 1) if page > 1 else "", at(page + 1) if page < pages else "")


def chosen(why: str) -> str:
    """Why the automatic editor chose a place, as a sentence; "" where people did."""
    return f"Placed by the automatic editor: {why}." if why else ""


def _page(library: Library, press: Press, request: Request, span: Span, key: str | None) -> Response:
    page, size = asked_page(request), press.site.page_size
    found = library.edition(span, key, limit=size, offset=(page - 1) * size)
    shown, instead = found, None
    if not found.total and key is not None:
        # A day without papers says why, and is no dead end: the newest edition is printed below.
        shown = library.edition(span, None, limit=size)
        instead = Link(address(span, shown.key), said.edition(shown)[0]) if shown.total else None
    pages = max(1, -(-found.total // size))
    path = request.url.path
    if page > pages:
        return RedirectResponse(f"{path}?page={pages}" if pages > 1 else path, 302)
    front = key is None
    heading, subheading = said.edition(found)
    empty = front and not found.total and not library.status().papers
    title = f"{press.site.title}: {press.site.tagline}" if front else f"{heading} · {press.site.title}"
    frame = press.frame(
        request,
        title + (f", page {page}" if page > 1 else ""),
        _description(found, heading, empty=empty),
        canonical=press.public(path + (f"?page={page}" if page > 1 else "")),
        front=front and page == 1,
        feed=_feed(found, heading, front=front),
        offer=offers.EDITION,
    )
    entries = [cards.Entry(entry.paper, why=chosen(entry.why)) for entry in shown.entries]
    buttons = votes.buttons(library, visitor(request), [entry.paper for entry in shown.entries])
    context = EditionPage(
        frame,
        heading,
        subheading,
        count=said.count(found.total, "paper"),
        note=found.note,
        cards=cards.cards(entries, press.room, lead=page == 1, votes=buttons),
        tabs=_tabs(found),
        previous=_neighbour(span, found.previous),
        next=_neighbour(span, found.next),
        pager=pager(path, {}, page, pages),
        empty_catalogue=empty,
        account=accounts.account(found.accounts),
        instead=instead,
    )
    return press.page(request, context)


def _feed(found: Edition, heading: str, *, front: bool) -> FeedLink:
    """The newest edition goes on and on; that of a day stays as it is."""
    return FeedLink("/index", "The newest edition") if front else FeedLink(address(found.span, found.key), heading)


def _description(found: Edition, heading: str, *, empty: bool) -> str:
    if empty:
        return "A fresh Broadsheet: no papers have been imported yet."
    if not found.total:
        return f"{heading}: {found.note or 'no papers.'}"
    titles = "; ".join(tex.plain(entry.paper.title) for entry in found.entries[:3])
    return f"{said.count(found.total, 'paper')}, {heading}: {titles}"[:300]


def _tabs(found: Edition) -> list[Tab]:
    """The day, week and month around an edition; from a longer one, those at its beginning."""
    keys = {
        Span.DAY: found.first,
        Span.WEEK: said.week(found.first),
        Span.MONTH: found.first[:7],
        found.span: found.key,
    }
    return [Tab(span.value.capitalize(), address(span, keys[span]), span is found.span) for span in Span]


def _neighbour(span: Span, key: str | None) -> Link | None:
    return Link(address(span, key), said.neighbour(span, key)) if key else None
