"""Small tables of TeX: accents, special letters, fonts, and the symbols that latex2mathml knows by name."""

# ruff: noqa: RUF001, SIM905 - look-alike characters are the subject here; word lists read best as words
from __future__ import annotations

import re
import unicodedata
from functools import cache

# Accent command -> combining character.
ACCENTS = {
    '"': "\u0308",
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "u": "\u0306",
    "v": "\u030c",
    "H": "\u030b",
    "c": "\u0327",
    "k": "\u0328",
    "r": "\u030a",
    "d": "\u0323",
    "b": "\u0331",
}

# Commands that stand for a letter or a sign in prose. TeX swallows the space after them.
LETTERS = {
    "ss": "ß",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "i": "ı",
    "j": "ȷ",
    "dh": "ð",
    "DH": "Ð",
    "dj": "đ",
    "DJ": "Đ",
    "th": "þ",
    "TH": "Þ",
    "ng": "ŋ",
    "NG": "Ŋ",
    "TeX": "TeX",
    "LaTeX": "LaTeX",
}

# Commands that stand for a sign in prose; the space after them is the author's.
SIGNS = {
    "textendash": "–",
    "textemdash": "—",
    "ldots": "…",
    "dots": "…",
    "textellipsis": "…",
    "S": "§",
    "P": "¶",
    "copyright": "©",
    "textcopyright": "©",
    "textregistered": "®",
    "texttrademark": "™",
    "pounds": "£",
    "euro": "€",
    "texteuro": "€",
    "deg": "°",
    "degree": "°",
    "textdegree": "°",
    "percent": "%",
    "infinity": "∞",
    "textless": "<",
    "textgreater": ">",
    "textbackslash": "\\",
    "textunderscore": "_",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textbar": "|",
    "textquotesingle": "'",
    "textquoteleft": "\u2018",
    "textquoteright": "\u2019",
    "textquotedblleft": "\u201c",
    "textquotedblright": "\u201d",
    "guillemotleft": "«",
    "guillemotright": "»",
    "textbullet": "•",
    "par": " ",
    "newline": " ",
    "quad": " ",
    "qquad": " ",
}

LONGEST = 2_000  # characters of a formula; a longer one stays as it is
DEEPEST = 60  # nested braces in a formula

# One character after a backslash, in prose and in formulas.
ESCAPES = {
    "%": "%",
    "&": "&",
    "_": "_",
    "$": "$",
    "#": "#",
    "{": "{",
    "}": "}",
    " ": " ",
    "\\": " ",
    ",": " ",
    ";": " ",
    ":": " ",
    "!": "",
    "-": "",
    "/": "",
    "|": "‖",
}

# Commands whose argument is the text itself.
KEPT = frozenset(
    "emph textbf textit textsc texttt textrm textsf textsl textup textmd textnormal text mbox hbox underline uline "
    "mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak mathscr boldsymbol bm operatorname textsuperscript "
    "textsubscript enquote uppercase ensuremath".split()
)

# Commands that change the type from here to the end of the group, or do nothing that shows.
SWITCHES = frozenset(
    "it em bf sc rm tt sl sf cal bfseries itshape scshape ttfamily rmfamily sffamily upshape normalfont mdseries "
    "tiny scriptsize footnotesize small normalsize large Large displaystyle textstyle noindent centering xspace "
    "protect limits nolimits".split()
)

# Commands that are dropped with their arguments: keys, not words.
DROPPED = frozenset("cite citep citet citealp citealt citeauthor citeyear autocite parencite label".split())


def accented(accent: str, letter: str) -> str | None:
    """The letter with the accent, where Unicode has it as one character."""
    made = unicodedata.normalize("NFC", {"ı": "i", "ȷ": "j"}.get(letter, letter) + ACCENTS[accent])
    return made if len(made) == 1 else None


@cache
def _named() -> dict[str, str]:
    # latex2mathml reads its table of 2,500 symbols when imported (50 ms): only where a symbol is asked for.
    from latex2mathml.symbols_parser import SYMBOLS  # noqa: PLC0415

    table = {
        name[1:]: chr(int(code, 16))
        for name, code in SYMBOLS.items()
        if name.startswith("\\") and name[1:].isalpha() and "-" not in code
    }
    # TeX's own meaning where the table has another character, or none that fonts hold.
    table.update(
        sim="∼", mid="|", vert="|", lvert="|", rvert="|", Vert="‖", colon=":", setminus="∖", star="⋆", ast="∗",
        le="≤", ge="≥", ne="≠", to="→", gets="←", iff="⇔", land="∧", lor="∨", lnot="¬", epsilon="ϵ",
        varepsilon="ε", phi="ϕ", varphi="φ", bullet="•", prime="′", lbrace="{", rbrace="}", backslash="\\",
        degree="°", percent="%", hbar="ℏ", aleph="ℵ", cdots="⋯", nbsp=" ", eps="ε",
    )  # fmt: skip
    return table


def symbol(name: str) -> str | None:
    r"""The character of a symbol's command name ("alpha"), if there is one."""
    found = _named().get(name)
    return found if found and found.isprintable() else None


# What authors define for themselves and everybody means alike.
MACROS = {
    **{letter: rf"\mathbb{{{letter}}}" for letter in "RZNQC"},
    **{letter * 2: rf"\mathbb{{{letter}}}" for letter in "RZNQCFPE"},
    **{
        name: rf"\operatorname{{{name}}}"
        for name in (
            "arg Hom Spec Aut End Ext Tor GL SL PGL GF NP poly polylog rank tr diag sign supp Var Cov vol".split()
        )
    },
    "eps": r"\varepsilon",
    "hdots": r"\dots",
    "bm": r"\boldsymbol",
    "mathbbm": r"\mathbb",
    "mathds": r"\mathbb",
    "pazocal": r"\mathcal",
    "Tilde": r"\tilde",
    "Alpha": r"\mathrm{A}",
    "Beta": r"\mathrm{B}",
    **dict.fromkeys(("xspace", "ensuremath", "mathop", "mathbin", "mathrel", "mathord", "mathpunct", "nonumber"), ""),
    "textsc": r"\text",
    "textup": r"\text",
}
_MACRO = re.compile(
    r"\\(?:(?P<name>" + "|".join(sorted(MACROS, key=len, reverse=True)) + r")(?![A-Za-z])"
    r"|unicode\s?\{(?P<code>x[0-9A-Fa-f]{1,6}|\d{1,7})\})"
)
_ALIGNED = re.compile(r"\\(begin|end)\{(?:align|aligned|gather|gathered|multline|eqnarray|flalign)\*?\}")


def expanded(tex: str) -> str:
    """A formula with the common private macros written out, and every alignment as the one that is understood."""
    return _MACRO.sub(_expansion, _ALIGNED.sub(r"\\\1{align*}", tex) if r"\begin" in tex else tex)


def _expansion(match: re.Match[str]) -> str:
    if match["name"]:
        return MACROS[match["name"]]
    number = int(match["code"][1:], 16) if match["code"][0] == "x" else int(match["code"])
    return chr(number) if 0xA0 < number < 0xD800 and chr(number).isprintable() else match[0]


def too_deep(tex: str) -> bool:
    """Whether the braces of a formula are nested deeper than `DEEPEST`."""
    if tex.count("{") <= DEEPEST:
        return False
    now = deepest = 0
    for character in tex:
        now += (character == "{") - (character == "}")
        deepest = max(deepest, now)
    return deepest > DEEPEST
