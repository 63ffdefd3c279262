r"""LaTeX in titles and abstracts, made readable: as plain Unicode text or as safe HTML with MathML.

One in four abstracts on arXiv holds a formula and one in seven an accent written in TeX. Authors also write
prices (\$5), percentages, stray backslashes and things that only look like TeX. So the rule everywhere: what is
surely understood is rendered, the rest stays exactly as written, and no word is ever lost.

    parts      cuts a text into prose and formulas
    prose      TeX that stands in prose: accents, escapes, fonts, links
    mathml     a formula to MathML
    readable   a formula to readable Unicode
    symbols    the small tables behind them
    cut        a text in two, for a teaser and the rest
    hosts      where code is kept

All functions are pure, take any string, never raise and take time linear in its length.
"""

from __future__ import annotations

import re
from html import escape

from broadsheet.tex import parts, prose
from broadsheet.tex.cut import cut
from broadsheet.tex.hosts import has_code, web_addresses
from broadsheet.tex.mathml import mathml
from broadsheet.tex.prose import addresses
from broadsheet.tex.readable import readable

__all__ = ["addresses", "clean", "cut", "for_xml", "has_code", "html", "plain", "web_addresses"]

_NO_XML = dict.fromkeys((0x0B, 0x0C, 0x1C, 0x1D, 0x1E, 0x1F), " ")
MOST_TEXT = 200_000  # characters: beyond it, text is cleaned of bad characters and nothing more
MOST_FORMULAS = 500  # in one text; the rest is shown as its source

# What no page or message may carry: controls, half a surrogate pair, "noncharacters", and the marks that turn
# the direction of the text after them (a title could otherwise reverse the rest of the page).
_BAD = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff" + "".join(
    f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17)
)
_REMOVED = re.compile(f"[{_BAD}]")
_CONTROLS = bytes((*range(0x20), 0x7F))  # of ASCII
_SIGNS = ("\\", "$", "}", "~", "`", "--", "''")  # without one of these there is no TeX
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)  # in titles that arXiv has from journals; any other "<" is text


def plain(text: str) -> str:
    """The text as Unicode without TeX, white space folded: for search, e-mail, JSON and page titles.

    Formulas become readable ("$10^{-3}$" is "10⁻³"); a search should fold with NFKC, which makes digits of
    raised and lowered ones. Words are never lost, only citation keys are.
    """
    text = _folded(text)
    if len(text) > MOST_TEXT or not any(map(text.__contains__, _SIGNS)):
        return text
    pieces = [
        prose.plain(part.source) if part.kind is parts.PROSE else readable(part.source) for part in parts.split(text)
    ]
    text = "".join(pieces)
    return text if _is_folded(text) else " ".join(text.split())


def html(text: str, *, links: bool = False) -> str:
    """The text as HTML: everything escaped, formulas as MathML that has passed an allow-list.

    A formula that cannot be read stays as its source in <code>. With `links`, web addresses become anchors
    (http and https only); leave it off where the result stands inside an anchor.
    """
    text = _folded(text)
    if len(text) > MOST_TEXT:
        return escape(text)
    out: list[str] = []
    formulas = 0
    for part in parts.split(text):
        if part.kind is parts.PROSE:
            out.append(prose.html(part.source, links=links))
            continue
        formulas += 1
        rendered = mathml(part.source, block=part.kind is parts.DISPLAY) if formulas <= MOST_FORMULAS else None
        out.append(rendered or f"<code>{escape(part.written)}</code>")
    return "".join(out).strip()


def clean(text: str) -> str:
    """The text without the characters that no page or message may carry; its lines stay as they are."""
    return text if text.replace("\n", "").isprintable() else _REMOVED.sub("", text)


def for_xml(text: str) -> str:
    """The text without what XML cannot hold: `clean`, and the controls that count as white space are spaces."""
    return clean(text).translate(_NO_XML)


def _folded(text: str) -> str:
    if "<" in text:
        text = _BREAK.sub(" ", text)
    if _is_folded(text):
        return text
    text = " ".join(text.split())
    return text if text.isprintable() else " ".join(clean(text).split())


def _is_folded(text: str) -> bool:
    """Whether folding white space would change nothing, and every character may be shown."""
    # What is printable has no white space but plain spaces: seen in a third of the time of split and join.
    return _printable(text) and "  " not in text and text[:1] != " " != text[-1:]


def _printable(text: str) -> bool:
    """`text.isprintable()`, in half of its time where all is ASCII."""
    if not text.isascii():
        return text.isprintable()
    return len(text.encode().translate(None, _CONTROLS)) == len(text)
