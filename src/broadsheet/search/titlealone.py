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

from broadsheet.search.text import ASCII_PIECES, pieces, stems


def title_alone(titles: Sequence[str], texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """The stems of searchable titles that searchable texts do not have, in the order of the alphabet.

    And, for those of them that share a beginning with a stem of the texts, the longest such beginning.
    """
    text = "\n".join(texts)
    if text.isascii():
        text = f" {text.translate(ASCII_PIECES)} "
        left = _stems_of(piece for piece in set(pieces("\n".join(titles))) if f" {piece} " not in text)
        near = _stems_of(_beginning(_initials(left)).findall(text)) if left else set()
    else:
        said = set(pieces(text))
        left = _stems_of(set(pieces("\n".join(titles))) - said)
        first = _initials(left)
        near = _stems_of(piece for piece in said if piece[0].lower() in first or not piece.isascii())
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
    for place, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return one[:place]
    return min(one, other, key=len)


@lru_cache(maxsize=10_000)
def _beginning(letters: str) -> re.Pattern[str]:
    """What finds the pieces with these first letters in a line of pieces that each stand between spaces."""
    return re.compile(f" ([{letters}][^ ]*)")


def _initials(words: Iterable[str]) -> str:
    return "".join(sorted({word[0] for word in words}))


def _stems_of(pieces: Iterable[str]) -> set[str]:
    return set(chain.from_iterable(map(_stems, pieces)))


@lru_cache(maxsize=100_000)  # a few words make most of all texts
def _stems(piece: str) -> tuple[str, ...]:
    return tuple(stems(piece))
