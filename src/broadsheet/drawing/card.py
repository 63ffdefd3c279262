"""The card of a paper: masthead, title as large as it fits, authors, and a line of facts."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

PNG = "image/png"
WIDTH, HEIGHT = 1200, 630
_FONTS = Path(__file__).parent / "fonts"
_PAPER, _INK, _SOFT, _RULE, _RED = "#fdfbf6", "#1b1a17", "#5d574c", "#d9d2c3", "#8a1c14"
_MARGIN = 72
_SIZES = (76, 68, 60, 52, 46, 40)  # of the title: the first in which it fits
_TOP, _BOTTOM = 140, 470  # where the title stands
_LONGEST = 600  # characters of a text; more never fits
_VERSION = 1  # a card drawn otherwise is another one


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a card, as plain text: each field is one line but the title."""

    masthead: str
    day: str
    title: str
    authors: str
    facts: str


def mark(shown: Card) -> str:
    """A short text that is the same for the same picture, told without drawing it."""
    return blake2b(f"{_VERSION}{shown!r}".encode("utf-8", "replace"), digest_size=9).hexdigest()


@lru_cache(maxsize=128)  # a shared link is asked for by many within minutes
def card(shown: Card) -> bytes:
    """The picture as PNG: 20 to 30 kB."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    draw = ImageDraw.Draw(image)
    right = WIDTH - _MARGIN
    masthead, by, small = _font(34, bold=True), _font(32), _font(26)
    draw.text((_MARGIN, 56), _cut(shown.masthead, masthead, right - 480), font=masthead, fill=_INK)
    day = _cut(shown.day, small, 400)
    draw.text((right - small.getlength(day), 62), day, font=small, fill=_SOFT)
    for y, width in ((110, 3), (117, 1)):
        draw.line((_MARGIN, y, right, y), fill=_INK, width=width)
    font, lines = _fitted(_clean(shown.title))
    step = font.size * 1.16
    top = _TOP + max(0.0, (_BOTTOM - _TOP - step * len(lines)) / 3)
    for place, line in enumerate(lines):
        draw.text((_MARGIN, top + step * place), line, font=font, fill=_INK)
    draw.line((_MARGIN, 500, right, 500), fill=_RULE, width=1)
    draw.text((_MARGIN, 514), _cut(shown.authors, by, right - _MARGIN), font=by, fill=_INK)
    draw.text((_MARGIN, 562), _cut(shown.facts, small, right - _MARGIN), font=small, fill=_RED)
    out = BytesIO()
    # Few colours besides the shades of letters: a palette makes it a third as large.
    image.quantize(32, method=Image.Quantize.FASTOCTREE).save(out, "PNG")
    return out.getvalue()


@lru_cache(maxsize=32)
def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / f"DejaVuSerifCondensed{'-Bold' if bold else ''}.ttf", size)


def _fitted(title: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest font in which a title fits, and its lines; in the smallest it is cut."""
    for size in _SIZES:
        font = _font(size, bold=True)
        most = int((_BOTTOM - _TOP) / (size * 1.16))
        lines = list(_wrapped(title, font))
        if len(lines) <= most:
            return font, lines
    return font, [*lines[: most - 1], _cut(" ".join(lines[most - 1 :]), font, WIDTH - 2 * _MARGIN)]


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> Iterator[str]:
    """The lines of a text; a word wider than the card is broken."""
    width, line = WIDTH - 2 * _MARGIN, ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if font.getlength(longer) <= width:
            line = longer
            continue
        if line:
            yield line
        line = word
        while font.getlength(line) > width:
            head = _head(line, font, width)
            yield head
            line = line[len(head) :]
    if line:
        yield line


def _head(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """The longest beginning that fits, of at least one character."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if font.getlength(text[:middle]) <= width else (low, middle - 1)
    return text[:low]


def _cut(text: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """The text, or so much of it as fits with an ellipsis."""
    text = _clean(text)
    if font.getlength(text) <= width:
        return text
    return _head(text, font, width - font.getlength("…")).rstrip(" ,;·") + "…"


def _clean(text: str) -> str:
    """The text without what the shaper refuses: controls, and halves of surrogate pairs."""
    return " ".join("".join(char if char.isprintable() else " " for char in text[:_LONGEST]).split())
