"""Verbs of full texts: what is on the shelf, and what can be fetched."""

from collections.abc import Callable

from broadsheet.fulltext import Shelf, converted
from broadsheet.library.opened import Opened
from broadsheet.types import FullText

FOLDER = "texts"
LIMIT = 500 << 20  # bytes of the shelf

Page = tuple[str, bytes]
"""The address of a page, and the page."""

FetchText = Callable[[str], Page | None]
"""The page with the text of an arXiv id; None where there is none. Raises Unavailable where that is not known now."""


class Texts(Opened):
    """Full texts. Everybody may read."""

    def full_text(self, key: str, *, fetch: FetchText | None = None) -> FullText | None:
        """The full text of a paper as Markdown; None where there is none, or none is known and nobody is asked.

        Raises NotFound (no such paper), and Unavailable where `fetch` does not know now.
        """
        arxiv = self.catalogue.paper(key).arxiv_id
        if arxiv is None:
            return None
        shelf = Shelf(self.home / FOLDER, limit=LIMIT, clock=self._clock)
        try:
            return shelf.get(arxiv)
        except KeyError:
            if fetch is None:
                return None
        page = fetch(arxiv)
        found = converted(page[1], source=page[0], read=self._clock().date()) if page else None
        shelf.put(arxiv, found)
        return found
