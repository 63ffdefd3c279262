"""New papers that suit who asks, each with the reason. Only they see it."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said
from broadsheet.library import Library
from broadsheet.types import Hit
from broadsheet.web import cards, offers, owned, votes
from broadsheet.web.contexts.letters import ForMeCard, ForMePage
from broadsheet.web.editions import asked_page, pager
from broadsheet.web.press import Press, visitor

ASSETS = ("letters.css",)
DEEPEST = 200  # papers in all
_WHY = 60  # bytes of a reason's mark-up
_HEAD = 1_500  # those of what stands above the papers


def for_me(library: Library, press: Press, request: Request) -> Response:
    """The page. Raises SignInNeeded."""
    who, page, size = visitor(request), asked_page(request), press.site.page_size
    chosen = library.choices(who.actor)
    offset = (page - 1) * size
    found = library.for_me(who.actor, limit=size + 1, offset=min(offset, DEEPEST))
    if not found and page > 1:
        return RedirectResponse("/for-me", 302)
    pages = page + 1 if len(found) > size and page * size < DEEPEST else page
    frame = press.frame(
        request,
        f"For me · {press.site.title}",
        "New papers by what you voted for, follow and keep.",
        assets=ASSETS,
        indexed=False,
        offer=offers.MINE,
        feed=owned.feed(library, who.actor, "/for-me", "This list", "mine"),
    )
    context = ForMePage(
        frame,
        by=f"by {said.count(chosen, 'paper')} that you voted for, follow or keep" if chosen else "",
        nothing=not chosen,
        entries=_entries(library, press, request, found[:size]),
        pager=pager("/for-me", {}, page, pages),
    )
    return press.page(request, context)


def _entries(library: Library, press: Press, request: Request, hits: list[Hit]) -> list[ForMeCard]:
    papers = [hit.paper for hit in hits]
    reasons = [hit.why.said if hit.why else "" for hit in hits]
    own = sum(_WHY + 2 * len(reason.encode()) for reason in reasons)
    room = press.room - press.weight(*ASSETS) - _HEAD - own
    made = cards.cards(map(cards.Entry, papers), room, votes=votes.buttons(library, visitor(request), papers))
    return [ForMeCard(card, reason[:1].upper() + reason[1:]) for card, reason in zip(made, reasons, strict=True)]
