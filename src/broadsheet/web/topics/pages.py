"""A topic's page: its papers, its course through the years, what grows in it and what is near it."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from broadsheet import said, tex
from broadsheet.ids.categories import ARCHIVES, NAMES
from broadsheet.library import Library
from broadsheet.types import Topic, TopicKind
from broadsheet.web import cards, offers, votes
from broadsheet.web.contexts import Beside, CategoriesPage, Counted, FeedLink, Heading, Link, TopicPage
from broadsheet.web.press import Press, visitor
from broadsheet.web.topics import charts

_ROOM = 16_000  # bytes of the page for all but the papers
_OFFERS = {
    TopicKind.KEYWORD: offers.keyword,
    TopicKind.AUTHOR: offers.author,
    TopicKind.CATEGORY: offers.category,
}
_KICKERS = {TopicKind.KEYWORD: "Topic", TopicKind.AUTHOR: "Author", TopicKind.CATEGORY: "Category"}


def topic(kind: TopicKind, library: Library, press: Press, request: Request, _stop: Callable[[], bool]) -> Response:
    """The page of a keyword, an author or a category. Raises NotFound."""
    asked = request.path_params["name"]
    found = library.topic(kind, asked, limit=press.site.page_size)
    if kind is TopicKind.CATEGORY and asked != found.name:
        return RedirectResponse(cards.category(found.name).href, 301)
    return press.page(request, _context(library, press, request, found))


def _context(library: Library, press: Press, request: Request, found: Topic) -> TopicPage:
    kind, heading = found.kind, _heading(found)
    count = said.count(found.total, "paper")
    frame = press.frame(
        request,
        f"{heading} · {press.site.title}",
        f"{count} {'by' if kind is TopicKind.AUTHOR else 'on'} {heading}, month by month, and what is near.",
        assets=("topics.css",),
        canonical=press.public(_address(kind, found.name)),
        indexed=kind is TopicKind.CATEGORY,
        feed=FeedLink(_address(kind, found.name), f"{heading}: newest papers"),
        offer=_OFFERS[kind](found.name),
    )
    months, counts = [month for month, _ in found.months], [number for _, number in found.months]
    entries = [cards.Entry(paper) for paper in found.papers]
    return TopicPage(
        frame,
        kicker=_KICKERS[kind],
        heading=heading,
        count=count,
        chart=charts.bars(months, counts, f"Papers a month: {heading}"),
        years=_years(found.months),
        last=said.day(months[-1]) if months else "",
        grown=[
            Counted(_address(TopicKind.KEYWORD, one.words), one.words, f"{one.newer} of late, {one.older} before")
            for one in found.grown
        ],
        grown_note=f"From {found.looked_at:,} titles: those since {said.day(found.since)} and the latest before."
        if found.since
        else "",
        near=_near(found),
        cards=cards.cards(entries, press.room - _ROOM, votes=votes.buttons(library, visitor(request), found.papers)),
        all=Link(cards.searching(q=found.query, sort="date"), f"All {count}" if found.total > 1 else "Search"),
        trend="/trends?" + urlencode({"q": found.query}),
    )


def categories(library: Library, press: Press, request: Request, _stop: Callable[[], bool]) -> Response:
    """All categories that have papers here, by archive."""
    counts = dict(library.facets("").categories)
    groups: dict[str, list[Counted]] = {}
    for code in [*NAMES, *(code for code in counts if code not in NAMES)]:
        if code in counts:
            one = Counted(_address(TopicKind.CATEGORY, code), NAMES.get(code, code), f"{counts[code]:,}", code)
            groups.setdefault(code.partition(".")[0], []).append(one)
    frame = press.frame(
        request,
        f"Categories · {press.site.title}",
        "The categories of the papers here, and how many each has.",
        assets=("topics.css",),
        canonical=press.public("/categories"),
    )
    headings = [Heading(ARCHIVES.get(archive, archive), values) for archive, values in groups.items()]
    return press.page(request, CategoriesPage(frame, headings))


def _heading(found: Topic) -> str:
    name = tex.plain(found.name)
    return f"{NAMES[found.name]} ({found.name})" if found.name in NAMES else name


def _address(kind: TopicKind, name: str) -> str:
    if kind is TopicKind.CATEGORY:
        return cards.category(name).href
    return cards.author(name) if kind is TopicKind.AUTHOR else cards.topic(name)


def _category(code: str, beside: Sequence[str]) -> str:
    """What a category is called; with its code where another one beside it has the same name (cs.LG, stat.ML)."""
    name = NAMES.get(code, code)
    twin = sum(NAMES.get(one, one) == name for one in beside) > 1
    return f"{name} ({code})" if twin else name


def _near(found: Topic) -> list[Beside]:
    codes = [code for code, _ in found.categories]
    lists = [
        Beside("Words near", [Counted(_address(TopicKind.KEYWORD, words), words, "") for words in found.words]),
        Beside(
            "Categories",
            [
                Counted(_address(TopicKind.CATEGORY, code), _category(code, codes), f"{papers:,}", code)
                for code, papers in found.categories
            ],
        ),
        Beside(
            "Wrote with" if found.kind is TopicKind.AUTHOR else "Authors",
            [
                Counted(_address(TopicKind.AUTHOR, name), tex.plain(name), f"{papers:,}")
                for name, papers in found.authors
                if papers > 1 or found.kind is TopicKind.AUTHOR
            ],
        ),
    ]
    return [one for one in lists if one.values]


def _years(months: Sequence[tuple[str, int]]) -> list[tuple[str, str]]:
    years: dict[str, int] = {}
    for month, papers in months:
        years[month[:4]] = years.get(month[:4], 0) + papers
    return [(year, f"{papers:,}") for year, papers in reversed(years.items())]
