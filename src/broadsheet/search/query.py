r"""The query language: what a person types, read as a tree and some notes. Never raises, whatever the text.

    sparse attention          both words (which papers match in the end is the engine's rule)
    "sparse attention"        these words side by side; x-ray and GPT-4 are read the same way
    -survey  NOT survey       without it; also -"a phrase", -author:lovelace, -(a group)
    flow OR diffusion         either; OR joins its two neighbours, AND (or ANDNOT) binds tighter, blanks bind last
    (a b) OR c                a group
    title: ti:  abstract: abs:  author: au:  category: cat:  id:
                              only there; the value is a word, a "quoted text" or a (group); category:cs is all cs.*
    since: until:             dates, whole or partial: since:2024-05 until:2025
    has:code                  with a link to a code host
    result:speedup>1.5        that claim a result of this kind and size; also >=, <, <=, =, 1.5..3, or the kind alone

What cannot be meant that way is text: a colon after any other word, a dash with a blank after it, a bracket or
a quotation mark without its partner, "CAT: Cross Attention". What is understood but useless (a date that does
not exist, `author:` with nothing) is left out, and a note says so.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple

from broadsheet import ids
from broadsheet.types import Identifier, Measure

MOST_QUOTED = 40  # characters of a word in a note
MOST_CHARACTERS = 10_000
MOST_CLAUSES = 1_000  # words, phrases and filters of one query; the engine ranks by far fewer
MOST_DEPTH = 8  # groups within groups

Place = Literal["any", "title", "abstract", "comment", "journal"]


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed; the engine may read several into it ("x-ray")."""

    text: str
    place: Place = "any"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side."""

    text: str
    place: Place = "any"


@dataclass(frozen=True, slots=True)
class Prefix:
    """Words side by side of which the last is only begun; `place` may also be "authors"."""

    text: str
    place: Place | Literal["authors"] = "any"


@dataclass(frozen=True, slots=True)
class Author:
    """An author, by family name or by more of the name."""

    name: str


@dataclass(frozen=True, slots=True)
class Category:
    """A category ("cs.LG") or a whole archive ("cs")."""

    code: str


@dataclass(frozen=True, slots=True)
class Has:
    """Papers that have something besides their text: "code", a link to a code host."""

    what: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """Papers that claim a result of a measure (`reading.results`) between two numbers, both included; None is open."""

    measure: Measure
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Named:
    """The paper with an identifier: its normal forms, or none if `text` is of no known scheme."""

    text: str
    identifiers: tuple[Identifier, ...]


@dataclass(frozen=True, slots=True)
class Days:
    """Papers of these days, both included; None leaves that end open."""

    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Submitted:
    """Papers whose first version came in between two minutes (YYYYMMDDHHMM), both included; None leaves an end open."""

    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Not:
    """Papers that do not match `node`."""

    node: "Node"


@dataclass(frozen=True, slots=True)
class All:
    """Papers that match every node."""

    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Papers that match at least one node."""

    nodes: tuple["Node", ...]


Node = Word | Phrase | Prefix | Author | Category | Has | Claimed | Named | Days | Submitted | Not | All | Either


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, as a tree (None: nothing to search for), and sentences on what was left out.

    `identifiers` are those the whole text spells, if it is nothing but one paper's identifier or address.
    """

    text: str
    tree: Node | None
    notes: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether it is words and nothing else, so that it may be a title."""
        return self.tree is not None and all(isinstance(node, Word | Phrase | All) for node in walk(self.tree))


def parse(text: str) -> Query:
    """Reads a query. Takes any string and time linear in its length; never raises."""
    notes: list[str] = []
    # Halves of surrogate pairs cannot be searched for or printed; bytes from a careless client contain them.
    text = text.encode("utf-8", "replace").decode("utf-8")
    if len(text) > MOST_CHARACTERS:
        text = text[:MOST_CHARACTERS]
        notes.append(f"The query is very long: only its first {MOST_CHARACTERS:,} characters were read.")
    text = _SPACED.sub(r"\1\2", " ".join(_QUOTES.sub('"', text).split()))
    tokens = list(_tokens(text))
    if len(tokens) > MOST_CLAUSES:
        del tokens[MOST_CLAUSES:]
        notes.append("The query is very long: its end was not read.")
    tree = _Parser(tokens, notes).sequence()
    if isinstance(tree, All) and all(isinstance(node, Named) for node in tree.nodes):
        tree = Either(tree.nodes)  # a pasted list of identifiers: nobody means a paper that has them all
    if text and not tree and not notes:
        notes.append("There is no word to search for in this query.")
    return Query(text, tree, tuple(dict.fromkeys(notes)), ids.identifiers(text))


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    match node:
        case Not(below):
            yield from walk(below)
        case All(nodes) | Either(nodes):
            for below in nodes:
                yield from walk(below)


# The text becomes tokens. A field's token is followed by that of its value.

_FIELDS = {
    "author": "author", "au": "author", "category": "category", "cat": "category", "id": "id", "title": "title",
    "ti": "title", "abstract": "abstract", "abs": "abstract", "since": "since", "until": "until", "has": "has",
    "result": "result",
}  # fmt: skip
# "ABS: A New Method" and "CAT: Cross Attention" are titles; "CAT:cs.LG" and "Author: Lovelace" are fields.
_NAMES = rf"(?i:{'|'.join(_FIELDS)})(?=:[^ ])|(?:{'|'.join(f'{name}|{name.title()}' for name in _FIELDS)})(?=:)"
# Blanks, and quotation marks without a partner, lie between tokens.
_TOKEN = re.compile(
    rf""""(?P<quoted>[^"]*)"|(?P<minus>-)(?=[^\s\W_]|["(])|(?P<field>(?=[A-Za-z]+:)(?:{_NAMES}): *)"""
    r"""|(?P<open>\()|(?P<chunk>[^\s"]+)"""
)
_QUOTES = re.compile("[“”„‟«»″]")
# "result: speedup > 1.5" is one value, however it is spaced.
_SPACED = re.compile(r"\b(result: ?[a-z]+) ?([<>]=?|=|:) ?(?=[\d.])", re.IGNORECASE)
_RESULT = re.compile(
    r"(?P<name>[a-z]+)(?:(?P<sign>[<>]=?|=|:)(?P<number>\d{1,9}(?:\.\d{1,6})?)[%x]?(?:\.\.(?P<other>\d{1,9}(?:\.\d{1,6})?)[%x]?)?)?",
    re.IGNORECASE,
)
LEAST_STEP = 0.001  # what is told apart of two numbers
Kind = Literal["word", "quoted", "open", "close", "minus", "field", "and", "or", "not"]
_OPERATORS: dict[str, Kind] = {"AND": "and", "OR": "or", "NOT": "not", "ANDNOT": "not"}
_AROUND = ".,;:!?'*"  # punctuation of a sentence, and stars of other query languages, around a value


class _Token(NamedTuple):
    kind: Kind
    text: str


def _tokens(text: str) -> Iterator[_Token]:
    depth = 0
    for match in _TOKEN.finditer(text):
        kind, part = match.lastgroup, match[0]
        if kind == "quoted":
            yield _Token("quoted", part[1:-1].strip())
        elif kind == "minus":
            yield _Token("minus", part)
        elif kind == "field":
            yield _Token("field", _FIELDS[part.rstrip(": ").lower()])
        elif kind == "open":
            depth += 1
            if depth <= MOST_DEPTH:  # a deeper bracket is punctuation, and so is its partner
                yield _Token("open", part)
        else:
            word, brackets = _closing(part, depth)
            if word:
                yield _Token(_OPERATORS.get(word, "word"), word)
            yield from [_Token("close", ")")] * (min(depth, MOST_DEPTH) - min(depth - brackets, MOST_DEPTH))
            depth -= brackets


def _closing(chunk: str, depth: int) -> tuple[str, int]:
    """A chunk without the brackets at its end that close groups, and their number: "f(x))" closes one."""
    word = chunk.rstrip(")")
    brackets = len(chunk) - len(word)
    own = min(brackets, max(0, word.count("(") - word.count(")")))
    return word + ")" * own, min(brackets - own, depth)


class _Parser:
    """Recursive descent over the tokens; they nest at most `MOST_DEPTH` deep."""

    def __init__(self, tokens: list[_Token], notes: list[str]) -> None:
        self._tokens, self._notes, self._at = tokens, notes, 0
        self._kinds: list[Kind | None] = [*(token.kind for token in tokens), None]

    def _peek(self) -> Kind | None:
        return self._kinds[self._at]

    def _take(self, *kinds: Kind) -> _Token | None:
        if self._kinds[self._at] in kinds:
            self._at += 1
            return self._tokens[self._at - 1]
        return None

    def _more(self) -> bool:
        return self._peek() not in (None, "close")

    def sequence(self, field: str = "") -> Node | None:
        """Clauses to the end or to the bracket that closes this group: all of them must match."""
        nodes = []
        while self._more():
            nodes.append(self._either(field))
        return _joined(All, nodes)

    def _either(self, field: str) -> Node | None:
        nodes = [self._both(field)]
        while self._take("or"):
            if self._more():
                nodes.append(self._both(field))
        return _joined(Either, nodes)

    def _both(self, field: str) -> Node | None:
        nodes = [self._unit(field)]
        while self._take("and") or self._peek() == "not":
            if self._more():
                nodes.append(self._unit(field))
        return _joined(All, nodes)

    def _unit(self, field: str) -> Node | None:
        negated = False
        while self._take("minus", "not"):
            negated = True
        token = self._take("field")
        if token:
            field = token.text
        if self._take("open"):
            node = self.sequence(field)
            self._take("close")
        elif value := self._take("word", "quoted"):
            node = self._leaf(field, value)
        else:
            node = None
            if token:
                self._notes.append(f"“{field}:” needs something after it, so it was ignored.")
            elif not negated:
                self._take("and", "or")  # an operator without a neighbour on its left: go on after it
        return Not(node) if negated and node else node

    def _leaf(self, field: str, token: _Token) -> Node | None:
        text = token.text
        if field in ("since", "until", "has", "result"):
            rule = {"has": self._has, "result": self._result}.get(field, partial(self._days, field))
            return rule(text.strip(_AROUND))
        if not any(map(str.isalnum, text)):
            if field:
                self._notes.append(f"“{field}:” needs a word after it, so it was ignored.")
            return None
        value = text.strip(_AROUND)
        if field == "author":
            return Author(value)
        if field == "category":
            return _joined(Either, [Category(code) for code in re.split(r"[,\s]+", value) if code])
        if field == "id" or (not field and token.kind == "word" and _names(value)):
            return Named(value, ids.identifiers(value))
        place: Place = "title" if field == "title" else "abstract" if field else "any"
        return Phrase(text, place) if token.kind == "quoted" else Word(text, place)

    def _has(self, value: str) -> Node | None:
        if value.lower() == "code":
            return Has("code")
        self._notes.append(f"“has:” knows only has:code, so “has:{brief(value)}” was ignored.")
        return None

    def _result(self, value: str) -> Node | None:
        match = _RESULT.fullmatch(value)
        measure = _MEASURES.get(match["name"].lower()) if match else None
        if not match or not measure:
            known = ", ".join(_MEASURES)
            self._notes.append(
                f"“result:{brief(value)}” was ignored; write result:speedup>1.5 or the like, with one of: {known}."
            )
            return None
        if match["number"] is None:
            return Claimed(measure, None, None)
        number = float(match["number"])
        if match["other"] is not None:
            return Claimed(measure, *sorted((number, float(match["other"]))))
        sign = match["sign"]
        step = LEAST_STEP if len(sign) == 1 else 0.0
        low = None if sign[0] == "<" else number + step * (sign[0] == ">")
        return Claimed(measure, low, None if sign[0] == ">" else number - step * (sign[0] == "<"))

    def _days(self, field: str, text: str) -> Node | None:
        date = ids.iso_date(text)
        if not date:
            said = f"“{brief(text)}” is not a date, so “{field}:” was ignored"
            self._notes.append(f"{said}; write {field}:2024-05-17 or less.")
            return None
        return Days(ids.first_day(date), None) if field == "since" else Days(None, ids.last_day(date))


_MEASURES = {measure.value: measure for measure in Measure}


def _names(word: str) -> bool:
    """Whether a word is the identifier of a paper. All of them hold a digit, and most words none."""
    return not word.isalpha() and bool(ids.arxiv(word) or ids.doi(word))


def _joined(kind: type[All] | type[Either], nodes: Iterable[Node | None]) -> Node | None:
    """One node of several, flat: an All within an All adds nothing."""
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, kind):
            kept += node.nodes
        elif node:
            kept.append(node)
    return kept[0] if len(kept) == 1 else kind(tuple(kept)) if kept else None


def brief(word: str) -> str:
    """A word as a note quotes it: 10,000 letters in a row are a query too."""
    return word if len(word) <= MOST_QUOTED else f"{word[:MOST_QUOTED]}…"
