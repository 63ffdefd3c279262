"""Papers that just came, as a small index in memory: it is asked what the large one would be asked.

So a standing query means what the search means, to the letter: the same fields, the same analyser, the same queries.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tantivy import Query, Schema, Searcher

from broadsheet.search import fields, names
from broadsheet.search.engine import Document
from broadsheet.search.guard import engine_errors
from broadsheet.search.query import Author, Category, Named, Node, Phrase, Word
from broadsheet.search.standing.wish import sought
from broadsheet.search.text import bare, compounds, searchable

HEAP = 15_000_000  # bytes: the least that tantivy takes
_SHOWN = 60  # characters of a reason


class Said(NamedTuple):
    """The stems of a paper as one line, " a b c ", so that words side by side are a part of it."""

    title: str
    whole: str

    def has(self, stems: Iterable[str]) -> bool:
        """Whether it has all of these, anywhere."""
        return all(f" {stem} " in self.whole for stem in stems)

    def titled(self, stems: Iterable[str]) -> bool:
        """Whether its title has all of these."""
        return all(f" {stem} " in self.title for stem in stems)

    def together(self, stems: Iterable[str]) -> bool:
        """Whether it has these side by side."""
        return f" {' '.join(stems)} " in self.whole


class Texts:
    """What some papers say. They are numbered from 0 in the order in which they were given."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = documents
        self._said: dict[int, Said] = {}
        self._known: dict[str, list[str]] = {}

    def said(self, place: int) -> Said:
        """The words of a paper."""
        if place not in self._said:
            document = self.documents[place]
            title = " ".join(sought(document.title))
            texts = [title, *(" ".join(sought(text)) for text in document.texts)]
            self._said[place] = Said(f" {title} ", f" {' | '.join(texts)} ")
        return self._said[place]

    def reasons(self, place: int, told: Iterable[Node]) -> tuple[str, ...]:
        """What of a wish a paper has: words as they were typed, authors and categories as the paper has them."""
        found = (self._reason(place, node) for node in told)
        return tuple(dict.fromkeys(reason[:_SHOWN] for reason in found if reason))

    def _reason(self, place: int, node: Node) -> str:
        document, said = self.documents[place], self.said(place)
        match node:
            case Word(text):
                forms = self._stems(text), self._stems(compounds(searchable(text)))
                return bare(text) if any(form and said.has(form) for form in forms) else ""
            case Phrase(text):
                return text if (stems := self._stems(text)) and said.together(stems) else ""
            case Author(name):
                wanted = names.wanted(name)
                return next((author for author in document.authors if _is(author, wanted)), "")
            case Category(code):
                same = (one for one in document.categories if code.lower() in (one.lower(), fields.archive(one)))
                return next(same, "")
            case Named(text, identifiers):
                keys = {f"{scheme}:{value}" for scheme, value in identifiers}
                return "" if keys.isdisjoint(document.identifiers) else text
        return ""

    def _stems(self, text: str) -> list[str]:
        if text not in self._known:
            self._known[text] = sought(text)
        return self._known[text]


class Newcomers(Texts):
    """The same papers as an index in memory."""

    def __init__(self, documents: Sequence[Document]) -> None:
        super().__init__(documents)
        with engine_errors():
            index = fields.create(None)
            writer = index.writer(HEAP, 1)
            for document in documents:
                writer.add_document(fields.as_tantivy(document))
            writer.commit()
            writer.wait_merging_threads()
            index.reload()
            self.schema: Schema = index.schema
            self.searcher: Searcher = index.searcher()
        self._place = {document.number: place for place, document in enumerate(documents)}

    def lacks(self, stems: Iterable[str]) -> bool:
        """Whether there is a stem among these that no paper has."""
        return any(not self.searcher.doc_freq("text", stem) for stem in stems)

    def matching(self, query: Query) -> list[int]:
        """The places of the papers that match."""
        with engine_errors():
            hits = self.searcher.search(query, len(self.documents), count=False).hits
            found = self.searcher.fast_field_values("number", [address for _, address in hits]) if hits else []
        return [self._place[int(number or 0)] for number in found]


def _is(author: str, wanted: Sequence[Sequence[str]]) -> bool:
    terms = names.terms(author)
    return bool(wanted) and all(any(term in terms for term in some) for some in wanted)
