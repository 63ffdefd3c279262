"""Tables of words by their first letters match what they matched."""

import re

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.reading.results.quick import alternatives, words

TABLE = r"rais(?:e[sd]?|ing)|sped up|top-[15]|m?ap(?:@\d|x)?|more|most|rise"
PIECES = (
    "rais", "RAISES", "raising", "sped up", "Top-1", "map", "ap@5", "mApx", "more", "MOST", "rise", " ", "x", "é", "_",
    "-", "\n",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=5).map("".join))
def test_the_same_matches(text: str) -> None:
    plain, quick = (re.compile(rf"\b(?:{one})", re.IGNORECASE) for one in (TABLE, alternatives(TABLE)))
    assert [match.span() for match in quick.finditer(text)] == [match.span() for match in plain.finditer(text)]


@given(st.lists(st.sampled_from(PIECES), max_size=5).map("".join))
def test_the_same_words(text: str) -> None:
    plain, quick = (re.compile(one, re.IGNORECASE) for one in (rf"\b(?:{TABLE})", words(TABLE)))
    assert [match.span() for match in quick.finditer(text)] == [match.span() for match in plain.finditer(text)]
