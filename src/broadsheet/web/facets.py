"""How the results divide by year, category and author, as links that narrow the search.

Each link leads to the same search with one more filter, and its count is that search's total. The years lie one
after the other, so a year takes the place of the dates; a further category joins the query, because the field of
the form takes papers of any of its categories.
"""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote_plus, urlencode

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
    for year, papers in facets.years[:YEARS]:
        since, until = fields.get("since", ""), fields.get("until", "")
        dates = {
            "since": since if since.startswith(year) else year,
            "until": until if until.startswith(year) else year,
        }
        yield _facet(year, "", papers, {**fields, **dates})


def _categories(facets: Facets, fields: Mapping[str, str]) -> Iterator[Facet]:
    for code, papers in facets.categories[:CATEGORIES]:
        if fields.get("category"):
            wanted = {**fields, "q": f"{fields.get('q', '')} category:{code}".strip()}
        else:
            wanted = {**fields, "category": code}
        yield _facet(code, NAMES.get(code, ""), papers, wanted)


def _authors(facets: Facets, fields: Mapping[str, str]) -> Iterator[Facet]:
    chosen = fields.get("author", "")
    for name, papers in facets.authors:
        yield _facet(name, "", papers, {**fields, "author": f"{chosen}; {name}" if chosen else name})


def _facet(text: str, title: str, papers: int, fields: Mapping[str, str]) -> Facet:
    return Facet(f"/search?{urlencode(fields)}", text, title, f"{papers:,}")
