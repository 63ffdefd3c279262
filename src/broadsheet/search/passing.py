"""Which papers pass a question's filters, as a mask: what the postings know, and what tantivy can name."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from broadsheet.search.compiling import MOST_PHRASE, Clause, Compiler, filtering
from broadsheet.search.fields import HAS
from broadsheet.search.hits import Hits
from broadsheet.search.postings import Asked, Snapshot
from broadsheet.search.query import Category, Days, Either, Has, Node, Not, Word
from broadsheet.search.sets import joined
from broadsheet.search.text import compounds, searchable, stems

if TYPE_CHECKING:
    from broadsheet.search.postings import Mask

MOST_LISTED = 20_000  # papers that pass a filter and are named one by one: 50 ms


class Passing(NamedTuple):
    """The papers that pass. `others` are filters that the mask does not tell: `most` papers pass, too many to name."""

    mask: "Mask | None" = None
    others: Sequence[Node] = ()
    most: int = 0

    def mask_of(self, snapshot: Snapshot) -> "Mask":
        """The mask; all papers where no filter says anything."""
        return snapshot.there if self.mask is None else self.mask & snapshot.there


def passing(snapshot: Snapshot, hits: Hits, compiler: Compiler, filters: Sequence[tuple[Node, Clause]]) -> Passing:
    """The papers that pass filters, each with what it is to tantivy. Raises whatever tantivy does."""
    mask: Mask | None = None
    others = []
    for node, clause in filters:
        own = None if compiler.full else _known(snapshot, node)
        if own is None:
            others.append((node, clause))
        else:
            mask = own if mask is None else mask & own
    if others:
        query = filtering(joined(compiler, None, [clause for _, clause in others]))
        result = hits.searcher.search(query, MOST_LISTED, count=True)
        count = int(result.count)  # type: ignore[attr-defined]  # missing in tantivy's stubs
        if count > MOST_LISTED:
            return Passing(mask, [node for node, _ in others], count)
        own = snapshot.these(hits.numbers([address for _, address in result.hits]))
        mask = own if mask is None else mask & own
    return Passing(mask)


def _known(snapshot: Snapshot, node: Node) -> "Mask | None":
    """The papers that match a node, if the postings know."""
    mask: Mask | None = None
    match node:
        case Days(first, last):
            mask = snapshot.dated(_day(first), _day(last))
        case Has(what):
            mask = snapshot.labelled([HAS + what])
        case Category(code):
            mask = snapshot.in_category(code)
        case Word(text, "any" | "title" as place):
            spelt = searchable(text)
            group = stems(spelt)[:MOST_PHRASE], stems(compounds(spelt))
            field = "text" if place == "any" else place
            mask = snapshot.these(Asked(snapshot).all_words([group], field)) if group[0] else None
        case Not(below):
            inside = _known(snapshot, below)
            mask = None if inside is None else snapshot.there & ~inside
        case Either(nodes):
            parts = [_known(snapshot, one) for one in nodes]
            known = [part for part in parts if part is not None]
            mask = np.logical_or.reduce(known) if len(known) == len(parts) else None
    return mask


def _day(day: str | None) -> int | None:
    return int(day.replace("-", "")) if day else None
