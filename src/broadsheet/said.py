"""How facts are said: dates, counts, sizes and what happened to papers, in plain English. Every face says them so."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from broadsheet.types import Edition, Event, Span

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day(iso: str) -> str:
    """ "2026-11-20" is "20 November 2026", "2026-11" is "November 2026", "2026" is itself: partial stays partial."""
    pieces = iso.split("-")
    try:
        if len(pieces) == 1:
            return iso
        month = MONTHS[int(pieces[1]) - 1]
        return f"{month} {pieces[0]}" if len(pieces) == 2 else f"{int(pieces[2])} {month} {pieces[0]}"
    except (ValueError, IndexError):
        return iso


def weekday(iso: str) -> str:
    """ "2026-11-20" is "Friday, 20 November 2026"."""
    return f"{DAYS[date.fromisoformat(iso).weekday()]}, {day(iso)}"


def moment(iso: str) -> str:
    """An instant, to the minute, in UTC: "20 November 2026, 07:45 UTC"; a day where no time is known."""
    try:
        instant = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return day(iso) if len(iso) <= 10 else f"{day(instant.date().isoformat())}, {instant:%H:%M} UTC"


def stretch(first: str, last: str) -> str:
    """Some days: "14 to 21 August 2026", "30 July to 5 August 2026"."""
    start, end = day(first).split(), day(last).split()
    while len(start) > 1 and start[-1:] == end[len(start) - 1 : len(start)] and first != last:
        start.pop()
    return f"{' '.join(start)} to {' '.join(end)}" if first != last else day(last)


def count(number: int, noun: str) -> str:
    """ "1 paper", "1,234 papers"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def size(amount: int) -> str:
    """A number of bytes: "12 kB", "1.4 GB"."""
    value = float(amount)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def edition(edition: Edition) -> tuple[str, str]:
    """An edition's heading and the line below it."""
    return span(edition.span, edition.key, edition.first, edition.last)


def span(kind: Span, key: str, first: str, last: str) -> tuple[str, str]:
    """A day is "Friday, 20 November 2026"; a week has its days below it."""
    if kind is Span.DAY:
        return weekday(first), ""
    if kind is Span.MONTH:
        return day(key), ""
    start, end = day(first).split(), day(last).split()
    if start[2] == end[2]:
        start.pop()
    if start[1:] == end[1:2]:
        start.pop()
    return f"Week {int(key[-2:])} of {key[:4]}", f"{' '.join(start)} to {' '.join(end)}"


def week(iso: str) -> str:
    """The key of the week that holds a day: "2026-W47"."""
    year, number, _ = date.fromisoformat(iso).isocalendar()
    return f"{year:04d}-W{number:02d}"


def neighbour(kind: Span, key: str) -> str:
    """A short name for a neighbouring edition: "19 November 2026", "Week 46", "October 2026"."""
    return f"Week {int(key[-2:])} of {key[:4]}" if kind is Span.WEEK else day(key)


def happened(event: Event) -> str:
    """What happened to a paper: "Version 2", "Title changed in v2", "Code released"."""
    gone = event.new is None and event.kind in _UNSAID
    text = _UNSAID[event.kind] if gone else _SAID[event.kind]
    if event.version is not None:
        if event.kind == "version":
            text = f"Version {event.version}"
        elif event.kind in _BY_AUTHORS:
            text = f"{text} in v{event.version}"
    return text


_SAID: Mapping[str, str] = MappingProxyType(
    {
        "version": "A new version",
        "title": "Title changed",
        "abstract": "Abstract changed",
        "authors": "Authors changed",
        "categories": "Categories changed",
        "withdrawn": "Withdrawn",
        "deleted": "Deleted at its source",
        "venue": "Published",
        "doi": "DOI added",
        "code": "Code released",
    }
)
# Taken back, or no longer so: the event's new value is empty.
_UNSAID: Mapping[str, str] = MappingProxyType(
    {
        "withdrawn": "No longer withdrawn",
        "deleted": "There again at its source",
        "venue": "Venue removed",
        "doi": "DOI removed",
        "code": "Code link removed",
    }
)
_BY_AUTHORS = frozenset({"title", "abstract", "authors", "withdrawn"})  # what a version brings; the rest comes anytime
