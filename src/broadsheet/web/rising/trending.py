"""What trends, and why: each paper with its points and all that they are made of."""

from collections.abc import Sequence
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said
from broadsheet.library import Library
from broadsheet.types import Part, Trend, Weight
from broadsheet.types import Trending as Found
from broadsheet.web import cards, votes
from broadsheet.web.contexts import Card, Choice, FeedLink, Share, Trending, TrendingPage
from broadsheet.web.editions import asked_page, pager
from broadsheet.web.press import Press, visitor
from broadsheet.web.rising.asking import NAMES, Asked, asked, at

ASSETS = ("rising.css",)
DEEPEST = 1_000  # papers that can be paged through
_FORM = 2_600  # bytes of the form and the notes
_ENTRY = 330  # those of an entry's own mark-up
_SHARE = 150  # those of a piece of its bar with its words


def trending(library: Library, press: Press, request: Request) -> Response:
    """The page."""
    weights = library.weights()
    wish = asked(request, weights)
    page, size = asked_page(request), press.site.page_size
    found = library.trending(
        window=wish.window,
        signals=wish.signals,
        categories=wish.categories,
        limit=size,
        offset=min((page - 1) * size, DEEPEST),
    )
    pages = max(1, -(-min(found.total, DEEPEST) // size))
    if page > pages:
        return RedirectResponse(pager("/trending", wish.fields(), pages + 1, pages).previous, 302)
    context = _context(press, request, wish, found, weights)
    context.pager = pager("/trending", wish.fields(), page, pages)
    context.entries = _entries(library, press, request, found, weights)
    return press.page(request, context)


def _context(press: Press, request: Request, wish: Asked, found: Found, weights: Sequence[Weight]) -> TrendingPage:
    among = f" in {', '.join(wish.categories)}" if wish.categories else ""
    title = f"Trending this {wish.window.value}{among}"
    count = said.count(found.total, "paper")
    frame = press.frame(
        request,
        f"{title} · {press.site.title}",
        f"{count} with new {', '.join(found.signals)}, {said.stretch(found.first, found.last)}.",
        assets=ASSETS,
        canonical=press.public(at("/trending", **wish.fields())),
        feed=FeedLink("/trending", title, urlencode(wish.fields())),
    )
    notes = [*wish.notes]
    if not found.total:
        notes.append(_why_none(wish))
    return TrendingPage(
        frame,
        days=said.stretch(found.first, found.last),
        count=count,
        tabs=wish.tabs("/trending"),
        window=wish.window.value,
        signals=[Choice(row.signal, row.help, not wish.signals or row.signal in wish.signals) for row in weights],
        category=" ".join(wish.categories),
        notes=notes,
        entries=[],
        pager=pager("/trending", {}, 1, 1),
        moved=at("/trending/rising", **wish.fields()),
        download=at("", since=found.first, category=" ".join(wish.categories)),
    )


def _why_none(wish: Asked) -> str:
    narrow = "Fewer filters, or a longer window, may find some." if wish.signals or wish.categories else ""
    return f"Nothing was counted in this {NAMES[wish.window].lower()} that makes a paper trend. {narrow}".strip()


def _entries(
    library: Library, press: Press, request: Request, found: Found, weights: Sequence[Weight]
) -> list[Trending]:
    papers = [entry.paper for entry in found.entries]
    own = sum(_ENTRY + _SHARE * len(entry.parts) for entry in found.entries)
    room = press.room - press.weight(*ASSETS) - _FORM - own
    made = cards.cards(map(cards.Entry, papers), room, votes=votes.buttons(library, visitor(request), papers))
    most = max((entry.points for entry in found.entries), default=1.0)
    named = {row.signal: row for row in weights}
    return [_entry(entry, card, most, named) for entry, card in zip(found.entries, made, strict=True)]


def _entry(entry: Trend, card: Card, most: float, weights: dict[str, Weight]) -> Trending:
    shares, x = [], 0.0
    for part in entry.parts:
        width = 100 * part.points / most
        shares.append(
            Share(part.signal, _short(part), _reckoned(part, weights[part.signal]), f"{x:.2f}", f"{width:.2f}")
        )
        x += width
    return Trending(entry.position, card, f"{entry.points:.1f}", shares)


def _short(part: Part) -> str:
    noun = part.signal.replace("-", " ").replace("hf", "HF")
    return f"{_number(part.gained)} {noun.removesuffix('s') if part.gained == 1 else noun}"


def _reckoned(part: Part, row: Weight) -> str:
    """One line of the sum, so that a reader can do it too."""
    return (
        f"{_number(part.gained)} came, {part.fresh:.2f} after ageing: "
        f"{row.weight:g} × log2(1 + {part.fresh:.2f}) = {part.points:.2f}"  # noqa: RUF001 - it multiplies
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == round(value) else f"{value:.1f}"
