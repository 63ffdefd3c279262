"""How the papers that match a query divide by year, category and author: exact counts.

What is counted is the very set that `Found.total` counts, and a count is that of the search it leads to: the same
query with the year, the category or the author as one more filter. A good part of all papers is counted in the
postings, in whole arrays; fewer papers by tantivy, in one pass over them. An author is known by many spellings, so
names are only proposed by that, and each is then counted by the author filter.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from tantivy import Query, Searcher

from broadsheet.search import fields, names
from broadsheet.search.commit import Remembered
from broadsheet.search.hits import Hits
from broadsheet.types import Facets

if TYPE_CHECKING:  # numpy is loaded with the first question
    from broadsheet.search.postings import Mask, Snapshot

AUTHORS = 20
_PROPOSED = 30  # names; some are spellings of one author
_MOST_CATEGORIES = 1_000  # more than there are
_MOST_NAMES = 100_000  # more than the papers of the proposed names have
Within = Callable[[str], int]  # how many of the papers that match an author has
_PER_SEGMENT = 100  # names of each segment that are proposed: looking names up is what takes long


def count(searcher: Searcher, matching: Query, within: Within) -> Facets:
    """Counts the matching papers; `within` counts those of an author. Raises whatever tantivy does."""
    found = searcher.aggregate(
        matching,
        {
            "year": {"histogram": {"field": "order", "interval": float(fields.YEAR), "min_doc_count": 1}},
            "category": {"terms": {"field": "category", "size": _MOST_CATEGORIES}},
            "author": {"terms": {"field": "author", "size": _PROPOSED, "segment_size": _PER_SEGMENT}},
        },
    )
    years = {fields.year(bucket["key"]): int(bucket["doc_count"]) for bucket in found["year"]["buckets"]}
    categories = {str(bucket["key"]): int(bucket["doc_count"]) for bucket in found["category"]["buckets"]}
    return _facets(years, categories, _authors(within, [str(one["key"]) for one in found["author"]["buckets"]]))


def count_mask(
    snapshot: "Snapshot",
    mask: "Mask",
    hits: Hits,
    within: Within,
    *,
    written: Remembered[str | None],
) -> Facets:
    """Counts the papers of a mask; `within` counts those of an author, `written` remembers how names are written.

    Raises whatever tantivy does.
    """
    from broadsheet.search.counting import author_key  # noqa: PLC0415  numpy: with the first question
    from broadsheet.search.postings import dividing  # noqa: PLC0415

    labels = dividing.labels(snapshot, mask)
    begins = len(fields.CATEGORY)
    categories = {one[begins:]: papers for one, papers in labels.items() if one.startswith(fields.CATEGORY)}
    signed = dividing.authors(snapshot, mask, _PROPOSED)

    @cache
    def names_of() -> dict[int, str]:
        wanted = {"author": {"terms": {"field": "author", "size": _MOST_NAMES}}}
        found = hits.searcher.aggregate(hits.these([one.number for one in signed]), wanted)
        return {author_key(name): name for name in (str(one["key"]) for one in found["author"]["buckets"])}

    shown = (written.of(one.key, lambda key=one.key: names_of().get(key)) for one in signed)  # type: ignore[misc]
    proposed = [name for name in shown if name is not None]
    return _facets(dividing.years(snapshot, mask), categories, _authors(within, proposed))


def _facets(years: dict[int, int], categories: dict[str, int], authors: Iterator[tuple[str, int]]) -> Facets:
    """In the order in which they are shown."""
    return Facets(
        [(str(year), papers) for year, papers in sorted(years.items(), reverse=True) if year],
        sorted(categories.items(), key=lambda pair: (-pair[1], pair[0])),
        sorted(authors, key=lambda pair: (-pair[1], pair[0]))[:AUTHORS],
    )


def months(searcher: Searcher, matching: Query) -> list[tuple[str, int]]:
    """How many of the matching papers are of each month ("2026-11"), the oldest first; those of no month are left out.

    Raises whatever tantivy does.
    """
    wanted = {"month": {"histogram": {"field": "order", "interval": float(fields.MONTH), "min_doc_count": 1}}}
    buckets = searcher.aggregate(matching, wanted)["month"]["buckets"]
    found = [(fields.month(bucket["key"]), int(bucket["doc_count"])) for bucket in buckets]
    return sorted((month, papers) for month, papers in found if month)


def _authors(within: Within, proposed: Sequence[str]) -> Iterator[tuple[str, int]]:
    seen: set[Hashable] = set()
    for name in proposed:
        wanted = names.wanted(name)
        if wanted and wanted not in seen:  # a name of signs alone finds nobody
            seen.add(wanted)
            yield name, within(name)
