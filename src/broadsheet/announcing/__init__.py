"""When arXiv announces, as arithmetic: which day's listing a submission stands in, and why a day has none.

The rule (https://info.arxiv.org/help/availability.html): what was submitted between one deadline and the next is
announced together. There is a deadline at 14:00 New York time on every weekday that is no holiday; the announcement
follows at 20:00 the same evening, after Friday's deadline on Sunday evening. The listing bears the date of the day
after the announcement, and that is the day of its edition: Monday to Friday, never a weekend.

    deadline   Mon 14:00   Tue 14:00   Wed 14:00   Thu 14:00   Fri 14:00
    announced  Mon 20:00   Tue 20:00   Wed 20:00   Thu 20:00   Sun 20:00
    dated      Tue         Wed         Thu         Fri         Mon

So a holiday empties the listing of the weekday *after* it. This is what arXiv means to do. What it did is in its
listings: where an `Announcement` is stored for a day, the caller believes that and does not ask `silence`. Moderation
may also hold a paper back for days: its `announced` day, where a listing gave one, goes before `edition_day`.

Pure functions. Instants have a time zone (a naive one is a ValueError); instants given back are in UTC.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from broadsheet.announcing.holidays import Holiday, holiday

__all__ = ["Holiday", "announced_at", "edition_day", "holiday", "latest_announced", "next_announcement", "silence"]

_NEW_YORK = ZoneInfo("America/New_York")
_ANNOUNCED = time(20, 0)
_DEADLINE, _EARLIER_DEADLINE = time(14, 0), time(16, 0)
_DEADLINE_SINCE = date(2017, 1, 2)  # https://arxiv.org/new: the deadline moved from 16:00 to 14:00
_DAY = timedelta(days=1)
_MONDAY, _FRIDAY, _SATURDAY = 0, 4, 5


def edition_day(submitted: datetime) -> date:
    """The day of the listing that a submission received at this instant stands in, if nothing holds it up.

    A submission at the deadline's very second has missed it.
    """
    local = _local(submitted)
    day = local.date()
    if local.time() >= _deadline(day):
        day += _DAY
    while not _has_deadline(day):
        day += _DAY
    return day + (3 * _DAY if day.weekday() == _FRIDAY else _DAY)


def announced_at(day: date) -> datetime | None:
    """The instant at which the listing of a day comes out: 20:00 in New York on the evening before.

    None for a day without a listing; `silence` says why.
    """
    if day.weekday() >= _SATURDAY or not _has_deadline(_deadline_day(day)):
        return None
    return datetime.combine(day - _DAY, _ANNOUNCED, _NEW_YORK).astimezone(UTC)


def silence(day: date) -> str:
    """Why a day has no listing, as a sentence; "" for a day that has one.

    For years whose holidays arXiv has not published yet the sentence says "expected", for then a rule speaks.
    """
    if day.weekday() >= _SATURDAY:
        return f"arXiv announces nothing for a {day:%A}."
    before = _deadline_day(day)
    kept = holiday(before)
    if kept is None:
        return ""
    expected = "" if kept.published else " is expected"
    return f"No announcement{expected}: {kept.name} ({before:%A}, {before.day} {before:%B %Y})."


def next_announcement(after: datetime) -> tuple[date, datetime]:
    """The first listing that comes out later than an instant: its day, and when."""
    day = _local(after).date()
    while (at := announced_at(day)) is None or at <= after:
        day += _DAY
    return day, at


def latest_announced(now: datetime) -> date:
    """The day of the newest listing that has come out by an instant."""
    day = _local(now).date() + _DAY
    while (at := announced_at(day)) is None or at > now:
        day -= _DAY
    return day


def _deadline_day(day: date) -> date:
    """The day of the deadline whose submissions a weekday's listing holds."""
    return day - (3 * _DAY if day.weekday() == _MONDAY else _DAY)


def _has_deadline(day: date) -> bool:
    return day.weekday() < _SATURDAY and holiday(day) is None


def _deadline(day: date) -> time:
    return _DEADLINE if day >= _DEADLINE_SINCE else _EARLIER_DEADLINE


def _local(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(_NEW_YORK)
