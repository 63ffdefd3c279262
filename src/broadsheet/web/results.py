"""Search: the form, the results, and what to do where there are none."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote_plus, urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import ids, said
from broadsheet.ids.categories import NAMES
from broadsheet.library import Library
from broadsheet.types import Facets, Hit, Mode, Page, Sort
from broadsheet.web import cards, facets, links, offers, votes
from broadsheet.web.contexts import Choice, FeedLink, SearchPage
from broadsheet.web.editions import asked_page, pager
from broadsheet.web.press import Press, visitor

FEED = 300  # bytes of a search in the address of its feed, which stands in a page six times
LONGEST = 3_000  # bytes of a query in an address; it stands in a page up to six times
DEEPEST = 1_000  # results that can be paged through: further down, a narrower question serves better
SUGGESTED = ("cs", "stat", "eess", "math.OC", "math.ST", "q-bio", "quant-ph", "astro-ph", "hep-th")


@dataclass(slots=True)
class Asked:
    """What the address asks for, as it can be used, with notes on what cannot."""

    query: str
    since: str | None
    until: str | None
    categories: tuple[str, ...]
    authors: tuple[str, ...]
    code: bool
    sort: Sort
    mode: Mode
    notes: list[str]

    @property
    def filtered(self) -> bool:
        """Whether anything but words was asked for."""
        return bool(self.since or self.until or self.categories or self.authors or self.code)

    @property
    def wanted(self) -> bool:
        """Whether there is anything to search for."""
        return bool(self.query or self.filtered)

    def fields(self) -> dict[str, str]:
        """The same question as the fields of an address."""
        given = {
            "q": self.query,
            "since": self.since or "",
            "until": self.until or "",
            "category": " ".join(self.categories),
            "author": "; ".join(self.authors),
            "code": "1" if self.code else "",
            "sort": self.sort.value if self.sort is not Sort.RELEVANCE else "",
            "mode": self.mode.value if self.mode is not Mode.HYBRID else "",
        }
        return {name: value for name, value in given.items() if value}


def search(library: Library, press: Press, request: Request, stop: Callable[[], bool] = lambda: False) -> Response:
    """A page of results. A query that is one paper's identifier leads straight to the paper.

    `stop` says that the reader has gone (see `patience`).
    """
    asked = _asked(request)
    page, size = asked_page(request), press.site.page_size
    offset = (page - 1) * size
    found = (
        library.search(
            asked.query,
            limit=size,
            offset=min(offset, DEEPEST),
            sort=asked.sort,
            since=asked.since,
            until=asked.until,
            categories=asked.categories,
            authors=asked.authors,
            has_code=asked.code,
            mode=asked.mode,
            stop=stop,
        )
        if asked.wanted
        else Page("", [], 0, 0, size, asked.sort)
    )
    if found.exact and not asked.filtered and ids.identifiers(asked.query):
        return RedirectResponse(cards.path(found.exact.id), 302)
    pages = _pages(found)
    if page > pages:
        last = pager("/search", asked.fields(), pages + 1, pages).previous
        return RedirectResponse(last, 302)
    context = _context(press, request, asked, found, page)
    divisible = asked.wanted and asked.mode is not Mode.MEANING and page == 1
    if divisible and found.total > 1 and not stop():
        context.facets = facets.groups(_facets(library, asked), asked.fields())
    room = press.room - _FORM - 6 * len(quote_plus(asked.query)) - facets.room(context.facets, asked.query)
    entries = [cards.Entry(hit.paper, terms=found.terms, why=_why(hit)) for hit in found.hits]
    buttons = votes.buttons(library, visitor(request), [hit.paper for hit in found.hits])
    context.cards = cards.cards(entries, room, votes=buttons)
    return press.page(request, context)


def _facets(library: Library, asked: Asked) -> Facets:
    return library.facets(
        asked.query,
        sort=asked.sort,
        since=asked.since,
        until=asked.until,
        categories=asked.categories,
        authors=asked.authors,
        has_code=asked.code,
    )


def _context(press: Press, request: Request, asked: Asked, found: Page, page: int) -> SearchPage:
    wanted, pages = asked.wanted, _pages(found)
    title, description = _said(asked, found, page)
    frame = press.frame(
        request,
        f"{title} · {press.site.title}",
        description,
        query=asked.query,
        indexed=not wanted,
        feed=_feed(asked),
        offer=offers.search(_standing(asked)),
    )
    notes = [*asked.notes, *found.notes]
    if found.total + found.near > DEEPEST and page == pages:
        notes.append(f"Only the first {DEEPEST:,} results can be paged through; a narrower question finds the others.")
    return SearchPage(
        frame,
        query=asked.query,
        since=asked.since or "",
        until=asked.until or "",
        category=" ".join(asked.categories),
        author="; ".join(asked.authors),
        code=asked.code,
        modes=[Choice(mode.value, text, mode is asked.mode) for mode, text in _MODES.items()],
        sorts=[Choice(sort.value, text, sort is asked.sort) for sort, text in _SORTS.items()],
        filtered=asked.filtered,
        asked=wanted,
        count=_count(found),
        took=f"{found.took_ms:,.0f} ms" if found.took_ms >= 1 else "under 1 ms",
        notes=notes,
        advice=_advice(asked) if wanted and not found.hits else [],
        cards=[],
        suggestions=_SUGGESTIONS,
        elsewhere=links.elsewhere(asked.query) if wanted and not found.hits else [],
        pager=pager("/search", asked.fields(), page, pages),
        save=f"/standing/new?{urlencode(asked.fields())}" if wanted and page == 1 else "",
    )


def _feed(asked: Asked) -> FeedLink | None:
    """The search as a feed, unless it is so long that its addresses would take the room of papers."""
    query = urlencode(asked.fields())
    title = f"“{asked.query[:80]}”" if asked.query else "This search"
    return FeedLink("/search", title, query) if asked.wanted and len(query) <= FEED else None


def _standing(asked: Asked) -> str:
    """The search in its language alone, for what comes from now on: its dates and its order mean nothing there."""
    others = [
        " OR ".join(f"category:{code}" for code in asked.categories),
        " OR ".join(f'author:"{name}"' for name in asked.authors),
        "has:code" if asked.code else "",
    ]
    parts = [asked.query, *others]
    given = [part for part in parts if part]
    return given[0] if len(given) == 1 else " ".join(f"({part})" if " OR " in part else part for part in given)


def _pages(found: Page) -> int:
    return max(1, -(-min(found.total + found.near, DEEPEST) // found.limit))


def _count(found: Page) -> str:
    """How many papers have the words, and how many come along for their meaning."""
    near = f" and {found.near:,} near in meaning" if found.near else ""
    return said.count(found.total, "paper") + near


def _why(hit: Hit) -> str:
    """Why a paper stands where it does: its words, how near it is, and its title."""
    why = hit.why
    if not why or not why.parts:
        return ""
    parts = ["its title is what was asked for"] if "exact title" in why.parts else []
    if why.words:
        parts.append(f"has {', '.join(word[:40] for word in why.words[:8])}" + (" …" if len(why.words) > 8 else ""))
    if "title" in why.parts:
        parts.append("some of it in the title")
    if why.cosine is not None:
        parts.append(f"near in meaning: {max(0.0, why.cosine):.0%}")
    return "; ".join(parts)


_MODES = {Mode.HYBRID: "Words and meaning", Mode.KEYWORD: "Words", Mode.MEANING: "Meaning"}
_SORTS = {Sort.RELEVANCE: "Best match", Sort.DATE: "Newest first"}
_FORM = 7_000  # bytes of the form with its list of categories and its help


def _asked(request: Request) -> Asked:
    given = request.query_params
    notes: list[str] = []
    query = " ".join(given.get("q", "").split())
    if len(quote_plus(query)) > LONGEST:
        while len(quote_plus(query)) > LONGEST:
            query = query[: len(query) * 9 // 10]
        notes.append(f"The query is too long; its first {len(query):,} characters were used.")
    codes = []
    for word in " ".join(given.getlist("category")).replace(",", " ").split()[:20]:
        if code := ids.category(word):
            codes.append(code)
        else:
            notes.append(f"There is no category “{word[:40]}”; it was left out.")
    try:
        sort = Sort(given.get("sort", Sort.RELEVANCE.value))
    except ValueError:
        sort = Sort.RELEVANCE
    try:
        mode = Mode(given.get("mode", Mode.HYBRID.value))
    except ValueError:
        mode = Mode.HYBRID
    since, until = (_date(given.get(name, ""), name, notes) for name in ("since", "until"))
    if since and until and ids.first_day(since) > ids.last_day(until):
        notes.append("The first date is after the last one, so nothing can match.")
    authors = [name.strip()[:100] for name in ";".join(given.getlist("author")).split(";") if name.strip()]
    with_code = given.get("code", "") not in ("", "0")
    return Asked(query, since, until, tuple(dict.fromkeys(codes)), tuple(authors[:5]), with_code, sort, mode, notes)


def _date(text: str, name: str, notes: list[str]) -> str | None:
    text = text.strip()[:40]
    if not text:
        return None
    date = ids.iso_date(text)
    if date is None:
        notes.append(f"“{text}” is no date ({name}); write 2024, 2024-05 or 2024-05-17.")
    return date


def _said(asked: Asked, found: Page, page: int) -> tuple[str, str]:
    """The page's title and description."""
    if not asked.wanted:
        return "Search", "Search research papers by words, phrases, authors, categories and dates."
    what = f"“{asked.query[:80]}”" if asked.query else " ".join(asked.categories) or "Papers by date"
    where = f", page {page}" if page > 1 else ""
    return f"{what}{where}", f"{said.count(found.total, 'paper')} for {what}{where}."


def _advice(asked: Asked) -> list[str]:
    """What to try where nothing was found."""
    advice = []
    if asked.filtered:
        advice.append("Take away the dates, the category or the author.")
    if '"' in asked.query:
        advice.append("Leave out the quotation marks: a phrase must stand in the text exactly so.")
    if " -" in f" {asked.query}" or "NOT " in asked.query:
        advice.append("Take away what you excluded.")
    if len(asked.query.split()) > 4:
        advice.append("Use fewer words: the two or three that matter most.")
    if "author:" in asked.query:
        advice.append("Give the family name only: author:lovelace.")
    advice.append("Check the spelling, or use another word for the same thing.")
    return advice


def _suggested(code: str) -> bool:
    return any(code == group or code.startswith(f"{group}.") for group in SUGGESTED)


# The same on every page, so it is printed once.
_SUGGESTIONS = Markup("\n").join(
    Markup('<option value="{}">{}</option>').format(code, name) for code, name in NAMES.items() if _suggested(code)
)
