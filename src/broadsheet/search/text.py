"""Words: what of a text is searched for, in papers and in queries alike, and what of it is marked.

One chain for both sides, so that they can meet: TeX to Unicode (`tex.plain`), NFKC, "C++" and single Greek letters
to words, then tantivy's: split at what is neither letter nor digit, lower case, accents off, English stems.
Chinese and Japanese are written without blanks, so there each character is a word.
"""

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from broadsheet import tex

LONGEST_WORD = 60  # characters; longer ones are data, not words

# English function words. They are dropped from a query that has other words: they find nothing and cost most.
_STOP = """a about above across after again against all almost also although always am among an and any are as at
be because been before being below between both but by can could did do does doing done down during each either else
etc ever every few for from further give given had has have having he her here hers him his how however i if in into
is it its itself just let like made make many may me might more most much must my no nor not now of off often on once
only or other our ours out over own per please same shall she should show since so some such than that the their
theirs them then there these they this those through thus to too under until up upon us use used uses using very via
was we were what when where whether which while who whom whose why will with within without would yet you your yours"""

_WIDE = re.compile("([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")
# A Greek letter by itself. What looks back comes second, so that it is tried at Greek letters only.
_GREEK = re.compile("[\u0391-\u03a9\u03b1-\u03c9](?<![^\\W\\d_].)(?![^\\W\\d_])")
_PLUSPLUS = re.compile(r"(?<![^\W_])([A-Za-z])(\+\+|#)(?![^\W_])")
_COMPOUND = re.compile(r"[^\W_]+(?:-[^\W_]+)+")
_WORD = re.compile(r"[^\W_]+(?:\+\+|#)?(?:-[^\W_]+(?:\+\+|#)?)*")
# Of ASCII, letters and digits in lower case and a blank for everything else; what is not ASCII stays.
_PIECES = bytes(ord(chr(code).lower() if chr(code).isalnum() else " ") if code < 0x80 else code for code in range(256))
_REMEMBERED = 200_000  # pieces and their stems: 28 MB
_FOREIGN = re.compile("[^\x00-\x7f][^ ]*")  # from what is not ASCII to the next blank


def words() -> TextAnalyzer:
    """Finds whole words, to correct misspelt ones by. Accents and case make no difference."""
    return _split().build()


def _split() -> TextAnalyzerBuilder:
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(LONGEST_WORD))
    return builder.filter(Filter.lowercase()).filter(Filter.ascii_fold())


# Pure functions, in spite of their looks.
_english, _words = _split().filter(Filter.stemmer("english")).build(), words()


def searchable(text: str) -> str:
    """The text as the analysers take it: without TeX, and `spelt`."""
    return spelt(tex.plain(text))


def spelt(text: str) -> str:
    """A plain text with what the analysers would lose spelt out in words."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = _GREEK.sub(_greek_name, text)
        text = _WIDE.sub(r" \1 ", text)
    if "+" in text or "#" in text:
        text = _PLUSPLUS.sub(lambda match: match[1] + ("plusplus" if match[2] == "++" else "sharp"), text)
    return text


def _greek_name(match: re.Match[str]) -> str:
    return unicodedata.name(match[0]).rpartition(" ")[2].lower().replace("lamda", "lambda")


def compounds(text: str) -> str:
    """The hyphened words of a searchable text written as one, so that "pretrained" finds "pre-trained"."""
    hyphened, at = [], text.find("-")
    while at >= 0:  # only what stands between two spaces around a hyphen: that is little of a text
        end = text.find(" ", at)
        end = end if end >= 0 else len(text)
        hyphened.append(text[text.rfind(" ", 0, at) + 1 : end])
        at = text.find("-", end)
    return " ".join(_COMPOUND.findall(" ".join(hyphened))).replace("-", "") if hyphened else ""


def stems(text: str) -> list[str]:
    """The stems of a searchable text in order."""
    return _english.analyze(text)


class _Stemmed(dict[str, str]):
    """The stems of pieces between blanks, each found once: most of all texts is made of a few thousand words."""

    def __missing__(self, piece: str) -> str:
        found = " ".join(stems(piece))
        if len(self) >= _REMEMBERED:
            self.clear()  # the common ones are back at once
        if len(piece) <= LONGEST_WORD:
            self[piece] = found
        return found


_stemmed = _Stemmed()


def stemmed(text: str) -> str:
    """The stems of a searchable text in order, between blanks: what the index is given, several times as soon."""
    # What stands between the ASCII characters that the analysers split at: words, and rarely several together.
    pieces = text.encode("utf-8", "replace").translate(_PIECES).decode().split()
    return " ".join(map(_stemmed.__getitem__, pieces))


def folded(text: str) -> list[str]:
    """The whole words of a searchable text in order, in lower case and without accents."""
    return _words.analyze(text)


def bare(word: str) -> str:
    """A word of a query without the punctuation around it, to be shown."""
    return word.strip(".,;:!?'()[]{}")


def stems_of_word(word: str) -> tuple[str, ...]:
    """`stems(searchable(word))`, remembered: the same words come again and again."""
    return _stems_of_word(word) if len(word) <= LONGEST_WORD else tuple(stems(searchable(word)))


@lru_cache(maxsize=50_000)
def _stems_of_word(word: str) -> tuple[str, ...]:
    return tuple(stems(searchable(word)))


STOP_WORDS = frozenset(stem for word in _STOP.split() for stem in stems(word))


def marks(text: str, terms: Collection[str]) -> list[tuple[int, int]]:
    """Where in a plain text the words stand whose stems are among `terms` (`Matches.terms`).

    Half-open stretches of characters, in order, that do not overlap. Quick enough to mark a page of abstracts: only
    the pieces between blanks in which such a word can stand are taken apart, one in seven on most pages of results.
    """
    terms = frozenset(terms)
    return [
        (start + first, start + last)
        for start, end in _worth_a_look(text, terms)
        for first, last in _marked(text[start:end], terms)
    ]


@lru_cache(maxsize=10_000)  # the texts of a page hold the same words
def _marked(piece: str, terms: frozenset[str]) -> tuple[tuple[int, int], ...]:
    """Where in a piece of text the words stand whose stems are among the terms."""
    found = []
    for match in _WORD.finditer(piece):
        word = match[0]
        own = stems_of_word(word)
        if not terms.isdisjoint(own):
            if len(own) == 1 or terms.issuperset(own):
                found.append(match.span())
            else:
                found += [
                    (match.start() + part.start(), match.start() + part.end())
                    for part in _PART.finditer(word)
                    if not terms.isdisjoint(stems_of_word(part[0]))
                ]
        elif len(own) > 1 and not terms.isdisjoint(stems_of_word(word.replace("-", ""))):
            found.append(match.span())
    return tuple(found)


def _worth_a_look(text: str, terms: frozenset[str]) -> list[tuple[int, int]]:
    """The pieces between blanks that hold the beginning of a term, or what is spelt out or joined, in their order."""
    folded = text.lower()
    if len(folded) != len(text):  # "\u0130" becomes two characters, and places would not be the same
        return [(0, len(text))] if terms else []
    ends: dict[int, int] = {}
    for sign in _beginnings(terms):
        at = folded.find(sign)
        while at >= 0:
            end = text.find(" ", at)
            end = len(text) if end < 0 else end
            ends[text.rfind(" ", 0, at) + 1] = end
            at = folded.find(sign, max(end, at + 1))
    if terms and not text.isascii():
        for match in _FOREIGN.finditer(text):
            ends[text.rfind(" ", 0, match.start()) + 1] = match.end()
    return sorted(ends.items())


@lru_cache(maxsize=1_000)
def _beginnings(terms: frozenset[str]) -> frozenset[str]:
    """What a piece of text holds if a word of it is among the terms, or is spelt out or joined."""
    return frozenset([*map(_beginning, filter(None, terms)), *("-+#" if terms else "")])


def _beginning(stem: str) -> str:
    """How every word with this stem begins in lower case, if it has plain letters alone.

    The stemmer changes at most the last letter of what it keeps ("studi" of "study"), except in "dying" and its like.
    """
    if len(stem) < len("die"):
        return stem
    return stem[0] if len(stem) == len("die") and stem.endswith("ie") else stem[:-1]


_PART = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W_]+(?:\+\+|#)?")
