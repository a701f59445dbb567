"""The same person at another address: the old link is dead, and what was begun behind it is forgotten."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from checks.models import Check, Reference
from checks.references import Given
from checks.tasks import tend_checks
from notifications.models import Message
from tests.checks.visits import dangling, enter, only, read, unlabelled, visit, words
from tests.factories import answers_for, make_awaiting_check, make_organization, make_template

pytestmark = pytest.mark.django_db

NEW = "eileen@new.example"


@pytest.fixture
def reference() -> Reference:
    template = make_template(make_organization(), ("manager", "peer"))
    return make_awaiting_check(template=template, now=timezone.now() - timedelta(days=2)).references.in_order()[0]


def correct(client: Client, reference: Reference, **data: str) -> Any:
    address = f"{enter(client, reference.for_check)}correct/{reference.public_id}/"
    return client.post(address, {"email": NEW, **data})


def invitations() -> list[str]:
    rows = Message.objects.filter(kind="reference-request", topic__startswith="reference:").order_by("pk")
    return list(rows.values_list("to_address", flat=True))


def bounce(reference: Reference) -> None:
    Message.objects.filter(pk=reference.invitation_id).update(state=Message.State.FAILED)
    tend_checks()
    reference.refresh_from_db()


def test_they_are_asked_at_the_new_address_and_the_old_link_opens_nothing(client: Client, reference: Reference) -> None:
    old = reference.token
    correct(client, reference)
    reference.refresh_from_db()
    assert (reference.email, reference.status) == (NEW, "asked")
    assert invitations()[-1] == NEW
    assert client.get(f"/r/{old}/").status_code == 404
    assert client.get(f"/r/{reference.token}/").status_code == 302


def test_what_was_begun_is_not_shown_to_whoever_comes_next(client: Client, reference: Reference) -> None:
    reference.keep({"strength": Given(text="Calm.")}, timezone.now())
    correct(client, reference)
    reference.refresh_from_db()
    assert (reference.status, reference.started_at, reference.given()) == ("asked", None, {})


def test_one_whose_mail_came_back_is_asked_on_the_page_itself(client: Client, reference: Reference) -> None:
    bounce(reference)
    page = visit(client, reference.for_check)
    assert only(page, ".items input[name=email]")["value"] == reference.email
    assert not unlabelled(page)
    assert not dangling(page)
    correct(client, reference)
    tend_checks()
    reference.refresh_from_db()
    assert reference.status == "asked"


def test_when_the_new_address_is_wrong_too_the_candidate_hears_again(client: Client, reference: Reference) -> None:
    for email in ("one@new.example", "two@new.example"):
        bounce(reference)
        assert reference.status == "bounced"
        correct(client, reference, email=email)
        reference.refresh_from_db()
    assert Message.objects.filter(kind="candidate-another").count() == 2


def test_not_after_they_have_answered(client: Client, reference: Reference) -> None:
    reference.submit(answers_for(reference), timezone.now())
    page = read(correct(client, reference))
    assert NEW in words(page.select_one("[role=alert]"))
    reference.refresh_from_db()
    assert reference.status == "submitted"
    assert not reference.readdress(NEW, "", timezone.now())


def test_not_after_the_end(client: Client, reference: Reference) -> None:
    reference.for_check.cancel(timezone.now())
    assert correct(client, reference).status_code == 409
    assert not reference.readdress(NEW, "", timezone.now())


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("", "Please give an e-mail address or a telephone number."),
        ("eileen at new", "This is no whole e-mail address."),
        ("the same", "This is the address that we have used."),
        ("the other's", "You have named this address before."),
        ("the candidate's", "This is your own address."),
    ],
)
def test_it_says_what_to_correct(client: Client, reference: Reference, email: str, said: str) -> None:
    check = reference.for_check
    known = {
        "the same": reference.email,
        "the other's": check.references.in_order()[1].email,
        "the candidate's": check.candidate_email.replace("@", "+work@"),
    }
    page = read(correct(client, reference, email=known.get(email, email)))
    assert said in words(page.select_one("[role=alert]"))
    assert not dangling(page)
    assert len(invitations()) == 2


def test_nobody_of_another_check(client: Client, reference: Reference) -> None:
    mine = enter(client, make_awaiting_check())
    client.post(f"{mine}correct/{reference.public_id}/", {"email": NEW})
    reference.refresh_from_db()
    assert reference.email != NEW


def test_the_timeline_tells_it_without_the_address(client: Client, reference: Reference) -> None:
    correct(client, reference)
    event = Check.objects.get(pk=reference.for_check_id).events.get(kind="readdressed")
    assert event.detail == ""


def test_six_corrections_a_day_are_enough_and_nothing_typed_is_lost(client: Client, reference: Reference) -> None:
    for number in range(6):
        correct(client, reference, email=f"eileen{number}@new.example")
    page = correct(client, reference, email="eileen-again@new.example").text
    assert "wait for tomorrow" in page
    assert 'value="eileen-again@new.example"' in page
    assert invitations()[-1] == "eileen5@new.example"


def test_a_number_that_the_reference_gave_us_is_not_shown_to_the_candidate(
    client: Client, reference: Reference
) -> None:
    reference.ask_for_call("+442079460999", "", timezone.now())
    page = read(client.get(f"{enter(client, reference.for_check)}correct/{reference.public_id}/"))
    assert only(page, "input[name=email]")["value"] == reference.email
    assert not only(page, "input[name=phone]").get("value")
