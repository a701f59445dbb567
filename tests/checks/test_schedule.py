"""When somebody is reminded, by the clock on their wall."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.schedule import is_office_hour, morning, next_reminder, office_hour, zone_of
from templates_app.frozen import FrozenTemplate

LONDON, NEW_YORK, KOLKATA = ZoneInfo("Europe/London"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Kolkata")
MONDAY = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
ZONES = ("UTC", "Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati", "Pacific/Pago_Pago")


def due(sent: int = 0, now: datetime = MONDAY, zone: ZoneInfo = LONDON, **frozen: Any) -> datetime | None:
    return next_reminder(FrozenTemplate(**frozen), MONDAY, sent, zone, now)


def test_the_first_comes_a_day_after_the_invitation() -> None:
    assert due() == MONDAY + timedelta(days=1)


def test_the_others_come_two_days_after_the_one_before() -> None:
    assert due(sent=1, now=MONDAY) == MONDAY + timedelta(days=2)


def test_the_template_says_how_long_it_is() -> None:
    assert due(first_reminder_hours=3) == MONDAY + timedelta(hours=3)
    assert due(sent=2, next_reminder_hours=5) == MONDAY + timedelta(hours=5)


def test_a_template_without_reminders_has_none() -> None:
    assert due(reminders_at_most=0) is None


def test_who_comes_late_is_not_reminded_in_the_past() -> None:
    later = MONDAY + timedelta(days=3)
    assert due(now=later) == later


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2026-11-02T16:59:59+00:00", LONDON, "2026-11-02T16:59:59+00:00"),
        ("2026-11-02T17:00:00+00:00", LONDON, "2026-11-03T09:00:00+00:00"),
        ("2026-11-02T08:59:59+00:00", LONDON, "2026-11-02T09:00:00+00:00"),
        ("2026-11-06T17:00:00+00:00", LONDON, "2026-11-09T09:00:00+00:00"),
        ("2026-11-07T03:00:00+00:00", LONDON, "2026-11-09T09:00:00+00:00"),
        ("2026-11-02T10:00:00+00:00", NEW_YORK, "2026-11-02T14:00:00+00:00"),
        ("2026-11-02T14:00:00+00:00", KOLKATA, "2026-11-03T03:30:00+00:00"),
        ("2026-12-31T23:00:00+00:00", LONDON, "2027-01-01T09:00:00+00:00"),
        ("2027-12-31T23:00:00+00:00", LONDON, "2028-01-03T09:00:00+00:00"),
    ],
    ids=["last", "evening", "early", "friday", "saturday", "overseas", "half-hour", "new-year", "new-year-weekend"],
)
def test_what_falls_outside_waits_for_the_next_office_hour(moment: str, zone: ZoneInfo, expected: str) -> None:
    assert office_hour(datetime.fromisoformat(moment), zone, spread=0) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("friday", "expected"),
    [
        ("2026-03-27T20:00:00+00:00", "2026-03-30T08:00:00+00:00"),  # clocks go forward on the 29th
        ("2026-10-23T20:00:00+00:00", "2026-10-26T09:00:00+00:00"),  # and back on the 25th
    ],
)
def test_nine_stays_nine_when_the_clocks_change(friday: str, expected: str) -> None:
    assert office_hour(datetime.fromisoformat(friday), LONDON, spread=0) == datetime.fromisoformat(expected)


def test_those_who_wait_for_the_morning_are_spread_over_an_hour_and_always_alike() -> None:
    day = date(2026, 11, 3)
    moments = [morning(day, LONDON, pk) for pk in range(1000, 1100)]
    assert moments == [morning(day, LONDON, pk) for pk in range(1000, 1100)]
    assert len(set(moments)) == 100
    assert max(moments) - min(moments) > timedelta(minutes=50)
    assert {moment.hour for moment in moments} == {9}


@given(
    st.integers(0, 8 * 365 * 24 * 60),
    st.sampled_from(ZONES),
    st.integers(0, 10**9),
)
def test_it_is_always_an_office_hour_and_soon(minutes: int, zone: str, spread: int) -> None:
    moment = MONDAY + timedelta(minutes=minutes)
    found = office_hour(moment, ZoneInfo(zone), spread)
    assert is_office_hour(found, ZoneInfo(zone))
    assert timedelta(0) <= found - moment <= timedelta(hours=67)


def test_night_and_weekend_count_where_the_template_says_so() -> None:
    assert due(now=MONDAY, first_reminder_hours=14, only_office_hours=False) == MONDAY + timedelta(hours=14)


@pytest.mark.parametrize(
    "names", [("", "Europe/London"), ("Nowhere/City", "Europe/London"), ("../etc", "Europe/London")]
)
def test_the_first_zone_that_there_is_counts(names: tuple[str, ...]) -> None:
    assert zone_of(*names) == LONDON
    assert zone_of("Nowhere/City") == ZoneInfo("UTC")
