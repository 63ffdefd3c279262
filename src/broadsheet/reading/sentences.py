"""Where sentences begin and end, in abstracts: among abbreviations, decimals, formulas, lists and addresses.

Rules, not a model: a full stop ends a sentence if white space and a beginning follow, and if what stands before it
is no abbreviation. English abstracts have few of those, and a wrong guess only makes a sentence longer or shorter.
"""

import re
from typing import NamedTuple

from broadsheet.reading import MOST

_END = re.compile(r"[.!?…][.!?…]*[\"'”’)\]]*(?=\s|$)")  # noqa: RUF001
# Full-width marks need no white space after them. Looking back at every character is dear, so only where there are any.
_FULL_WIDTH = "。！？"  # noqa: RUF001
_WIDE_END = re.compile(rf"[.!?…{_FULL_WIDTH}]+[\"'”’)\]]*(?=\s|$)|(?<=[{_FULL_WIDTH}])")  # noqa: RUF001
_MARKS = f".!?…{_FULL_WIDTH}"
# Abbreviations after which a sentence goes on; those of the second list may also end one, before a capital.
_NEVER = re.compile(
    r"(?:^|[\s(\[“\"'])(?:e\.?g|i\.e|cf|viz|vs|resp|w\.r\.t|s\.t|a\.k\.a|aka|ca|approx|incl|esp|Figs?|Eqs?|Secs?|Refs?"
    r"|Tabs?|Thm|Prop|Lem|Def|Alg|Ch|Nos?|Vol|pp?|Dr|Mr|Mrs|Ms|Prof|St|Jr|Sr|[A-Z]|[a-z])\.$"
)
_AMONG = re.compile(r"(?:^|[\s(])(?:et al|etc|U\.S|Inc|Ltd|Co|Corp|Univ|al|a\.m|p\.m)\.$")
_LONG_WORD = 7  # letters: no abbreviation has as many
_BEGINNING = re.compile(r"\s*[\"'“‘(\[*]*(?:[A-Z0-9]|[^\x00-\x7f]|\\|\$|[a-z]+[A-Z])")  # noqa: RUF001
_GAP = 200  # characters of white space between two sentences that are passed over
_SHORT_NUMBER = re.compile(r"(?:^|[\s(])(?:\(?[ivx]{1,4}|\d{1,2})\.$")
_LONGEST = 1_500  # characters; a longer "sentence" is cut at a semicolon or left


class Sentence(NamedTuple):
    """A sentence and where it begins in its text."""

    text: str
    start: int


def sentences(text: str, place: int = 0) -> list[Sentence]:
    """The sentences of a plain text in order, without the white space around them.

    With a `place`, those before it may be left out: what comes long before it then costs next to nothing.
    """
    text = text[:MOST]
    found: list[Sentence] = []
    start = _beginning(text, place)
    wide = not text.isascii() and any(mark in text for mark in _FULL_WIDTH)
    for match in (_WIDE_END if wide else _END).finditer(text, start):
        at = match.end()
        if at <= start or not _ends(text, match.start(), at):
            continue
        found.append(Sentence(text[start:at], start))
        start = _after_gap(text, at)
    if rest := text[start:].rstrip():
        found.append(Sentence(rest, start))
    return found


def _beginning(text: str, place: int) -> int:
    """Where the sentence that a place lies in begins, or one before it: only simple ends are looked at."""
    while (place := text.rfind(". ", 0, place)) > 0:
        if text[place - 1] not in _MARKS and _ends(text, place, place + 1):
            return _after_gap(text, place + 1)
    return len(text) - len(text.lstrip())


def _after_gap(text: str, at: int) -> int:
    gap = text[at : at + _GAP]
    return at + len(gap) - len(gap.lstrip())


def _ends(text: str, mark: int, after: int) -> bool:
    """Whether the punctuation from `mark` to `after` ends a sentence."""
    if text[mark] in _FULL_WIDTH:
        return True
    word = text[max(0, mark - _LONG_WORD) : mark]
    if len(word) == _LONG_WORD and word.isalpha():  # most sentences end with a word too long for an abbreviation
        return bool(_BEGINNING.match(text, after)) or after >= len(text)
    before = text[max(0, mark - 14) : mark + 1]
    if text[mark] == "." and after == mark + 1 and (_NEVER.search(before) or _SHORT_NUMBER.search(before)):
        return False
    if not _BEGINNING.match(text, after):
        return after >= len(text)
    return not (text[after : after + 20].lstrip()[:1].islower() and _AMONG.search(before))


# Which language: the commonest words of each. Enough to say that a text is not English, and to split it there.
_COMMON = {
    "English": "the of and to in a is that we for with this on are by as from an be our which can it these has",
    "French": "le la les de des du et une un nous est que pour dans sur par avec qui cette ce sont au aux en ne pas"
    " plus notre nos à il elle ils on se ou où ces cet leur été être avons ont a",
    "German": "der die das und ist wir für mit von den des ein eine auf im zu dem sich nicht wird werden durch",
    "Spanish": "el la los las de del y una un que para en con por se es este esta como su al son más",
    "Portuguese": "o os as de do da dos das e uma um que para em com por se este esta como não são ao mais",
    "Italian": "il lo la gli le di del della e una un che per in con si è questo questa sono come al più",
}
COMMON = {name: frozenset(words.split()) for name, words in _COMMON.items()}
_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH = 12  # words; of fewer nobody can tell
_SHARE = 0.12  # of the words of a text, at least, are among the commonest of its language


def language(text: str) -> str:
    """The language of a text, "English" among them, or "" where it is none of the few known here or too short."""
    words = [word.lower() for word in _WORD.findall(text[:MOST])][:400]
    if len(words) < _ENOUGH:
        return ""
    counts = {name: sum(word in common for word in words) for name, common in COMMON.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] >= _SHARE * len(words) else ""
