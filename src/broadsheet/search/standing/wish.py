"""What a standing query asks for, read once: words, filters, and what it means. Nothing here knows any paper.

It means what the search means by it where all words must match: free words are read as typed, everything else is a
filter. Words that no paper has yet are waited for, not corrected.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tantivy import Query, Schema, Searcher

from broadsheet import ids
from broadsheet.search import freewords, sets
from broadsheet.search.compiling import Compiler, is_stop_word, wanted_words
from broadsheet.search.freewords import FreeWords
from broadsheet.search.query import All, Author, Category, Either, Named, Node, Phrase, Word, parse
from broadsheet.search.text import searchable, stems

WORDS_ALONE = 1.0


class Wish(NamedTuple):
    """What somebody waits for; see `types.Standing`. Papers are numbers. `number` is what hits are reported under."""

    number: int
    text: str
    unlike_text: str = ""
    like: tuple[int, ...] = ()
    unlike: tuple[int, ...] = ()
    near: float = WORDS_ALONE


@dataclass(slots=True)
class Read:
    """The text of a wish as it is asked: `free` words, `filters` that must hold in any case, and its `meaning`.

    `needed` are stems without which no paper can match by its words. Of the parts of the text that can be a reason,
    `had` are those that every paper has that matches by its words, and `told` the others. `title` is the folded title
    that the text may be.
    """

    free: FreeWords
    filters: list[Node]
    meaning: str
    title: str = ""
    needed: frozenset[str] = frozenset()
    had: list[Node] = field(default_factory=list)
    told: list[Node] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether the text asks for nothing, so that it matches nothing by its words."""
        return self.free.hopeless or not (self.free.groups or self.filters)


def read(text: str) -> Read:
    """Reads the text of a wish. Never raises."""
    query = parse(text)
    tree = query.tree
    if query.identifiers:
        named = Named(query.text, query.identifiers)
        tree = named if tree is None or isinstance(tree, Named) else Either((named, tree))
    nodes = tree.nodes if isinstance(tree, All) else (tree,) if tree else ()
    words = [node for node in nodes if isinstance(node, Word) and node.place == "any"]
    filters = [node for node in nodes if node not in words]
    elsewhere = [word for node in filters for word in wanted_words(node)]
    free = freewords.as_typed(words, alone=not elsewhere)
    telling = [word for word in (*words, *elsewhere) if isinstance(word, Phrase) or not is_stop_word(word)]
    return Read(
        free,
        filters,
        " ".join([*free.read, *(word.text for word in elsewhere)]) if telling else "",
        ids.title_key(query.text) if query.plain else "",
        frozenset(stem for found, joined in free.groups if not joined for stem in found),
        [node for node in nodes if isinstance(node, Word | Phrase) and list(_told(node))],
        [part for node in filters if not isinstance(node, Word | Phrase) for part in _told(node)],
    )


def asks(text: str) -> bool:
    """Whether there is anything in a text to look for."""
    return not read(text).empty


def _told(node: Node) -> Iterator[Node]:
    """The parts of a filter that a paper may be said to have."""
    match node:
        case Word() if is_stop_word(node):
            pass
        case Word() | Phrase() | Author() | Category() | Named():
            yield node
        case All(nodes) | Either(nodes):
            for below in nodes:
                yield from _told(below)


class Compiled(NamedTuple):
    """A wish as tantivy's queries, good for every index of our fields: by its words, and its filters alone.

    `words` is None where nothing matches by words, `filters` where everything passes.
    """

    words: Query | None
    filters: Query | None


def compiled(wish: Read, schema: Schema, searcher: Searcher) -> Compiled:
    """Compiles what was read."""
    compiler = Compiler(schema, searcher)
    rest = sets.clauses(compiler, wish.filters)
    filters = sets.joined(compiler, None, rest) if rest else None
    if wish.empty or (wish.filters and not rest and not wish.free.groups):
        return Compiled(None, filters)
    words = sets.all_words(compiler, wish.free) if wish.free.groups else None
    if words and wish.title:
        words = sets.or_title(words, compiler.term("title_key", wish.title))
    return Compiled(sets.joined(compiler, words, rest), filters)


def sought(text: str) -> list[str]:
    """The stems of a plain text, for comparing with those of papers."""
    return stems(searchable(text))
