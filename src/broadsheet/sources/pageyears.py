"""The years that a saved page leaves out: it writes none for dates of the year it was saved in.

So the page's own year is written nowhere on it. A search's answer mixes many years, and the newest of them is
then the one before the page's. On a day's edition nearly no date has a year; what remains is the last time
the heading's day came round before the file was saved.
"""

from datetime import date, timedelta
from typing import NamedTuple

_MIXED = 3  # as many dates with a year, at least, and a quarter of all: a search's answer


class Day(NamedTuple):
    """A day as a page writes it: the year is None where the page leaves it out."""

    year: int | None
    month: int
    day: int


def of_page(header: Day | None, days: list[Day], latest: date) -> int:
    """The year a page was saved in; `latest` is the last day on which that can have been."""
    if header is not None and header.year is not None:
        return header.year
    newest = latest.year
    if header is not None and (header.month, header.day) > (latest.month, latest.day):
        newest -= 1
    years = [day.year for day in days if day.year is not None]
    if len(years) >= _MIXED and len(years) * 4 >= len(days) and max(years) < newest:
        return max(years) + 1
    return newest


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
