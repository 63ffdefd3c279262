"""HTML: the elements that we write for each token, and the allow-list through which all of it goes.

The parser's own renderer is not used: it writes whatever attributes a token carries. Here every element is spelt out,
every text is escaped, and nh3 looks at the result again.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from html import escape
from types import MappingProxyType

import nh3
from markdown_it.token import Token

from broadsheet import tex
from broadsheet.markup.naming import MOST_MENTIONS, Piece, pieces
from broadsheet.markup.parsing import read
from broadsheet.tex.mathml import ATTRIBUTES, TAGS, mathml

MOST_FORMULAS = 200  # in one text, and
MOST_MATHEMATICS = 200_000  # characters of MathML; the rest is shown as its source
_WIDE = 60  # characters of a line of code that a phone cannot show: it scrolls, and can be reached by the keyboard

_PROSE = frozenset("p br strong em s code pre blockquote ul ol li a hr span sub sup".split())  # noqa: SIM905 - a word list
_REACHED = {"role": {"group"}, "tabindex": {"0"}}
_PERSON = re.compile(r"/people/[a-z0-9][a-z0-9_-]{1,29}", re.ASCII)
_CLEANER = nh3.Cleaner(
    tags={*_PROSE, *TAGS},
    attributes={"a": {"href"}, "ol": {"start"}, **{tag: set(ATTRIBUTES) for tag in TAGS}},
    tag_attribute_values={
        "span": {"class": {"wide", "wide block"}, "aria-label": {"Formula"}, **_REACHED},
        "pre": {"aria-label": {"Code"}, **_REACHED},
    },
    url_schemes={"http", "https"},
    url_relative=lambda address: address if _PERSON.fullmatch(address) else None,
    link_rel="nofollow noopener",
)

# Tokens that are an element each, and nothing else. A headline would break the outline of the page it stands on.
_ELEMENTS: Mapping[str, str] = MappingProxyType(
    {
        "paragraph_open": "<p>",
        "paragraph_close": "</p>",
        "heading_open": "<p><strong>",
        "heading_close": "</strong></p>",
        "blockquote_open": "<blockquote>",
        "blockquote_close": "</blockquote>",
        "bullet_list_open": "<ul>",
        "bullet_list_close": "</ul>",
        "ordered_list_close": "</ol>",
        "list_item_open": "<li>",
        "list_item_close": "</li>",
        "strong_open": "<strong>",
        "strong_close": "</strong>",
        "em_open": "<em>",
        "em_close": "</em>",
        "s_open": "<s>",
        "s_close": "</s>",
        "link_close": "</a>",
        "hr": "<hr>",
        "softbreak": "<br>",
        "hardbreak": "<br>",
    }
)


def html(text: str, *, people: Collection[str] = ()) -> str:
    """The text as safe HTML: paragraphs, and what stands in them.

    `people` are the names that become links to /people/NAME where they are mentioned; other mentions stay text. A text
    of more than `MOST_TEXT` characters is shown as it was typed.
    """
    return _html(text, frozenset(people))


@lru_cache(maxsize=512)  # a page of comments is rendered for every reader
def _html(text: str, people: frozenset[str]) -> str:
    tokens = read(text)
    if tokens is None:
        return f"<p>{escape(tex.clean(text))}</p>"
    # Characters that no page may carry can be written as entities: so it is cleaned once more.
    return _CLEANER.clean(tex.clean("".join(_Writer(people).written(tokens))))


class _Writer:
    """Writes the tokens of one text."""

    def __init__(self, people: frozenset[str]) -> None:
        self._people = people
        self._named: set[str] = set()
        self._linked = 0  # links that are open
        self._formulas, self._room = MOST_FORMULAS, MOST_MATHEMATICS
        self._others: Mapping[str, Callable[[Token], str]] = {
            "text": self._prose,
            "link_open": self._link,
            "code_inline": lambda token: f"<code>{escape(token.content)}</code>",
            "code_block": _code,
            "fence": _code,
            "math": lambda token: self._formula(token, block=token.markup == "$$"),
            "math_block": lambda token: f"<p>{self._formula(token, block=True)}</p>",
            "ordered_list_open": lambda token: f'<ol start="{int(token.attrGet("start") or 1)}">',
        }

    def written(self, tokens: list[Token]) -> Iterator[str]:
        """The tokens as HTML, piece by piece."""
        for token in tokens:
            if token.hidden:  # the paragraphs of a list whose items are one line each
                continue
            if token.type == "inline":
                yield from self.written(token.children or [])
                continue
            if token.type == "link_close":
                self._linked -= 1
            write = self._others.get(token.type)
            yield write(token) if write else _ELEMENTS.get(token.type, escape(token.content))

    def _prose(self, token: Token) -> str:
        if self._linked:
            return escape(token.content)
        return "".join(map(self._piece, pieces(token.content)))

    def _piece(self, piece: Piece) -> str:
        shown = escape(piece.text)
        if piece.kind == "link":
            return f'<a href="{escape(piece.target)}">{shown}</a>'
        if piece.kind == "mention" and piece.target in self._people:
            self._named.add(piece.target)
            if len(self._named) <= MOST_MENTIONS:
                return f'<a href="/people/{piece.target}">{shown}</a>'
        return shown

    def _link(self, token: Token) -> str:
        self._linked += 1
        return f'<a href="{escape(str(token.attrGet("href") or ""))}">'

    def _formula(self, token: Token, *, block: bool) -> str:
        self._formulas -= 1
        made = mathml(token.content, block=block) if self._formulas >= 0 and self._room > 0 else None
        if made is None:
            return f"<code>{escape(token.markup + token.content + token.markup)}</code>"
        self._room -= len(made)
        # What scrolls can be focused, and a link may hold nothing such.
        return f"<code>{escape(token.content)}</code>" if self._linked and "tabindex" in made else made


def _code(token: Token) -> str:
    wide = any(len(line) > _WIDE for line in token.content.splitlines())
    reach = ' role="group" aria-label="Code" tabindex="0"' if wide else ""
    return f"<pre{reach}><code>{escape(token.content)}</code></pre>"
