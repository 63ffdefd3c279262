"""What a group says: its discussion, and a paper with the group's votes beside everybody's and a thread of its own."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said, tex
from broadsheet.library import Library
from broadsheet.permissions import may
from broadsheet.types import Paper
from broadsheet.web import cards, threads, votes
from broadsheet.web.circles import shelf
from broadsheet.web.circles.head import address, feed, frame, head, signed_in
from broadsheet.web.contexts.circles import GroupPaperPage, GroupTalkPage
from broadsheet.web.press import Press, visitor

TITLE, ABSTRACT = 3_000, 6_000  # bytes
ROOM = 22_000  # bytes of the comments below a paper


def discussion(library: Library, press: Press, request: Request) -> Response:
    """The discussion of the group itself."""
    actor = signed_in(request)
    group = library.group(actor, request.path_params["name"])
    thread = threads.thread(library, visitor(request), None, _place(request, threads.ROOM), group=group.name)
    thread.heading = "Discussion"
    followed = feed(library, actor, group.name, "This discussion", "discussion")
    framed = frame(press, request, f"Discussion in {group.shown}", feed=followed)
    return press.page(request, GroupTalkPage(framed, head(group, "/discussion"), thread))


def paper(library: Library, press: Press, request: Request) -> Response:
    """A paper as the group sees it."""
    actor = signed_in(request)
    group = library.group(actor, request.path_params["name"])
    key = request.path_params["id"].strip("/ ")
    found = library.paper(key)
    if request.path_params["id"] != found.id:
        return RedirectResponse(address(group.name, "papers", found.id), 302)
    on_shelf = library.shelved(actor, group.name, found.id)
    context = GroupPaperPage(
        frame(press, request, f"{tex.plain(found.title)[:200]} in {group.shown}"),
        head(group, "-"),
        key=found.id,
        href=cards.path(found.id),
        title=cards.within(found.title, TITLE),
        authors=_authors(found),
        abstract=cards.within(found.abstract or found.summary or "", ABSTRACT),
        vote=votes.buttons(library, visitor(request), [found], group=group.name)[found.id],
        common=_common(found),
        shelved=shelf.line(group.name, on_shelf, None) if on_shelf else None,
        may_shelve=may(actor, "shelve"),
        thread=threads.thread(library, visitor(request), found.id, _place(request, ROOM), group=group.name),
    )
    return press.page(request, context)


def _place(request: Request, room: int) -> threads.Place:
    return threads.asked(request.query_params, threads.Place(request.url.path, room=room))


def _authors(found: Paper) -> str:
    names = [tex.plain(author.name)[:200] for author in found.authors[:6]]
    more = (found.author_count or len(found.authors)) - len(names)
    return ", ".join(names) + (f" and {more:,} more" if more > 0 and names else "")


def _common(found: Paper) -> str:
    """What everybody gave the paper, in words."""
    counts = [
        f"{said.count(found.own_votes, 'common vote')}",
        f"{said.count(found.votes, 'vote')} elsewhere" if found.votes else "",
        said.count(found.own_comments, "common comment") if found.own_comments else "",
    ]
    return " · ".join(filter(None, counts))
