"""Marks the words of a query where they stand in HTML, outside tags and formulas.

`Page.terms` are stems ("attent"), so a word is marked where a stem and endings of English make it ("attention",
"attentive"). A mark is a help to the eye, nothing depends on it.
"""

import re
import unicodedata
from collections.abc import Callable, Collection

from markupsafe import Markup

MOST = 40  # stems; of a longer query the first ones are marked

_ENDING = (
    "(?:ational|ations?|able|ably|ally|al|ance|ances|ed|ements?|ence|ences|ers?|es|e|ful|ical|ic|ied|ies|ingly|ings?|"
    "ional|ions?|isation|ised?|ises|ities|ity|ively|ives?|ization|ized?|izes|ly|ments?|ness|ors?|ous|s|y)"
)
_PIECE = re.compile(r"(<math.*?</math>|<[^>]*>|&[#\w]+;)|(\w+)", re.DOTALL)


def marker(terms: Collection[str]) -> Callable[[str], Markup]:
    """A function that marks the words with these stems in HTML that `tex.html` made."""
    stems = [
        re.escape(term[:-1]) + "[iy]" if term.endswith("i") else re.escape(term) for term in list(terms)[:MOST] if term
    ]
    if not stems:
        return Markup
    wanted = re.compile(f"(?:{'|'.join(stems)}){_ENDING}{{0,3}}")

    def marked(match: re.Match[str]) -> str:
        word = match[2]
        return f"<mark>{word}</mark>" if word and wanted.fullmatch(_folded(word)) else match[0]

    return lambda html: Markup(_PIECE.sub(marked, html))  # noqa: S704 - only <mark> is added, around letters


def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    return "".join(letter for letter in unicodedata.normalize("NFKD", word.lower()) if letter.isalnum())
