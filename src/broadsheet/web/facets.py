"""How the results divide by year, category and author, as links that narrow the search.

Each link leads to the same search with one more filter, and its count is that search's total. The years lie one
after the other, so a year takes the place of the dates; a further category joins the query, because the field of
the form takes papers of any of its categories.
"""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote_plus

from broadsheet.ids.categories import NAMES
from broadsheet.types import Facets
from broadsheet.web import contexts
from broadsheet.web.contexts import Facet

YEARS, CATEGORIES = 12, 15
LONGEST = 300  # bytes of a query that is repeated in every link
_ROOM = 170  # bytes of a link without the query


def groups(facets: Facets, fields: Mapping[str, str]) -> list[contexts.Facets]:
    """The groups that have something to choose, from the counts and the fields of the present search."""
    if len(quote_plus(fields.get("q", ""))) > LONGEST:
        return []
    found = [
        contexts.Facets("Year", list(_years(facets, fields)), len(facets.years) - YEARS),
        contexts.Facets("Category", list(_categories(facets, fields)), len(facets.categories) - CATEGORIES),
        contexts.Facets("Author", list(_authors(facets, fields)), 0),
    ]
    return [group for group in found if group.values]


def room(groups: Sequence[contexts.Facets], query: str) -> int:
    """About how many bytes the groups take in the page."""
    return sum(len(group.values) for group in groups) * (_ROOM + len(quote_plus(query)))


def _years(facets: Facets, fields: Mapping[str, str]) -> Iterator[Facet]:
    since, until = fields.get("since", ""), fields.get("until", "")
    narrowed = _Narrowed(fields)
    for year, papers in facets.years[:YEARS]:
        dates = {
            "since": since if since.startswith(year) else year,
            "until": until if until.startswith(year) else year,
        }
        yield _facet(year, "", papers, narrowed.by(dates))


def _categories(facets: Facets, fields: Mapping[str, str]) -> Iterator[Facet]:
    narrowed = _Narrowed(fields)
    for code, papers in facets.categories[:CATEGORIES]:
        if fields.get("category"):
            address = narrowed.by({"q": f"{fields.get('q', '')} category:{code}".strip()})
        else:
            address = narrowed.by({"category": code})
        yield _facet(code, NAMES.get(code, ""), papers, address)


def _authors(facets: Facets, fields: Mapping[str, str]) -> Iterator[Facet]:
    chosen, narrowed = fields.get("author", ""), _Narrowed(fields)
    for name, papers in facets.authors:
        yield _facet(name, "", papers, narrowed.by({"author": f"{chosen}; {name}" if chosen else name}))


class _Narrowed:
    """Addresses of a search with other fields: what stays the same is written once."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._written = {name: _written(name, value) for name, value in fields.items()}

    def by(self, others: Mapping[str, str]) -> str:
        """The address with these fields in the place of its own."""
        fields = self._written | {name: _written(name, value) for name, value in others.items()}
        return f"/search?{'&'.join(fields.values())}"


def _written(name: str, value: str) -> str:
    return f"{name}={quote_plus(value)}"


def _facet(text: str, title: str, papers: int, address: str) -> Facet:
    return Facet(address, text, title, f"{papers:,}")
