"""The words that a paper has in its title and nowhere else: what tells `abstract:x` from x anywhere.

Every text passes through here on its way to the index, so as little of it as possible is looked at: a word of the
title that stands in an abstract as it is needs no stem, and for any other only words with the same first letter
can have the same stem, since the stemmer changes endings.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain

from broadsheet.search.text import stems

_PIECE = re.compile(r"[^\x00-/:-@\[-`{-\x7f]+")
_ASCII_PIECES = str.maketrans({code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)})


def title_alone(titles: Sequence[str], texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """The stems of searchable titles that searchable texts do not have, in the order of the alphabet.

    And, for those of them that share a beginning with a stem of the texts, the longest such beginning.
    """
    text = "\n".join(texts)
    if text.isascii():
        text = f" {text.translate(_ASCII_PIECES)} "
        left = _stems_of(piece for piece in _pieces("\n".join(titles)) if f" {piece} " not in text)
        near = _stems_of(piece for letter in {stem[0] for stem in left} for piece in _with_first(letter, text))
    else:
        said = _pieces(text)
        left = _stems_of(_pieces("\n".join(titles)) - said)
        near = _stems_of(said) if left else set()
    alone = sorted(left - near)
    if not alone or not near:
        return alone, []
    # The likest of all stems is a neighbour in the order of the alphabet.
    ordered = sorted(near)
    begins = set()
    for stem in alone:
        at = bisect(ordered, stem)
        begins.add(max((_shared(stem, other) for other in ordered[max(0, at - 1) : at + 1]), key=len))
    return alone, sorted(filter(None, begins))


def _shared(one: str, other: str) -> str:
    """What two words both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return one[: next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))]


def _pieces(text: str) -> set[str]:
    """What stands between the ASCII characters of a text that the analysers split at: words, and rarely several."""
    return set(text.translate(_ASCII_PIECES).split()) if text.isascii() else set(_PIECE.findall(text))


def _with_first(letter: str, pieces: str) -> set[str]:
    """The pieces with this first letter, of a line of pieces that each stand between spaces."""
    return {letter + rest.partition(" ")[0] for rest in pieces.split(f" {letter}")[1:]}


def _stems_of(pieces: Iterable[str]) -> set[str]:
    return set(chain.from_iterable(map(_stems, pieces)))


@lru_cache(maxsize=100_000)  # a few words make most of all texts
def _stems(piece: str) -> tuple[str, ...]:
    return tuple(stems(piece))
