r"""TeX in prose: accents, escaped signs, fonts, quotation marks and links.

`read` turns prose into runs of plain text, some with an address. A command that is not known stays as it was
written, with its braces: "\method{}" may be anything, and a backslash may also be a path or an escape of JSON.
"""

# ruff: noqa: RUF001, S105 - look-alike characters are the subject; tokens of TeX are no passwords
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

from broadsheet.tex import symbols

DEEPEST = 20  # nested groups; deeper braces are text

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|[{}]|[^\\{}]+|\\", re.DOTALL)
_ADDRESS = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?(?:[/?#][^\s<>\"{}|\\^`]{0,2000})?")
# Each begins with its sign, which is quick to look for; what stands before that is looked back at.
_TYPING = re.compile(
    r"h(?P<address>ttps?://\S+)|~(?P<tie>(?<=[\w.,;:)\]]~)(?=\S))"
    r"|-(?P<dashes>(?<=\w-)--?(?=\w)|(?<=\s-)--?(?=\s))|`(?P<open>`)|'(?P<close>')"
)
_TEX = ("\\", "{", "}")  # a text without them holds no TeX but the habits of typewriters
_HABITS = ("~", "`", "--", "''")  # no habit is without one of these, and most texts are
_LAST_LATIN = "\u024f"  # the end of Latin Extended-B
_PROTECTED = re.compile(r"[\w'’-]+")  # what braces may hold only to keep its capitals


class Run(NamedTuple):
    """A stretch of text, and the address it links to."""

    text: str
    address: str | None = None


def plain(source: str) -> str:
    """Prose as Unicode text; a link's address follows its words."""
    if _typed_only(source):
        return _typed(source)
    return "".join(
        run.text if run.address is None or run.address in run.text else f"{run.text} ({run.address})"
        for run in read(source)
    )


def html(source: str, *, links: bool) -> str:
    """Prose as escaped HTML."""
    runs = [Run(_typed(source))] if _typed_only(source) else read(source)
    if not links:
        return "".join(escape(run.text) for run in runs)
    return "".join(
        _anchor(run.address, run.text) if run.address and _ADDRESS.fullmatch(run.address) else _linked(run.text)
        for run in runs
    )


def addresses(text: str) -> list[tuple[int, int]]:
    """Where web addresses stand in a text, without the punctuation that ends a sentence."""
    return [(match.start(), match.start() + len(_trimmed(match[0]))) for match in _ADDRESS.finditer(text)]


def _trimmed(address: str) -> str:
    """Without the full stop, comma or closing bracket that belongs to the sentence around it."""
    while address[-1] in ".,;:!?'*" or any(
        address.endswith(closing) and address.count(closing) > address.count(opening)
        for opening, closing in ("()", "[]")
    ):
        address = address[:-1]
    return address


def _linked(text: str) -> str:
    out, at = [], 0
    for start, end in addresses(text):
        out += [escape(text[at:start]), _anchor(text[start:end], text[start:end])]
        at = end
    return "".join([*out, escape(text[at:])])


def _anchor(address: str, text: str) -> str:
    return f'<a href="{escape(address)}" rel="noopener nofollow">{escape(text)}</a>'


def _typed_only(source: str) -> bool:
    # One sign after the other is looked for in less time than a pattern takes.
    return not any(map(source.__contains__, _TEX))


def read(source: str) -> list[Run]:
    """The runs of a stretch of prose, TeX resolved where it is surely known."""
    reader = _Reader(_TOKEN.findall(source))
    reader.walk(0, len(reader.tokens), 0)
    return reader.runs


@dataclass(slots=True)
class _Reader:
    """Walks the tokens once, from left to right; `closing` says where each open brace closes."""

    tokens: list[str]
    runs: list[Run] = field(default_factory=list)
    closing: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        opened: list[int] = []
        for place, token in enumerate(self.tokens):
            if token == "{":
                opened.append(place)
            elif token == "}" and opened:
                self.closing[opened.pop()] = place

    def say(self, text: str, address: str | None = None) -> None:
        if text:
            self.runs.append(Run(text, address))

    def walk(self, at: int, end: int, depth: int) -> None:
        while at < end:
            token = self.tokens[at]
            if token == "{" and at in self.closing and depth < DEEPEST:
                self.group(at, depth)
                at = self.closing[at] + 1
            elif token[0] == "\\" and len(token) > 1:
                at = self.command(at, end, depth)
            else:
                self.say(_typed(token))
                at += 1

    def group(self, at: int, depth: int) -> None:
        """A group outside a command: its braces go where they only kept capitals, an accent or a font."""
        end = self.closing[at]
        first = self.tokens[at + 1]
        mark = len(self.runs)
        self.walk(at + 1, end, depth + 1)
        inner = "".join(run.text for run in self.runs[mark:])
        whole = at == 0 and end == len(self.tokens) - 1
        known = first[0] == "\\" and inner and not inner.startswith("\\")
        if not (whole or known or not inner or _PROTECTED.fullmatch(inner)):
            self.runs.insert(mark, Run("{"))
            self.say("}")

    def command(self, at: int, end: int, depth: int) -> int:  # noqa: PLR0911 - a case each
        """Reads the command at a place; returns the place after it and its arguments."""
        name = self.tokens[at][1:].rstrip("*")
        if name in symbols.ACCENTS and (after := self.accent(name, at, end)):
            return after
        if (sign := symbols.ESCAPES.get(name)) is not None:
            self.say(sign)
            return at + 1
        if (letter := symbols.LETTERS.get(name)) is not None:
            self.say(letter)
            return self.swallow(at + 1, end)
        if name in symbols.SWITCHES:
            return self.swallow(at + 1, end)
        if (sign := symbols.SIGNS.get(name) or symbols.symbol(name)) is not None:
            self.say(sign)
            return at + 1
        rule = _RULES.get(name)
        after = rule(self, at + 1, end, depth) if rule else None
        if after is not None:
            return after
        return self.unknown(at, end, depth)

    def unknown(self, at: int, end: int, depth: int) -> int:
        """A command that is not known stays as written, its arguments' braces too."""
        self.say(self.tokens[at])
        at += 1
        while at < end and self.tokens[at] == "{" and at in self.closing and depth < DEEPEST:
            self.say("{")
            self.walk(at + 1, self.closing[at], depth + 1)
            self.say("}")
            at = self.closing[at] + 1
        return at

    def swallow(self, at: int, end: int) -> int:
        """TeX's spaces after a command's name are no spaces; nor is the {} that people write to keep one."""
        if at < end and self.tokens[at] == "{" and self.closing.get(at) == at + 1:
            return at + 2
        if at < end and self.tokens[at][0] not in "\\{}":
            self.tokens[at] = self.tokens[at].lstrip()
            return at if self.tokens[at] else at + 1
        return at

    def accent(self, name: str, at: int, end: int) -> int | None:
        r"""\"o, \"{o}, \v{s}, \v s, \'{\i}, \'\i; None where it is no accent after all."""
        following = self.tokens[at + 1] if at + 1 < end else ""
        if following == "{" and at + 1 in self.closing:
            return self._braced_accent(name, at + 1)
        if following in ("\\i", "\\j"):
            self.say(symbols.accented(name, following[1]) or following[1])
            return self.swallow(at + 2, end)
        letter = following.lstrip() if name.isalpha() else following
        if (name.isalpha() and letter == following) or not letter[:1].isalpha():
            return None
        if self._apostrophe(name, letter):
            self.say("'")
            return at + 1
        made = symbols.accented(name, letter[0])
        if made is None or made > _LAST_LATIN:  # \"h is a quotation mark
            return None
        self.say(made)
        self.tokens[at + 1] = letter[1:]
        return at + 1 if letter[1:] else at + 2

    def _braced_accent(self, name: str, at: int) -> int | None:
        close = self.closing[at]
        if close - at > 6:  # {{\i}} is the longest there is
            return None
        inner = "".join(self.tokens[at + 1 : close])
        letter = {"\\i": "i", "\\j": "j"}.get(inner.strip("{} "), inner.strip("{} "))
        if len(letter) == 1:
            made = symbols.accented(name, letter)
        else:  # arXiv's own conversion has made \b{eta} of \beta and \r{ho} of \rho
            made = symbols.symbol(name + inner) if name.isalpha() else None
        if made is None:
            return None
        self.say(made)
        return close + 1

    def _apostrophe(self, name: str, following: str) -> bool:
        r"""In "the model\'s" the backslash escapes an apostrophe; ś ends hardly any name."""
        before = self.runs[-1].text[-1:] if self.runs else ""
        return name == "'" and following[0] == "s" and before.isalpha() and not following[1:2].isalpha()


def _typed(text: str) -> str:
    """Typewriter habits as typography: ties, dashes, quotation marks. Addresses stay as they are."""
    return _TYPING.sub(_typing, text) if any(map(text.__contains__, _HABITS)) else text


def _typing(match: re.Match[str]) -> str:
    match match.lastgroup:
        case "tie":
            return " "
        case "dashes":
            return "–" if len(match[0]) == 2 else "—"
        case "open":
            return "“"
        case "close":
            return "”"
    return match[0]


# The commands with arguments. A rule returns the place after them, or None where its arguments are not there.
_Rule = Callable[[_Reader, int, int, int], "int | None"]


def _argument(reader: _Reader, at: int, end: int) -> tuple[int, int] | None:
    """The braces of an argument that stands here, white space before it allowed."""
    if at + 1 < end and reader.tokens[at].isspace():
        at += 1
    return (at, reader.closing[at]) if at < end and reader.closing.get(at, end) < end else None


def _source(reader: _Reader, braces: tuple[int, int]) -> str:
    return "".join(reader.tokens[braces[0] + 1 : braces[1]])


def _kept(reader: _Reader, at: int, end: int, depth: int) -> int | None:
    braces = _argument(reader, at, end)
    if braces is None or depth >= DEEPEST:
        return None
    reader.walk(braces[0] + 1, braces[1], depth + 1)
    return braces[1] + 1


def _second(reader: _Reader, at: int, end: int, depth: int) -> int | None:
    first = _argument(reader, at, end)
    return _kept(reader, first[1] + 1, end, depth) if first else None


def _footnote(reader: _Reader, at: int, end: int, depth: int) -> int | None:
    if _argument(reader, at, end) is None or depth >= DEEPEST:
        return None
    reader.say(" (")
    after = _kept(reader, at, end, depth)
    reader.say(")")
    return after


def _dropped(reader: _Reader, at: int, end: int, depth: int) -> int | None:  # noqa: ARG001 - a rule's shape
    options = re.match(r"(?:\[[^\]]*\])+$", reader.tokens[at]) if at < end else None
    braces = _argument(reader, at + bool(options), end)
    if braces is None:
        return None
    following = reader.tokens[braces[1] + 1][:1] if braces[1] + 1 < end else ""
    if reader.runs and (not following or following in " .,;:)"):  # "as in~\cite{x}." is "as in."
        reader.runs[-1] = reader.runs[-1]._replace(text=reader.runs[-1].text.rstrip(" ~"))
    return braces[1] + 1


def _url(reader: _Reader, at: int, end: int, depth: int) -> int | None:  # noqa: ARG001 - a rule's shape
    braces = _argument(reader, at, end)
    if braces is None:
        return None
    address = re.sub(r"\\([%&_#~$])", r"\1", _source(reader, braces)).strip()
    reader.say(address, address)
    return braces[1] + 1


def _href(reader: _Reader, at: int, end: int, depth: int) -> int | None:
    first = _argument(reader, at, end)
    if first is None or (second := _argument(reader, first[1] + 1, end)) is None or depth >= DEEPEST:
        return None
    address = re.sub(r"\\([%&_#~$])", r"\1", _source(reader, first)).strip()
    mark = len(reader.runs)
    reader.walk(second[0] + 1, second[1], depth + 1)
    words = "".join(run.text for run in reader.runs[mark:])
    del reader.runs[mark:]
    reader.say(words or address, address)
    return second[1] + 1


_RULES: dict[str, _Rule] = {
    **dict.fromkeys(symbols.KEPT, _kept),
    **dict.fromkeys(symbols.DROPPED, _dropped),
    "textcolor": _second,
    "footnote": _footnote,
    "url": _url,
    "href": _href,
}
