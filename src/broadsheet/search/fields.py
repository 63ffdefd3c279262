"""The fields of the keyword index, and a document as tantivy takes it.

`text` holds the title twice and everything else once: BM25 over one field with the title counted twice, plus a
quarter of the title's own BM25, was better on judged questions than any sum over separate fields, and costs half.
What stands in the abstract is what stands in `text` and not in `title_alone`, the few stems that a paper has in its
title and nowhere else: a field of all abstracts once more would be a third of the index and of the time to build it.
`title_begins` is what such a stem has in common with the likest of the abstract's, for words that are cut short.
`category` and `author` are as they are shown, for counting; `categories` and `authors` are as they are searched for.
`comment` and `journal` are what arXiv's query language asks for by itself; they are no part of `text`.

Texts are their stems between blanks (`text.stemmed`): tantivy would look for the stem of every word anew, which took
half of its time, and the postings count the same stems.
"""

from collections.abc import Iterable
from json import JSONEncoder
from typing import Any

import tantivy
from tantivy import Index, SchemaBuilder

from broadsheet import tex
from broadsheet.ids import title_key
from broadsheet.reading.results import sought_in
from broadsheet.search import names, text
from broadsheet.search.engine import Document
from broadsheet.search.titlealone import title_alone
from broadsheet.types import Measure

SCHEMA = 7  # raise it with any change of the fields or of what is put into them: indexes are then built anew
CATEGORY, HAS = "category:", "has:"  # how a label begins
STATE = "state"  # the one document that is no paper: it holds the sequence, so that both are in one commit
_SEQUENCE = "sequence"
_encode = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
Values = dict[str, list[Any]]


def create(path: str | None) -> Index:
    """A new index in an empty folder; without one it is in memory."""
    builder = SchemaBuilder()
    builder.add_unsigned_field("number", indexed=True, fast=True)
    builder.add_unsigned_field("order", indexed=False, fast=True)
    for name in ("text", "title", "comment", "journal"):
        builder.add_text_field(name, tokenizer_name="whitespace")
    for name in ("submitted", "updated", "results"):
        builder.add_unsigned_field(name, indexed=False, fast=True)
    builder.add_text_field("words", tokenizer_name="words", index_option="basic")
    for name in ("authors", "categories", "has", "identifiers", "title_alone", "title_begins", "title_key", STATE):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("category", "author"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_unsigned_field(_SEQUENCE, stored=True)
    return registered(Index(builder.build(), path=path, reuse=False) if path else Index(builder.build()))


def registered(index: Index) -> Index:
    """The index with our analyser, which it does not store. It is read anew only when told to."""
    index.register_tokenizer("words", text.words())
    index.config_reader(reload_policy="manual")
    return index


def as_json(values: Values) -> str:
    """A paper's document, as tantivy's writer takes it."""
    # Half of a surrogate pair, which an author's name may hold, is no UTF-8.
    return _encode(values).encode("utf-8", "replace").decode()


def values_of(document: Document) -> Values:
    """What a paper has, by field."""
    title = text.searchable(document.title)
    titles = _stemmed([title])
    plain = list(map(tex.plain, document.texts))
    texts = _stemmed(map(text.spelt, plain))
    alone, begins = title_alone(" ".join(titles), " ".join(texts))
    results = sought_in(plain[0]) if document.claims else ()
    values: Values = {
        "number": [document.number],
        "order": [order(document.day, document.number)],
        "title": titles,
        "text": [*titles, *titles, *texts],
        "title_alone": alone,
        "title_begins": begins,
        "words": [title],
        "title_key": [title_key(document.title)],
        "comment": [text.stemmed(text.searchable(document.comment))] if document.comment else [],
        "journal": [text.stemmed(text.searchable(document.journal))] if document.journal else [],
        "submitted": [document.submitted],
        "updated": [document.updated],
        "results": list({_claim(measure, number) for measure, number in results}),
        "authors": list(frozenset().union(*map(names.terms, document.authors))),
        "author": list(dict.fromkeys(document.authors)),
        "categories": list({code for own in document.categories for code in (own.lower(), archive(own))}),
        "category": list(dict.fromkeys(document.categories)),
        "has": ["code"] if document.code else [],
        "identifiers": list(document.identifiers),
    }
    return {name: value for name, value in values.items() if value}


def _stemmed(texts: Iterable[str]) -> list[str]:
    """Searchable texts as stems between blanks, and after each its compounds, if it has any."""
    return [text.stemmed(piece) for part in texts for piece in (part, text.compounds(part)) if piece]


def labels(document: Document) -> list[str]:
    """What a paper is found under by the postings: its categories, and that it has code."""
    return [
        *(CATEGORY + code for code in dict.fromkeys(document.categories)),
        *([HAS + "code"] if document.code else []),
    ]


def archive(category: str) -> str:
    """The archive of a category, in lower case: "cs.LG" -> "cs"."""
    return category.lower().partition(".")[0]


_MEASURES = {measure: place for place, measure in enumerate(Measure, start=1)}  # new ones at the end
_LARGEST = (1 << 40) - 1


def _claim(measure: Measure, value: float) -> int:
    """A result as one number: what it measures, then its value in thousandths."""
    return _MEASURES[measure] << 40 | min(max(round(value * 1000), 0), _LARGEST)


def claimed(measure: Measure, low: float | None, high: float | None) -> tuple[int, int]:
    """The least and the greatest number of results of a measure between two values, both included."""
    return _claim(measure, low or 0.0), _claim(measure, _LARGEST if high is None else high)


def order(day: str | None, number: int) -> int:
    """What papers are sorted by: the day, then the number; papers without a day are the oldest."""
    return (int(day.replace("-", "")) if day else 0) << 32 | number


YEAR = 10_000 << 32  # from one year to the next in `order`


def year(order: float) -> int:
    """The year of an `order`; 0 of papers without a day."""
    return round(order / YEAR)


MONTH = 100 << 32  # from one month to the next in `order`


def month(order: float) -> str:
    """The month of an `order`, "2026-11"; "" of papers without a day."""
    year, number = divmod(round(order / MONTH), 100)
    return f"{year:04}-{number:02}" if 1 <= number <= 12 else ""


def days(first: str | None, last: str | None) -> tuple[int, int]:
    """The least and the greatest `order` of papers of these days; papers without a day are of none."""
    return (order(first, 0) if first else 1 << 32), (order(last, 0) if last else 1 << 62) | 0xFFFFFFFF


def state(sequence: int) -> str:
    """The document that remembers how far the index has followed."""
    return _encode({STATE: [STATE], _SEQUENCE: [sequence]})


def sequence(index: Index, searcher: tantivy.Searcher) -> int:
    """What `state` remembers; 0 in an index without it."""
    found = searcher.search(tantivy.Query.term_query(index.schema, STATE, STATE), 1).hits
    return int(searcher.doc(found[0][1])[_SEQUENCE][0]) if found else 0
