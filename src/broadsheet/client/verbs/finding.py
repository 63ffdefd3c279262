"""The client's verbs of "finding", named as the operations of the API are."""

from collections.abc import Sequence

from broadsheet.client.calls import Call, get, verb
from broadsheet.types import Facets, Mode, Sort, Span, Topic, TopicKind, Trends
from broadsheet.wire import Found, Mapped


class Finding:
    """Search, topics, trends and the map."""

    @verb
    def search(
        self,
        query: str = "",
        *,
        sort: Sort = Sort.RELEVANCE,
        mode: Mode = Mode.HYBRID,
        since: str = "",
        until: str = "",
        category: Sequence[str] = (),
        author: Sequence[str] = (),
        code: bool = False,
        explain: bool = False,
        facets: bool = False,
        limit: int = 20,
        cursor: str = "",
    ) -> Call[Found]:
        """Papers that match a query, the best first."""
        return get(
            "/search",
            Found,
            query=query,
            sort=sort,
            mode=mode,
            since=since,
            until=until,
            category=category,
            author=author,
            code=code,
            explain=explain,
            facets=facets,
            limit=limit,
            cursor=cursor,
        )

    @verb
    def facets(
        self,
        query: str = "",
        *,
        since: str = "",
        until: str = "",
        category: Sequence[str] = (),
        author: Sequence[str] = (),
        code: bool = False,
    ) -> Call[Facets]:
        """How all papers that match a query divide by year, category and author."""
        return get(
            "/search/facets", Facets, query=query, since=since, until=until, category=category, author=author, code=code
        )

    @verb
    def topic(self, kind: TopicKind, topic: str, *, limit: int = 20) -> Call[Topic]:
        """What there is on a keyword, by an author or in a category: its months, its newest papers, what grows."""
        return get("/topics/{kind}/{topic}", Topic, {"kind": kind, "topic": topic}, limit=limit)

    @verb
    def trends(self, query: Sequence[str]) -> Call[Trends]:
        """How many papers match each query, month by month."""
        return get("/trends", Trends, query=query)

    @verb
    def map(
        self,
        *,
        span: Span | None = None,
        key: str = "",
        query: str = "",
        since: str = "",
        until: str = "",
        limit: int = 100,
        cursor: str = "",
    ) -> Call[Mapped]:
        """Papers as points placed by meaning, and the regions that they fall in."""
        return get(
            "/map", Mapped, span=span, key=key, query=query, since=since, until=until, limit=limit, cursor=cursor
        )
