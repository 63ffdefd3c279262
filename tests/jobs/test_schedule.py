"""When jobs run: rules in words, time zones, the nights on which the clocks change, and waiting after a failure."""

import contextlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.errors import Refused
from broadsheet.jobs.schedule import after_failure, next_run

NEW_YORK = ZoneInfo("America/New_York")
ZONES = ("America/New_York", "Europe/Paris", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "UTC")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BEGINNING = datetime(2005, 1, 1, tzinfo=UTC)
INSTANTS = st.timedeltas(timedelta(0), timedelta(days=35 * 365)).map(lambda later: BEGINNING + later)
TIMES = st.times().map("{:%H:%M}".format)
WEEKS = st.one_of(
    st.just(""),
    st.lists(st.sampled_from(DAYS), min_size=1, max_size=3).map(lambda days: " " + ",".join(days)),
    st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(lambda ends: " " + "-".join(ends)),
)
PLACES = st.tuples(st.sampled_from(ZONES), WEEKS).map("".join)
CLOCKS = st.one_of(
    st.tuples(TIMES, PLACES).map("{0[0]} {0[1]}".format),
    st.tuples(st.integers(1, 600), TIMES, TIMES, PLACES).map(
        "every {0[0]} minutes from {0[1]} to {0[2]} {0[3]}".format
    ),
)
STEPS = st.tuples(st.integers(1, 366), st.sampled_from(["minute", "hour", "days"])).map("every {0[0]} {0[1]}".format)
WORDS = st.sampled_from(
    ["every", "2", "minutes", "hour", "from", "to", "and", "20:05", "99:99", "UTC", "sun-thu", "never"]
)
RULES = st.lists(CLOCKS | STEPS, min_size=1, max_size=3).map(" and ".join)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def runs(rule: str, after: datetime, count: int, zone: ZoneInfo = NEW_YORK) -> list[str]:
    """The next runs, as the clocks of a place show them."""
    shown = []
    for _ in range(count):
        coming = next_run(rule, after)
        assert coming is not None
        after = coming
        shown.append(f"{after.astimezone(zone):%a %m-%d %H:%M %Z}")
    return shown


def test_never_comes_never() -> None:
    assert next_run("never", utc("2026-11-20 12:00")) is None


@pytest.mark.parametrize(
    ("rule", "after"),
    [("every 6 hours", "18:00"), ("every hour", "13:00"), ("every 90 minutes", "13:30"), ("every  minute", "12:01")],
)
def test_a_step_counts_from_the_last_run(rule: str, after: str) -> None:
    assert next_run(rule, utc("2026-11-20 12:00")) == utc(f"2026-11-20 {after}")


def test_a_time_of_day_is_of_its_zone_and_utc_without_one() -> None:
    friday = utc("2026-11-20 12:00")
    assert next_run("22:30", friday) == utc("2026-11-20 22:30")
    assert next_run("9:05 Asia/Tokyo", friday) == utc("2026-11-21 00:05")
    assert next_run("22:30 America/New_York sun-thu", friday) == utc("2026-11-23 03:30")


def test_days_are_those_of_the_zone_on_which_it_begins() -> None:
    week = runs("22:30 America/New_York sun-thu", utc("2026-11-20 12:00"), 6)
    assert [day[:3] for day in week] == ["Sun", "Mon", "Tue", "Wed", "Thu", "Sun"]
    assert runs("08:00 America/New_York mon,wed", utc("2026-11-20 12:00"), 3) == [
        "Mon 11-23 08:00 EST",
        "Wed 11-25 08:00 EST",
        "Mon 11-30 08:00 EST",
    ]


def test_a_stretch_may_last_over_midnight_and_belongs_to_the_day_it_begins_on() -> None:
    rule = "every 2 hours from 20:05 to 02:05 America/New_York thu"
    assert runs(rule, local("2026-11-19 19:00"), 5) == [
        "Thu 11-19 20:05 EST",
        "Thu 11-19 22:05 EST",
        "Fri 11-20 00:05 EST",
        "Fri 11-20 02:05 EST",
        "Thu 11-26 20:05 EST",
    ]


def test_the_earliest_of_several_rules_comes() -> None:
    rule = "22:30 America/New_York sun-thu and 06:30 America/New_York"
    assert runs(rule, local("2026-11-19 12:00"), 3) == [
        "Thu 11-19 22:30 EST",
        "Fri 11-20 06:30 EST",
        "Sat 11-21 06:30 EST",
    ]


def test_a_time_that_a_night_leaves_out_comes_an_hour_later_by_the_clock() -> None:
    """2026-03-08: 02:00 EST is 03:00 EDT."""
    assert runs("02:30 America/New_York", local("2026-03-07 00:00"), 3) == [
        "Sat 03-07 02:30 EST",
        "Sun 03-08 03:30 EDT",
        "Mon 03-09 02:30 EDT",
    ]


def test_a_time_that_a_night_has_twice_comes_once() -> None:
    """2026-11-01: 02:00 EDT is 01:00 EST."""
    assert runs("01:30 America/New_York", local("2026-10-31 00:00"), 3) == [
        "Sat 10-31 01:30 EDT",
        "Sun 11-01 01:30 EDT",
        "Mon 11-02 01:30 EST",
    ]


def test_steps_are_real_minutes_when_the_clocks_change() -> None:
    rule = "every 30 minutes from 00:30 to 03:30 America/New_York sun"
    autumn = runs(rule, local("2026-10-31 12:00"), 9)
    assert [run[10:] for run in autumn] == [
        "00:30 EDT", "01:00 EDT", "01:30 EDT", "01:00 EST", "01:30 EST", "02:00 EST", "02:30 EST", "03:00 EST",
        "03:30 EST",
    ]  # fmt: skip
    spring = runs(rule, local("2026-03-07 12:00"), 5)
    assert [run[10:] for run in spring] == ["00:30 EST", "01:00 EST", "01:30 EST", "03:00 EDT", "03:30 EDT"]


def test_the_evening_in_new_york_moves_an_hour_in_utc() -> None:
    rule = "22:30 America/New_York sun-thu"
    assert next_run(rule, utc("2026-10-29 12:00")) == utc("2026-10-30 02:30")
    assert next_run(rule, utc("2026-11-01 12:00")) == utc("2026-11-02 03:30")
    assert next_run(rule, utc("2026-03-05 12:00")) == utc("2026-03-06 03:30")
    assert next_run(rule, utc("2026-03-08 12:00")) == utc("2026-03-09 02:30")


@given(RULES, INSTANTS)
def test_the_next_run_is_later_and_in_utc(rule: str, after: datetime) -> None:
    coming = next_run(rule, after)
    assert coming is not None
    assert coming > after
    assert coming.utcoffset() == timedelta(0)


@given(CLOCKS, INSTANTS, st.integers(0, 999_999))
def test_asking_again_before_it_comes_gives_the_same(rule: str, after: datetime, millionths: int) -> None:
    coming = next_run(rule, after)
    assert coming is not None
    assert next_run(rule, after + (coming - after) * millionths // 1_000_000) == coming


@given(TIMES, st.sampled_from(ZONES), INSTANTS)
def test_a_daily_time_is_missed_on_no_day(at: str, zone: str, after: datetime) -> None:
    coming = next_run(f"{at} {zone}", after)
    assert coming is not None
    assert coming - after <= timedelta(hours=25)


@given(CLOCKS, INSTANTS, st.sampled_from(ZONES))
def test_the_zone_of_the_question_does_not_matter(rule: str, after: datetime, zone: str) -> None:
    assert next_run(rule, after.astimezone(ZoneInfo(zone))) == next_run(rule, after)


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ("", "is no time for a job"),
        ("sometimes", "is no time for a job"),
        ("every 20 minutes from dawn", "is no time for a job"),
        ("every 0 minutes", "1 minute to 366 days"),
        ("every 367 days", "1 minute to 366 days"),
        ("25:00 UTC", "no time of day"),
        ("every 5 minutes from 20:05 to 24:00", "no time of day"),
        ("22:30 America/Atlantis", "no time zone 'America/Atlantis'"),
        ("22:30 ../../etc/passwd", "no time zone"),
        ("22:30 UTC mon-tue-wed", "names no days"),
        ("22:30 UTC mon,xyz", "names no days"),
        ("22:30 UTC and never", "is no time for a job"),
    ],
)
def test_what_is_no_rule_is_told(rule: str, complaint: str) -> None:
    with pytest.raises(Refused, match=complaint):
        next_run(rule, utc("2026-11-20 12:00"))


@given(st.text() | st.lists(WORDS | st.text(max_size=5), max_size=12).map(" ".join))
def test_any_other_text_is_refused_and_nothing_else(text: str) -> None:
    with contextlib.suppress(Refused):
        next_run(text, utc("2026-11-20 12:00"))


def test_after_failures_the_wait_doubles_up_to_six_hours() -> None:
    now = utc("2026-11-20 12:00")
    waits = [(after_failure(count, now) - now).total_seconds() / 60 for count in range(1, 10)]
    assert waits == [5, 10, 20, 40, 80, 160, 320, 360, 360]
    assert after_failure(10**9, now) - now == timedelta(hours=6)


@pytest.mark.parametrize(("asked", "minutes"), [(0.0, 5), (600.0, 10), (7200.0, 120), (1e12, 1440), (-3.0, 5)])
def test_a_source_that_says_when_is_heard_within_reason(asked: float, minutes: int) -> None:
    now = utc("2026-11-20 12:00")
    assert after_failure(7, now, asked) - now == timedelta(minutes=minutes)
