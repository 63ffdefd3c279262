"""The years that a saved page leaves out: it writes none for dates of the year it was saved in.

So the page's own year is written nowhere on it. A search's answer mixes many years, and the newest of them is
then the one before the page's. On a day's edition nearly no date has a year; what remains is the last time
the heading's day came round before the file was saved.
"""

from datetime import date, timedelta
from typing import NamedTuple

_FIRST = 2023  # the site began
_MIXED = 3  # as many dates with a year, at least, and a quarter of all: a search's answer


class Day(NamedTuple):
    """A day as a page writes it: the year is None where the page leaves it out."""

    year: int | None
    month: int
    day: int


def of_page(header: Day | None, days: list[Day], saved: date, today: date) -> int:
    """The year a page was saved in; `saved` is the date of the file, which may be false."""
    if header is not None and header.year is not None:
        return header.year
    years = [day.year for day in days if day.year is not None]
    latest = min(saved, today)
    newest = _last(header, latest)
    if newest < max(_FIRST, *years, 0) + bool(years):  # the date of the file must be false
        newest = _last(header, today)
    if len(years) >= _MIXED and len(years) * 4 >= len(days) and max(years) < newest:
        return max(years) + 1
    return newest


def _last(header: Day | None, latest: date) -> int:
    """The year of the last time that the heading's day came round."""
    return latest.year - (header is not None and (header.month, header.day) > (latest.month, latest.day))


def resolve(day: Day | None, year: int, header: Day | None) -> str | None:
    """The ISO date of a day on a page of this year; None where there is no such day.

    A day without a year that comes after the page's own day is of the year before.
    """
    if day is None:
        return None
    try:
        found = date(day.year or year, day.month, day.day)
        if day.year is None and header is not None and found > date(year, header.month, header.day) + timedelta(days=1):
            found = found.replace(year=year - 1)
    except ValueError:  # 29 February
        return None
    return found.isoformat()
