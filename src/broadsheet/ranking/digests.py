"""Digests: when one is due, which days it covers, and which papers it takes. Decided here, from values alone.

A subscription is due once on a local day at most. A local time that a clock change leaves out is the instant at which
it would have been by the clock before the change; one that comes twice is the first of the two. Where that instant is
on the day after (Samoa had no 30 December 2011) it counts as that day's, and is left out if one is due then anyway.
"""

from collections.abc import Container, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from broadsheet.types import Rhythm, Subscription

WEEK = 7  # days that a digest covers at most: who paused for months is not sent all of them
_DAY = timedelta(days=1)
_SATURDAY = 5
_LONG_AGO = datetime(1, 1, 3, tzinfo=UTC)


def next_due(subscription: Subscription, after: datetime) -> datetime:
    """The first instant later than another at which a subscription is due, in UTC.

    `after` is the later of now and when it was due last: then no day comes twice, even after the machine's clock was
    set back. What is sent at once is due by the day too, for what could not be sent at once. `after` has a time zone.
    """
    where, at = _zone(subscription.zone), time.fromisoformat(subscription.at)
    day = after.astimezone(where).date() - 2 * _DAY  # a zone may have left out a day
    while not (_is_day_of(subscription, day) and _counts(subscription, day, _instant(day, at, where), after, where)):
        day += _DAY
    return _instant(day, at, where)


def begins(subscription: Subscription, day: date) -> datetime:
    """When a day begins where the subscriber lives, in UTC."""
    return _instant(day, time(), _zone(subscription.zone))


def goes_on(subscription: Subscription) -> datetime:
    """When a pause ends; long ago where there is none. A day alone, as it was once kept, begins in UTC."""
    if not subscription.paused:
        return _LONG_AGO
    ends = datetime.fromisoformat(subscription.paused)
    return ends if ends.tzinfo else ends.replace(tzinfo=UTC)


def local_day(subscription: Subscription, instant: datetime) -> date:
    """The day of an instant where the subscriber lives."""
    return instant.astimezone(_zone(subscription.zone)).date()


def digest_key(subscription: Subscription, due: datetime) -> str:
    """What makes a digest one and the same: the subscription, and the local day for which it is due."""
    return f"digest:{subscription.number}:{local_day(subscription, due).isoformat()}"


def digest_days(subscription: Subscription, newest: date | None, today: date) -> tuple[date, date] | None:
    """The first and the last day that a digest covers; None if nothing came. `newest` is the day of the last edition.

    A weekly one covers the week until today. Others cover what came since the last digest, the first of all the newest
    day, and nothing that is older than a week.
    """
    week = today - (WEEK - 1) * _DAY
    if subscription.rhythm is Rhythm.WEEKLY:
        return week, max(today, newest or today)
    last = date.fromisoformat(subscription.last[:10]) if subscription.last else None
    if newest is None or newest < week or (last is not None and last >= newest):
        return None
    return (max(last + _DAY, week), newest) if last is not None else (newest, newest)


def choose(order: Sequence[int], delivered: Container[int], most: int) -> tuple[list[int], int]:
    """The first papers of an order that were not delivered before, each once, and how many more there are."""
    left = [number for number in dict.fromkeys(order) if number not in delivered]
    return left[:most], max(0, len(left) - most)


def _counts(subscription: Subscription, day: date, due: datetime, after: datetime, where: ZoneInfo) -> bool:
    """Whether what is due for a day is later than an instant, and not the next day's anyway."""
    moved = due.astimezone(where).date() != day
    return due > after and not (moved and _is_day_of(subscription, day + _DAY))


def _is_day_of(subscription: Subscription, day: date) -> bool:
    if subscription.rhythm is Rhythm.WEEKLY:
        return day.weekday() == subscription.weekday
    return subscription.rhythm is not Rhythm.WEEKDAYS or day.weekday() < _SATURDAY


def _instant(day: date, at: time, where: ZoneInfo) -> datetime:
    return datetime.combine(day, at, where).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    """A time zone; UTC for one that the machine's tables do not have any more: a letter is better than none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, no name at all, a folder of the tables
        return ZoneInfo("UTC")
