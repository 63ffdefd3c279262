"""The days on which arXiv takes no deadline and makes no announcement: those it published, and a rule for the rest.

The dates of 2023 to 2026 stand on https://info.arxiv.org/help/availability.html (and in the history of that page,
https://github.com/arXiv/arxiv-docs); all of them, from 2003 on, in arXiv's own table `arXiv_holidays`, as it was in
May 2026. They are facts of its past, holidays and mishaps alike: a listing that was put off for an outage is missing
as much as one put off for a holiday. (The table's one Sunday, 6 July 2025, repeats what the Friday before it says, and
is left out.) Before December 2003 nothing is known, and only weekends count.

For a year after the table the rule takes the holidays that arXiv kept in each of the last two years, on the day on
which they are observed. What it cannot know are the two or three more days of each winter break, and meetings: the
listing corrects it then, and the next release brings the year's facts.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

# One line a year (winter breaks run into January): MM-DD and what it was; without a name, as the one before.
_PUBLISHED = """
2003  12-25 winter break, 12-26
2004  01-01 New Year, 01-02, 11-25 Thanksgiving, 12-24 winter break, 12-28, 12-30
2005  11-24 Thanksgiving, 12-27 winter break, 12-29
2006  11-23 Thanksgiving, 12-25 winter break, 12-26
2007  01-01 New Year, 11-22 Thanksgiving, 12-24 winter break, 12-25, 12-31
2008  01-01 New Year, 07-04 Independence Day, 11-27 Thanksgiving, 12-25 winter break, 12-26, 12-29, 12-31
2009  01-01 New Year, 07-08 data recovery at arXiv, 11-26 Thanksgiving, 12-25 winter break, 12-28, 12-29, 12-31
2010  01-01 New Year, 11-25 Thanksgiving, 12-27 winter break, 12-28, 12-30, 12-31
2011  11-24 Thanksgiving, 12-26 winter break, 12-27, 12-28, 12-30
2012  01-02 New Year, 11-22 Thanksgiving, 12-24 winter break, 12-25, 12-27, 12-28
2013  01-01 New Year, 11-28 Thanksgiving, 12-25 winter break, 12-26, 12-31
2014  01-01 New Year, 11-27 Thanksgiving, 12-25 winter break, 12-26, 12-31
2015  01-01 New Year, 11-26 Thanksgiving, 12-25 winter break, 12-29
2016  01-01 New Year, 11-24 Thanksgiving, 12-26 winter break, 12-28
2017  03-14 a fault at arXiv, 11-13 an outage at arXiv, 11-23 Thanksgiving, 12-25 winter break, 12-27
2018  01-01 New Year, 03-26 an outage at arXiv, 09-03 Labor Day, 11-22 Thanksgiving, 12-24 winter break, 12-25, 12-27
2019  01-01 New Year, 01-21 Martin Luther King Day, 09-02 Labor Day, 11-07 an outage at arXiv, 11-28 Thanksgiving,\
 12-25 winter break, 12-26, 12-30
2020  01-01 New Year, 01-20 Martin Luther King Day, 06-09 a strike, 11-26 Thanksgiving, 12-25 winter break, 12-29, 12-30
2021  01-01 New Year, 10-20 a staff meeting at arXiv, 11-25 Thanksgiving, 12-24 winter break, 12-28, 12-30
2022  01-17 Martin Luther King Day, 06-20 Juneteenth, 09-05 Labor Day, 11-24 Thanksgiving, 12-27 winter break, 12-29
2023  01-16 Martin Luther King Day, 06-14 a staff meeting at arXiv, 06-19 Juneteenth, 07-04 Independence Day,\
 08-17 a staff meeting at arXiv, 09-04 Labor Day, 11-23 Thanksgiving, 12-25 winter break, 12-27
2024  01-15 Martin Luther King Day, 05-22 a staff meeting at arXiv, 06-19 Juneteenth, 07-04 Independence Day,\
 09-02 Labor Day, 10-08 a staff meeting at arXiv, 11-28 Thanksgiving, 12-25 winter break, 12-26, 12-31
2025  01-01 New Year, 01-20 Martin Luther King Day, 06-19 Juneteenth, 07-04 Independence Day, 09-01 Labor Day,\
 11-27 Thanksgiving, 12-25 winter break, 12-30
2026  01-01 New Year, 01-19 Martin Luther King Day, 06-19 Juneteenth, 07-03 Independence Day, 09-07 Labor Day,\
 11-26 Thanksgiving, 12-25 winter break, 12-29, 12-31
"""
_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Holiday:
    """A weekday without a deadline. `published`: arXiv said so itself; otherwise a rule expects it."""

    name: str
    published: bool


def holiday(day: date) -> Holiday | None:
    """What keeps arXiv from taking a deadline on a day, if anything; weekends are no holidays."""
    return _of_year(day.year).get(day)


@lru_cache(maxsize=256)
def _of_year(year: int) -> Mapping[date, Holiday]:
    if year <= _LAST:
        return _FACTS.get(year, MappingProxyType({}))
    return MappingProxyType({day: Holiday(name, published=False) for day, name in _expected(year)})


def _expected(year: int) -> Iterator[tuple[date, str]]:
    """The holidays that a year will have by the rule."""
    for new_year in (year, min(year + 1, date.max.year)):  # the next one's may be kept on 31 December
        if (kept := _observed(date(new_year, 1, 1))).year == year:
            yield kept, "New Year"
    for month, number, name in ((6, 19, "Juneteenth"), (7, 4, "Independence Day"), (12, 25, "winter break")):
        yield _observed(date(year, month, number)), name
    yield _nth(year, 1, _MONDAY, 3), "Martin Luther King Day"
    yield _nth(year, 9, _MONDAY, 1), "Labor Day"
    yield _nth(year, 11, _THURSDAY, 4), "Thanksgiving"


def _observed(day: date) -> date:
    """A holiday on a Saturday is kept on Friday, one on a Sunday on Monday, as arXiv did in 2026 and 2022."""
    return day - _DAY if day.weekday() == _SATURDAY else day + _DAY if day.weekday() == _SUNDAY else day


def _nth(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + _DAY * ((weekday - first.weekday()) % 7 + 7 * (n - 1))


def _read(table: str) -> dict[int, Mapping[date, Holiday]]:
    years: dict[int, Mapping[date, Holiday]] = {}
    for line in filter(None, table.splitlines()):
        year, _, entries = line.partition("  ")
        found: dict[date, Holiday] = {}
        name = ""
        for entry in entries.split(", "):
            day, _, own = entry.strip().partition(" ")
            name = own or name
            found[date.fromisoformat(f"{year}-{day}")] = Holiday(name, published=True)
        years[int(year)] = MappingProxyType(found)
    return years


_FACTS = _read(_PUBLISHED)
_LAST = max(_FACTS)
