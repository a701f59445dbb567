"""Somebody who hires calls a reference, and writes down what is said on the same form."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from checks.models import Reference
from checks.references import Given
from checks.timeline import lines
from notifications.models import Message
from tests.checks.visits import answers, dangling, only, read, unlabelled, visit, words
from tests.factories import make_awaiting_check, make_user

pytestmark = pytest.mark.django_db

NUMBER = "+442071838750"


@pytest.fixture
def reference() -> Reference:
    found = make_awaiting_check().references.in_order()[0]
    found.ask_for_call(NUMBER, "After four", timezone.now())
    return found


def caller(reference: Reference, role: str = Role.TEAM_MEMBER, **fields: Any) -> tuple[User, Client]:
    user, client = make_user(reference.for_check.organization, role, name="Jonas Keller", **fields), Client()
    client.force_login(user)
    return user, client


def address(reference: Reference) -> str:
    return reverse("call-reference", args=[reference.public_id])


def fresh(reference: Reference) -> Reference:
    return Reference.objects.get(pk=reference.pk)


def test_it_says_whom_to_call_when_and_what_to_read_out(reference: Reference) -> None:
    _user, client = caller(reference)
    page = read(client.get(address(reference)))
    assert words(page.h1) == "Call Eileen Farrow"
    assert page.select(f'a[href="tel:{NUMBER}"]')
    assert "After four" in words(page)
    assert "What happens with your answers" in words(page.select_one(".read-out"))
    assert [words(legend) for legend in page.select("legend")] == [
        words(legend) for legend in visit(Client(), reference).select("legend")
    ]
    assert not unlabelled(page)
    assert not dangling(page)


def test_what_was_said_is_sent_in_their_name_and_marked(reference: Reference) -> None:
    user, client = caller(reference)
    answer = client.post(address(reference), answers(reference), follow=True)
    found = fresh(reference)
    assert (found.status, found.written_down_by, found.wants_call_at) == ("submitted", user, None)
    assert found.given()["strength"] == Given(text="Calm.")
    assert "What Eileen Farrow said is written down and sent." in answer.text
    assert lines(found.for_check)[-1].words == "Jonas Keller wrote down what Eileen Farrow said by telephone"
    assert Message.objects.filter(kind="reference-thanks").count() == 1


def test_a_draft_is_kept_and_gone_on_with(reference: Reference) -> None:
    _user, client = caller(reference)
    page = read(client.post(address(reference), {"q-strength": "Calm.", "save": "1"}))
    assert "Saved at" in words(page.select_one(".notice.good"))
    again = read(client.get(address(reference)))
    assert only(again, "[name=q-strength]").get_text().strip() == "Calm."
    assert fresh(reference).status == "started"


def test_a_gap_is_said_and_what_was_written_stays(reference: Reference) -> None:
    _user, client = caller(reference)
    page = read(client.post(address(reference), answers(reference, setbacks=None)))
    assert page.select("[role=alert]")
    assert only(page, "[name=q-strength]").get_text().strip() == "Calm."


def test_afterwards_they_read_and_correct_it_by_their_link(client: Client, reference: Reference) -> None:
    caller(reference)[1].post(address(reference), answers(reference))
    page = visit(client, reference)
    assert "written down while you talked on the telephone" in words(page)
    change = only(page, 'main a[href$="/change/"]')["href"]
    client.post(str(change), answers(reference, strength="Kind."))
    assert fresh(reference).given()["strength"].text == "Kind."


def test_without_an_address_nothing_is_mailed(reference: Reference) -> None:
    Reference.objects.filter(pk=reference.pk).update(email="")
    caller(reference)[1].post(address(reference), answers(reference))
    assert fresh(reference).status == "submitted"
    assert not Message.objects.filter(kind="reference-thanks").exists()


def test_whoever_began_to_write_is_not_read_before_they_send_it_or_ask_for_a_call() -> None:
    reference = make_awaiting_check().references.in_order()[0]
    Reference.objects.filter(pk=reference.pk).update(phone=NUMBER)
    fresh(reference).keep({"strength": Given(text="A secret so far.")}, timezone.now())
    _user, client = caller(reference)
    page = client.get(address(reference))
    assert "A secret so far." not in page.text
    assert "theirs until they send it" in page.text
    fresh(reference).ask_for_call(NUMBER, "", timezone.now())
    assert "A secret so far." in client.get(address(reference)).text


def test_what_was_begun_by_telephone_is_theirs_when_they_go_on_by_themselves() -> None:
    reference = make_awaiting_check().references.in_order()[0]
    Reference.objects.filter(pk=reference.pk).update(phone=NUMBER)
    user, client = caller(reference)
    fresh(reference).keep({"strength": Given(text="Told by telephone.")}, timezone.now(), by=user)
    fresh(reference).keep({"strength": Given(text="A secret so far.")}, timezone.now())
    assert "A secret so far." not in client.get(address(reference)).text


def test_anybody_with_a_number_who_has_not_begun_may_be_called() -> None:
    reference = make_awaiting_check().references.in_order()[0]
    _user, client = caller(reference)
    assert "no telephone number" in client.get(address(reference)).text
    Reference.objects.filter(pk=reference.pk).update(phone=NUMBER)
    assert "No call was asked for." in client.get(address(reference)).text


def test_what_is_written_down_too_late_is_given_back(reference: Reference) -> None:
    _user, client = caller(reference)
    reference.for_check.cancel(timezone.now())
    answer = client.post(address(reference), answers(reference, strength="Kind."))
    assert answer.status_code == 409
    assert words(only(read(answer), ".as-typed")) == "Kind."
    assert not reference.answers.exists()


def test_only_those_who_may_change_a_check_call(reference: Reference) -> None:
    owner = reference.for_check.owner_email
    assert caller(reference, Role.LIMITED, email=owner)[1].get(address(reference)).status_code == 403
    stranger = make_awaiting_check().references.in_order()[0]
    assert caller(stranger)[1].get(address(reference)).status_code == 404
    assert "sign-in" in Client().get(address(reference)).headers["Location"]


def test_nothing_of_the_call_is_taken_for_a_visit_of_theirs(reference: Reference) -> None:
    caller(reference)[1].post(address(reference), answers(reference), REMOTE_ADDR="8.8.8.8")
    assert not reference.for_check.visits.exists()
