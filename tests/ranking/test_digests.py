"""When digests are due, over all time zones and their changes; the days they cover; what they take."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.ranking import choose, digest_days, digest_key, local_day, next_due
from broadsheet.types import Form, Rhythm, Subscription, Wanted

ZONES = sorted(available_timezones() - {"localtime", "posixrules", "Factory"})
RHYTHMS = st.sampled_from(Rhythm)
TIMES = st.times().map(lambda at: f"{at:%H:%M}")
INSTANTS = st.datetimes(datetime(1971, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - see there


def wish(
    rhythm: Rhythm = Rhythm.EDITION, at: str = "07:30", zone: str = "Europe/Berlin", *, weekday: int = 0, last: str = ""
) -> Subscription:
    return Subscription(
        7, 1, Wanted.EDITION, "", "", rhythm, weekday, at, zone, 10, Form.HTML, "2026-11-01T00:00:00+00:00", last=last
    )


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@given(RHYTHMS, TIMES, st.sampled_from(ZONES), st.integers(0, 6), INSTANTS)
@example(Rhythm.EDITION, "07:30", "Pacific/Apia", 4, utc(2011, 12, 28))
@example(Rhythm.WEEKLY, "07:30", "Pacific/Apia", 4, utc(2011, 12, 28))
@example(Rhythm.WEEKDAYS, "23:45", "Pacific/Kwajalein", 0, utc(1993, 8, 19))
@example(Rhythm.EDITION, "02:30", "America/New_York", 0, utc(2026, 3, 7))
@example(Rhythm.EDITION, "01:30", "America/New_York", 0, utc(2026, 10, 31))
@example(Rhythm.EDITION, "23:59", "Africa/Casablanca", 0, utc(1976, 4, 29))
def test_the_days_for_which_something_is_due_are_the_right_ones_and_none_comes_twice(
    rhythm: Rhythm, at: str, zone: str, weekday: int, begin: datetime
) -> None:
    one, where = wish(rhythm, at, zone, weekday=weekday), ZoneInfo(zone)
    days: list[date] = []
    after = begin
    for _ in range(9):
        due = next_due(one, after)
        assert due > after
        assert due.tzinfo is UTC
        # Most: a week, and a day that a zone left out; for weekdays a weekend and such a day.
        assert due - after <= timedelta(days={Rhythm.WEEKLY: 8, Rhythm.WEEKDAYS: 4}.get(rhythm, 2), hours=2)
        local = due.astimezone(where)
        round_trip = datetime.combine(local.date(), local.timetz().replace(tzinfo=None), where)
        if f"{local:%H:%M}" == at:
            assert round_trip.fold == 0
            assert local.fold == 0, "of two hours of this name it is the first"
            assert rhythm is not Rhythm.WEEKLY or local.weekday() in {weekday, (weekday + 1) % 7}
        else:  # the clock skipped it
            assert datetime.combine(local.date(), local.time(), where).utcoffset() is not None
        days.append(local_day(one, due))
        assert digest_key(one, due) == f"digest:7:{days[-1]}"
        after = due
    assert days == sorted(set(days))


@given(RHYTHMS, TIMES, st.sampled_from(ZONES), INSTANTS, st.timedeltas(timedelta(0), timedelta(days=3)))
def test_it_makes_no_difference_how_late_somebody_asks_before_the_next(
    rhythm: Rhythm, at: str, zone: str, begin: datetime, later: timedelta
) -> None:
    one = wish(rhythm, at, zone)
    first = next_due(one, begin)
    asked = begin + later
    assert next_due(one, asked) == first if asked < first else next_due(one, asked) > first


@pytest.mark.parametrize(
    ("at", "zone", "after", "due"),
    [
        ("07:30", "Europe/Berlin", utc(2026, 11, 20, 6, 29), utc(2026, 11, 20, 6, 30)),
        ("07:30", "Europe/Berlin", utc(2026, 11, 20, 6, 30), utc(2026, 11, 21, 6, 30)),
        ("02:30", "Europe/Berlin", utc(2026, 3, 28, 12), utc(2026, 3, 29, 1, 30)),  # 02:30 is skipped: it is 03:30
        ("02:30", "Europe/Berlin", utc(2026, 10, 24, 12), utc(2026, 10, 25, 0, 30)),  # the first 02:30
        ("02:30", "Europe/Berlin", utc(2026, 10, 25, 0, 30), utc(2026, 10, 26, 1, 30)),  # not the second one
        ("07:30", "Pacific/Apia", utc(2011, 12, 29, 17, 30), utc(2011, 12, 30, 17, 30)),  # the 31st, for the 30th too
        ("07:30", "No/Where", utc(2026, 11, 20, 7), utc(2026, 11, 20, 7, 30)),
    ],
)
def test_a_local_time(at: str, zone: str, after: datetime, due: datetime) -> None:
    assert next_due(wish(at=at, zone=zone), after) == due


def test_weekdays_and_a_day_of_the_week() -> None:
    friday = utc(2026, 11, 20, 12)
    assert next_due(wish(Rhythm.WEEKDAYS, zone="UTC"), friday) == utc(2026, 11, 23, 7, 30)
    assert next_due(wish(Rhythm.WEEKLY, zone="UTC", weekday=6), friday) == utc(2026, 11, 22, 7, 30)
    assert next_due(wish(Rhythm.WEEKLY, zone="UTC", weekday=4), friday) == utc(2026, 11, 27, 7, 30)


def test_the_day_is_the_subscribers() -> None:
    one = wish(at="07:30", zone="Pacific/Auckland")
    assert digest_key(one, next_due(one, utc(2026, 11, 20, 12))) == "digest:7:2026-11-21"


@pytest.mark.parametrize(
    ("rhythm", "last", "newest", "days"),
    [
        (Rhythm.EDITION, "", "2026-11-20", ("2026-11-20", "2026-11-20")),
        (Rhythm.EDITION, "2026-11-19", "2026-11-20", ("2026-11-20", "2026-11-20")),
        (Rhythm.EDITION, "2026-11-19", "2026-11-21", ("2026-11-20", "2026-11-21")),  # the listing of tomorrow
        (Rhythm.WEEKDAYS, "2026-11-17", "2026-11-20", ("2026-11-18", "2026-11-20")),
        (Rhythm.EDITION, "2025-01-01", "2026-11-20", ("2026-11-14", "2026-11-20")),
        (Rhythm.EDITION, "2026-11-20", "2026-11-20", None),
        (Rhythm.EDITION, "2026-11-23", "2026-11-20", None),  # the clock was set back
        (Rhythm.EDITION, "", "2026-11-01", None),
        (Rhythm.EDITION, "", None, None),
        (Rhythm.WEEKLY, "", "2026-11-18", ("2026-11-14", "2026-11-20")),
        (Rhythm.WEEKLY, "2026-11-20", None, ("2026-11-14", "2026-11-20")),
    ],
)
def test_the_days_that_a_digest_covers(
    rhythm: Rhythm, last: str, newest: str | None, days: tuple[str, str] | None
) -> None:
    found = digest_days(wish(rhythm, last=last), date.fromisoformat(newest) if newest else None, date(2026, 11, 20))
    assert (found and (found[0].isoformat(), found[1].isoformat())) == days


@given(st.lists(st.integers(1, 30)), st.sets(st.integers(1, 30)), st.integers(0, 12))
def test_what_is_chosen_was_never_delivered_and_is_the_beginning_of_the_order(
    order: list[int], delivered: set[int], most: int
) -> None:
    chosen, more = choose(order, delivered, most)
    left = [one for place, one in enumerate(order) if one not in delivered and one not in order[:place]]
    assert chosen == left[:most]
    assert len(chosen) + more == len(left)
