"""Tools that find papers: search, editions, what trends, what is near."""

from typing import Literal

from pydantic import Field

from broadsheet import ids, said
from broadsheet.errors import Refused
from broadsheet.mcp.answers import Answer, Papers
from broadsheet.mcp.tools.tool import Arguments, Asking, Day, Keys, Limit, Offset, Tool, Words, more
from broadsheet.types import Edition, Mode, Sort, Span, Trend, Why, Window

_QUERY = 3_000  # characters


class Search(Arguments):
    query: str = Field(
        max_length=_QUERY,
        description="Plain words, or the query language: “an exact phrase”, -without, author:lovelace, title:sheep,"
        " category:cs.LG, has:code, result:speedup>1.5.",
    )
    since: Day = None
    until: Day = None
    categories: Words = Field(default=[], description="Any of these arXiv categories (cs.LG) or archives (math).")
    authors: Words = Field(default=[], description="All of these.")
    has_code: bool = Field(default=False, description="Only papers that link to their code.")
    sort: Literal["relevance", "date"] = "relevance"
    mode: Literal["hybrid", "keyword", "meaning"] = Field(
        default="hybrid", description="What counts: words, meaning, or both."
    )
    abstracts: bool = Field(default=False, description="With the beginning of each abstract; the answer is longer.")
    limit: Limit = 10
    offset: Offset = 0


class ListEdition(Arguments):
    key: str = Field(
        default="",
        max_length=40,
        description="A day (2026-11-20), a week (2026-W47) or a month (2026-11); the latest day if left out.",
    )
    trending: bool = Field(default=False, description="What trends first, instead of the editor's order.")
    abstracts: bool = Field(default=False, description="With the beginning of each abstract; the answer is longer.")
    limit: Limit = 10
    offset: Offset = 0


class Trending(Arguments):
    window: Literal["day", "week", "month"] = "week"
    categories: Words = Field(default=[], description="Any of these arXiv categories (cs.LG) or archives (math).")
    limit: Limit = 10
    offset: Offset = 0


class Similar(Arguments):
    like: Keys = Field(min_length=1, max_length=20, description="Papers that those found should be like.")
    unlike: Keys = Field(default=[], max_length=20, description="Papers that they should not be like.")
    abstracts: bool = Field(default=False, description="With the beginning of each abstract; the answer is longer.")
    limit: Limit = 10


def search(asking: Asking, asked: Search) -> Answer:
    found = asking.library.search(
        asked.query,
        limit=asked.limit,
        offset=asked.offset,
        sort=Sort(asked.sort),
        since=_day(asked.since, "since"),
        until=_day(asked.until, "until"),
        categories=asked.categories,
        authors=asked.authors,
        has_code=asked.has_code,
        mode=Mode(asked.mode),
        stop=asking.stop,
    )
    total = found.total + found.near
    papers = [
        asking.brief(hit.paper, asked.offset + place, matched(hit.why), abstract=asked.abstracts)
        for place, hit in enumerate(found.hits, start=1)
    ]
    notes = list(found.notes)
    if found.near:
        notes.append(f"{found.total:,} match by their words; {found.near:,} come along for their meaning.")
    if not papers:
        notes.append("Nothing was found. Fewer or other words may help.")
    return Papers(
        papers=papers,
        total=total,
        offset=asked.offset,
        next_offset=more(asked.offset, len(papers), total),
        heading=said.count(total, "paper"),
        notes=notes,
    )


def edition(asking: Asking, asked: ListEdition) -> Answer:
    found = edition_of(asking, asked.key, limit=asked.limit, offset=asked.offset, trending=asked.trending)
    papers = [
        asking.brief(one.paper, one.position, placed(one.reason, one.why), abstract=asked.abstracts)
        for one in found.entries
    ]
    return Papers(
        papers=papers,
        total=found.total,
        offset=asked.offset,
        next_offset=more(asked.offset, len(papers), found.total),
        heading=f"The edition of {found.key}: {said.count(found.total, 'paper')}",
        notes=[*([found.note] if found.note else []), *_around(found)],
    )


def edition_of(asking: Asking, key: str, *, limit: int, offset: int = 0, trending: bool = False) -> Edition:
    """The edition with this key; without one, the latest day's. Raises NotFound."""
    key = key.strip().upper()
    span = Span.WEEK if "W" in key else Span.MONTH if key.count("-") == 1 else Span.DAY
    return asking.library.edition(span, key or None, limit=limit, offset=offset, trending=trending)


def trending(asking: Asking, asked: Trending) -> Answer:
    found = asking.library.trending(
        window=Window(asked.window), categories=asked.categories, limit=asked.limit, offset=asked.offset
    )
    papers = [asking.brief(one.paper, one.position, points(one)) for one in found.entries]
    return Papers(
        papers=papers,
        total=found.total,
        offset=asked.offset,
        next_offset=more(asked.offset, len(papers), found.total),
        heading=f"Trending from {found.first} to {found.last}: {said.count(found.total, 'paper')}",
        notes=[] if papers else ["Nothing trends: nothing was counted in these days."],
    )


def similar(asking: Asking, asked: Similar) -> Answer:
    hits = asking.library.near(asked.like, asked.unlike, limit=asked.limit)
    papers = [
        asking.brief(hit.paper, place, f"near in meaning, {hit.score:.2f}", abstract=asked.abstracts)
        for place, hit in enumerate(hits, start=1)
    ]
    return Papers(
        papers=papers,
        total=len(papers),
        heading=f"Nearest in meaning: {said.count(len(papers), 'paper')}",
        notes=[] if papers else ["None: the index has no vectors of these papers yet."],
    )


def matched(why: Why | None) -> str:
    """Why a search found a paper, in a few words."""
    if why is None:
        return ""
    told = [f"words: {', '.join(why.words[:8])}"] if why.words else []
    told += [f"meaning {why.cosine:.2f}"] if why.cosine is not None else []
    return "; ".join(told)


def points(one: Trend) -> str:
    """The points of a paper that trends, and what they are made of."""
    parts = ", ".join(f"{part.signal} {part.points:.1f}" for part in one.parts if part.points)
    return f"{one.points:.1f} points: {parts}"


_REASONS = {
    "trending": "it trends",
    "submitted": "a reader submitted it",
    "listed": "a daily list had it",
    "announced": "it was announced that day",
    "scheduled": "it was handed in for that day",
    "published": "it was published that day",
}


def placed(reason: str, why: str) -> str:
    """Why a paper stands in an edition, in a few words."""
    return "; ".join(filter(None, (_REASONS.get(reason, reason), why)))


def _around(found: Edition) -> list[str]:
    near = [f"{name} {key}" for name, key in (("before it", found.previous), ("after it", found.next)) if key]
    return [f"Editions with papers: {', '.join(near)}."] if near else []


def _day(text: str | None, name: str) -> str | None:
    if not text:
        return None
    if not (day := ids.iso_date(text)):
        raise Refused(f"“{name}” is a date like 2026-11-20, 2026-11 or 2026, not “{text}”.")
    return day


TOOLS = (
    Tool(
        "search_papers",
        "Search papers",
        "Finds papers by words and by meaning, with filters. Short by default; read_paper tells more of one.",
        Search,
        Papers,
        search,
    ),
    Tool(
        "list_edition",
        "List an edition",
        "The papers of a day, week or month in the order of the front page, and why each stands there.",
        ListEdition,
        Papers,
        edition,
    ),
    Tool(
        "trending_papers",
        "Trending papers",
        "What rises by votes, comments, reads, stars and citations, with the points of each signal.",
        Trending,
        Papers,
        trending,
    ),
    Tool(
        "find_similar",
        "Find similar papers",
        "The papers nearest in meaning to some, and unlike others if named.",
        Similar,
        Papers,
        similar,
    ),
)
