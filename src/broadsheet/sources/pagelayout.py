"""Finds the papers in the text of a saved page by its layout: blank lines, footers, and the shape of titles.

A footer ends a paper, so between two footers lies one paper, or several where footers are missing. There a
title is told from a paragraph of the abstract before it by its shape and by its neighbours: it stands
between two finished abstracts. Formulas, lists and headings inside an abstract do not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from broadsheet import ids
from broadsheet.sources.pageyears import Day

_BULLET = "[•●▪◦·*–-]"  # noqa: RUF001 - what browsers make of a list's mark
_DOT = r"[·•\s]*"
_DATE = re.compile(rf"{_DOT}([A-Z][a-z]{{2,8}})\.?\s+(\d{{1,2}})(?:,\s*(\d{{4}}))?(?:\s+(\d{{1,6}}))?\s*")
_FOOTER = re.compile(rf"\s*{_BULLET}?\s*(\d{{1,5}})\s+authors?\b(.*)")
_HEADING = re.compile(
    r"(?:daily|trending) papers|new|get trending papers in your email inbox!?|subscribe|by.{0,80} research community",
    re.IGNORECASE,
)
_LIST_MARK = re.compile(rf"\(?(?:\d{{1,2}}|[ivx]{{1,4}}|[a-h])[.)]\s|{_BULLET}\s")
_PART = re.compile(
    r"(?:background|methods?|results?|conclusions?|introduction|motivation|objectives?|summary)\W*", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?…]\W*$|https?://\S+$")
_LONG = 300  # characters; shorter paragraphs may be abstracts, but do not set a title apart
_LONGEST_TITLE = 400


@dataclass(slots=True)
class Part:
    """One paper of a page, as it is written there."""

    line: int
    title: str
    paragraphs: list[str] = field(default_factory=list)
    votes: int | None = None
    footer: bool = False
    author_count: int | None = None
    day: Day | None = None
    comments: int | None = None


@dataclass(slots=True)
class _Block:
    """A paragraph: the lines between two blank ones."""

    line: int
    lines: list[str]


@dataclass(slots=True)
class _Footer:
    author_count: int
    day: Day | None = None
    comments: int | None = None


def looks(text: str) -> bool:
    """Whether a text can be a saved page: it has the page's heading, or several of its footers."""
    start = [line.strip() for line in text[:4000].splitlines()[:60]]
    footers = sum(1 for line in text.splitlines() if "•" in line and _FOOTER.fullmatch(line))
    return ("Daily Papers" in start and not text.lstrip().startswith("<")) or footers > 1


def parts(text: str) -> tuple[Day | None, list[Part]]:
    """The day in the page's heading, and its papers in order."""
    lines = list(enumerate(text.split("\n"), start=1))
    header, body = _heading(lines)
    papers: list[Part] = []
    segment: list[_Block] = []
    for block in _blocks(lines[body:]):
        if isinstance(block, _Block):
            segment.append(block)
            continue
        papers.extend(_split(segment))
        segment = []
        if papers and not papers[-1].footer:
            last = papers[-1]
            last.footer, last.author_count = True, block.author_count
            last.day, last.comments = block.day, block.comments
    papers.extend(_split(segment))
    return header, papers


def _heading(lines: list[tuple[int, str]]) -> tuple[Day | None, int]:
    """The page's own day, and how many lines its heading has."""
    header = None
    for at, (_, line) in enumerate(lines):
        found = _DATE.fullmatch(line)
        if found and header is None:
            header = _day(found)
        elif line.strip() and not _HEADING.fullmatch(line.strip()):
            return header, at
    return header, len(lines)


def _day(found: re.Match[str]) -> Day | None:
    """A day of the calendar; one without a year may be 29 February."""
    written = ids.iso_date(f"{found[1]} {found[2]}, {found[3] or 2000}")
    if written is None:
        return None
    _, month, day = map(int, written.split("-"))
    return Day(int(found[3]) if found[3] else None, month, day)


def _blocks(lines: list[tuple[int, str]]) -> Iterator[_Block | _Footer]:
    """Paragraphs and footers."""
    block: _Block | None = None
    at = 0
    while at < len(lines):
        number, line = lines[at]
        at += 1
        footer = _footer(line)
        if block is not None and (footer is not None or not line.strip()):
            yield block
            block = None
        if footer is not None:
            at = _below(lines, at, footer)
            yield footer
        elif block is not None:
            block.lines.append(line)
        elif line.strip():
            block = _Block(number, [line])
    if block is not None:
        yield block


def _footer(line: str) -> _Footer | None:
    """The footer that starts with this line, if one does: a sentence that begins with "3 authors" is none."""
    start = _FOOTER.fullmatch(line)
    if start is None:
        return None
    found = _DATE.fullmatch(start[2])
    if found is None and start[2].strip():
        return None
    footer = _Footer(int(start[1]))
    if found:
        footer.day, footer.comments = _day(found), _comments(found)
    return footer


def _below(lines: list[tuple[int, str]], at: int, footer: _Footer) -> int:
    """Reads a footer's date where it stands below, after dots and blank lines; gives the line to go on with."""
    if footer.day is not None:
        return at
    for below in range(at, len(lines)):
        if found := _DATE.fullmatch(lines[below][1]):
            footer.day, footer.comments = _day(found), _comments(found)
            return below + 1
        if not re.fullmatch(_DOT, lines[below][1]):
            break
    return at


def _comments(found: re.Match[str]) -> int | None:
    return int(found[4]) if found[4] else None


def _split(segment: list[_Block]) -> list[Part]:
    """The papers between two footers: one, or several where footers are missing."""
    papers: list[Part] = []
    votes = None
    for at, block in enumerate(segment):
        text = "\n".join(block.lines).strip()
        following = "\n".join(segment[at + 1].lines).strip() if at + 1 < len(segment) else ""
        if text.isascii() and text.isdecimal() and len(text) <= len("9999"):
            votes = int(text)  # upvotes on a line of their own
        elif not papers or _is_title(text, papers[-1], following):
            title, rest = _first_line(text)
            papers.append(Part(block.line, " ".join(title.split()), [rest] if rest else [], votes))
            votes = None
        else:
            papers[-1].paragraphs.append(text)
    return papers


def _first_line(text: str) -> tuple[str, str]:
    """A title and the abstract right below it, where no blank line parts them; titles alone stay whole."""
    if len(text) <= _LONGEST_TITLE:
        return text, ""
    title, _, rest = text.partition("\n")
    return title, rest


def _is_title(text: str, before: Part, following: str) -> bool:
    """Whether a paragraph that could belong to the abstract before it is the next paper's title instead."""
    if len(text) > _LONGEST_TITLE or not _is_finished(following):
        return False
    if before.paragraphs and not _is_finished(before.paragraphs[-1]):
        return False
    letters = sum(map(str.isalpha, text))
    return not (
        text.endswith((".", ",", ";", ":"))
        or _LIST_MARK.match(text)
        or _PART.fullmatch(text)
        or "://" in text
        or "=" in text
        or letters * 2 < len(text.replace(" ", ""))
    )


def _is_finished(paragraph: str) -> bool:
    """Whether this can be the end of an abstract."""
    return len(paragraph) >= _LONG and _SENTENCE_END.search(paragraph[-_LONG:]) is not None
