"""When a check concludes by itself: by number, by who must answer, and by the day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from checks.models import Check
from checks.tasks import tend_checks
from tests.factories import answers_for, make_awaiting_check, make_organization, make_template

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def check_of(needed: tuple[int, ...] = (), now: datetime = NOW, **template: Any) -> Check:
    made = make_template(make_organization(), **template)
    made.requests.filter(position__in=needed).update(is_needed=True)
    return make_awaiting_check(template=made, now=now)


def answer(check: Check, *positions: int, now: datetime = NOW) -> str:
    """The check's status, once these have answered."""
    for position in positions:
        reference = check.references.get(position=position)
        assert reference.submit(answers_for(reference), now)
    check.refresh_from_db()
    return check.status


def test_enough_are_enough_at_once() -> None:
    check = check_of(minimum=2)

    assert [answer(check, 0), answer(check, 1)] == ["awaiting", "completed"]


def test_with_a_day_it_waits_for_the_day() -> None:
    check = check_of(minimum=2, concludes_after_days=5)
    assert answer(check, 0, 1) == "awaiting"

    assert check.come_to_its_day(NOW + 5 * DAY)
    assert check.status == "completed"


def test_before_the_day_nothing_comes() -> None:
    check = check_of(minimum=1, concludes_after_days=5)
    answer(check, 0)

    assert not check.come_to_its_day(NOW + 4 * DAY)
    assert Check.objects.get().conclude_at == NOW + 5 * DAY


def test_after_the_day_the_answer_that_makes_it_enough_completes_it() -> None:
    check = check_of(minimum=2, concludes_after_days=5)
    answer(check, 0)
    assert not check.come_to_its_day(NOW + 5 * DAY)

    assert answer(check, 1, now=NOW + 6 * DAY) == "completed"


def test_all_answers_complete_it_before_any_day() -> None:
    assert answer(check_of(minimum=2, concludes_after_days=5), 0, 1, 2) == "completed"


def test_without_a_day_only_a_hand_concludes_it() -> None:
    check = check_of(minimum=1, concludes_after_days=None)
    assert answer(check, 0, 1) == "awaiting"

    assert check.complete(NOW)


def test_who_is_needed_is_waited_for() -> None:
    check = check_of(needed=(2,), minimum=1)

    assert [answer(check, 0), answer(check, 1), answer(check, 2)] == ["awaiting", "awaiting", "completed"]


def test_somebody_named_instead_is_needed_alike() -> None:
    check = check_of(needed=(0,), minimum=1)
    check.references.get(position=0).decline("", NOW)
    assert answer(check, 1) == "awaiting"


def test_the_day_is_dropped_when_the_check_ends() -> None:
    check = check_of(minimum=2, concludes_after_days=5)
    check.cancel(NOW)

    assert Check.objects.get().conclude_at is None


def test_the_sweep_looks_at_it_once() -> None:
    check = check_of(minimum=1, concludes_after_days=5, now=timezone.now() - 6 * DAY)
    tend_checks()
    assert Check.objects.get().conclude_at is None

    assert answer(check, 0, now=timezone.now()) == "completed"


def test_the_sweep_concludes_what_is_in() -> None:
    begun = timezone.now() - 6 * DAY
    check = check_of(minimum=1, concludes_after_days=5, now=begun)
    answer(check, 0, now=begun + DAY)
    tend_checks()

    assert Check.objects.get().status == "completed"
