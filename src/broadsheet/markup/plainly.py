"""Plain text of Markdown: for feeds, mails and lists, where the marks would be noise."""

from collections.abc import Iterator

from markdown_it.token import Token

from broadsheet import tex
from broadsheet.markup.parsing import read
from broadsheet.tex.readable import readable

_BREAKS = frozenset({"softbreak", "hardbreak"})


def plain(text: str) -> str:
    """The text without its marks: paragraphs with an empty line between them, formulas as readable Unicode.

    Items begin with "- " or their number, quotes with "> ", and the address of a link follows its words. Nothing that
    was said is lost, and the result is no HTML: who puts it on a page escapes it.
    """
    tokens = read(text)
    return tex.clean(text if tokens is None else _Teller().told(tokens)).strip()


class _Teller:
    """Tells the tokens of one text, block after block."""

    def __init__(self) -> None:
        self._margins: list[str] = []  # what stands before each line: of quotes, and of lists
        self._counts: list[int | None] = []  # the next number of each open list; None for one with bullets
        self._item = ""  # what the next line begins with
        self._tight = False  # whether the next block stands right below the last one
        self._begun = False  # whether a list begins with it

    def told(self, tokens: list[Token]) -> str:
        """The whole text."""
        out = ""
        for token in tokens:
            block = self._block(token)
            if block is None:
                continue
            below = "\n" if self._tight and not (self._begun and len(self._counts) == 1) else "\n\n"
            out += (below if out else "") + self._lined(block)
            self._tight = self._begun = False
        return out

    def _block(self, token: Token) -> str | None:
        """What a token adds as a block of its own; None for those that only open and close."""
        kind = token.type
        if kind == "inline":
            return "".join(_told(token.children or []))
        if kind in ("fence", "code_block"):
            return token.content.rstrip("\n")
        if kind == "math_block":
            return readable(token.content)
        if kind == "hr":
            return "* * *"
        if kind == "paragraph_open":
            self._tight = token.hidden
        self._enter_or_leave(token)
        return None

    def _enter_or_leave(self, token: Token) -> None:
        kind = token.type
        if kind == "blockquote_open":
            self._margins.append("> ")
        elif kind in ("bullet_list_open", "ordered_list_open"):
            ordered = kind.startswith("ordered")
            self._counts.append(int(token.attrGet("start") or 1) if ordered else None)
            self._begun = True
        elif kind == "list_item_open":
            number = self._counts[-1]
            mark = "- " if number is None else f"{number}. "
            self._counts[-1] = None if number is None else number + 1
            self._item = "".join(self._margins) + mark if not self._item else self._item + mark
            self._margins.append(" " * len(mark))
        elif kind in ("blockquote_close", "list_item_close"):
            self._margins.pop()
            self._item = ""
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._counts.pop()

    def _lined(self, block: str) -> str:
        margin = "".join(self._margins)
        first, self._item = self._item or margin, ""
        lines = block.split("\n")
        return "\n".join((first if number == 0 else margin) + line for number, line in enumerate(lines))


def _told(tokens: list[Token]) -> Iterator[str]:
    words, address = "", None
    for token in tokens:
        text = _word(token)
        if token.type == "link_open":
            words, address = "", str(token.attrGet("href") or "")
        elif token.type == "link_close" and address is not None:
            yield words if words in (address, "") or address.endswith(words) else f"{words} ({address})"
            address = None
        elif address is not None:
            words += text
        else:
            yield text
    if address is not None:
        yield words


def _word(token: Token) -> str:
    if token.type == "math":
        return readable(token.content)
    return "\n" if token.type in _BREAKS else token.content
