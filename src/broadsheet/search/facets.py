"""How the papers that match a query divide by year, category and author: exact counts.

What is counted is the very set that `Found.total` counts, and a count is that of the search it leads to: the same
query with the year, the category or the author as one more filter. Years and categories are counted in one pass over
the matching papers. An author is known by many spellings, so that pass only proposes names, and each is then counted
by the author filter.
"""

from collections.abc import Callable, Iterator, Sequence

from tantivy import Query, Searcher

from broadsheet.search import fields, names
from broadsheet.search.compiling import Compiler
from broadsheet.search.query import Author
from broadsheet.types import Facets

AUTHORS = 20
_PROPOSED = 30  # names; some are spellings of one author
_MOST_CATEGORIES = 1_000  # more than there are
_PER_SEGMENT = 100  # names of each segment that are proposed: looking names up is what takes long


def count(searcher: Searcher, compiler: Compiler, matching: Query, within: Callable[[Query], int]) -> Facets:
    """Counts the matching papers; `within` counts those of an author. Raises whatever tantivy does."""
    found = searcher.aggregate(
        matching,
        {
            "year": {"histogram": {"field": "order", "interval": float(fields.YEAR), "min_doc_count": 1}},
            "category": {"terms": {"field": "category", "size": _MOST_CATEGORIES}},
            "author": {"terms": {"field": "author", "size": _PROPOSED, "segment_size": _PER_SEGMENT}},
        },
    )
    years = [(fields.year(bucket["key"]), int(bucket["doc_count"])) for bucket in found["year"]["buckets"]]
    return Facets(
        [(str(year), papers) for year, papers in sorted(years, reverse=True) if year],
        sorted(
            ((str(bucket["key"]), int(bucket["doc_count"])) for bucket in found["category"]["buckets"]),
            key=lambda pair: (-pair[1], pair[0]),
        ),
        sorted(
            _authors(compiler, within, [str(bucket["key"]) for bucket in found["author"]["buckets"]]),
            key=lambda pair: (-pair[1], pair[0]),
        )[:AUTHORS],
    )


def months(searcher: Searcher, matching: Query) -> list[tuple[str, int]]:
    """How many of the matching papers are of each month ("2026-11"), the oldest first; those of no month are left out.

    Raises whatever tantivy does.
    """
    wanted = {"month": {"histogram": {"field": "order", "interval": float(fields.MONTH), "min_doc_count": 1}}}
    buckets = searcher.aggregate(matching, wanted)["month"]["buckets"]
    found = [(fields.month(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets]
    return sorted((month, papers) for month, papers in found if month)


def _authors(compiler: Compiler, within: Callable[[Query], int], proposed: Sequence[str]) -> Iterator[tuple[str, int]]:
    seen: set[str] = set()
    for name in proposed:
        key = str(names.wanted(name))
        author = compiler.matching(Author(name))
        if key not in seen and author:
            seen.add(key)
            yield name, within(author)
