"""The page for "later", "no more" and "dates only", and the one-click stop of mail programs."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from checks.models import Check, Reference
from checks.tasks import remind_due
from checks.timeline import lines
from notifications.models import Message, Quiet
from tests.checks.visits import only, read, unlabelled, words
from tests.factories import make_awaiting_check, make_check, make_organization, make_template

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def reference() -> Reference:
    return asked()


def asked(**template: Any) -> Reference:
    made = make_template(make_organization(time_zone="UTC"), ("manager",), **template)
    return make_awaiting_check(template=made).references.get()


def prefix(row: Check | Reference) -> str:
    return "c" if isinstance(row, Check) else "r"


def enter(client: Client, row: Check | Reference) -> str:
    """Follow the link in a mail; the address of the page."""
    return str(client.get(f"/{prefix(row)}/{row.token}/pause/").headers["Location"])


def look(client: Client, row: Check | Reference) -> BeautifulSoup:
    return read(client.get(enter(client, row)))


def choose(client: Client, row: Check | Reference, choice: str, **fields: str) -> BeautifulSoup:
    """What the page says once that is chosen."""
    return read(client.post(enter(client, row), {"choice": choice, **fields}, follow=True))


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def working_day(ahead: int) -> datetime:
    day = timezone.now() + ahead * DAY
    while day.weekday() > 4:
        day += DAY
    return day


def told(row: Check | Reference) -> str:
    return lines(row.of_check)[-1].words


# --- later ------------------------------------------------------------------------------------------


def test_later_puts_the_reminder_off_to_that_day(client: Client, reference: Reference) -> None:
    day = working_day(9)
    page = choose(client, reference, "later", other=f"{day:%Y-%m-%d}")

    assert words(only(page, "h1")) == f"The next reminder comes on {day:%A, }{day.day}{day: %B}"
    remind_at = fresh(reference).remind_at
    assert (remind_at.date(), remind_at.hour) == (day.date(), 9)
    assert told(reference) == f"Eileen Farrow asked to be reminded on {day.day}{day: %B}"


def test_the_reminder_comes_on_the_day_and_not_before(client: Client, reference: Reference) -> None:
    choose(client, reference, "later", other=f"{working_day(9):%Y-%m-%d}")
    moment = fresh(reference).remind_at
    assert remind_due(moment - timedelta(seconds=1)) == 0

    assert remind_due(moment) == 1
    assert Message.objects.get(kind="reference-reminder").created_at == moment


def test_the_days_by_name_can_be_chosen(client: Client, reference: Reference) -> None:
    first = look(client, reference).select("input[type=radio]")[0]
    choose(client, reference, "later", day=str(first["value"]))

    assert f"{fresh(reference).remind_at:%Y-%m-%d}" == first["value"]


def test_a_sunday_becomes_the_monday(client: Client, reference: Reference) -> None:
    sunday = timezone.now() + DAY * (13 - timezone.now().weekday())
    choose(client, reference, "later", other=f"{sunday:%Y-%m-%d}")

    assert fresh(reference).remind_at.date() == (sunday + DAY).date()


@pytest.mark.parametrize("other", ["2020-01-01", "2099-01-01", "soon", ""])
def test_a_day_that_cannot_be_is_said_and_changes_nothing(client: Client, reference: Reference, other: str) -> None:
    page = choose(client, reference, "later", other=other)

    assert page.select(".error")
    assert fresh(reference).remind_at == reference.remind_at


def test_whoever_had_the_last_gets_one_more_on_the_day_they_chose(client: Client, reference: Reference) -> None:
    Reference.objects.update(reminders=3, remind_at=None, silent_since=timezone.now())
    choose(client, reference, "later", other=f"{working_day(5):%Y-%m-%d}")
    now = fresh(reference)
    assert (now.reminders, now.silent_since) == (2, None)

    assert remind_due(now.remind_at) == 1
    assert Message.objects.filter(kind="reference-reminder").exists()


def test_later_is_not_offered_where_no_reminders_come(client: Client) -> None:
    page = look(client, asked(reminders_at_most=0))

    assert not page.select("#later")
    assert words(only(page, "h1")) == "No more reminders will come"


# --- no more ----------------------------------------------------------------------------------------


def test_stop_ends_the_reminders_and_not_the_invitation(client: Client, reference: Reference) -> None:
    page = choose(client, reference, "stop")

    assert words(only(page, "h1")) == "You get no more reminders"
    assert Quiet.objects.holds(reference.for_check.organization_id, reference.email, timezone.now())
    assert fresh(reference).status == "asked"
    assert told(reference) == "Eileen Farrow asked for no more reminders"


def test_a_reminder_that_waits_is_called_back(client: Client, reference: Reference) -> None:
    remind_due(reference.remind_at)
    choose(client, reference, "stop")

    assert Message.objects.get(kind="reference-reminder").state == "canceled"


def test_it_can_be_taken_back(client: Client, reference: Reference) -> None:
    choose(client, reference, "stop")
    choose(client, reference, "resume")

    assert not Quiet.objects.exists()
    assert told(reference) == "Eileen Farrow may be reminded again"


def test_later_takes_it_back_too(client: Client, reference: Reference) -> None:
    choose(client, reference, "stop")
    choose(client, reference, "later", other=f"{working_day(5):%Y-%m-%d}")

    assert not Quiet.objects.exists()


def test_twice_is_written_down_once(client: Client, reference: Reference) -> None:
    for choice in ("stop", "stop", "dates-only", "dates-only", "in-full", "in-full", "resume", "resume"):
        choose(client, reference, choice)

    kinds = reference.for_check.events.order_by("pk").values_list("kind", flat=True)
    assert list(kinds)[2:] == ["quiet", "dates-only", "in-full", "resumed"]


# --- dates only -------------------------------------------------------------------------------------


def test_dates_only_is_noted_and_can_be_taken_back(client: Client, reference: Reference) -> None:
    choose(client, reference, "dates-only")
    assert fresh(reference).gives_dates_only

    choose(client, reference, "in-full")
    assert not fresh(reference).gives_dates_only


def test_a_candidate_is_not_offered_dates_only(client: Client) -> None:
    check = make_check()
    page = choose(client, check, "dates-only")

    assert not page.select("#dates")
    assert check.events.count() == 1


# --- the page ---------------------------------------------------------------------------------------


def test_candidates_have_the_same_page(client: Client) -> None:
    check = make_check()
    choose(client, check, "stop")

    assert Quiet.objects.holds(check.organization_id, check.candidate_email, timezone.now())
    assert told(check) == "Marcus Webb asked for no more reminders"


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_changes_nothing(client: Client, reference: Reference, method: str) -> None:
    for url in (f"/r/{reference.token}/pause/", enter(client, reference), f"/stop/{reference.token}/"):
        getattr(client, method)(url, {"choice": "stop"})

    assert not Quiet.objects.exists()
    assert reference.for_check.events.count() == 2


def test_without_the_link_the_page_opens_nothing(client: Client, reference: Reference) -> None:
    assert client.get(f"/reference/{reference.public_id}/pause/").status_code == 404
    assert client.post(f"/reference/{reference.public_id}/pause/", {"choice": "stop"}).status_code == 404
    assert not Quiet.objects.exists()


def test_a_form_of_another_site_is_refused(reference: Reference) -> None:
    browser = Client(enforce_csrf_checks=True)

    assert browser.post(enter(browser, reference), {"choice": "stop"}).status_code == 403


def test_once_it_is_over_it_leads_to_the_own_page(client: Client, reference: Reference) -> None:
    page = enter(client, reference)
    reference.for_check.cancel(timezone.now())

    assert client.get(page).headers["Location"] == f"/reference/{reference.public_id}/"


def test_every_field_has_its_label_and_one_button_is_filled(client: Client, reference: Reference) -> None:
    page = look(client, reference)

    assert not unlabelled(page)
    assert [words(button) for button in page.select("button.button:not(.quiet)")] == ["Write to me then"]


def test_the_page_of_questions_leads_there(client: Client, reference: Reference) -> None:
    page = read(client.get(f"/r/{reference.token}/", follow=True))

    assert page.select("button[form=questions][name=then][value=later]")
    onward = client.post(f"/reference/{reference.public_id}/", {"then": "later"})
    assert onward.headers["Location"] == f"/reference/{reference.public_id}/pause/"


# --- the zone ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kept"), [("Asia/Kolkata", "Asia/Kolkata"), ("Nowhere", ""), ("../../etc/passwd", ""), ("x" * 99, "")]
)
def test_the_zone_of_their_browser_is_kept_if_there_is_such_a_zone(
    client: Client, reference: Reference, name: str, kept: str
) -> None:
    page = client.get(f"/r/{reference.token}/").headers["Location"]
    client.post(page, {"save": "1", "time_zone": name})

    assert fresh(reference).time_zone == kept


# --- the button of a mail program -------------------------------------------------------------------


def one_click(token: str) -> Any:
    """As mail programs do: no cookie, no page before, RFC 8058's own field."""
    return Client(enforce_csrf_checks=True).post(f"/stop/{token}/", {"List-Unsubscribe": "One-Click"})


@pytest.mark.parametrize("make", [asked, make_check])
def test_one_click_stops_and_answers_the_same_when_repeated(make: Any) -> None:
    row = make()
    answers = [one_click(row.token) for _each in range(2)]

    assert [(answer.status_code, answer.text) for answer in answers] == [(200, "No more reminders.")] * 2
    assert row.of_check.events.filter(kind="quiet").count() == 1


def test_one_click_with_an_unknown_token_finds_nothing(reference: Reference) -> None:
    assert one_click("nothing-of-ours").status_code == 404
    assert not Quiet.objects.exists()


def test_its_address_as_a_link_leads_to_the_page(client: Client, reference: Reference) -> None:
    answer = client.get(f"/stop/{reference.token}/")

    assert answer.headers["Location"] == f"/reference/{reference.public_id}/pause/"
