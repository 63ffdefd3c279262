"""The words that a paper has in its title and nowhere else: what tells `abstract:x` from x anywhere.

Every text passes through here on its way to the index, so a word is stemmed once and remembered, and words that
title and abstract have in common are not looked at.
"""

import re
from bisect import bisect
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

from broadsheet.search.text import stems

_PIECE = re.compile(r"[^\x00-/:-@\[-`{-\x7f]+")
_ASCII_PIECES = str.maketrans({code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)})


def title_alone(titles: Sequence[str], texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """The stems of searchable titles that searchable texts do not have, in the order of the alphabet.

    And, for those of them that share a beginning with a stem of the texts, the longest such beginning.
    """
    said = _pieces(texts)
    left = _pieces(titles) - said
    if not left:
        return [], []
    have = set(chain.from_iterable(map(_stems, said)))
    alone = sorted(set(chain.from_iterable(map(_stems, left))) - have)
    if not alone or not have:
        return alone, []
    # The likest of all stems is a neighbour in the order of the alphabet.
    ordered = sorted(have)
    begins = set()
    for stem in alone:
        at = bisect(ordered, stem)
        begins.add(max((_shared(stem, other) for other in ordered[max(0, at - 1) : at + 1]), key=len))
    return alone, sorted(filter(None, begins))


def _shared(one: str, other: str) -> str:
    """What two words both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return one[: next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))]


def _pieces(texts: Sequence[str]) -> set[str]:
    """What stands between the ASCII characters of texts that the analysers split at: words, and rarely several."""
    text = "\n".join(texts)
    return set(text.translate(_ASCII_PIECES).split()) if text.isascii() else set(_PIECE.findall(text))


@lru_cache(maxsize=100_000)  # a few words make most of all texts
def _stems(piece: str) -> tuple[str, ...]:
    return tuple(stems(piece))
