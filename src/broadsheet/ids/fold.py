"""Titles and names folded for comparing: what differs only in spelling becomes equal.

TeX and Unicode meet here: `Erd\\H{o}s` and "Erdős", `$\\beta$-decay` and "β-decay" fold to the same
letters. The result is for comparing only and is never shown.
"""

import re
import unicodedata

_ASCII = bytes(range(128)).decode("ascii")
_LOWER = _ASCII.lower().encode("ascii") + bytes(range(128, 256))
_DELETE = bytes(code for code in range(128) if not chr(code).isalnum())
# Commands that say how letters look, not which letters they are.
_LOOKS = re.compile(
    r"""\\(?:emph|text(?:bf|it|sc|tt|rm|sf|sl|up|normal|md)?|math(?:bf|cal|bb|rm|sf|frak|it|tt|scr|ds)|boldsymbol
    |operatorname\*?|ensuremath|mbox|hbox|left|right|bf|it|sc|tt|rm|em|sl|sf|cal|bm|displaystyle|protect)(?![A-Za-z])
    | \\[cvHukrdbt](?=[\s{\\])""",
    re.VERBOSE,
)
_RINGED = re.compile(r"\\(?:aa|AA)(?![A-Za-z])")
_GREEK_NAMES = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau
upsilon phi chi psi omega"""
_GREEK = dict(zip("αβγδεζηθικλμνξοπρστυφχψω", _GREEK_NAMES.split(), strict=True))
# Letters that Unicode does not take apart into a plain letter and a mark.
_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "∞": "infty"}  # noqa: RUF001
_PLAIN = str.maketrans(_GREEK | _LETTERS)
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "2nd", "3rd"})
_GROUPS = frozenset({"collaboration", "team", "consortium", "group"})


def title_key(title: str) -> str:
    """The letters and digits of a title, in lower case, TeX and accents folded: equal for equal titles."""
    if title.isascii() and "\\" not in title:
        return title.encode("ascii").translate(_LOWER, _DELETE).decode("ascii")
    if "\\" in title:
        title = _RINGED.sub("a ", _LOOKS.sub(" ", title))
    folded = unicodedata.normalize("NFKD", title).casefold().translate(_PLAIN)
    return "".join(filter(str.isalnum, folded))


def last_name(name: str) -> str:
    """The folded family name, for comparing authors: "Ada Lovelace" and "Lovelace, Ada" -> "lovelace".

    Of a family name of several words the last counts ("van Beethoven", "García Márquez"), because sources
    disagree about the others. A collaboration is its whole name.
    """
    family, comma, rest = name.partition(",")
    if comma and all(title_key(part) in _SUFFIXES for part in rest.split()):
        comma = ""  # "W. Rodrigues, Jr."
    words = [key for key in map(title_key, (family or rest).split()) if key]
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words.pop()
    if words and words[-1] in _GROUPS and not comma:
        return "".join(words)
    return words[-1] if words else ""


def author_key(name: str) -> str:
    """A name folded for counting: the first given name and the family name.

    "Ada Lovelace", "ADA M. LOVELACE" and "Lovelace, Ada" -> "ada lovelace". An initial stays one ("a lovelace"), and a
    collaboration, or a name of one word, is what `last_name` makes of it.
    """
    family = last_name(name)
    before, comma, after = name.partition(",")
    if all(title_key(part) in _SUFFIXES for part in after.split()):
        comma = ""
    given = after if comma else before
    first = next(filter(None, map(title_key, given.replace(".", " ").split())), "")
    return f"{first} {family}" if family and title_key(given) not in ("", family) else family or first
