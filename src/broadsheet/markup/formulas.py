r"""Mathematics in Markdown: ``$x$`` in a line, ``$$x$$`` for itself, also over several lines.

As pandoc tells formulas from prices: an opening dollar has no space after it; a closing one has no space before it and
no digit behind it. Only the next dollar may close, so that every character is looked at once. A backslash before a
dollar makes it a dollar.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_MARK = re.compile(r"\\.|\$\$?", re.DOTALL)
_PRICE = re.compile(r"\d[\d.,]* [^\\^_{}=<>]*[A-Za-z]{3}")
_LONGEST = 2_000  # characters of a formula; `tex` reads no longer one
_MOST_LINES = 100


def rules(parser: MarkdownIt) -> None:
    """Adds the rules to a parser: tokens "math", and "math_block" for a formula that begins its line."""
    parser.inline.ruler.before("escape", "math", _inline)
    parser.block.ruler.before("fence", "math_block", _block, {"alt": ["paragraph", "blockquote", "list"]})


def _inline(state: StateInline, silent: bool) -> bool:
    source, start = state.src, state.pos
    if source[start] != "$":
        return False
    mark = "$$" if source.startswith("$$", start) else "$"
    begin = start + len(mark)
    end = _closing(source, begin, mark)
    if end is None or not _is_formula(source[begin:end], source[end + len(mark) : end + len(mark) + 1], mark):
        if not silent:
            state.pending += mark
        state.pos = begin
        return True
    if not silent:
        token = state.push("math", "math", 0)
        token.content, token.markup = source[begin:end].strip(), mark
    state.pos = end + len(mark)
    return True


def _closing(source: str, begin: int, mark: str) -> int | None:
    """Where the formula ends: at the next mark, if it is of the same kind."""
    for found in _MARK.finditer(source, begin, begin + _LONGEST + len(mark)):
        if found[0] in ("$", "$$"):
            return found.start() if found[0] == mark else None
    return None


def _is_formula(inner: str, following: str, mark: str) -> bool:
    if not inner.strip() or len(inner) > _LONGEST:
        return False
    if mark == "$$":
        return True
    spaced = inner[0].isspace() or inner[-1].isspace()
    return not (spaced or following.isdigit() or _PRICE.match(inner))


def _block(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    if state.is_code_block(first):
        return False
    line = _line(state, first)
    if not line.startswith("$$"):
        return False
    found = _to_the_end(state, first, last, line)
    if found is None:
        return False
    if not silent:
        inner, end = found
        state.line = end
        token = state.push("math_block", "math", 0)
        token.block, token.content, token.markup, token.map = True, inner, "$$", [first, end]
    return True


def _to_the_end(state: StateBlock, first: int, last: int, line: str) -> tuple[str, int] | None:
    """The formula that a line opens, and the line after it; None where it has no end, or more stands behind it."""
    parts: list[str] = []
    rest = line[2:]
    for number in range(first, min(last, first + _MOST_LINES)):
        if number > first:
            if state.isEmpty(number) or state.sCount[number] < state.blkIndent:
                return None
            rest = _line(state, number)
        text, closed, behind = rest.partition("$$")
        parts.append(text)
        if closed:
            inner = "\n".join(parts).strip()
            whole = bool(inner) and len(inner) <= _LONGEST and not behind.strip()
            return (inner, number + 1) if whole else None
    return None


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]
