"""A reference of whom there is only a number: texted where that can be done, else called by somebody who hires."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from checks.models import Check
from checks.nudging import Obstacle
from checks.tasks import remind_due, tend_checks
from notifications.models import Message
from tests.checks.visits import enter, names_for, only, read, visit, words
from tests.factories import make_check, make_named, make_organization, make_template

pytestmark = pytest.mark.django_db

NUMBER = "+442071838750"
ONLY_A_NUMBER = {"reference-1-email": "", "reference-1-phone": "+44 (0)20 7183 8750"}


@pytest.fixture
def can_text(settings: Any) -> None:
    settings.SMS_URL = "console:"


def named(client: Client, *, sends_texts: bool) -> Check:
    check = make_check(template=make_template(make_organization(), ("manager",), sends_texts=sends_texts))
    client.post(enter(client, check), names_for(check) | ONLY_A_NUMBER)
    return check


def test_without_texts_somebody_calls_and_the_page_says_so(client: Client) -> None:
    check = named(client, sends_texts=False)
    reference = check.references.get()
    assert (reference.phone, reference.email, reference.remind_at) == (NUMBER, "", None)
    assert reference.wants_call_at is not None
    page = visit(client, check)
    assert words(only(page, ".items .state")) == "To be called"
    assert "calls them" in words(page.select_one(".items"))


def test_with_texts_they_get_one_and_are_reminded_by_one(client: Client, can_text: None) -> None:
    reference = named(client, sends_texts=True).references.get()
    assert (reference.wants_call_at, reference.invitation.channel) == (None, "text")
    remind_due(reference.remind_at)
    sent = Message.objects.filter(topic=reference.topic).values_list("kind", "channel", "to_address")
    assert set(sent) == {("reference-request", "text", NUMBER), ("reference-reminder", "text", NUMBER)}


def test_a_number_that_wants_no_texts_is_called(client: Client, can_text: None) -> None:
    check = named(client, sends_texts=True)
    check.references.get().stop(timezone.now())
    again = check.ask(make_named(email="", phone=NUMBER), "manager", "", 1, timezone.now())
    assert again.wants_call_at is not None


def test_a_text_that_does_not_arrive_bounces(client: Client, can_text: None) -> None:
    check = named(client, sends_texts=True)
    Message.objects.filter(channel="text", kind="reference-request").update(state=Message.State.FAILED)
    tend_checks()
    assert check.references.get().status == "bounced"
    assert "Our text message to them did not arrive." in words(visit(client, check))


def test_who_is_called_is_neither_reminded_nor_lost(client: Client) -> None:
    check = named(client, sends_texts=False)
    reference = check.references.get()
    assert reference.obstacle(timezone.now()) == Obstacle.CALL
    assert check.cancel(timezone.now())
    reference.refresh_from_db()
    assert (reference.status, Message.objects.about(reference.topic).count()) == ("canceled", 0)


def test_neither_address_nor_number_is_told_at_both(client: Client) -> None:
    check = make_check(template=make_template(make_organization(), ("manager",)))
    page = read(client.post(enter(client, check), names_for(check, reference_1_email="")))
    assert "Please give an e-mail address or a telephone number." in words(page.select_one("[role=alert]"))
    for field in ("email", "phone"):
        described = str(only(page, f"#id_reference-1-{field}")["aria-describedby"]).split()
        assert {"id_reference-1-email-reach", "id_reference-1-email_error"} <= set(described)


@pytest.mark.parametrize("number", [NUMBER, "0044 20 7183 8750"])
def test_the_candidates_own_number_is_refused(client: Client, number: str) -> None:
    template = make_template(make_organization(), ("manager",))
    check = make_check(template=template, candidate_phone=NUMBER)
    page = read(client.post(enter(client, check), names_for(check, reference_1_phone=number)))
    assert "This is your own number. Please give theirs." in words(page.select_one("[role=alert]"))


def test_one_number_is_one_person(client: Client) -> None:
    check = make_check()
    numbers = {"reference-1-phone": NUMBER, "reference-2-phone": "+44 20 7183 8750"}
    page = read(client.post(enter(client, check), names_for(check) | numbers))
    assert "You have named this number before." in words(page.select_one("[role=alert]"))
