"""Dates as ISO 8601 text, whole ("2024-05-17") or partial ("2024-05", "2024"), and instants in UTC.

Of a date, a time and its zone are dropped: the day is the day as written, which is the day its source means.
Forms in which day and month cannot be told apart ("03/04/2024") are no dates here. An instant needs its zone:
a time without one is no instant.
"""

import calendar
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"), start=1
    )
    for name in names.split()
}  # fmt: skip
_WORD = rf"(?P<month>{'|'.join(_MONTHS)})\.?"
_ZONE = r"(?:[A-Z]{1,4}|[+-]\d\d:?\d\d)?(?:\s*\(\w+\))?"
_TIME = rf"(?:[T\s]\s*(?:[01]\d|2[0-3]):[0-5]\d(?::[0-6]\d(?:[.,]\d+)?)?\s*{_ZONE})?"
_DAY = r"(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4})"
_FORMS = tuple(
    re.compile(form, re.ASCII | re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?:-(?P<month>\d\d)(?:-(?P<day>\d\d){_TIME})?)?",
        rf"{_YEAR}/(?P<month>\d\d?)(?:/{_DAY}{_TIME})?",
        r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)",
        rf"(?:[a-z]{{3,9}},?\s+)?{_DAY}(?:st|nd|rd|th)?[\s-]{_WORD}[\s,-]\s*{_YEAR}{_TIME}",
        rf"(?:[a-z]{{3,9}},?\s+)?{_WORD}\s+{_DAY}(?:st|nd|rd|th)?(?:,\s*|\s+){_YEAR}{_TIME}",
        rf"{_WORD},?\s+{_YEAR}",
        rf"{_YEAR}[\s,-]+{_WORD}(?:[\s,-]+{_DAY})?",
    )
)
_LONGEST = 60  # characters; no form is longer


def iso_date(text: str) -> str | None:
    """The normal form of a date in any form a source uses, as whole as it was given; None if it is no date.

    Reads ISO 8601, RFC 2822, "17 May 2024", "May 17, 2024", "May 2024", "20240517" and time stamps, and
    checks the calendar: 30 February is no date. Years run from 1000 to 2999.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    for form in _FORMS:
        if match := form.fullmatch(text):
            parts = match.groupdict()
            return _checked(int(parts["year"]), parts.get("month"), parts.get("day"))
    return None


def instant(text: str) -> str | None:
    """The instant, in UTC to the second ("2026-11-20T17:59:01Z"), of a time in ISO 8601 or RFC 2822, or None.

    A time without a time zone is none, and neither is one outside the years 1000 to 2999.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    try:
        moment = datetime.fromisoformat(text) if text[:4].isdecimal() else parsedate_to_datetime(text)
        if moment.tzinfo is None:
            return None
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):  # the parser for mail raises more than it says
        return None
    return f"{moment.isoformat()[: len('2026-11-20T17:59:01')]}Z" if 1000 <= moment.year <= 2999 else None


def _checked(year: int, month_text: str | None, day_text: str | None) -> str | None:
    if not 1000 <= year <= 2999:
        return None
    if month_text is None:
        return f"{year}"
    month = int(month_text) if month_text.isdecimal() else _MONTHS[month_text.lower()]
    if not 1 <= month <= 12:
        return None
    if day_text is None:
        return f"{year}-{month:02d}"
    day = int(day_text)
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return f"{year}-{month:02d}-{day:02d}"


def first_day(partial: str) -> str:
    """The first day a normal date can mean: "2024-02" -> "2024-02-01"."""
    return partial + "-01-01"[len(partial) - len("2024") :]


def last_day(partial: str) -> str:
    """The last day a normal date can mean: "2024-02" -> "2024-02-29"."""
    year, month, day = [*partial.split("-"), "", ""][:3]
    if day:
        return partial
    month = month or "12"
    return f"{year}-{month}-{calendar.monthrange(int(year), int(month))[1]}"
