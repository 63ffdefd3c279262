"""A group's edition: the papers of some days in the group's own order, each with its place in everybody's."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet.library import Library
from broadsheet.permissions import may
from broadsheet.types import GroupEdition, GroupEntry, Span
from broadsheet.web import cards, editions, said, votes
from broadsheet.web.circles.head import ASSETS, address, frame, head, lines, signed_in
from broadsheet.web.contexts import Card, Link, Tab
from broadsheet.web.contexts.circles import GroupCard, GroupPage
from broadsheet.web.press import Press, visitor

EXTRA = 260  # bytes of a card's line about the group, besides its address


def edition(span: Span, library: Library, press: Press, request: Request) -> Response:
    """A group's edition of a day, a week or a month; the latest where the address names none."""
    actor = signed_in(request)
    name, key = request.path_params["name"], request.path_params.get("key")
    page, size = editions.asked_page(request), press.site.page_size
    found = library.group_edition(actor, name, span, key, limit=size, offset=(page - 1) * size)
    path, pages = request.url.path, max(1, -(-found.total // size))
    if page > pages:
        return RedirectResponse(f"{path}?page={pages}" if pages > 1 else path, 302)
    group, below = found.circle, editions.PATHS[span]
    heading, subheading = said.span(span, found.key, found.first, found.last)
    papers = [entry.paper for entry in found.entries]
    buttons = votes.buttons(library, visitor(request), papers, group=name)
    hrefs = [address(name, "papers", paper.id) for paper in papers]
    room = press.room - press.weight(*ASSETS) - sum(EXTRA + len(href) for href in hrefs)
    made = cards.cards([cards.Entry(paper) for paper in papers], room, lead=page == 1, votes=buttons)
    context = GroupPage(
        frame(press, request, f"{heading} in {group.shown}" + (f", page {page}" if page > 1 else "")),
        head(group, ""),
        lines(group.about) if page == 1 else [],
        heading,
        subheading,
        count=said.count(found.total, "paper"),
        note=found.note,
        cards=[_card(*one, found) for one in zip(made, found.entries, hrefs, strict=True)],
        tabs=_tabs(found),
        common=Link(editions.address(span, found.key), f"The common {_SPANS[span]}"),
        previous=Link(address(name, below, found.previous), said.neighbour(span, found.previous))
        if found.previous
        else None,
        next=Link(address(name, below, found.next), said.neighbour(span, found.next)) if found.next else None,
        pager=editions.pager(path, {}, page, pages),
        may_submit=may(actor, "submit"),
    )
    return press.page(request, context)


_SPANS = {Span.DAY: "edition of this day", Span.WEEK: "edition of this week", Span.MONTH: "edition of this month"}


def _card(card: Card, entry: GroupEntry, href: str, found: GroupEdition) -> GroupCard:
    votes_there = entry.paper.own_votes
    parts = [
        f"No. {entry.common:,} in the common edition" if entry.common else "not in the common edition",
        f"{said.count(votes_there, 'vote')} there" if votes_there else "",
    ]
    return GroupCard(card, Link(href, f"In {found.circle.shown}"), ", ".join(filter(None, parts)), entry.submitted)


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
