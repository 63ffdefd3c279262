"""Mentions and bare web addresses: found in prose that is parsed already, so never in code, formulas or links."""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from markdown_it.token import Token

from broadsheet import tex
from broadsheet.markup.parsing import read

MOST_MENTIONS = 20  # in one text; the others are plain text, and nobody is told of them
# As handles are spelt (`ids.people`), in any case. "a@b" is an address, and "@@ada" is nobody.
_MENTION = re.compile(
    r"(?<![\w@/.+-])@([a-z0-9](?:[a-z0-9]|[_-](?=[a-z0-9])){1,29})(?![\w@])", re.ASCII | re.IGNORECASE
)


class Piece(NamedTuple):
    """A stretch of prose: what stands there, and where that leads: a web address, or a person's name."""

    kind: Literal["text", "link", "mention"]
    text: str
    target: str = ""


def pieces(text: str) -> Iterator[Piece]:
    """Prose cut at its mentions and its addresses; joined as they stand they are the prose again."""
    at = 0
    for begin, end in tex.addresses(text) if "://" in text else ():
        yield from _mentioned(text[at:begin])
        yield Piece("link", text[begin:end], text[begin:end])
        at = end
    yield from _mentioned(text[at:])


def _mentioned(text: str) -> Iterator[Piece]:
    at = 0
    for found in _MENTION.finditer(text) if "@" in text else ():
        if found.start() > at:
            yield Piece("text", text[at : found.start()])
        yield Piece("mention", found[0], found[1].lower())
        at = found.end()
    if at < len(text):
        yield Piece("text", text[at:])


def mentions(text: str) -> tuple[str, ...]:
    """The names that a text mentions, in small letters, each once, in their order; there may be nobody so called."""
    names: dict[str, None] = {}
    for block in read(text) or ():
        for prose in proses(block.children or ()):
            names |= {piece.target: None for piece in pieces(prose.content) if piece.kind == "mention"}
    return tuple(names)[:MOST_MENTIONS]


def proses(tokens: Iterator[Token] | list[Token] | tuple[()]) -> Iterator[Token]:
    """The tokens that are prose and stand in no link."""
    inside = 0
    for token in tokens:
        inside += (token.type == "link_open") - (token.type == "link_close")
        if token.type == "text" and not inside:
            yield token
