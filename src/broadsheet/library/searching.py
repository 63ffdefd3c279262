"""Verbs of finding: search, what narrows it, and what is near."""

import contextlib
from collections.abc import Callable, Sequence
from typing import Literal

from broadsheet import ids
from broadsheet.errors import NotFound
from broadsheet.library.opened import Opened
from broadsheet.search import Filters, Matches
from broadsheet.types import Facets, Hit, Identifier, Mode, Page, Paper, Sort


class Searching(Opened):
    """Search. Everybody may."""

    def search(
        self,
        text: str,
        *,
        limit: int = 20,
        offset: int = 0,
        sort: Sort = Sort.RELEVANCE,
        since: str | None = None,
        until: str | None = None,
        categories: Sequence[str] = (),
        authors: Sequence[str] = (),
        has_code: bool = False,
        mode: Mode = Mode.HYBRID,
        count: bool = True,
        recency: float = 0.0,
        stop: Callable[[], bool] = lambda: False,
    ) -> Page:
        """Papers that match a query in the language of `search.query`; never raises, whatever the text.

        `since` and `until` are days, partial ones too ("2024-05"); of `categories` one must fit, of `authors` all;
        with `has_code` only papers that link to a code host. `mode` says whether words count, meaning, or both.
        Without `count` the page's total is only what was seen on the way, which saves milliseconds in a large
        catalogue. `recency`, from 0 to 1, lifts new papers; it is off, because the judged questions are answered no
        better with it. `stop` is asked between the steps: once it is true the page may be short.
        """
        filters = Filters(since, until, tuple(categories), tuple(authors), has_code)
        found = self._search.query(
            text,
            filters,
            limit=limit,
            offset=offset,
            sort=sort,
            mode=mode,
            count=count,
            recency=recency,
            stop=stop,
        )
        notes = [*found.notes, *self._index_notes()]
        hits = [] if stop() else self._hits(found)
        exact = self._named(text, found, hits)
        return Page(text, hits, found.total, offset, limit, sort, notes, found.terms, exact, found.took_ms, found.near)

    def arxiv_search(
        self,
        text: str,
        identifiers: Sequence[Identifier] = (),
        *,
        limit: int = 10,
        offset: int = 0,
        by: Literal["submitted", "updated"] | None = None,
        ascending: bool = False,
        stop: Callable[[], bool] = lambda: False,
    ) -> Page:
        """Papers that match a query in the language of arXiv's API, strictly (see `search.arxivquery`).

        With identifiers only papers that have one of them. `by` sorts by a date, the newest first unless it is
        `ascending`; otherwise the best come first. Raises Refused for a query that cannot be asked.
        """
        found = self._search.arxiv(text, identifiers, limit=limit, offset=offset, by=by, ascending=ascending, stop=stop)
        sort = Sort.DATE if by else Sort.RELEVANCE
        return Page(text, self._hits(found), found.total, offset, limit, sort, found.notes, found.terms)

    def facets(
        self,
        text: str,
        *,
        sort: Sort = Sort.RELEVANCE,
        since: str | None = None,
        until: str | None = None,
        categories: Sequence[str] = (),
        authors: Sequence[str] = (),
        has_code: bool = False,
    ) -> Facets:
        """How all papers that `search` counts in `Page.total` divide by year, category and author. Never raises.

        In the mode `meaning` a page counts the near papers instead, which are not divided. Each count is exact: it is
        the total of the same search with that value as one more filter.
        """
        filters = Filters(since, until, tuple(categories), tuple(authors), has_code)
        return self._search.facets(text, filters, sort=sort)

    def warm(self) -> None:
        """Loads what the first search would have to load. Takes most of a second; never raises."""
        self._search.warm()

    def similar(self, key: str, limit: int = 10) -> list[Hit]:
        """The papers nearest in meaning to a paper, the nearest first. Raises NotFound."""
        return self.near([key], limit=limit)

    def near(self, more: Sequence[str], less: Sequence[str] = (), *, limit: int = 10) -> list[Hit]:
        """Papers like some and unlike others: the nearest to the mean of `more` less half the mean of `less`.

        None of those given is among them; there are none while the index has no vectors. Raises NotFound.
        """
        liked, disliked = ([self.catalogue.paper(key).number for key in keys] for keys in (more, less))
        return self._hits(self._search.like(liked, disliked, limit=limit))

    def behind(self, *, sure: bool = True) -> int:
        """How many changes of the catalogue the index has not seen yet.

        Unless it must be sure, it does not load the encoder, and so does not notice that the index is of another one.
        """
        return self._search.behind(sure=sure)

    def _named(self, text: str, found: Matches, hits: Sequence[Hit]) -> Paper | None:
        """The one paper that a query names by an identifier or by its whole title."""
        if found.exact_identifier:
            with contextlib.suppress(NotFound):
                return self.catalogue.paper(found.exact_identifier)
        if len(found.titled) != 1 or len(ids.title_key(text)) < _TITLE_AT_LEAST:
            return None
        shown = (hit.paper for hit in hits if hit.paper.number == found.titled[0])
        return next(shown, None) or next(iter(self.catalogue.papers(found.titled)), None)

    def _index_notes(self) -> list[str]:
        behind = self.behind(sure=False)
        return [f"The index is catching up: {behind:,} changes are not in it yet."] if behind else []


_TITLE_AT_LEAST = 12  # letters and digits: shorter texts are words that some title happens to equal
