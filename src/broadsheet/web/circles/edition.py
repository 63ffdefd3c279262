"""A group's edition: the papers of some days in the group's own order, each with its place in everybody's."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said
from broadsheet.errors import Refused, Unavailable
from broadsheet.library import Library
from broadsheet.permissions import may
from broadsheet.types import GroupEdition, GroupEntry, Span
from broadsheet.web import cards, editions, offers, votes
from broadsheet.web.circles.head import ASSETS, address, feed, frame, head, lines, signed_in
from broadsheet.web.contexts import Card, Link, Tab
from broadsheet.web.contexts.circles import GroupCard, GroupPage
from broadsheet.web.forms import Form
from broadsheet.web.press import Press, visitor

WAITING = "Thank you: the paper is not here yet. It is looked for, and joins the edition as soon as it is found."
EXTRA = 260  # bytes of a card's line about the group, besides its address


def edition(span: Span, library: Library, press: Press, request: Request) -> Response:
    """A group's edition of a day, a week or a month; the latest where the address names none."""
    page = editions.asked_page(request)
    context = _page(library, press, request, span, key=request.path_params.get("key"), page=page)
    path, pages = request.url.path, context.pager.pages
    if page > pages:
        return RedirectResponse(f"{path}?page={pages}" if pages > 1 else path, 302)
    return press.page(request, context)


def submit(library: Library, press: Press, request: Request, form: Form) -> Response:
    """Puts a paper into the group's edition of today; what cannot be taken is given back in the form."""
    actor, name = visitor(request).actor, request.path_params["name"]
    paper, comment = form.word("paper"), form.text("comment")
    try:
        made = library.submit(actor, paper, comment=comment, group=name)
    except (Refused, Unavailable) as error:
        context = _page(library, press, request, Span.DAY, key=None, page=1)
        context.problem, context.paper, context.comment = str(error)[:600], paper, comment
        return press.page(request, context, 400)
    if made.paper is None:
        return RedirectResponse(f"{address(name)}?waiting={made.number}", 303)
    return RedirectResponse(address(name, "papers", made.paper.id), 303)


def _page(library: Library, press: Press, request: Request, span: Span, *, key: str | None, page: int) -> GroupPage:
    actor, name, size = signed_in(request), request.path_params["name"], press.site.page_size
    found = library.group_edition(actor, name, span, key, limit=size, offset=(page - 1) * size)
    group, below = found.circle, editions.PATHS[span]
    heading, subheading = said.span(span, found.key, found.first, found.last)
    papers = [entry.paper for entry in found.entries]
    buttons = votes.buttons(library, visitor(request), papers, group=name)
    hrefs = [address(name, "papers", paper.id) for paper in papers]
    room = press.room - press.weight(*ASSETS) - sum(EXTRA + len(href) for href in hrefs)
    made = cards.cards([cards.Entry(paper) for paper in papers], room, lead=page == 1, votes=buttons)
    path = address(name, below, found.key) if key else address(name)
    waiting = request.query_params.get("waiting")
    return GroupPage(
        frame(
            press,
            request,
            f"{heading} in {group.shown}" + (f", page {page}" if page > 1 else ""),
            offer=offers.group(name),
            feed=feed(library, actor, name, heading, below, found.key)
            if key
            else feed(library, actor, name, "The newest edition"),
        ),
        head(group, ""),
        lines(group.about) if page == 1 else [],
        heading,
        subheading,
        count=said.count(found.total, "paper"),
        note=WAITING if waiting else found.note,
        cards=[_card(*one) for one in zip(made, found.entries, hrefs, strict=True)],
        tabs=_tabs(found),
        common=Link(editions.address(span, found.key), f"The common {_SPANS[span]}"),
        previous=_neighbour(name, span, found.previous),
        next=_neighbour(name, span, found.next),
        pager=editions.pager(path, {}, page, max(1, -(-found.total // size))),
        may_submit=may(actor, "submit"),
    )


def _neighbour(name: str, span: Span, key: str | None) -> Link | None:
    return Link(address(name, editions.PATHS[span], key), said.neighbour(span, key)) if key else None


_SPANS = {Span.DAY: "edition of this day", Span.WEEK: "edition of this week", Span.MONTH: "edition of this month"}


def _card(card: Card, entry: GroupEntry, href: str) -> GroupCard:
    votes_there = entry.paper.own_votes
    parts = [
        f"No. {entry.common:,} in the common edition" if entry.common else "not in the common edition",
        f"{said.count(votes_there, 'vote')} there" if votes_there else "",
    ]
    return GroupCard(card, Link(href, "Discuss in the group"), ", ".join(filter(None, parts)), entry.submitted)


def _tabs(found: GroupEdition) -> list[Tab]:
    """The day, week and month around an edition; from a longer one, those at its beginning."""
    keys = {
        Span.DAY: found.first,
        Span.WEEK: said.week(found.first),
        Span.MONTH: found.first[:7],
        found.span: found.key,
    }
    name = found.circle.name
    return [
        Tab(span.capitalize(), address(name, editions.PATHS[span], keys[span]), span is found.span) for span in Span
    ]
