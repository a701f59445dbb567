"""The rate that all workers share."""

from datetime import UTC, datetime, timedelta

import pytest

from integrations.models import CallBudget

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def waits(count: int, at: datetime = NOW) -> list[float]:
    return [CallBudget.reserve("key", at).total_seconds() for _ in range(count)]


def test_a_burst_of_nineteen_goes_at_once() -> None:
    assert waits(19) == [0.0] * 19


def test_then_it_is_ten_a_second() -> None:
    waits(19)

    assert waits(5) == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])


def test_after_a_rest_there_is_a_burst_again() -> None:
    waits(30)

    assert waits(19, NOW + timedelta(seconds=10)) == [0.0] * 19


def test_keys_do_not_share() -> None:
    waits(40)

    assert CallBudget.reserve("another", NOW) == timedelta(0)


def test_after_a_429_there_is_a_pause_and_then_it_is_slower() -> None:
    CallBudget.reserve("key", NOW)
    CallBudget.slow_down("key", NOW, timedelta(seconds=2))

    first, second = waits(2)

    assert first >= 1.9
    assert second - first == pytest.approx(1 / 7.5, rel=0.01)


def test_several_429s_of_one_moment_slow_down_once() -> None:
    CallBudget.reserve("key", NOW)
    for milliseconds in (0, 200, 900):
        CallBudget.slow_down("key", NOW + timedelta(milliseconds=milliseconds), timedelta(seconds=1))

    assert CallBudget.objects.get().rate == pytest.approx(7.5)


def test_it_recovers_slowly_and_never_above_lever_s_rate() -> None:
    CallBudget.reserve("key", NOW)
    CallBudget.slow_down("key", NOW, timedelta(seconds=1))

    CallBudget.reserve("key", NOW + timedelta(seconds=5))
    assert CallBudget.objects.get().rate == pytest.approx(8.5)
    CallBudget.reserve("key", NOW + timedelta(hours=1))
    assert CallBudget.objects.get().rate == 10.0


def test_it_never_stops_altogether() -> None:
    for minute in range(60):
        CallBudget.slow_down("key", NOW + timedelta(seconds=2 * minute), timedelta(seconds=1))

    assert CallBudget.objects.get().rate == CallBudget.SLOWEST


def test_it_does_not_queue_for_long() -> None:
    """A task that would wait for minutes does something else instead, and takes no turn."""
    CallBudget.slow_down("key", NOW, timedelta(minutes=2))

    first, second = waits(2)

    assert first > 100
    assert first == second
