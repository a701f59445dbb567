"""A reminder that the candidate or a recruiter wishes for: seldom, by day, and never against the reference's word."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from checks.models import Reference
from checks.nudging import Obstacle
from checks.timeline import lines
from notifications.models import Message, Quiet
from tests.checks.visits import enter, read, visit, words
from tests.factories import make_awaiting_check, make_organization, make_template, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)  # a Monday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def asked(now: datetime = NOW, **template: Any) -> Reference:
    made = make_template(make_organization(time_zone="Europe/London"), ("manager",), **template)
    return make_awaiting_check(template=made, now=now).references.get()


def reminders() -> Any:
    return Message.objects.filter(kind="reference-reminder")


def test_they_are_reminded_and_the_next_reminder_moves_back() -> None:
    reference = asked()
    assert reference.nudge(NOW + DAY)
    reference.refresh_from_db()
    assert (reminders().count(), reference.reminders, reference.nudged_at) == (1, 1, NOW + DAY)
    assert reference.remind_at == NOW + 3 * DAY


def test_not_within_a_day_of_being_asked_and_then_once_in_three_days() -> None:
    reference = asked()
    found = [reference.nudge(NOW + days * DAY) for days in (0.9, 1, 2, 3.9, 4)]
    assert found == [False, True, False, False, True]


def test_at_night_it_waits_for_the_morning() -> None:
    reference = asked()
    assert reference.nudge(NOW + DAY + 10 * HOUR)
    due = reminders().get().next_at
    assert NOW + 2 * DAY - HOUR <= due < NOW + 2 * DAY
    assert reference.remind_at >= due + 2 * DAY - HOUR


def test_a_template_that_keeps_no_office_hours_sends_it_at_once() -> None:
    asked(only_office_hours=False).nudge(NOW + DAY + 10 * HOUR)
    assert reminders().get().next_at == NOW + DAY + 10 * HOUR


def test_who_wants_no_more_is_left_alone() -> None:
    reference = asked()
    reference.stop(NOW)
    assert reference.obstacle(NOW + DAY) == Obstacle.QUIET
    assert not reference.nudge(NOW + DAY)


def test_who_chose_a_day_is_left_alone_until_then() -> None:
    reference = asked()
    reference.later((NOW + 7 * DAY).date(), NOW)
    assert reference.obstacle(NOW + DAY) == Obstacle.LATER
    assert not reference.nudge(NOW + DAY)


def test_nobody_gets_more_than_the_month_allows(settings: Any) -> None:
    settings.REMINDERS_PER_PERSON = 1
    reference = asked()
    assert [reference.nudge(NOW + days * DAY) for days in (1, 4)] == [True, False]
    assert reference.obstacle(NOW + 4 * DAY) == Obstacle.ENOUGH


@pytest.mark.parametrize("end", ["decline", "cancel", "expired"])
def test_nobody_is_reminded_of_what_is_over(end: str) -> None:
    reference = asked()
    late = NOW + DAY
    if end == "decline":
        reference.decline("", NOW)
    elif end == "cancel":
        reference.for_check.cancel(NOW)
        reference.refresh_from_db()
    else:
        late = reference.for_check.expires_at
    assert reference.obstacle(late) == Obstacle.OVER
    assert not reference.nudge(late)


def test_who_rather_talks_is_called_and_not_reminded() -> None:
    reference = asked()
    reference.ask_for_call("+442071838750", "", NOW)
    assert reference.obstacle(NOW + DAY) == Obstacle.CALL


def test_a_silent_one_is_reminded_once_more_and_may_fall_silent_again() -> None:
    reference = asked(reminders_at_most=1)
    reference.remind(reference.remind_at)
    reference.remind(reference.remind_at)
    assert reference.silent_since
    assert reference.nudge(reference.silent_since + DAY)
    reference.refresh_from_db()
    assert (reference.silent_since, reference.remind_at is None) == (None, False)


def test_two_at_once_write_one() -> None:
    reference = asked()
    twin = Reference.objects.get(pk=reference.pk)
    assert [each.nudge(NOW + DAY) for each in (reference, twin)] == [True, False]
    assert reminders().count() == 1


def test_the_timeline_tells_by_whom() -> None:
    reference = asked()
    reference.nudge(NOW + DAY)
    reference.nudge(NOW + 4 * DAY, by=make_user(reference.for_check.organization, name="Ruth Adeyemi"))
    told = [line.words for line in lines(reference.for_check)]
    assert told[-2:] == ["Marcus Webb had Eileen Farrow reminded", "Ruth Adeyemi had Eileen Farrow reminded"]


# --- on the page ----------------------------------------------------------------------------------------


def press(client: Client, reference: Reference) -> Any:
    return client.post(f"{enter(client, reference.for_check)}remind/{reference.public_id}/")


def test_a_button_reminds_and_says_from_when_again(client: Client) -> None:
    reference = asked(timezone.now() - 2 * DAY)
    page = visit(client, reference.for_check)
    assert words(page.select_one(".items button")) == "Remind Eileen Farrow"
    assert press(client, reference).status_code == 302
    page = visit(client, reference.for_check)
    assert not page.select(".items button")
    assert "You can have them reminded from" in words(page.select_one(".items"))


def test_the_page_says_why_nobody_is_reminded(client: Client) -> None:
    reference = asked(timezone.now() - 2 * DAY)
    Quiet.ask(reference.for_check.organization, reference.email, timezone.now())
    assert "They wanted no more reminders" in words(visit(client, reference.for_check).select_one(".items"))


def test_too_many_in_a_month_is_said_after_the_button(client: Client, settings: Any) -> None:
    settings.REMINDERS_PER_PERSON = 0
    page = read(press(client, asked(timezone.now() - 2 * DAY)))
    assert "could not be reminded now" in words(page.select_one("[role=alert]"))


def test_looking_reminds_nobody(client: Client) -> None:
    reference = asked(timezone.now() - 2 * DAY)
    client.get(f"{enter(client, reference.for_check)}remind/{reference.public_id}/")
    assert not reminders().exists()
