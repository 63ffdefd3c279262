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
    r"\\(?:begin|end)\{(?:equation|displaymath|align|gather|multline|eqnarray|flalign)\*?\}|\\[()\[\]]|\\.|\$\$|\$",
    re.DOTALL,
)
_WORDS = re.compile(r" [A-Za-z]{3,}\W")
_TEX = re.compile(r"[\\^_{}=<>]")
_CLOSING = {"$": "$", "$$": "$$", r"\(": r"\)", r"\[": r"\]"}


def split(text: str) -> list[Part]:
    """The parts of a text, in order; joined as written they are the text again."""
    if "$" not in text and not any(mark in text for mark in (r"\(", r"\[", r"\begin{")):
        return [Part(PROSE, text, text)]
    marks = list(_MARK.finditer(text))
    dollars = sum(1 for mark in marks if mark[0] == "$")
    pairs = sum(1 for mark in marks if mark[0] == "$$")
    ignored = {"$"} if dollars % 2 else set()
    if pairs % 2:
        ignored.add("$$")
    marks = [mark for mark in marks if mark[0] not in ignored]
    return list(_walk(text, marks))


def _walk(text: str, marks: list[re.Match[str]]) -> Iterator[Part]:
    start = 0  # of the prose not yet given out
    opened: re.Match[str] | None = None
    for mark in marks:
        if opened is None:
            opened = mark if _closing(mark[0]) else None
            continue
        if mark[0] != _closing(opened[0]):
            continue
        inner = text[opened.end() : mark.start()]
        if opened[0] == "$" and _prices(inner, text[mark.end() : mark.end() + 1]):
            opened = mark  # the first dollar was a price; this one may still open a formula
            continue
        if start < opened.start():
            yield Part(PROSE, text[start : opened.start()], text[start : opened.start()])
        written = text[opened.start() : mark.end()]
        # Of an equation the inside is the formula; an alignment says what its "&" mean.
        aligned = opened[0].startswith(r"\begin") and not opened[0].startswith((r"\begin{eq", r"\begin{dis"))
        aligned |= opened[0].startswith(r"\begin{eqn")
        yield Part(INLINE if opened[0] in ("$", r"\(") else DISPLAY, written if aligned else inner.strip(), written)
        start, opened = mark.end(), None
    if start < len(text):
        yield Part(PROSE, text[start:], text[start:])


def _closing(mark: str) -> str | None:
    return mark.replace("begin", "end") if mark.startswith(r"\begin") else _CLOSING.get(mark)


def _prices(inner: str, following: str) -> bool:
    if not inner[:1].isdigit():
        return False
    return (inner[-1:].isspace() and following.isdigit()) or bool(_WORDS.search(inner) and not _TEX.search(inner))
