"""Cuts a text in two where a reader may pause: never inside a formula or a group of braces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from broadsheet.tex import parts

_PAUSE = re.compile("[{} ]")  # white space is folded before
_ENDS = frozenset(".!?\"')]”’")  # noqa: RUF001 - what a sentence may end with
_SENTENCE = re.compile(r"[.!?][\"')\]”’]?$")  # noqa: RUF001 - closing quotation marks
_SHORT = re.compile(r"(?:^|[\s(])(?:[A-Za-z]|e\.g|i\.e|al|cf|vs|resp|Fig|Figs|Eq|Sec|Ref|Refs|No|Dr|approx|ca)\.$")


def cut(text: str, about: int) -> tuple[str, str]:
    """The beginning of a text and the rest, white space folded.

    The beginning ends with a sentence if one ends between half of `about` and a quarter more characters, else with
    a word. Joined with a space the two are the text; the rest is empty where the text is hardly longer.
    """
    text = " ".join(text.split())
    if len(text) <= about * 1.4:
        return text, ""
    word = sentence = 0
    for place in _pauses(text, round(about * 1.25)):
        if place <= about:
            word = place
        if place >= about // 2 and text[place - 1] in _ENDS:
            before = text[max(0, place - 12) : place]
            if _SENTENCE.search(before) and not _SHORT.search(before):
                sentence = place
    at = sentence or word
    return text[:at].rstrip(), text[at:].lstrip()


def _pauses(text: str, most: int) -> Iterator[int]:
    """Where white space stands outside formulas and braces, up to `most` characters."""
    offset = depth = 0
    for part in parts.split(text):
        if part.kind is parts.PROSE:
            for match in _PAUSE.finditer(part.written):
                sign, place = match[0], offset + match.start()
                if place > most:
                    return
                if sign == "{":
                    depth += 1
                elif sign == "}":
                    depth = max(0, depth - 1)
                elif not depth:
                    yield place
        offset += len(part.written)
        if offset > most:
            return
