"""Search: by words, by meaning, by both; how an answer divides; topics, courses of time, and the map."""

from typing import Annotated

from fastapi import Query

from broadsheet.api.v1.asking import Asked, widened
from broadsheet.api.v1.operations import Operations
from broadsheet.api.v1.parameters import NAME, Categories, Cursor, Day, Limit
from broadsheet.errors import Refused
from broadsheet.ids import iso_date
from broadsheet.types import Atlas, Facets, Mode, Region, Sort, Span, Topic, TopicKind, Trends
from broadsheet.wire import Found, Mapped, Point

finding = Operations("finding", "Search, topics, trends and the map.")

LONGEST = 3_000  # characters of a query
Queried = Annotated[
    str,
    Query(
        alias="query",
        description="Words, “phrases”, -exclusions, author:, category:, title:, abstract:, id:, has:code, since:,"
        " until:, result:speedup>1.5.",
        max_length=LONGEST,
        examples=["sparse attention"],
    ),
]
Authors = Annotated[tuple[str, ...], Query(description="Authors, all of whom must be there.", max_length=20)]


def _day(text: str, name: str) -> str | None:
    if not text.strip():
        return None
    if not (day := iso_date(text)):
        raise Refused(f"“{name}” is a date like 2026-11-20, 2026-11 or 2026, not “{text[:40]}”.")
    return day


@finding.reads("/search", patient=True)
def search(
    asked: Asked,
    *,
    query: Queried = "",
    sort: Annotated[Sort, Query(description="The best first, or the newest.")] = Sort.RELEVANCE,
    mode: Annotated[Mode, Query(description="What counts: the words, the meaning, or both.")] = Mode.HYBRID,
    since: Day = "",
    until: Day = "",
    category: Categories = (),
    author: Authors = (),
    code: Annotated[bool, Query(description="Only papers that lead to a code host.")] = False,
    explain: Annotated[bool, Query(description="With what each score is made of.")] = False,
    facets: Annotated[bool, Query(description="With how all papers found divide.")] = False,
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Found:
    """Papers that match a query, the best first."""
    offset = asked.offset(cursor)
    filters = {
        "sort": sort,
        "since": _day(since, "since"),
        "until": _day(until, "until"),
        "categories": category,
        "authors": author,
        "has_code": code,
    }
    page = asked.library.search(query, limit=limit, offset=offset, mode=mode, stop=asked.stop, **filters)  # type: ignore[arg-type]
    if not explain:
        for hit in page.hits:
            hit.why = None
    divided = asked.library.facets(query, **filters) if facets else None  # type: ignore[arg-type]
    return widened(Found, page, facets=divided, cursor=asked.after(offset, limit, page.total + page.near))


@finding.reads("/search/facets", patient=True)
def facets(
    asked: Asked,
    *,
    query: Queried = "",
    since: Day = "",
    until: Day = "",
    category: Categories = (),
    author: Authors = (),
    code: Annotated[bool, Query(description="Only papers that lead to a code host.")] = False,
) -> Facets:
    """How all papers that match a query divide by year, category and author."""
    return asked.library.facets(
        query,
        since=_day(since, "since"),
        until=_day(until, "until"),
        categories=category,
        authors=author,
        has_code=code,
    )


@finding.reads("/topics/{kind}/{topic:path}", patient=True)
def topic(
    asked: Asked,
    kind: TopicKind,
    topic: str,
    limit: Limit = 20,
) -> Topic:
    """What there is on a keyword, by an author or in a category: its months, its newest papers, what grows."""
    return asked.library.topic(kind, topic[:NAME], limit=limit)


@finding.reads("/trends", patient=True)
def trends(
    asked: Asked,
    query: Annotated[
        tuple[str, ...], Query(description="One query or several, in the language of the search.", min_length=1)
    ],
) -> Trends:
    """How many papers match each query, month by month."""
    return asked.library.trends(query)


@finding.reads("/map", patient=True)
def map_(
    asked: Asked,
    *,
    span: Annotated[Span | None, Query(description="The papers of an edition so long; without a query.")] = None,
    key: Annotated[str, Query(description="Which edition; without it the latest.", max_length=NAME)] = "",
    query: Annotated[str, Query(description="The papers that match this query instead.", max_length=LONGEST)] = "",
    since: Day = "",
    until: Day = "",
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Mapped:
    """Papers as points placed by meaning, and the regions that they fall in."""
    if span is not None and (query or since or until):
        raise Refused(
            "The map is of an edition (“span”, “key”) or of a query (“query”, “since”, “until”), not of both."
        )
    if span is not None:
        atlas = asked.library.atlas(span, key or None)
    else:
        atlas = asked.library.atlas_of(query, since=_day(since, "since"), until=_day(until, "until"))
    offset = asked.offset(cursor)
    points = _points(asked, atlas, offset, limit)
    more = offset + limit < len(atlas.numbers)
    return Mapped(
        total=atlas.total,
        points=points,
        regions=[Region(list(one.words), one.count, one.x, one.y) for one in atlas.regions],
        key=atlas.key,
        first=atlas.first,
        last=atlas.last,
        drawn=atlas.drawn,
        cursor=asked.cursor(offset + limit) if more else None,
    )


def _points(asked: Asked, atlas: Atlas, offset: int, limit: int) -> list[Point]:
    """A stretch of the points of a map."""
    stretch = range(min(offset, len(atlas.numbers)), min(offset + limit, len(atlas.numbers)))
    numbers = [atlas.numbers[at] for at in stretch]
    papers = {paper.number: paper for paper in asked.library.numbered(numbers)}
    return [
        Point(papers[atlas.numbers[at]], atlas.x[at], atlas.y[at], atlas.region[at])
        for at in stretch
        if atlas.numbers[at] in papers
    ]
