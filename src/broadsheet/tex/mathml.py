r"""A formula as MathML, behind an allow-list.

It is made by latex2mathml, which alone lets mark-up through: the inside of \text{<script>} comes out raw, and
\href and \style become attributes. So its output is never used as text. Its tree is taken instead and written by
`_written`, which knows some thirty elements and two dozen attributes, escapes every text, and gives up on anything
else; nh3 then cleans the result once more, and unless it finds nothing to take away, the formula is refused. What is
refused is shown as its source.
"""

# ruff: noqa: SIM905 - word lists read best as words
from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from unicodedata import lookup
from xml.etree.ElementTree import Element

import nh3

from broadsheet.tex import symbols

DEEPEST = 60  # nested elements
LARGEST = 16_000  # bytes of MathML
# Visible characters from which a formula may be wider than a phone, in a title or in text. It then scrolls inside
# itself; the second kind can also be reached with the keyboard, which the first hardly ever needs.
WIDE, WIDER = 18, 36

TAGS = frozenset(
    "math mrow mi mn mo mtext ms mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mmultiscripts "
    "mprescripts none mtable mtr mtd mstyle mpadded mphantom menclose".split()
)
_ROWS = frozenset("math mrow mtd mstyle msqrt mpadded mphantom menclose".split())  # any number of children
_ARITY = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3}
# Attribute -> what it may say. Lengths are kept small: a formula must not paint over the page.
_LENGTH = r"[+-]?(?:\d|1\d)?(?:\.\d{1,4})?(?:em|ex|pt|px|mu)"
ATTRIBUTES = {
    "display": "block",
    "mathvariant": "normal|bold|italic|bold-italic|script|fraktur|double-struck|sans-serif|monospace",
    "stretchy": "true|false",
    "fence": "true|false",
    "largeop": "true|false",
    "symmetric": "true|false",
    "movablelimits": "true|false",
    "accent": "true|false",
    "accentunder": "true|false",
    "displaystyle": "true|false",
    "scriptlevel": r"[+-]?\d",
    "form": "prefix|infix|postfix",
    "linethickness": f"0|{_LENGTH}",
    "notation": "[a-z ]{1,40}",
    "columnalign": "[a-z ]{1,60}",
    "rowspacing": f"(?:{_LENGTH} ?){{1,8}}",
    "columnspacing": f"(?:{_LENGTH} ?){{1,8}}",
    "width": f"0|{_LENGTH}",
    "height": f"0|{_LENGTH}",
    "depth": f"0|{_LENGTH}",
    "lspace": f"0|{_LENGTH}",
    "rspace": f"0|{_LENGTH}",
    "voffset": f"0|{_LENGTH}",
    "minsize": f"{_LENGTH}|\\d(?:\\.\\d+)?",
    "maxsize": f"{_LENGTH}|\\d(?:\\.\\d+)?",
}
_ALLOWED = {name: re.compile(pattern) for name, pattern in ATTRIBUTES.items()}
_CLEANER = nh3.Cleaner(
    tags=set(TAGS), attributes={"*": set(ATTRIBUTES)}, url_schemes=set(), link_rel=None, strip_comments=True
)

# Macros could grow without end; the others reach outside the formula.
_REFUSED = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|newenvironment|[egx]?def|let|DeclareMathOperator|rule|href|url|html\w*"
    r"|includegraphics|input|include|csname|style|class|cssId|tag|label|require|unicode)(?![A-Za-z])"
)
_TAG = re.compile(r"<[^>]*>")


class _UnreadableError(Exception):
    """Something in a formula that is not surely understood."""


# What prose can say better than a formula: a number, and the raised or lowered number of "H$_2$O".
_NUMBER = re.compile(r"[0-9][0-9.,]*(?:\\%)?")
_SPACE = re.compile(r"(?:\\[,;:! ]|\\q?quad|~|\s)+")
_SCRIPT = re.compile(r"(?:\{\})?(?P<place>[_^])(?:(?P<digit>[0-9])|\{(?P<digits>[0-9]{1,6})\})")


@lru_cache(maxsize=2048)
def mathml(tex: str, *, block: bool = False) -> str | None:
    """The formula as a <math> element, in a span that scrolls where it is wide; None where it cannot be read.

    A mere number comes out as text, a lone script as <sub> or <sup>.
    """
    return _simple(tex) or _formula(tex, "block" if block else "inline")


def _formula(tex: str, display: str) -> str | None:
    if not tex or len(tex) > symbols.LONGEST or symbols.too_deep(tex):
        return None
    try:
        written = _written(_tree(symbols.expanded(tex), display))
    except _UnreadableError:
        return None
    except Exception:  # noqa: BLE001 - latex2mathml raises whatever it stumbles over: IndexError, RecursionError, its own
        return None
    cleaned = _CLEANER.clean(written)
    shown = _shown(cleaned)
    whole = shown == _shown(written) and cleaned.count("<") == written.count("<")
    if not whole or not shown.strip() or len(cleaned) > LARGEST:
        return None
    if len(shown) < WIDE:
        return cleaned
    kind = "wide block" if display == "block" else "wide"
    reach = ' role="group" aria-label="Formula" tabindex="0"' if len(shown) >= WIDER else ""
    return f'<span class="{kind}"{reach}>{cleaned}</span>'


def _simple(tex: str) -> str | None:
    if _SPACE.fullmatch(tex):
        return " "
    if _NUMBER.fullmatch(tex):
        return tex.replace("\\", "")
    if script := _SCRIPT.fullmatch(tex):
        tag = "sub" if script["place"] == "_" else "sup"
        return f"<{tag}>{script['digit'] or script['digits']}</{tag}>"
    return None


def _tree(tex: str, display: str) -> Element:
    from latex2mathml.converter import convert_to_element  # noqa: PLC0415 - 0.2 s that only pages need

    if _REFUSED.search(tex):
        raise _UnreadableError(tex)
    tree: Element = convert_to_element(tex, display=display)
    return tree


def _shown(markup: str) -> str:
    return unescape(_TAG.sub("", markup))


def _written(node: Element, depth: int = 0) -> str:
    """The element as text, from the allow-list alone; rows that group nothing are left out."""
    if node.tag not in TAGS or depth > DEEPEST:
        raise _UnreadableError(node.tag)
    children = _joined(list(node)) if node.tag in _ROWS else list(node)
    if node.tag in _ARITY and len(children) != _ARITY[node.tag]:
        raise _UnreadableError(node.tag)
    if node.tag == "mrow" and len(children) == 1 and not node.attrib:
        return _written(children[0], depth + 1)
    if node.tag == "math" and len(children) == 1 and children[0].tag == "mrow" and not children[0].attrib:
        children = _joined(list(children[0]))
    text, variant = unescape(node.text or ""), node.attrib.get("mathvariant")
    if re.search(r"\\[A-Za-z]", text) or (node.tag != "mtext" and "$" in text):
        raise _UnreadableError(text)  # latex2mathml shows an unknown command as a name
    if any(child.tail for child in children):
        raise _UnreadableError("text between elements")
    if variant in _ALPHABETS:
        text, variant = "".join(_styled(character, _ALPHABETS[variant]) for character in text), "normal"
    if node.tag == "mi" and not _VARIABLE.fullmatch(text):
        variant = variant or "normal"  # for the style sheet: only variables are italic
    if node.tag == "mi" and text == "~":
        return "<mo>\u223c</mo>"  # the operator; latex2mathml gives the tilde of the keyboard
    attributes = "".join(
        f' {name}="{escape(value)}"'
        for name, value in (node.attrib | ({"mathvariant": variant} if variant else {})).items()
        if name in _ALLOWED and _ALLOWED[name].fullmatch(value)
    )
    inner = escape(text) + "".join(_written(child, depth + 1) for child in children)
    return f"<{node.tag}{attributes}>{inner}</{node.tag}>"


_VARIABLE = re.compile("[A-Za-z\u0131\u0237\u03b1-\u03c9\u03d1\u03d5\u03d6\u03f0\u03f1\u03f5]?")
_OPERANDS = frozenset("mi mn msub msup msubsup mfrac msqrt mroot mover".split())


def _joined(children: list[Element]) -> list[Element]:
    """Upright letters in a row are one name: "GeV", not G, e and V. A function's name stands apart: "n log n"."""
    out: list[Element] = []
    joining = False
    for child in children:
        upright = _upright(child)
        if upright and joining:
            out[-1].text = f"{out[-1].text}{child.text}"
        else:
            if out and child.tag in _OPERANDS and out[-1].tag in _OPERANDS and (_named(child) or _named(out[-1])):
                out.append(Element("mspace", width=".17em"))
            out.append(child)
        joining = upright
    return out


def _named(node: Element) -> bool:
    """Whether this is the name of a function, with its scripts: "log", "log²"."""
    while node.tag in ("msup", "msub", "msubsup") and len(node):
        node = node[0]
    return node.tag == "mi" and not node.attrib and len(text := unescape(node.text or "")) > 1 and text.isalpha()


def _upright(node: Element) -> bool:
    text = unescape(node.text or "")
    return node.tag == "mi" and len(text) == 1 and text.isalpha() and node.attrib == {"mathvariant": "normal"}


# Browsers know no mathvariant but "normal" (MathML Core): these alphabets are characters of their own.
_ALPHABETS = {"double-struck": "DOUBLE-STRUCK", "script": "SCRIPT", "fraktur": "FRAKTUR"}


def _styled(letter: str, alphabet: str) -> str:
    if not (letter.isascii() and letter.isalpha()):
        return letter
    case = f"{'CAPITAL' if letter.isupper() else 'SMALL'} {letter.upper()}"
    for start in ("MATHEMATICAL ", "", "BLACK-LETTER "):  # two dozen letters are older and named apart
        try:
            return lookup(f"{start}{alphabet} {case}" if start != "BLACK-LETTER " else f"{start}{case}")
        except KeyError:
            continue
    return letter
