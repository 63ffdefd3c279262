"""When a job runs: rules in words that a person can read, and the instant that comes next. Pure.

    never
    every 6 hours
    22:30 America/New_York sun-thu
    every 20 minutes from 20:05 to 02:05 America/New_York sun-thu
    22:30 America/New_York sun-thu and 06:30 America/New_York

"every 6 hours" counts from the end of the last run, so that installations spread over the day. A time of day is its
zone's own (UTC where none is named); days are those on which it begins, every day where none are named. A stretch
that ends before it begins ends on the next day.

Where the clocks change: a time that a night leaves out (02:30 in spring) comes as much later as the clocks were put
forward, so that the day keeps its run; a time that a night has twice comes once, the first time. Steps within a
stretch are real minutes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from broadsheet.errors import Refused

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_LONGEST = timedelta(days=366)
_EVERY = re.compile(r"every (?:(\d{1,6}) )?(minute|hour|day)s?(?: from (.+))?")
_STRETCH = re.compile(r"(\d\d?:\d\d) to (\d\d?:\d\d)(?: (.+))?")
_TIME = re.compile(r"(\d\d?:\d\d)(?: (.+))?")
_WEEK = re.compile(r"[a-z]{3}(?:[-,][a-z]{3})*")

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=6)
_LONGEST_ASKED = timedelta(days=1)


def next_run(rule: str, after: datetime) -> datetime | None:
    """The first instant (UTC) after `after` that a rule names; None if it never comes.

    Raises Refused for a text that is no rule.
    """
    after = after.astimezone(UTC)
    return min((part.next(after) for part in _parse(rule)), default=None)


def after_failure(failures: int, now: datetime, retry_after: float | None = None) -> datetime:
    """When a job is tried again that failed `failures` times in a row: 5 minutes, then twice as long, up to 6 hours.

    A source that says after how many seconds it wants to be asked again is heard: not sooner than in five minutes
    and not later than in a day, whatever it says.
    """
    if retry_after is not None:
        seconds = min(max(retry_after, FIRST_WAIT.total_seconds()), _LONGEST_ASKED.total_seconds())
        return now + timedelta(seconds=seconds)
    doublings = min(max(failures, 1) - 1, 10)
    return now + min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class _Every:
    """So much later than the last time."""

    step: timedelta

    def next(self, after: datetime) -> datetime:
        return after + self.step


@dataclass(frozen=True, slots=True)
class _Clock:
    """A time of day, or a stretch of the day in steps, on some days of the week (0 is Monday)."""

    start: time
    end: time
    zone: ZoneInfo
    days: frozenset[int]
    step: timedelta | None = None

    def next(self, after: datetime) -> datetime:
        found = (self._first(first, last, after) for first, last in self._stretches(after))
        return min(instant for instant in found if instant is not None)

    def _stretches(self, after: datetime) -> Iterator[tuple[datetime, datetime]]:
        """From yesterday's, which may still last, to that of this weekday next week, which surely is to come."""
        today = after.astimezone(self.zone).date()
        for day in (today + timedelta(days=days) for days in range(-1, 9)):
            if day.weekday() in self.days:
                until = day if self.end >= self.start else day + timedelta(days=1)
                yield self._instant(day, self.start), self._instant(until, self.end)

    def _instant(self, day: date, at: time) -> datetime:
        # `fold` is 0: of a time that is there twice the first, and a time that is not there by the clock before it.
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def _first(self, first: datetime, last: datetime, after: datetime) -> datetime | None:
        if first > after:
            return first
        if self.step is None:
            return None
        instant = first + ((after - first) // self.step + 1) * self.step
        return instant if instant <= last else None


def _parse(rule: str) -> list[_Every | _Clock]:
    text = " ".join(rule.split())
    if text == "never":
        return []
    return [_part(part) for part in text.split(" and ")]


def _part(text: str) -> _Every | _Clock:
    if match := _EVERY.fullmatch(text):
        step = int(match[1] or 1) * _UNITS[match[2]]
        if not timedelta(0) < step <= _LONGEST:
            raise Refused(f"{text!r}: a job comes once in 1 minute to 366 days.")
        if match[3] is None:
            return _Every(step)
        if stretch := _STRETCH.fullmatch(match[3]):
            return _Clock(_time(stretch[1]), _time(stretch[2]), *_where(stretch[3] or ""), step)
    elif match := _TIME.fullmatch(text):
        return _Clock(_time(match[1]), _time(match[1]), *_where(match[2] or ""))
    raise Refused(
        f"{text!r} is no time for a job. Write “never”, “every 6 hours”, “22:30 America/New_York sun-thu” or"
        " “every 20 minutes from 20:05 to 23:55 America/New_York”."
    )


def _time(text: str) -> time:
    hour, _, minute = text.partition(":")
    try:
        return time(int(hour), int(minute))
    except ValueError:
        raise Refused(f"{text!r} is no time of day: write 00:00 to 23:59.") from None


def _where(text: str) -> tuple[ZoneInfo, frozenset[int]]:
    """The zone and the days in the words after a time, each of which may be missing."""
    words = text.split()
    days = frozenset(range(7))
    if words and _WEEK.fullmatch(words[-1].lower()) and words[-1].lower()[:3] in _DAYS:
        days = _week(words.pop().lower())
    zone = " ".join(words) or "UTC"
    try:
        return ZoneInfo(zone), days
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(f"There is no time zone {zone!r}; one is named like Europe/Paris.") from None


def _week(text: str) -> frozenset[int]:
    days: set[int] = set()
    for part in text.split(","):
        ends = part.split("-")
        if len(ends) > 2 or not set(ends) <= set(_DAYS):
            raise Refused(f"{text!r} names no days: write them like sun-thu or mon,wed,fri.")
        first, last = _DAYS.index(ends[0]), _DAYS.index(ends[-1])
        days.update((first + more) % 7 for more in range((last - first) % 7 + 1))
    return frozenset(days)
