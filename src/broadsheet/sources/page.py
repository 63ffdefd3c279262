"""The text of a saved Daily Papers page: titles, abstracts, and footers with author counts and dates.

    Daily Papers
    Dec 8                          the day the page was saved, without its year

    A Title                        now and then with a number before it: upvotes
                                   (a blank line between all parts)
    Its abstract, one or more paragraphs.

      • 4 authors                  the footer; some papers have none, on some pages none has one
    ·
    Jun 24, 2024 3                 the year is left out in the page's own year; the last number counts comments

`pagelayout` finds the parts; here they become records. A page is a day's edition only if all its dates are
near the page's own day: the answer of a search is none.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from broadsheet.errors import BadRecord, BadSource
from broadsheet.sources import pagelayout, pageyears
from broadsheet.sources.door import Door, own_key
from broadsheet.sources.pagelayout import Part
from broadsheet.sources.pageyears import Day
from broadsheet.sources.stream import Stream
from broadsheet.types import Record

KIND = "daily-page"
_LARGEST = 2**25  # bytes; a page of a hundred papers has some 200,000
_SHORTEST = 80  # characters of an abstract, where no footer says that this is a paper
_LONGEST_TITLE = 400
_NEAR = timedelta(days=31)
_VOTES = re.compile(r"(\d{1,4})\s+(?=\S)")
_MEASURE = re.compile(r"[kMGTPmn]?(?:Hz|bps|b/s|bit|eV|V|W|m|K|B)\b")
_PLURAL = re.compile(r"[A-Za-z-]{2,}(?<![su])(?<!i)s")
_READ_FOR_COUNT = 3  # words after a number: "10 Open Challenges", "60 Data Points"

looks = pagelayout.looks


def read(stream: Stream, door: Door, saved: datetime) -> Iterator[tuple[int, Record | BadRecord]]:
    """The page's papers. `saved` is when the file was last written, as far as its system knows."""
    header, parts = pagelayout.parts(_text(stream))
    _take_votes_off(parts)
    days = [part.day for part in parts if part.day is not None]
    year = pageyears.of_page(header, days, saved.date(), door.now.date())
    dates = [pageyears.resolve(part.day, year, header) for part in parts]
    edition = _edition(header, year, dates)
    for position, (part, published) in enumerate(zip(parts, dates, strict=True), start=1):
        try:
            yield part.line, _record(part, published, edition, position, door)
        except BadRecord as error:
            yield part.line, error


def _record(part: Part, published: str | None, edition: str | None, position: int, door: Door) -> Record:
    if not part.footer and sum(map(len, part.paragraphs)) < _SHORTEST:
        raise BadRecord("a line that stands alone: it has no abstract and no footer, so it is no paper")
    if not part.paragraphs and len(part.title) > _LONGEST_TITLE:
        raise BadRecord("an abstract without a title")
    return door.record(
        key=own_key((), part.title),
        title=part.title,
        abstract="\n\n".join(part.paragraphs) or None,
        author_count=part.author_count,
        published=published,
        votes=part.votes,
        comments=part.comments,
        edition=edition,
        position=position if edition else None,
    )


def _text(stream: Stream) -> str:
    chunks, size = [], 0
    for chunk in stream.chunks():
        chunks.append(chunk)
        size += len(chunk)
        if size > _LARGEST:
            raise BadSource(f"a page of more than {_LARGEST // 2**20} MiB: no saved page is so long")
    return b"".join(chunks).decode(errors="replace").replace("\r\n", "\n").replace("\r", "\n")


def _take_votes_off(parts: list[Part]) -> None:
    """Takes the upvotes off the titles they stand before.

    Titles may begin with a number of their own. Where most titles of a page begin with one, these are
    upvotes. A single one is, unless it reads as part of the title: a year, a measure ("60 GHz"), or a count
    of what follows ("10 Open Challenges", "25 years of ...").
    """
    found = [(part, match) for part in parts if (match := _VOTES.match(part.title))]
    usual = len(parts) > 1 and len(found) * 2 > len(parts)
    for part, match in found:
        rest = part.title[match.end() :]
        counted = any(_PLURAL.fullmatch(word) for word in re.findall(r"[\w-]+", rest)[:_READ_FOR_COUNT])
        is_year = 1900 <= int(match[1]) < 2100
        own = is_year or counted or _MEASURE.match(rest) or not (rest[0].isupper() or rest[0] in "\"'$")
        if usual or not own:
            part.votes, part.title = int(match[1]), rest


def _edition(header: Day | None, year: int, dates: list[str | None]) -> str | None:
    """The day whose edition the page shows, if it is one."""
    known = [date.fromisoformat(day) for day in dates if day is not None]
    shown = pageyears.resolve(header, year, None)
    if shown is None or not known:
        return None
    day = date.fromisoformat(shown)
    return shown if all(day - _NEAR <= each <= day + timedelta(days=1) for each in known) else None
