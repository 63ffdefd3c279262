"""Text of other people, cleaned of what no page or message may carry. Words are never changed.

Removed: control characters, and the marks that turn the direction of the text after them (a title could
otherwise reverse the rest of a page). Right-to-left text itself needs none of these and stays.
"""

import re

_REMOVED = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_HALVES = re.compile("[\ud800-\udfff]")  # of surrogate pairs: JSON can write them, UTF-8 cannot
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_SHOWN = 60  # characters of foreign text in a message


def line(text: str) -> str:
    """The text on one line: runs of white space become one space, unwanted characters go."""
    text = text.strip()
    # Printable text holds no white space but plain spaces: most text needs no more than these two looks at it.
    if "  " not in text and text.isprintable():
        return text
    folded = " ".join(text.split())
    if folded.isprintable():
        return folded
    return " ".join(_HALVES.sub("\ufffd", _REMOVED.sub("", folded)).split())


def paragraphs(text: str) -> str:
    """The text with its paragraphs (set apart by blank lines) kept, and each of them on one line."""
    if "\n" not in text:
        return line(text)
    return "\n\n".join(filter(None, map(line, _BLANK_LINE.split(text.replace("\r\n", "\n")))))


def short(value: object) -> str:
    """A foreign value for a message: on one line, not too long, in quotes when it is text."""
    text = line(str(value) if isinstance(value, str) else repr(value)[: 4 * _SHOWN])
    if len(text) > _SHOWN:
        text = text[:_SHOWN] + "…"
    return f'"{text}"' if isinstance(value, str) else text
