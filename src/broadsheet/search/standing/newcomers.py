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
_NAMED = 8  # reasons of a kind


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


class Reasons:
    """What of a wish a paper has, each once."""

    def __init__(self, words: Sequence[str], authors: Sequence[str], categories: Sequence[str]) -> None:
        kinds = [tuple(dict.fromkeys(one[:_SHOWN] for one in kind)) for kind in (words, authors, categories)]
        self.all: tuple[str, ...] = tuple(one for kind in kinds for one in kind)
        named = zip(("has", "by", "in"), kinds, strict=True)
        told = [f"{how} {', '.join(kind[:_NAMED])}{' …' * (len(kind) > _NAMED)}" for how, kind in named if kind]
        self._said = "; ".join(told)

    def said(self, cosine: float | None = None) -> str:
        """The same as a line; with a cosine also how near the paper is in meaning."""
        if cosine is None:
            return self._said
        return "; ".join(filter(None, (self._said, f"near in meaning: {max(0.0, cosine):.0%}")))


class Texts:
    """What some papers say. They are numbered from 0 in the order in which they were given."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.documents = documents
        self._said: dict[int, Said] = {}
        self._known: dict[str, tuple[list[str], list[str]]] = {}

    def said(self, place: int) -> Said:
        """The words of a paper."""
        if place not in self._said:
            document = self.documents[place]
            title = " ".join(sought(document.title))
            texts = [title, *(" ".join(sought(text)) for text in document.texts)]
            self._said[place] = Said(f" {title} ", f" {' | '.join(texts)} ")
        return self._said[place]

    def reasons(self, place: int, told: Iterable[Node], had: Iterable[Node] = ()) -> Reasons:
        """What of a wish a paper has: words as they were typed, authors and categories as the paper has them.

        Of `had` it is known already.
        """
        words: list[str] = []
        authors: list[str] = []
        categories: list[str] = []
        for node in had:
            words += self._words(place, node, known=True)
        for node in told:
            match node:
                case Author(name):
                    wanted = names.wanted(name)
                    authors += [one for one in self.documents[place].authors if _is(one, wanted)][:1]
                case Category(code):
                    low, own = code.lower(), self.documents[place].categories
                    categories += [one for one in own if low in (one.lower(), fields.archive(one))][:1]
                case _:
                    words += self._words(place, node, known=False)
        return Reasons(words, authors, categories)

    def _words(self, place: int, node: Node, *, known: bool) -> list[str]:
        match node:
            case Word(text):
                if known or any(form and self.said(place).has(form) for form in self._forms(text)):
                    return [bare(text)]
            case Phrase(text):
                if known or ((stems := self._forms(text)[0]) and self.said(place).together(stems)):
                    return [text]
            case Named(text, identifiers):
                keys = {f"{scheme}:{value}" for scheme, value in identifiers}
                return [] if keys.isdisjoint(self.documents[place].identifiers) else [text]
        return []

    def _forms(self, text: str) -> tuple[list[str], list[str]]:
        """The stems of a word, and those of it written as one."""
        if text not in self._known:
            self._known[text] = sought(text), sought(compounds(searchable(text)))
        return self._known[text]


class Newcomers(Texts):
    """The same papers as an index in memory."""

    def __init__(self, documents: Sequence[Document]) -> None:
        super().__init__(documents)
        with engine_errors():
            index = fields.create(None)
            writer = index.writer(HEAP, 1)
            for document in documents:
                writer.add_json(fields.as_json(fields.values_of(document)))
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
