"""When arXiv announces: deadlines, both clock changes, weekends, holidays, and what holds for every instant."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet import announcing

NEW_YORK = ZoneInfo("America/New_York")
DAYS = st.dates(date(1995, 1, 1), date(2100, 12, 31))
START = datetime(1995, 1, 1, tzinfo=UTC)
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=105 * 365)).map(START.__add__)


def ny(text: str) -> datetime:
    """A wall-clock time in New York."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("submitted", "day"),
    [  # a week without a holiday: Monday is 9 November 2026
        ("2026-11-08T23:00", "2026-11-10"),
        ("2026-11-09T13:59:59", "2026-11-10"),
        ("2026-11-09T14:00", "2026-11-11"),
        ("2026-11-10T09:00", "2026-11-11"),
        ("2026-11-11T09:00", "2026-11-12"),
        ("2026-11-12T09:00", "2026-11-13"),
        ("2026-11-12T14:00", "2026-11-16"),
        ("2026-11-13T13:59:59.999999", "2026-11-16"),
        ("2026-11-13T14:00", "2026-11-17"),
        ("2026-11-14T12:00", "2026-11-17"),
        ("2026-11-15T19:00", "2026-11-17"),
    ],
)
def test_a_submission_stands_in_the_listing_after_its_deadline(submitted: str, day: str) -> None:
    assert announcing.edition_day(ny(submitted)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("day", "at"),
    [
        ("2026-11-09", "2026-11-09T01:00"),  # Monday's listing comes out on Sunday evening
        ("2026-11-13", "2026-11-13T01:00"),
        ("2026-07-15", "2026-07-15T00:00"),  # summer time
        ("2026-03-06", "2026-03-06T01:00"),  # the clocks go forward on Sunday, 8 March 2026, at 02:00 ...
        ("2026-03-09", "2026-03-09T00:00"),  # ... so that evening's announcement is an hour earlier in UTC
        ("2026-10-30", "2026-10-30T00:00"),  # and back on Sunday, 1 November 2026
        ("2026-11-02", "2026-11-02T01:00"),
    ],
)
def test_an_announcement_is_at_eight_in_the_evening_in_new_york(day: str, at: str) -> None:
    assert announcing.announced_at(date.fromisoformat(day)) == datetime.fromisoformat(at).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("submitted", "day"),
    [
        ("2026-03-06T18:59:59", "2026-03-09"),  # Friday, winter time: the deadline is 19:00 UTC
        ("2026-03-06T19:00:00", "2026-03-10"),
        ("2026-03-09T17:59:59", "2026-03-10"),  # Monday, summer time: 18:00 UTC
        ("2026-03-09T18:00:00", "2026-03-11"),
        ("2026-10-30T17:59:59", "2026-11-02"),
        ("2026-10-30T18:00:00", "2026-11-03"),
        ("2026-11-02T18:59:59", "2026-11-03"),
        ("2026-11-02T19:00:00", "2026-11-04"),
    ],
)
def test_the_deadline_follows_the_clocks_of_new_york(submitted: str, day: str) -> None:
    instant = datetime.fromisoformat(submitted).replace(tzinfo=UTC)
    assert announcing.edition_day(instant) == date.fromisoformat(day)


def test_the_hour_that_comes_twice_is_no_trouble() -> None:
    once, again = (ny("2026-11-01T01:30").replace(fold=fold) for fold in (0, 1))
    assert announcing.edition_day(once) == announcing.edition_day(again) == date(2026, 11, 3)


def test_thanksgiving_empties_the_friday_after_it() -> None:
    assert announcing.edition_day(ny("2026-11-25T13:00")) == date(2026, 11, 26)
    assert announcing.edition_day(ny("2026-11-25T15:00")) == date(2026, 11, 30)
    assert announcing.edition_day(ny("2026-11-26T10:00")) == date(2026, 11, 30)
    assert announcing.edition_day(ny("2026-11-27T13:00")) == date(2026, 11, 30)
    assert announcing.announced_at(date(2026, 11, 26)) == datetime(2026, 11, 26, 1, tzinfo=UTC)
    assert announcing.announced_at(date(2026, 11, 27)) is None
    assert announcing.silence(date(2026, 11, 26)) == ""
    assert announcing.silence(date(2026, 11, 27)) == "No announcement: Thanksgiving (Thursday, 26 November 2026)."


def test_a_holiday_on_friday_empties_monday() -> None:
    assert announcing.edition_day(ny("2026-06-19T10:00")) == date(2026, 6, 23)
    assert announcing.silence(date(2026, 6, 19)) == ""
    assert announcing.silence(date(2026, 6, 22)) == "No announcement: Juneteenth (Friday, 19 June 2026)."


def test_a_fortnight_across_a_winter_break() -> None:
    days = [date(2026, 12, 21) + timedelta(n) for n in range(14)]
    held = [day.day for day in days if announcing.announced_at(day)]
    assert held == [21, 22, 23, 24, 25, 29, 31]
    assert announcing.next_announcement(ny("2026-12-24T20:00")) == (
        date(2026, 12, 29),
        datetime(2026, 12, 29, 1, tzinfo=UTC),
    )
    assert announcing.latest_announced(ny("2027-01-03T12:00")) == date(2026, 12, 31)


def test_weekends_have_no_listing() -> None:
    assert announcing.silence(date(2026, 11, 21)) == "arXiv announces nothing for a Saturday."
    assert announcing.silence(date(2026, 11, 22)) == "arXiv announces nothing for a Sunday."


def test_until_2017_the_deadline_was_two_hours_later() -> None:
    assert announcing.edition_day(ny("2016-11-15T15:59:59")) == date(2016, 11, 16)
    assert announcing.edition_day(ny("2017-11-14T15:59:59")) == date(2017, 11, 16)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2027-01-01", "New Year"),
        ("2027-01-18", "Martin Luther King Day"),
        ("2027-06-18", "Juneteenth"),  # on a Saturday, kept on Friday
        ("2027-07-05", "Independence Day"),  # on a Sunday, kept on Monday
        ("2027-09-06", "Labor Day"),
        ("2027-11-25", "Thanksgiving"),
        ("2027-12-24", "winter break"),
        ("2027-12-31", "New Year"),  # 2028 begins on a Saturday
    ],
)
def test_a_rule_expects_the_holidays_of_years_to_come(day: str, name: str) -> None:
    kept = date.fromisoformat(day)
    assert announcing.holiday(kept) == announcing.Holiday(name, published=False)
    listing = kept + timedelta(3 if kept.weekday() == 4 else 1)
    assert announcing.silence(listing).startswith(f"No announcement is expected: {name} (")


def test_published_holidays_are_weekdays_of_every_year_since_2003() -> None:
    days = [date(2003, 12, 1) + timedelta(n) for n in range((date(2026, 12, 31) - date(2003, 12, 1)).days + 1)]
    kept = [day for day in days if (found := announcing.holiday(day)) and found.published]
    assert {day.year for day in kept} == set(range(2003, 2027))
    assert all(day.weekday() < 5 for day in kept)
    assert len(kept) == 143
    assert announcing.holiday(date(2004, 1, 2)) == announcing.Holiday("New Year", published=True)
    assert announcing.holiday(date(2017, 11, 13)) == announcing.Holiday("an outage at arXiv", published=True)


def test_memorial_day_is_an_ordinary_monday() -> None:
    assert announcing.holiday(date(2026, 5, 25)) is None
    assert announcing.holiday(date(2027, 5, 31)) is None


def test_the_latest_and_the_next_meet_at_the_very_second() -> None:
    evening = ny("2026-11-18T20:00")
    before = evening - timedelta(microseconds=1)
    assert announcing.latest_announced(evening) == date(2026, 11, 19)
    assert announcing.next_announcement(evening)[0] == date(2026, 11, 20)
    assert announcing.latest_announced(before) == date(2026, 11, 18)
    assert announcing.next_announcement(before) == (date(2026, 11, 19), evening)


@pytest.mark.parametrize("ask", [announcing.edition_day, announcing.latest_announced, announcing.next_announcement])
def test_an_instant_needs_a_time_zone(ask: object) -> None:
    with pytest.raises(ValueError, match="time zone"):
        ask(datetime(2026, 11, 20, tzinfo=UTC).replace(tzinfo=None))  # type: ignore[operator]


@given(INSTANTS)
def test_a_submission_is_announced_after_it_was_made_and_within_ten_days(submitted: datetime) -> None:
    day = announcing.edition_day(submitted)
    at = announcing.announced_at(day)
    assert at is not None
    assert submitted + timedelta(hours=4) <= at <= submitted + timedelta(days=10)


@given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=12)))
def test_who_submits_later_is_never_announced_earlier(submitted: datetime, later: timedelta) -> None:
    assert announcing.edition_day(submitted) <= announcing.edition_day(submitted + later)


@given(INSTANTS, st.timezones())
def test_the_time_zone_an_instant_is_told_in_makes_no_difference(submitted: datetime, zone: ZoneInfo) -> None:
    assert announcing.edition_day(submitted.astimezone(zone)) == announcing.edition_day(submitted)


@given(DAYS)
def test_every_day_has_a_listing_or_a_reason(day: date) -> None:
    at, why = announcing.announced_at(day), announcing.silence(day)
    assert (at is None) == bool(why)
    assert not why or why.endswith(".")
    if at is not None:
        local = at.astimezone(NEW_YORK)
        assert (local.hour, local.minute, local.date()) == (20, 0, day - timedelta(1))
        assert announcing.latest_announced(at) == day


@given(INSTANTS)
def test_between_the_latest_and_the_next_lies_nothing_but_silence(now: datetime) -> None:
    latest, (following, at) = announcing.latest_announced(now), announcing.next_announcement(now)
    assert at > now
    assert latest < following
    between = [latest + timedelta(n) for n in range(1, (following - latest).days)]
    assert all(map(announcing.silence, between))


@given(DAYS)
def test_every_listing_has_submissions_of_its_own(day: date) -> None:
    at = announcing.announced_at(day)
    if at is not None:
        received = ny(f"{day - timedelta(3 if day.weekday() == 0 else 1)}T13:00")
        assert announcing.edition_day(received) == day
