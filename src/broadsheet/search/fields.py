"""The fields of the keyword index, and a document as tantivy takes it.

`text` holds the title twice and everything else once: BM25 over one field with the title counted twice, plus a
quarter of the title's own BM25, was better on judged questions than any sum over separate fields, and costs half.
`abstract` is for `abstract:` alone and knows no positions; a phrase there is looked for in `text`. `category` and
`author` are as they are shown, for counting; `categories` and `authors` are as they are searched for. `comment` and
`journal` are what arXiv's query language asks for by itself; they are no part of `text`.
"""

from collections.abc import Iterable

import tantivy
from tantivy import Index, SchemaBuilder

from broadsheet import tex
from broadsheet.ids import title_key
from broadsheet.reading.results import claims, sought
from broadsheet.search import names, text
from broadsheet.search.engine import Document
from broadsheet.types import Measure

SCHEMA = 4  # raise it with any change of the fields or of what is put into them: indexes are then built anew
STATE = "state"  # the one document that is no paper: it holds the sequence, so that both are in one commit
_SEQUENCE = "sequence"
_ANALYSERS = {"english": text.english, "words": text.words}


def create(path: str | None) -> Index:
    """A new index in an empty folder; without one it is in memory."""
    builder = SchemaBuilder()
    builder.add_unsigned_field("number", indexed=True, fast=True)
    builder.add_unsigned_field("order", indexed=False, fast=True)
    builder.add_text_field("text", tokenizer_name="english")
    builder.add_text_field("title", tokenizer_name="english")
    builder.add_text_field("abstract", tokenizer_name="english", index_option="basic")
    for name in ("comment", "journal"):
        builder.add_text_field(name, tokenizer_name="english")
    for name in ("submitted", "updated"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    builder.add_unsigned_field("results", indexed=True, fast=True)
    builder.add_text_field("words", tokenizer_name="words", index_option="basic")
    for name in ("authors", "categories", "has", "identifiers", "title_key", STATE):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("category", "author"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_unsigned_field(_SEQUENCE, stored=True)
    return registered(Index(builder.build(), path=path, reuse=False) if path else Index(builder.build()))


def registered(index: Index) -> Index:
    """The index with our analysers, which it does not store. It is read anew only when told to."""
    for name, analyser in _ANALYSERS.items():
        index.register_tokenizer(name, analyser())
    index.config_reader(reload_policy="manual")
    return index


def as_tantivy(document: Document) -> tantivy.Document:
    """A paper's document."""
    out = tantivy.Document()
    out.add_unsigned("number", document.number)
    out.add_unsigned("order", order(document.day, document.number))
    title = text.searchable(document.title)
    joined = text.compounds(title)
    for part in filter(None, (title, joined)):
        out.add_text("title", part)
        out.add_text("text", part)
        out.add_text("text", part)
    out.add_text("words", title)
    out.add_text("title_key", title_key(document.title))
    texts = list(map(tex.plain, document.texts))
    for part in map(text.spelt, texts):
        for piece in filter(None, (part, text.compounds(part))):
            out.add_text("text", piece)
            out.add_text("abstract", piece)
    for name, value in (("comment", document.comment), ("journal", document.journal)):
        if value:
            out.add_text(name, text.searchable(value))
    out.add_unsigned("submitted", document.submitted)
    out.add_unsigned("updated", document.updated)
    results = claims(texts[0]) if document.claims else ()
    for measure, number in dict.fromkeys(pair for result in results for pair in sought(result)):
        out.add_unsigned("results", _claim(measure, number))
    for name, values in _terms(document).items():
        for term in values:
            out.add_text(name, term)
    return out


def _terms(document: Document) -> dict[str, Iterable[str]]:
    """What is searched for and counted whole, by field."""
    return {
        "authors": {term for name in document.authors for term in names.terms(name)},
        "author": dict.fromkeys(document.authors),
        "categories": {code for own in document.categories for code in (own.lower(), archive(own))},
        "category": dict.fromkeys(document.categories),
        "has": ["code"] if document.code else [],
        "identifiers": document.identifiers,
    }


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


def state(sequence: int) -> tantivy.Document:
    """The document that remembers how far the index has followed."""
    out = tantivy.Document()
    out.add_text(STATE, STATE)
    out.add_unsigned(_SEQUENCE, sequence)
    return out


def sequence(index: Index, searcher: tantivy.Searcher) -> int:
    """What `state` remembers; 0 in an index without it."""
    found = searcher.search(tantivy.Query.term_query(index.schema, STATE, STATE), 1).hits
    return int(searcher.doc(found[0][1])[_SEQUENCE][0]) if found else 0
