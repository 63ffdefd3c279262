"""Papers that just came, as a small index in memory: it is asked what the large one would be asked.

So a standing query means what the search means, to the letter: the same fields, the same analyser, the same queries.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class Reasons:
    """What of a wish a paper has, each once."""

    words: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)

    def said(self, cosine: float | None) -> str:
        """The same as a line; with a cosine also how near the paper is in meaning."""
        parts = [f"has {', '.join(self.words[:_NAMED])}" + " …" * (len(self.words) > _NAMED)] if self.words else []
        parts += [f"by {', '.join(self.authors[:_NAMED])}"] if self.authors else []
        parts += [f"in {', '.join(self.categories[:_NAMED])}"] if self.categories else []
        parts += [f"near in meaning: {max(0.0, cosine):.0%}"] if cosine is not None else []
        return "; ".join(parts)


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
        found = Reasons()
        for node in had:
            self._add(found, place, node, known=True)
        for node in told:
            self._add(found, place, node, known=False)
        some = (found.words, found.authors, found.categories)
        return Reasons(*(list(dict.fromkeys(one[:_SHOWN] for one in kind)) for kind in some))

    def _add(self, found: Reasons, place: int, node: Node, *, known: bool) -> None:
        match node:
            case Word(text):
                if known or any(form and self.said(place).has(form) for form in self._forms(text)):
                    found.words.append(bare(text))
            case Phrase(text):
                if known or ((stems := self._forms(text)[0]) and self.said(place).together(stems)):
                    found.words.append(text)
            case Author(name):
                wanted = names.wanted(name)
                found.authors += [one for one in self.documents[place].authors if _is(one, wanted)][:1]
            case Category(code):
                low, own = code.lower(), self.documents[place].categories
                found.categories += [one for one in own if low in (one.lower(), fields.archive(one))][:1]
            case Named(text, identifiers):
                keys = {f"{scheme}:{value}" for scheme, value in identifiers}
                found.words += [] if keys.isdisjoint(self.documents[place].identifiers) else [text]

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
