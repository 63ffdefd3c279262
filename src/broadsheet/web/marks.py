"""Marks the words of a query where they stand in HTML, outside tags, formulas and character references."""

import re
from collections.abc import Callable, Collection

from markupsafe import Markup

from broadsheet.library import marks

# Not text; the group keeps them among the pieces that split() returns, at every second place.
_MARKUP = re.compile(r"(<math.*?</math>|<[^>]*>|&[#\w]+;)", re.DOTALL)


def marker(terms: Collection[str]) -> Callable[[str], Markup]:
    """A function that marks the words of `Page.terms` in HTML that `tex.html` made."""
    if not terms:
        return Markup
    stems = frozenset(terms)

    def marked(html: str) -> Markup:
        html = str(html)  # pieces of Markup would be Markup again, which takes longer than to find them
        if "<" not in html and "&" not in html:  # most texts are nothing but text
            return Markup(_marked(html, stems))  # noqa: S704 - only <mark> is added, around words
        pieces = _MARKUP.split(html)
        pieces[::2] = [_marked(text, stems) for text in pieces[::2]]
        return Markup("".join(pieces))  # noqa: S704 - as above

    return marked


def _marked(text: str, stems: frozenset[str]) -> str:
    out, last = [], 0
    for start, end in marks(text, stems):
        out += [text[last:start], "<mark>", text[start:end], "</mark>"]
        last = end
    return "".join([*out, text[last:]])
