"""B9: a reminder budget that the receiver controls: quiet hours in their zone, later, stop, a hard cap."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from checks.models import Reference
from checks.tasks import remind_due, tend_checks
from notifications.models import Message
from notifications.tasks import send_due
from tests.checks.visits import names_for, read
from tests.factories import make_awaiting_check, make_organization, make_template

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)  # a Monday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def asked(now: datetime = NOW, **template: Any) -> Reference:
    made = make_template(make_organization(time_zone="Europe/London"), ("manager",), **template)
    return make_awaiting_check(template=made, now=now).references.get()


def reminded() -> list[datetime]:
    rows = Message.objects.filter(kind="reference-reminder").order_by("created_at")
    return list(rows.values_list("created_at", flat=True))


def live_through(days: int) -> None:
    """The sweep, each half hour."""
    for turns in range(48 * days):
        remind_due(NOW + turns * HOUR / 2)


@pytest.mark.parametrize("zone", ["Europe/London", "America/Los_Angeles", "Asia/Tokyo", "Australia/Adelaide"])
def test_b9_reminders_come_by_day_on_weekdays_where_the_receiver_is(zone: str) -> None:
    asked().tell_zone(zone)
    live_through(12)

    local = [moment.astimezone(ZoneInfo(zone)) for moment in reminded()]
    assert len(local) == 3
    assert all(moment.weekday() < 5 and 9 <= moment.hour < 17 for moment in local)


def test_b9_the_first_comes_after_a_day_and_there_are_three_at_most() -> None:
    asked()
    live_through(28)

    first, second, third = reminded()
    assert [f"{moment:%a %d %H:%M}" for moment in (first, second)] == ["Tue 03 10:00", "Thu 05 10:00"]
    assert third - HOUR <= datetime(2026, 11, 9, 9, tzinfo=UTC) <= third  # a Saturday's, in Monday's first hour


def test_b9_later_is_a_link_in_the_mail_and_a_button(client: Client) -> None:
    reference = asked(timezone.now())
    send_due()
    (link,) = [line for line in str(mail.outbox[-1].body).split() if "/pause/" in line]
    page = client.get(urlsplit(link).path, follow=True)
    day = read(page).select("input[type=radio]")[-1]["value"]

    client.post(page.request["PATH_INFO"], {"choice": "later", "day": day})

    reference.refresh_from_db()
    assert f"{reference.remind_at:%Y-%m-%d}" == day


def test_b9_stop_is_one_click_of_the_mail_program_and_holds_for_every_check() -> None:
    first = asked()
    second = make_awaiting_check(template=first.for_check.template, now=NOW).references.get()
    Reference.objects.update(email="eileen@solent.example")
    assert Client(enforce_csrf_checks=True).post(f"/stop/{first.token}/").status_code == 200
    live_through(12)

    assert reminded() == []
    second.refresh_from_db()
    assert second.is_open


def test_b9_dates_only_asks_for_no_more_than_facts(client: Client) -> None:
    reference = asked(timezone.now())
    page = client.get(f"/r/{reference.token}/pause/", follow=True)
    client.post(page.request["PATH_INFO"], {"choice": "dates-only"})

    reference.refresh_from_db()
    assert {question.kind for question in reference.questions()} == {"fact"}


def test_b9_a_hard_cap_holds_for_one_person_over_all_checks_and_organizations(settings: Any) -> None:
    settings.REMINDERS_PER_PERSON = 4
    for _each in range(3):
        asked()
    Reference.objects.update(email="eileen@solent.example")
    live_through(14)

    assert len(reminded()) == 4


def test_b9_when_the_last_had_no_effect_the_candidate_hears_and_may_name_another(client: Client) -> None:
    reference = asked(timezone.now() - 9 * DAY, reminders_at_most=1, only_office_hours=False)
    check = reference.for_check
    remind_due(reference.remind_at)
    remind_due(reference.remind_at + 2 * DAY)
    assert Message.objects.filter(kind="candidate-another", to_address=check.candidate_email).exists()

    page = client.get(f"/c/{check.token}/", follow=True)
    (link,) = read(page).select('a[href*="/instead-of/"]')
    form = {field.removeprefix("reference-1-"): value for field, value in names_for(check).items()}
    client.post(str(link["href"]), form)

    statuses = check.references.in_order().values_list("status", flat=True)
    assert sorted(statuses) == ["asked", "replaced"]


def test_b9_the_sweep_asks_for_the_reminders_that_are_due() -> None:
    asked(timezone.now() - 2 * DAY, only_office_hours=False)
    tend_checks()

    assert "checks.tasks.remind" in {queued.task["func"] for queued in OrmQ.objects.all()}
