"""B9, B10: the reference's own page: one link, no account, in their time, by their word, by telephone if they like."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from checks.models import JobInterest, Reference
from checks.tasks import remind_due
from notifications.models import Message
from tests.checks.visits import answers, enter, only, read, visit, words
from tests.factories import make_awaiting_check, make_user

pytestmark = pytest.mark.django_db

NUMBER = "+442071838750"
LONG = "\U0001f600 רגוע " * 7_000  # 49,000 characters


@pytest.fixture
def reference() -> Reference:
    return make_awaiting_check().references.in_order()[0]


def fresh(reference: Reference) -> Reference:
    return Reference.objects.get(pk=reference.pk)


def post(client: Client, reference: Reference, data: dict[str, Any], page: str = "") -> Any:
    return client.post(f"{enter(client, reference)}{page}", data)


def test_reference_page_tells_who_asks_about_whom_and_who_reads_before_the_first_question(
    client: Client, reference: Reference
) -> None:
    page = words(visit(client, reference))
    places = [
        page.index(part)
        for part in ("Ruth Adeyemi of", "Marcus Webb has applied to", "read the answers", "Against others in this job")
    ]
    assert places == sorted(places)


def test_reference_page_takes_ten_minutes_at_most_and_says_how_far_one_is(client: Client, reference: Reference) -> None:
    page = visit(client, reference)
    assert "5 questions. About 3 minutes." in words(page)
    assert only(page, "progress")["max"] == "5"
    post(client, reference, {"q-strength": "Calm.", "save": "1"})
    assert "1 of 5 answered" in words(visit(Client(), reference))


def test_reference_page_keeps_fifty_thousand_characters_of_any_script_or_says_why_not(
    client: Client, reference: Reference
) -> None:
    post(client, reference, {"q-strength": LONG, "save": "1"})
    assert reference.given()["strength"].text == LONG.strip()
    page = read(post(client, reference, {"q-strength": LONG * 2, "save": "1"}))
    assert "and 50000 fit. Please shorten it." in words(page.select_one("[role=alert]"))
    assert only(page, "[name=q-strength]").get_text().strip() == (LONG * 2).strip()
    assert reference.given()["strength"].text == LONG.strip()


def test_reference_puts_right_what_the_candidate_said(client: Client, reference: Reference) -> None:
    post(client, reference, {"right-relationship": "client", "right-title": "Mate", "correct": "1"})
    found = fresh(reference)
    assert (found.relationship, found.relation, found.title) == ("manager", "client", "")
    assert found.corrections == {"relationship": "client", "title": "Mate"}


def test_reference_declines_with_a_reason_that_only_staff_read(client: Client, reference: Reference) -> None:
    post(client, reference, {"kind": "time", "reason": "Harvest."}, "decline/")
    user, staff = make_user(reference.for_check.organization), Client()
    staff.force_login(user)
    desk = staff.get(reverse("admin:checks_check_change", args=[reference.for_check_id]))
    assert "I have no time for it. Harvest." in desk.text
    assert "Harvest" not in client.get(enter(client, reference.for_check)).text


def test_reference_changes_and_withdraws_until_the_check_is_concluded(client: Client, reference: Reference) -> None:
    post(client, reference, answers(reference))
    post(client, reference, answers(reference, strength="Kind."), "change/")
    assert reference.given()["strength"].text == "Kind."
    post(client, reference, {}, "take-back/")
    assert (fresh(reference).status, reference.answers.count()) == ("declined", 0)


def test_reference_is_asked_about_jobs_apart_after_sending_and_unticked(client: Client, reference: Reference) -> None:
    assert not visit(client, reference).select("[name=jobs-agrees]")
    post(client, reference, answers(reference))
    assert not only(visit(client, reference), "[name=jobs-agrees]").has_attr("checked")
    post(client, reference, {"jobs-agrees": "on", "jobs-months": "6"}, "jobs/")
    kept = JobInterest.objects.get()
    assert kept.consent_text in words(visit(client, reference))
    post(client, reference, {"jobs-months": "6"}, "jobs/")
    assert JobInterest.objects.get().withdrawn_at


def test_b9_who_asks_to_be_called_is_reminded_no_more(client: Client, reference: Reference) -> None:
    post(client, reference, {"number": NUMBER}, "call/")
    remind_due(reference.for_check.expires_at)
    assert not Message.objects.filter(kind="reference-reminder", topic=reference.topic).exists()


def test_b10_by_phone_somebody_who_hires_fills_the_very_same_form(client: Client, reference: Reference) -> None:
    post(client, reference, {"number": NUMBER, "when": "After four"}, "call/")
    user, staff = make_user(reference.for_check.organization), Client()
    staff.force_login(user)
    address = reverse("call-reference", args=[reference.public_id])
    theirs, ours = visit(client, reference), read(staff.get(address))
    fields = [[field["name"] for field in page.select("fieldset [name]")] for page in (theirs, ours)]
    assert fields[0] == fields[1]
    staff.post(address, answers(reference))
    found = fresh(reference)
    assert (found.status, found.written_down_by) == ("submitted", user)
    assert found.for_check.events.filter(kind="written", user=user).count() == 1
    assert timezone.now() >= found.submitted_at if found.submitted_at else False
