"""The parser: which rules of Markdown hold, and how much is read at all."""

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from broadsheet import tex
from broadsheet.markup import formulas

MOST_TEXT = 20_000  # characters; the door takes no longer comment, and a longer text is shown as it was typed
_DEEPEST = 20  # nested quotes, lists and emphasis; deeper marks are text
_LINK = re.compile(r"https?://[^\s/?#@]+(?:[/?#]\S*)?", re.IGNORECASE)  # no "user@": it hides where a link leads


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": _DEEPEST})
    # `reference` would let a few letters stand for a long address, again and again: a small text, a huge page.
    parser.disable(["html_block", "html_inline", "image", "reference"])
    parser.enable("strikethrough")
    parser.use(formulas.rules)
    parser.validateLink = lambda url: bool(_LINK.fullmatch(url))  # type: ignore[method-assign]
    return parser


# Parsing changes nothing in it: it may be shared by threads.
_PARSER = _parser()


def read(text: str) -> list[Token] | None:
    """The text as tokens; None where it is too long to be read."""
    if len(text) > MOST_TEXT:
        return None
    try:
        return _PARSER.parse(tex.clean(text))
    except RecursionError:  # the library's own depth is bounded; whoever calls from deep down should not suffer for it
        return None
