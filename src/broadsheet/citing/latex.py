r"""A text as a value of BibTeX: its TeX stays, what TeX would choke on is escaped, braces come in pairs.

Words with capitals inside ("AWQ", "LoRA") are put in braces, since most styles write titles in lower case. Letters
beyond ASCII stay: every BibTeX of the last fifteen years reads UTF-8. BibTeX itself counts braces even where TeX does
not ("\{"), and others do not, so a text in which they do not pair either way becomes plain text without TeX.
"""

import re

from broadsheet import tex
from broadsheet.tex import parts

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[^\W_]+|.", re.DOTALL)
_ESCAPED_BRACE = re.compile(r"\\[{}]")
_ESCAPED = {
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "$": r"\$",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
}
_PLAIN = {**_ESCAPED, "{": "", "}": "", "~": r"\textasciitilde{}"}


def latex(text: str, *, capitals: bool = False) -> str:
    """The text as what stands between the braces of a value; with `capitals` those inside words are kept."""
    folded = " ".join(tex.clean(text).split())
    written = "".join(
        _prose(part.written, capitals=capitals) if part.kind is parts.PROSE else part.written
        for part in parts.split(folded)
    )
    if _paired(written) and _paired(_ESCAPED_BRACE.sub("", written)):
        return written
    return "".join(_PLAIN.get(char, char) for char in tex.plain(folded))


def _prose(text: str, *, capitals: bool) -> str:
    out = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        if capitals and len(token) > 1 and token[0] != "\\" and any(map(str.isupper, token[1:])):
            token = f"{{{token}}}"
        out.append(_ESCAPED.get(token, token))
    return "".join(out)


def _paired(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char == "{") - (char == "}")
        if depth < 0:
            return False
    return depth == 0 and not text.endswith("\\")
