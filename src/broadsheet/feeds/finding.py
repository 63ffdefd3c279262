"""Trending, topics and searches as feeds: paged ones (RFC 5005, section 3), of lists that shift as they grow."""

from collections.abc import Callable
from urllib.parse import quote, urlencode

from broadsheet import tex
from broadsheet.errors import NotFound
from broadsheet.feeds.asking import DEEPEST, Asked
from broadsheet.feeds.items import of_paper
from broadsheet.feeds.shapes import Feed, Item, Site, distinct
from broadsheet.ids.categories import NAMES
from broadsheet.library import Library
from broadsheet.types import Hit, Mode, Sort, TopicKind, Trend, Why, Window

TOPICS = {TopicKind.KEYWORD: "topics", TopicKind.AUTHOR: "authors", TopicKind.CATEGORY: "categories"}
LONGEST = 1_000  # characters of a search


def trending(library: Library, site: Site, asked: Asked) -> Feed:
    """What trends, with the window, the signals and the categories that its page knows."""
    window = next((one for one in Window if one.value == asked.given("window").lower()), Window.WEEK)
    known = tuple(row.signal for row in library.weights())
    signals, categories = asked.words("signals", known), asked.categories()
    signals = () if len(signals) == len(known) else signals
    found = library.trending(
        window=window,
        signals=signals,
        categories=categories,
        limit=asked.limit,
        offset=min(asked.offset, DEEPEST),
    )
    fields = {
        **({"window": window.value} if window is not Window.WEEK else {}),
        **({"signals": ",".join(signals)} if signals else {}),
        **({"category": " ".join(categories)} if categories else {}),
    }
    among = f" in {', '.join(categories)}" if categories else ""
    return Feed(
        library.feed_name("feed", f"/trending?{urlencode(fields)}"),
        "/trending",
        _page("/trending", fields),
        f"{site.title}: trending this {window.value}{among}",
        subtitle=f"By {', '.join(found.signals)}.",
        items=[_trend(library, asked, one) for one in found.entries],
        fields=asked.at({**fields, **asked.usual}, asked.page),
        turns=asked.turns("/trending", {**fields, **asked.usual}, min(found.total, DEEPEST)),
        since=asked.today,
    )


def _trend(library: Library, asked: Asked, one: Trend) -> Item:
    parts = ", ".join(f"{part.gained:,.0f} new {part.signal.replace('-', ' ')}" for part in one.parts if part.gained)
    note = f"No. {one.position} with {one.points:.1f} points" + (f": {parts}." if parts else ".")
    return of_paper(library, one.paper, asked.now, note=note)


def topic(
    kind: TopicKind, library: Library, site: Site, asked: Asked, _stop: Callable[[], bool] = lambda: False
) -> Feed:
    """The newest papers on a keyword, by an author or in a category. Raises NotFound."""
    if asked.offset >= DEEPEST:
        raise NotFound(f"Only the newest {DEEPEST:,} can be paged through.")
    name, papers, total = library.newest_on(kind, asked.part("name"), limit=asked.limit, offset=asked.offset)
    path = f"/{TOPICS[kind]}/{quote(name, safe='')}"
    heading = f"{NAMES[name]} ({name})" if name in NAMES else tex.plain(name)
    return Feed(
        library.feed_name("feed", path),
        path,
        path,
        f"{site.title}: {heading}",
        subtitle=f"The newest papers {_SAID[kind]} {heading}.",
        items=[of_paper(library, paper, asked.now) for paper in papers],
        fields=asked.at(asked.usual, asked.page),
        turns=asked.turns(path, asked.usual, min(total, DEEPEST)),
        since=asked.today,
    )


_SAID = {TopicKind.KEYWORD: "on", TopicKind.AUTHOR: "by", TopicKind.CATEGORY: "in"}


def search(library: Library, site: Site, asked: Asked, stop: Callable[[], bool] = lambda: False) -> Feed:
    """A search with all the filters of its page. The newest come first, unless `sort=relevance` is asked for."""
    query = asked.given("q")[:LONGEST]
    sort = Sort.RELEVANCE if asked.given("sort") == Sort.RELEVANCE else Sort.DATE
    mode = next((one for one in Mode if one.value == asked.given("mode")), Mode.HYBRID)
    since, until = asked.date("since"), asked.date("until")
    categories, authors = asked.categories(), asked.authors()
    code = asked.given("code") not in ("", "0")
    given = {
        "q": query,
        "since": since or "",
        "until": until or "",
        "category": " ".join(categories),
        "author": "; ".join(authors),
        "code": "1" if code else "",
        "sort": sort.value if sort is not Sort.DATE else "",
        "mode": mode.value if mode is not Mode.HYBRID else "",
    }
    fields = {name: value for name, value in given.items() if value}
    if not fields.keys() - {"sort", "mode"}:
        raise NotFound("A feed of which search? An address looks like /search.atom?q=sparse+attention")
    found = library.search(
        query,
        limit=asked.limit,
        offset=min(asked.offset, DEEPEST),
        sort=sort,
        since=since,
        until=until,
        categories=categories,
        authors=authors,
        has_code=code,
        mode=mode,
        stop=stop,
    )
    shown = {**fields, **({"sort": Sort.DATE.value} if sort is Sort.DATE else {})}
    shown = {name: value for name, value in shown.items() if (name, value) != ("sort", Sort.RELEVANCE.value)}
    what = f"“{query[:80]}”" if query else " ".join(categories) or "papers by date"
    return Feed(
        library.feed_name("feed", f"/search?{urlencode(fields)}"),
        "/search",
        _page("/search", shown),
        f"{site.title}: {what}",
        subtitle=" ".join(found.notes)[:300],
        items=distinct([_hit(library, asked, one) for one in found.hits]),
        fields=asked.at({**fields, **asked.usual}, asked.page),
        turns=asked.turns("/search", {**fields, **asked.usual}, min(found.total + found.near, DEEPEST)),
        since=asked.today,
    )


def said_why(why: Why | None) -> str:
    """Why a paper was found: its words, and how near it is."""
    if why is None:
        return ""
    if why.said:
        return f"{why.said[0].upper()}{why.said[1:]}."
    parts = [f"has {', '.join(word[:40] for word in why.words[:8])}"] if why.words else []
    if why.cosine is not None:
        parts.append(f"near in meaning: {max(0.0, why.cosine):.0%}")
    return f"Found: {'; '.join(parts)}." if parts else ""


def _hit(library: Library, asked: Asked, hit: Hit) -> Item:
    return of_paper(library, hit.paper, asked.now, note=said_why(hit.why))


def _page(path: str, fields: dict[str, str]) -> str:
    return f"{path}?{urlencode(fields)}" if fields else path
