"""arXiv's query language (`search_query` of its API), read into the trees of `search.query`.

    electron    all:electron    ti:"quantum criticality"    au:del_maestro    abs:(space time)    cat:q-fin.*
    co: comment   jr: journal reference   rn: report number   id:   doi:   submittedDate:[202401010600 TO 2024]
    ti:a AND abs:b     ti:a OR ti:b     au:x ANDNOT (ti:y OR ti:z)

As arXiv's own service reads it (https://github.com/arXiv/arxiv-search, `classic_api`): no operator means OR, no prefix
means all:; AND binds tighter than OR; NOT and AND NOT are ANDNOT; a prefix before a group goes to all in it; of
several operators in a row the last counts; a prefix without a word, a quotation mark or a bracket without its partner
are forgiven; "_" in a name is a blank; title: is ti:, lastUpdatedDate: is submittedDate:, and dates have 4 to 12
digits, filled up to the first or last minute they can mean.

Words match strictly here, by their English stems: nothing is corrected, and nothing comes along for its meaning. A word
before "*" is looked for by its beginning among the stems of the index, so it may find a little more. Report numbers are
not kept, and rn: finds nothing.
"""

import calendar
import re
from collections.abc import Iterator

from broadsheet import ids
from broadsheet.errors import Refused
from broadsheet.ids.categories import NAMES
from broadsheet.search.query import All, Author, Category, Either, Named, Node, Not, Phrase, Place, Prefix, Submitted

LONGEST = 10_000  # characters
DEEPEST = 30_000  # results that can be paged through, as at arXiv
MOST_LEAVES = 500  # conditions: a word that is looked for everywhere is six
MOST_DEPTH = 40  # groups within groups
LEAST_PREFIX = 2  # letters before a star

_FIELDS = ("abs", "all", "au", "cat", "co", "doi", "id", "jr", "rn", "ti", "title")
_TOKEN = re.compile(
    rf"""(?:submittedDate|lastUpdatedDate):\s*[\["]\s*(?P<low>[\d*-]+)\s+TO\s+(?P<high>[\d*-]+)\s*[\]"]
    | (?P<field>{"|".join(_FIELDS)}): | "(?P<phrase>[^"]*)" | (?P<open>\() | (?P<close>\))
    | (?P<operator>AND\s+NOT|ANDNOT|NOT|AND|OR)(?=[\s()]|$) | (?P<word>[^\s()"]+)""",
    re.VERBOSE,
)
_PLACES: dict[str, Place] = {"ti": "title", "title": "title", "abs": "abstract", "co": "comment", "jr": "journal"}
_Token = re.Match[str]


def parse(text: str) -> Node | None:
    """The tree of a query; None if there is nothing to search for in it. Raises Refused for one that is too large."""
    if len(text) > LONGEST:
        raise Refused(f"The query is longer than {LONGEST:,} characters.")
    parser = _Parser(list(_TOKEN.finditer(" ".join(text.split()))))
    return parser.whole()


class _Parser:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._at, self._leaves = tokens, 0, 0

    def whole(self) -> Node | None:
        """All of the text; a closing bracket without its partner is passed over."""
        parts = []
        while self._at < len(self._tokens):
            parts.append(self._either("all", 0))
            self._at += 1
        return _joined(Either, parts)

    def _kind(self) -> str:
        return (self._tokens[self._at].lastgroup or "") if self._at < len(self._tokens) else ""

    def _operator(self) -> str:
        """The operators that stand here, as the last of them says; "" if there is none."""
        said = ""
        while self._kind() == "operator":
            word = self._tokens[self._at]["operator"]
            # "AND NOT" and "NOT" are ANDNOT; an AND before a NOT changes nothing about it.
            said = "ANDNOT" if "NOT" in word else word
            self._at += 1
        return said

    def _either(self, field: str, depth: int) -> Node | None:
        """Parts of which one must match, to the end or to the bracket that closes this group."""
        parts: list[Node | None] = []
        both: list[Node | None] = []
        operator = "ANDNOT" if self._operator() == "ANDNOT" else ""
        while self._kind() not in ("", "close"):
            node = self._atom(field, depth)
            if operator not in ("AND", "ANDNOT"):
                parts.append(_joined(All, both))
                both = []
            both.append(Not(node) if node and operator == "ANDNOT" else node)
            operator = self._operator()
        return _joined(Either, [*parts, _joined(All, both)])

    def _atom(self, field: str, depth: int) -> Node | None:
        """A word, a phrase, a range of dates or a group, with what stands before it."""
        while self._kind() == "field":
            field = self._tokens[self._at]["field"]
            self._at += 1
        if self._kind() in ("", "close", "operator"):
            return None  # a prefix without a word
        token = self._tokens[self._at]
        self._at += 1
        if token["open"]:
            if depth >= MOST_DEPTH:
                raise Refused(f"The query has more than {MOST_DEPTH} brackets within each other.")
            node = self._either(field, depth + 1)
            self._at += self._kind() == "close"
            return node
        if token["low"]:
            return Submitted(_minute(token["low"], end=False), _minute(token["high"], end=True))
        if (token["word"] or "").startswith(("submittedDate:", "lastUpdatedDate:")):
            raise Refused("A range of dates looks like submittedDate:[202401010600 TO 2024].")
        node = _joined(Either, list(_leaves(field, token["phrase"], token["word"])))
        self._leaves += len(node.nodes) if isinstance(node, Either) else 1
        if self._leaves > MOST_LEAVES:
            raise Refused("The query has too many words; ask in several queries.")
        return node


def _leaves(field: str, phrase: str | None, word: str | None) -> Iterator[Node]:
    """What a word or phrase asks for in a field; several things if it is looked for everywhere."""
    text = (phrase if phrase is not None else word or "").strip()
    star = phrase is None and text.endswith("*")
    text = text.rstrip("*")
    if field == "au":
        text = text.replace("_", " ")
    if not any(map(str.isalnum, text)):
        return
    if star and field not in ("cat", "id", "doi", "rn") and len(text) < LEAST_PREFIX:
        raise Refused(f"“{text}*” is too short: at least {LEAST_PREFIX} letters stand before a star.")
    if field in ("id", "doi", "rn"):
        yield Named(text, ids.identifiers(text))
    elif field == "cat":
        yield from map(Category, _categories(text, star=star))
    elif field == "au":
        yield Prefix(text, "authors") if star else Author(text)
    elif place := _PLACES.get(field):
        yield Prefix(text, place) if star else Phrase(text, place)
    else:
        yield Prefix(text) if star else Phrase(text)
        yield Prefix(text, "authors") if star else Author(text)
        for one in ("comment", "journal"):
            yield Prefix(text, _place(one)) if star else Phrase(text, _place(one))
        yield from map(Category, _categories(text, star=star) if ids.category(text) else [])
        if named := ids.identifiers(text):
            yield Named(text, named)


def _place(name: str) -> Place:
    return "comment" if name == "comment" else "journal"


def _categories(text: str, *, star: bool) -> list[str]:
    """The categories that a text names: one, or all that begin so."""
    begun = text.lower()
    return [code for code in NAMES if code.lower().startswith(begun)] or [text] if star else [text]


def _minute(text: str, *, end: bool) -> int | None:
    """The first or the last minute that 4 to 12 digits can mean, as YYYYMMDDHHMM; None leaves that end open."""
    digits = "".join(filter(str.isdigit, text))[:12]
    if not digits:
        return None
    if len(digits) < 4:
        raise Refused(f"“{text[:20]}” is not a date: write the year, as in submittedDate:[2024 TO 202406].")
    digits += ("12" if end else "01") * (len(digits) < 6)
    digits = digits[: len(digits) // 2 * 2]
    year, month = int(digits[:4]), int(digits[4:6])
    if not 1 <= month <= 12:
        raise Refused(f"“{text[:20]}” is not a date: its month is {month}.")
    last = calendar.monthrange(max(year, 1), month)[1]
    digits += (f"{last:02}" if end else "01") * (len(digits) < 8)
    digits += ("23" if end else "00") * (len(digits) < 10)
    return int(digits + ("59" if end else "00") * (len(digits) < 12))


def _joined(kind: type[All] | type[Either], nodes: list[Node | None]) -> Node | None:
    """One node of several, flat."""
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, kind):
            kept += node.nodes
        elif node:
            kept.append(node)
    return kept[0] if len(kept) == 1 else kind(tuple(kept)) if kept else None
