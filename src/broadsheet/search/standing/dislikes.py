r"""What is to be kept away: "satellite forest monitoring, not agriculture", and papers that were not wanted.

An exclusion (`-agriculture`) takes every paper that has the word, however it is meant. A dislike takes papers that are
*about* it. Of a paper p, a wish w and something disliked u, p is kept away where

- the title of p has all words of u; or p has them anywhere and cos(p, u) >= MENTIONED;
- or p is about u: cos(p, u) >= max(LEAST, SHARE * cos(p, w));
- or p is like a disliked paper apart from what was wished for: with x' = x - (x.w) w, cos(p', u') >= ALIKE, for one of
  the disliked papers or for all of them together (the unit mean of their u').

The constants were chosen on 20 wishes with a dislike over 40,000 papers, where papers were taken to be about the
disliked if a word of it stands in the title or three times in all, and not if it stands nowhere: words kept away 72% of
the former and 1.3% of the latter; three disliked papers 42% and 2%. An exclusion of the word takes 62% and 0.2%, and of
papers that mention it once 45% where a dislike takes 17%.
"""

import re
from typing import TYPE_CHECKING, NamedTuple

from broadsheet.search.standing.newcomers import Said

if TYPE_CHECKING:  # numpy is loaded with the encoder
    from broadsheet.search.encoder import Vectors
    from broadsheet.search.vectors.snapshot import Mask

MENTIONED = 0.2
LEAST, SHARE = 0.3, 0.6
ALIKE = 0.45
ALIKE_WHOLE = 0.55  # of whole papers, where a wish has no meaning to take away
MOST_DISLIKES = 20  # that one text names

_NOT = re.compile(
    r"""(?:\s*[,;(\u2013\u2014]\s*(?:and\ |but\ )?|\s+but\s+)
    (?:not|no|without|nothing|except|excluding|other\ than)\b(?:\s+(?:about|on|for|in|with|from|of))?\s+
    (?P<rest>[^"]+)$""",
    re.VERBOSE | re.IGNORECASE,
)
_FIELD = re.compile(r'(?:^|\s)(?:-?[a-z]+:(?:"[^"]*"|\S+)|-(?:"[^"]*"|\S+))')
_BETWEEN = re.compile(
    r"\s*[,;]\s*(?:(?:and|or|nor|but)\s+)?(?:not\s+|no\s+)?(?:about\s+|on\s+)?|\s+(?:or|nor|and not)\s+", re.IGNORECASE
)


class Split(NamedTuple):
    """A wish as somebody says it, taken apart."""

    text: str
    unlike_text: str


def split(text: str) -> Split:
    """Takes "satellite forest monitoring, not agriculture or drought" apart: what is wished for, and what is not.

    Only where "not" comes after a comma, a bracket or "but": within a sentence it may be part of a title. Operators
    and fields behind it (`category:cs.CV`, `-survey`) stay part of the wish. Text without it stays as it is.
    """
    text = " ".join(text.split())
    if (match := _NOT.search(text)) is None or match.start() == 0:
        return Split(text, "")
    rest = match["rest"]
    fields = [part.strip() for part in _FIELD.findall(rest)]
    unlike = ", ".join(named(_FIELD.sub(" ", rest)))
    if not unlike:
        return Split(text, "")
    return Split(" ".join([text[: match.start()].strip(), *fields]), unlike)


def named(unlike_text: str) -> list[str]:
    """The single dislikes in a text: "agriculture, crops or drought" names three."""
    parts = (" ".join(part.split()).strip(" .;,()") for part in _BETWEEN.split(unlike_text))
    return list(dict.fromkeys(part for part in parts if any(map(str.isalnum, part))))[:MOST_DISLIKES]


class Dislike(NamedTuple):
    """One thing that is disliked: its stems and its meaning."""

    stems: list[str]
    vector: "Vectors"


def about(said: Said, cosine: float, to_wish: float, dislike: Dislike) -> bool:
    """Whether a paper is about something disliked; `cosine` is how near it is to that, `to_wish` to what is wanted."""
    if dislike.stems and said.titled(dislike.stems):
        return True
    if dislike.stems and said.has(dislike.stems) and cosine >= MENTIONED:
        return True
    return cosine >= max(LEAST, SHARE * to_wish)


def alike(papers: "Vectors", disliked: "Vectors", wish: "Vectors") -> "Mask":
    """For each paper whether it is like one of the disliked ones, or like all of them, apart from what is wished for.

    Vectors are of unit length, one a row; a wish that means nothing is zero.
    """
    import numpy as np  # noqa: PLC0415  see above

    least = ALIKE if wish.any() else ALIKE_WHOLE
    if wish.any():
        papers = papers - np.outer(papers @ wish, wish)
        disliked = disliked - np.outer(disliked @ wish, wish)
    own, theirs = unit(papers), unit(disliked)
    theirs = np.vstack([theirs, unit(theirs.mean(axis=0, keepdims=True))])
    found: Mask = (own @ theirs.T).max(axis=1) >= least
    return found


def unit(vectors: "Vectors") -> "Vectors":
    """The vectors made of unit length; zero stays zero."""
    import numpy as np  # noqa: PLC0415  see above

    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    made = vectors.copy()
    made /= np.where(lengths == 0, 1, lengths)
    return made
