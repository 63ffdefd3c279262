r"""Cuts a text into prose and formulas, at unescaped $, $$, \( \), \[ \] and the environments of displayed formulas.

An odd number of dollars means that at least one is a price, and nobody can say which: then no dollar delimits
anything. Two prices in one sentence ("from $5 to $10") are told from a formula as pandoc tells them: a closing
dollar has no space before it where a digit follows; nor does a formula that begins with a number hold words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a part is: prose, a formula in the line, or one on a line of its own."""

    PROSE = "prose"
    INLINE = "inline"
    DISPLAY = "display"


PROSE, INLINE, DISPLAY = Kind.PROSE, Kind.INLINE, Kind.DISPLAY


@dataclass(slots=True)
class Part:
    """A stretch of text: its inner source, and how it was written with its delimiters."""

    kind: Kind
    source: str
    written: str


_MARK = re.compile(
    r"(\\(?:(?:begin|end)\{(?:equation|displaymath|align|gather|multline|eqnarray|flalign)\*?\}|.)|\$\$?)", re.DOTALL
)
_WORDS = re.compile(r" [A-Za-z]{3,}\W")
_TEX = re.compile(r"[\\^_{}=<>]")
_CLOSING = {"$": "$", "$$": "$$", r"\(": r"\)", r"\[": r"\]"}


def split(text: str) -> list[Part]:
    """The parts of a text, in order; joined as written they are the text again."""
    if "$" not in text and not any(mark in text for mark in (r"\(", r"\[", r"\begin{")):
        return [Part(PROSE, text, text)]
    pieces = _MARK.split(text)  # a text and a mark in turn
    ignored = {dollar for dollar in ("$", "$$") if pieces.count(dollar) % 2}
    return list(_walk(pieces, ignored))


def _walk(pieces: list[str], ignored: set[str]) -> Iterator[Part]:
    start = 0  # the first piece of the prose not yet given out
    opened, closing = 0, None  # the mark that opened a formula, and the mark that it waits for
    for at in range(1, len(pieces), 2):
        mark = pieces[at]
        if mark in ignored:
            continue
        if closing is None:
            opened, closing = at, _closing(mark)
            continue
        if mark != closing:
            continue
        inner = "".join(pieces[opened + 1 : at])
        if mark == "$" and _prices(inner, pieces[at + 1][:1]):
            opened = at  # the first dollar was a price; this one may still open a formula
            continue
        if prose := "".join(pieces[start:opened]):
            yield Part(PROSE, prose, prose)
        opening = pieces[opened]
        written = f"{opening}{inner}{mark}"
        # Of an equation the inside is the formula; an alignment says what its "&" mean.
        aligned = opening.startswith(r"\begin") and not opening.startswith((r"\begin{eq", r"\begin{dis"))
        aligned |= opening.startswith(r"\begin{eqn")
        yield Part(INLINE if opening in ("$", r"\(") else DISPLAY, written if aligned else inner.strip(), written)
        start, closing = at + 1, None
    if prose := "".join(pieces[start:]):
        yield Part(PROSE, prose, prose)


def _closing(mark: str) -> str | None:
    return mark.replace("begin", "end") if mark.startswith(r"\begin") else _CLOSING.get(mark)


def _prices(inner: str, following: str) -> bool:
    if not inner[:1].isdigit():
        return False
    return (inner[-1:].isspace() and following.isdigit()) or bool(_WORDS.search(inner) and not _TEX.search(inner))
