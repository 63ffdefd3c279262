"""What tantivy finds, by the numbers of papers."""

from collections.abc import Sequence
from typing import NamedTuple

from tantivy import DocAddress, Occur, Query, Schema, Searcher

from broadsheet.search.compiling import adding, filtering

Pairs = list[tuple[int, float]]  # papers by number, and their scores


class Hits(NamedTuple):
    """One commit as tantivy reads it. Every method raises whatever tantivy does."""

    schema: Schema
    searcher: Searcher

    def pairs(self, hits: Sequence[tuple[float, DocAddress]]) -> Pairs:
        """The papers of hits and their scores."""
        numbers = self.numbers([address for _, address in hits])
        return list(zip(numbers, (float(score or 0) for score, _ in hits), strict=True))

    def numbers(self, addresses: list[DocAddress]) -> list[int]:
        """The papers at these addresses."""
        return [int(number or 0) for number in self.searcher.fast_field_values("number", addresses)]

    def of_query(self, query: Query, most: int) -> list[int]:
        """At most so many papers that match."""
        return self.numbers([address for _, address in self.searcher.search(query, most, count=False).hits])

    def among(self, query: Query, numbers: Sequence[int]) -> set[int]:
        """Which of these papers match."""
        if not numbers:
            return set()
        both = Query.boolean_query([(Occur.Must, self.these(numbers)), (Occur.Must, filtering(query))])
        return set(self.of_query(both, len(numbers)))

    def scores(self, numbers: Sequence[int], queries: Sequence[Query]) -> dict[int, float]:
        """What these papers score in the queries together."""
        if not numbers:
            return {}
        query = adding(self.these(numbers), queries)
        return dict(self.pairs(self.searcher.search(query, len(numbers), count=False).hits))

    def these(self, numbers: Sequence[int]) -> Query:
        """The papers with these numbers, without a score."""
        # Not a term set query, which takes ten times as long for a few numbers.
        each = (Query.term_query(self.schema, "number", number) for number in numbers)
        return filtering(Query.boolean_query([(Occur.Should, query) for query in each]))
