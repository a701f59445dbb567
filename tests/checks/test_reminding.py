"""Reminders: when, how many, whom not, and what follows the last one. The clock is passed in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from checks import tasks
from checks.models import Check, Reference
from checks.tasks import remind_due
from checks.timeline import lines
from notifications.models import Message, Quiet
from templates_app.moments import Moment
from tests.checks.test_races import as_it_is, together
from tests.factories import (
    answers_for,
    make_awaiting_check,
    make_check,
    make_named,
    make_organization,
    make_template,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)  # a Monday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def asked(**template: Any) -> Reference:
    """One reference, just invited."""
    made = make_template(make_organization(time_zone="UTC"), ("manager",), **template)
    return make_awaiting_check(template=made, now=NOW).references.get()


def waiting(**template: Any) -> Check:
    """A candidate, just invited."""
    return make_check(template=make_template(make_organization(time_zone="UTC"), **template), now=NOW)


def live_through(days: int, since: datetime = NOW) -> None:
    """The sweep, each hour."""
    for hours in range(24 * days):
        remind_due(since + hours * HOUR)


def reminders(kind: str = "reference-reminder") -> list[str]:
    sent = Message.objects.filter(kind=kind).exclude(state="canceled").order_by("created_at")
    return [f"{message.created_at:%a %H}" for message in sent]


def kinds(check: Check) -> list[str]:
    return list(check.events.order_by("pk").values_list("kind", flat=True))


# --- when -------------------------------------------------------------------------------------------


def test_three_reminders_come_and_then_the_candidate_hears_of_the_silence() -> None:
    reference = asked()
    live_through(20)

    assert reminders() == ["Tue 10", "Thu 10", "Mon 10"]
    told = Message.objects.get(kind=Moment.CANDIDATE_ANOTHER)
    assert f"{told.created_at:%a %d}" == "Wed 11"
    assert kinds(reference.for_check)[-4:] == ["reminded", "reminded", "reminded", "silent"]


def test_it_is_a_letter_with_the_same_link_to_the_same_person() -> None:
    reference = asked()
    remind_due(NOW + DAY)

    message = Message.objects.get(kind="reference-reminder")
    assert message.to_address == reference.email
    assert f"/r/{reference.token}/" in message.text
    assert message.stop_url.endswith(f"/stop/{reference.token}/")


def test_the_template_says_how_many() -> None:
    asked(reminders_at_most=1)
    live_through(20)

    assert reminders() == ["Tue 10"]


def test_a_template_without_reminders_sends_none_and_nobody_is_silent() -> None:
    reference = asked(reminders_at_most=0)
    live_through(20)

    assert reminders() == []
    assert as_it_is(reference).silent_since is None


def test_candidates_are_reminded_alike_and_that_is_all() -> None:
    check = waiting()
    live_through(20)

    assert reminders("candidate-reminder") == ["Tue 10", "Thu 10", "Mon 10"]
    assert kinds(check) == ["started", "reminded", "reminded", "reminded"]
    assert as_it_is(check).remind_at is None


def test_it_comes_by_the_clock_of_whoever_gets_it() -> None:
    reference = asked()
    reference.tell_zone("America/Los_Angeles")
    remind_due(NOW + DAY)  # two at night there

    assert reminders() == []
    remind_due(as_it_is(reference).remind_at)
    assert reminders() == ["Tue 17"]


def test_workers_that_come_late_wait_for_the_morning() -> None:
    asked()
    remind_due(NOW + DAY + 9 * HOUR)
    assert reminders() == []

    remind_due(NOW + 2 * DAY)
    assert reminders() == ["Wed 10"]


def test_no_reminder_comes_after_the_end() -> None:
    asked(days_until_expired=3, days_until_overdue=1)
    live_through(20)

    assert reminders() == ["Tue 10"]
    assert not Message.objects.filter(kind=Moment.CANDIDATE_ANOTHER).exists()


def test_a_turn_that_the_end_came_before_is_dropped() -> None:
    reference = asked()
    assert not reference.remind(reference.for_check.expires_at)

    assert (reminders(), as_it_is(reference).remind_at) == ([], None)


def test_who_has_begun_is_reminded() -> None:
    reference = asked()
    reference.keep({}, NOW + HOUR)
    remind_due(NOW + DAY)

    assert reminders() == ["Tue 10"]


# --- whom not ---------------------------------------------------------------------------------------


ENDINGS: dict[str, Any] = {
    "answered": lambda reference: reference.submit(answers_for(reference), NOW),
    "declined": lambda reference: reference.decline("", NOW),
    "bounced": lambda reference: reference.bounce(NOW),
    "replaced": lambda reference: reference.replace(make_named(2), NOW + 3 * DAY),
    "canceled": lambda reference: reference.for_check.cancel(NOW),
    "expired": lambda reference: reference.for_check.expire(NOW),
    "erased": lambda reference: reference.for_check.erase(NOW),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_whoever_is_not_waited_for_is_not_reminded(ending: str) -> None:
    reference = asked()
    assert ENDINGS[ending](reference)

    assert as_it_is(reference).remind_at is None


def test_a_candidate_who_has_named_everybody_is_not_reminded() -> None:
    check = waiting()
    check.name_references([make_named(number) for number in (1, 2, 3)], "I agree.", NOW)

    assert as_it_is(check).remind_at is None


def test_a_reminder_that_waits_is_called_back_by_the_answer() -> None:
    reference = asked()
    remind_due(NOW + DAY)
    reference.submit(answers_for(reference), NOW + DAY)

    assert reminders() == []


def test_who_wants_no_more_gets_none_and_the_candidate_hears_all_the_same() -> None:
    reference = asked()
    Quiet.ask(reference.for_check.organization, reference.email.upper(), NOW)
    live_through(20)

    assert reminders() == []
    assert Message.objects.filter(kind=Moment.CANDIDATE_ANOTHER).count() == 1


def test_nobody_gets_more_than_the_cap_from_all_checks_of_all_organizations(settings: Any) -> None:
    settings.REMINDERS_PER_PERSON = 2
    references = [asked() for _each in range(3)]
    Reference.objects.update(email="eileen@solent.example")
    remind_due(NOW + DAY)

    assert len(reminders()) == 2
    (spared,) = [reference for reference in references if kinds(reference.for_check)[-1] == "spared"]
    assert lines(spared.for_check)[-1].words == (
        "Eileen Farrow was not reminded: nobody gets more than 2 reminders in a month"
    )


def test_after_a_month_there_is_room_again(settings: Any) -> None:
    settings.REMINDERS_PER_PERSON = 1
    first, second = asked(), asked(first_reminder_hours=24 * 29)
    Reference.objects.update(email="eileen@solent.example")
    remind_due(NOW + DAY)
    assert reminders() == ["Tue 10"]
    Reference.objects.filter(pk=first.pk).update(remind_at=None)
    Check.objects.update(expires_at=NOW + 60 * DAY)
    Reference.objects.filter(pk=second.pk).update(remind_at=NOW + 31 * DAY + HOUR)
    remind_due(NOW + 31 * DAY + HOUR)

    assert len(reminders()) == 2


# --- once -------------------------------------------------------------------------------------------


def test_a_run_that_is_repeated_doubles_nothing() -> None:
    asked()
    assert [remind_due(NOW + DAY), remind_due(NOW + DAY)] == [1, 0]

    assert reminders() == ["Tue 10"]


def test_who_comes_second_with_an_old_reading_does_nothing() -> None:
    reference = asked()
    first, second = as_it_is(reference), as_it_is(reference)

    assert [first.remind(NOW + DAY), second.remind(NOW + DAY)] == [True, False]
    assert reminders() == ["Tue 10"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_remind_everybody_once() -> None:
    made = make_template(make_organization(time_zone="UTC"), ("manager",) * 6)
    check = make_awaiting_check(template=made, now=NOW)

    together(lambda: remind_due(NOW + DAY), lambda: remind_due(NOW + DAY))

    assert len(reminders()) == 6
    assert kinds(check).count("reminded") == 6


@pytest.mark.django_db(transaction=True)
def test_the_cap_holds_in_the_same_instant(settings: Any) -> None:
    settings.REMINDERS_PER_PERSON = 1
    references = [asked() for _each in range(4)]
    Reference.objects.update(email="eileen@solent.example")

    together(*[lambda r=reference: as_it_is(r).remind(NOW + DAY) for reference in references])

    assert len(reminders()) == 1


def test_a_row_that_cannot_be_read_does_not_stand_in_the_others_way() -> None:
    broken, sound = asked(), asked()
    Check.objects.filter(pk=broken.for_check_id).update(frozen_template={"requests": [{"no": "such"}]})

    with pytest.raises(TypeError):
        remind_due(NOW + DAY)

    assert kinds(sound.for_check)[-1] == "reminded"
    assert as_it_is(broken).remind_at == NOW + DAY + HOUR


# --- silence ----------------------------------------------------------------------------------------


def silent() -> Reference:
    reference = asked(reminders_at_most=1)
    live_through(5)
    reference.refresh_from_db()
    return reference


def test_a_silent_reference_may_still_answer() -> None:
    reference = silent()
    assert reference.silent_since

    assert reference.submit(answers_for(reference), NOW + 6 * DAY)
    assert as_it_is(reference.for_check).status == "completed"


def test_a_silent_reference_may_be_replaced_and_is_told() -> None:
    reference = silent()
    Message.objects.update(state="done")

    new = reference.replace(make_named(2), NOW + 6 * DAY)

    assert new is not None
    assert as_it_is(reference).status == "replaced"
    assert Message.objects.get(kind="reference-released").to_address == reference.email


@pytest.mark.parametrize(("days", "may"), [(2.9, False), (3, True)])
def test_somebody_else_may_be_named_after_three_days(days: float, may: bool) -> None:
    reference = asked()

    assert bool(reference.replace(make_named(2), NOW + days * DAY)) is may


def test_who_answered_is_not_replaced_however_long_ago_it_is() -> None:
    reference = asked()
    stale = as_it_is(reference)
    reference.submit(answers_for(reference), NOW)
    Check.objects.update(status="awaiting")

    assert stale.replace(make_named(2), NOW + 5 * DAY) is None


# --- a run over many --------------------------------------------------------------------------------


def test_a_run_takes_rounds_and_stops_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "AT_ONCE", 2)
    made = make_template(make_organization(time_zone="UTC"), ("manager",) * 5)
    make_awaiting_check(template=made, now=NOW)

    assert remind_due(NOW + DAY, until=0) == 1
    assert remind_due(NOW + DAY) == 4
