"""Verbs of topics: a keyword, an author, a category, and the course of any query through the months."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, repeat

from broadsheet import ids
from broadsheet.errors import Busy, NotFound, Refused
from broadsheet.library.opened import Course, Opened
from broadsheet.ranking import growth
from broadsheet.search import Filters
from broadsheet.search.ownwords import Has, own_words
from broadsheet.types import Mode, Paper, Series, Sort, Topic, TopicKind, Trends

SHOWN = 20  # papers of a topic
TITLES = 500  # newer ones, and as many older ones, that are looked at for what grew
NEWER = 365  # days
MOST_QUERIES = 6
LONGEST = 200  # characters of a topic's name, or of a query of `trends`
NEIGHBOURS = 12
MOST_READ = 60_000  # papers whose words are looked at: that takes a second and a half


class Topics(Opened):
    """Topics and trends. Everybody may read."""

    def topic(self, kind: TopicKind, name: str, *, limit: int = SHOWN) -> Topic:
        """What there is on a keyword, by an author or in a category: some tenths of a second in a large catalogue.

        Raises NotFound where no paper is, and where a category is none; Busy while the index is built.
        """
        name, query = query_of(kind, name)
        months, _ = self._search.months(query)
        found = self._search.query(query, limit=limit, sort=Sort.DATE, mode=Mode.KEYWORD)
        self._ready()
        if not found.total:
            raise NotFound(f"No paper here is {_SAID[kind]} {name!r}. Look for it in another spelling: /search")
        newer, older, since = self._titles(query, months)
        known = name if kind is TopicKind.KEYWORD else ""
        grown, words = growth.told(newer, older, known=known)
        facets = self._search.facets(query)
        return Topic(
            kind,
            name,
            query,
            found.total,
            months=list(_every(months)),
            papers=self.catalogue.papers(found.numbers),
            grown=grown,
            words=words,
            categories=[pair for pair in facets.categories if pair[0] != name][:NEIGHBOURS],
            authors=[
                pair
                for pair in facets.authors
                if kind is not TopicKind.AUTHOR or ids.author_key(pair[0]) != ids.author_key(name)
            ][:NEIGHBOURS],
            looked_at=len(newer) + len(older),
            since=since,
        )

    def newest_on(
        self, kind: TopicKind, name: str, *, limit: int = SHOWN, offset: int = 0
    ) -> tuple[str, list[Paper], int]:
        """A topic's name in its normal form, a stretch of its papers, the newest first, and how many there are.

        Raises NotFound and Busy, as `topic` does.
        """
        name, query = query_of(kind, name)
        found = self._search.query(query, limit=limit, offset=offset, sort=Sort.DATE, mode=Mode.KEYWORD)
        self._ready()
        if not found.total:
            raise NotFound(f"No paper here is {_SAID[kind]} {name!r}. Look for it in another spelling: /search")
        return name, self.catalogue.papers(found.numbers), found.total

    def trends(self, queries: Sequence[str]) -> Trends:
        """How many papers match each query by month, and how many there are. Raises Refused for too many queries, Busy.

        Queries are in the language of the search; a paper matches when it has all of the words, each as it is
        written or in its other number. Of what more than `MOST_READ` papers match, words count with all their endings,
        and a note says so. Where only the year of a paper is known, it counts in January.
        """
        if len(queries) > MOST_QUERIES:
            raise Refused(f"At most {MOST_QUERIES} queries can be compared; these are {len(queries)}.")
        for query in queries:
            if len(query) > LONGEST:
                raise Refused(f"A query may have {LONGEST} characters here; this one has {len(query):,}.")
        self._ready()
        whole = dict(_every(self._search.months("")[0]))
        series = []
        for query in queries:
            months, notes = self._course(query)
            found = dict(months)
            series.append(Series(query, [found.get(month, 0) for month in whole], notes))
        return Trends(list(whole), list(whole.values()), series)

    def _course(self, query: str) -> Course:
        """How many papers of each month a query counts, and notes on how it was read."""
        state = query, self._search.sequence(sure=False), self.catalogue.last_change()
        return self._courses.of(state, lambda: self._counted(query))

    def _counted(self, query: str) -> Course:
        months, notes = self._search.months(query)
        papers, own = sum(count for _, count in months), own_words(query)
        if not papers or not own:
            return months, notes
        if papers > MOST_READ:
            return months, [*notes, f"More than {MOST_READ:,} papers: here words count with all their endings."]
        if exactly := self._in_own_form(query, months, own):
            return exactly, notes
        return months, [
            *notes,
            "No paper has all the words as they are written: here they count with all their endings.",
        ]

    def _in_own_form(self, query: str, months: Sequence[tuple[str, int]], own: Has) -> list[tuple[str, int]]:
        """Of the papers that the index counts by month, those that have the words in their own form."""
        numbers = self._search.newest(query, limit=sum(count for _, count in months))
        # The newest are first, and how many each month has is known: so the month of each is.
        each = chain.from_iterable(repeat(month, count) for month, count in reversed(months))
        month_of = dict(zip(numbers, each, strict=False))
        having = {number for number, title, text in self.catalogue.texts(sorted(numbers)) if own(title, text)}
        return sorted(Counter(month_of[number] for number in having if number in month_of).items())

    def _ready(self) -> None:
        """Raises Busy while there are papers and no index yet: nothing found says nothing then."""
        if not self._search.indexed() and self.catalogue.count():
            raise Busy("The search index is being built; this may take a minute.")

    def _titles(self, query: str, months: Sequence[tuple[str, int]]) -> tuple[list[str], list[str], str]:
        """Titles of the topic's last year and of the years before, and the day that divides them."""
        last = max((month for month, _ in months), default="")
        if not last:
            return [], [], ""
        since = date.fromisoformat(ids.last_day(last)) - timedelta(NEWER)
        before = (since - timedelta(1)).isoformat()
        newer = self._search.newest(query, Filters(since=since.isoformat()), limit=TITLES)
        older = self._search.newest(query, Filters(until=before), limit=TITLES)
        titles = self.catalogue.titles([*newer, *older])
        return (
            [titles[number] for number in newer if number in titles],
            [titles[number] for number in older if number in titles],
            since.isoformat(),
        )


_SAID = {TopicKind.KEYWORD: "on", TopicKind.AUTHOR: "by", TopicKind.CATEGORY: "in"}


def query_of(kind: TopicKind, name: str) -> tuple[str, str]:
    """The name in its normal form, and the query for it. Raises NotFound for what names nothing."""
    name = " ".join(name.replace('"', " ").split())
    if not any(map(str.isalnum, name)) or len(name) > LONGEST:
        raise NotFound("There is no such topic: a name has letters or digits, and at most 200 of them.")
    if kind is TopicKind.CATEGORY:
        code = ids.category(name)
        if code is None:
            raise NotFound(f"There is no category {name!r}. They look like cs.LG; all are listed at /categories.")
        return code, f"category:{code}"
    return name, f'author:"{name}"' if kind is TopicKind.AUTHOR else f'"{name}"'


def _every(months: Sequence[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """All months from the first to the last, those without papers too."""
    counts = dict(months)
    if not counts:
        return
    year, month = map(int, min(counts).split("-"))
    while (name := f"{year:04}-{month:02}") <= max(counts):
        yield name, counts.get(name, 0)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
