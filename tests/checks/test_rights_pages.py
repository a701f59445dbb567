"""The pages with somebody's data and rights, and the one on which they are answered."""

import json
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from checks.models import Check, IntegritySignal, Reference, RightsRequest
from config.rights_troubles import requested
from notifications.tasks import send_due
from tests.checks.visits import dangling, enter, only, read, unlabelled, words
from tests.factories import (
    answers_for,
    make_awaiting_check,
    make_completed_check,
    make_organization,
    make_template,
    make_user,
)

pytestmark = pytest.mark.django_db


def go(client: Client, row: Check | Reference, page: str = "rights/") -> str:
    """Through the door, to an address below the row's page."""
    return enter(client, row) + page


def a_reference(check: Check) -> Reference:
    return check.references.in_order()[0]


def answered() -> Reference:
    """One of three has answered, with a word that is nobody else's."""
    reference = a_reference(make_awaiting_check())
    reference.submit(answers_for(reference), timezone.now())
    return reference


# --- seeing -----------------------------------------------------------------------------------------------


def test_a_reference_sees_all_that_is_held_and_nobody_else(client: Client) -> None:
    reference = answered()
    others = list(reference.for_check.references.exclude(pk=reference.pk))
    IntegritySignal.objects.create(
        for_check=reference.for_check, reference=reference, other=others[0], kind="same-address", weight=3,
        found_at=timezone.now(),
    )  # fmt: skip

    page = read(client.get(go(client, reference)))

    said = words(page)
    assert reference.email in said
    assert "Calm when others are not." in said
    assert "Says so and mends it" in said  # a mark, in the words of its scale
    assert "same internet connection" in said
    assert not any(other.name in said or other.email in said for other in others)
    assert (unlabelled(page), dangling(page)) == ([], [])


def test_a_candidate_sees_whom_they_named_and_not_what_those_said(client: Client) -> None:
    reference = answered()

    said = words(read(client.get(go(client, reference.for_check))))

    assert reference.email in said
    assert "I agree." in said
    assert "The answers of 1 person about you are held." in said
    assert "Calm when others are not." not in said


@pytest.mark.parametrize("is_candidate", [True, False])
def test_the_same_is_there_to_take_along(client: Client, is_candidate: bool) -> None:
    reference = answered()
    row = reference.for_check if is_candidate else reference

    answer = client.get(go(client, row, "rights/data.json"))

    found = json.loads(answer.content)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="data.json"'
    assert reference.email in str(found)
    assert "no-store" in answer.headers["Cache-Control"]


def test_queries_do_not_grow_with_what_was_answered(client: Client, django_assert_max_num_queries: Any) -> None:
    check = make_completed_check(template=make_template(make_organization(), ("any",) * 8))
    page, own = go(client, a_reference(check)), Client()
    candidates = go(own, check)

    with django_assert_max_num_queries(12):
        client.get(page)
    with django_assert_max_num_queries(14):
        own.get(candidates)


def test_the_mails_link_opens_the_page_and_nobody_elses(client: Client) -> None:
    reference = answered()
    answer = client.get(f"/r/{reference.token}/rights/")

    assert answer.headers["Location"] == f"/reference/{reference.public_id}/rights/"
    other = reference.for_check.references.exclude(pk=reference.pk)[0]
    assert client.get(f"/reference/{other.public_id}/rights/").status_code == 404


# --- asking -----------------------------------------------------------------------------------------------


def test_a_request_is_answered_on_the_same_page(client: Client) -> None:
    check = make_completed_check()
    page = go(client, a_reference(check))

    for _twice in range(2):
        client.post(page, {"kind": "correct", "correct-words": "My name is Aileen."})
    asked = RightsRequest.objects.get()
    assert "Not answered yet" in client.get(page).text
    asked.settle(timezone.now(), make_user(check.organization), is_granted=False, answer="Your passport says Eileen.")

    said = words(only(read(client.get(page)), "section[aria-labelledby=asked]"))
    assert "My name is Aileen." in said
    assert "Your passport says Eileen." in said
    assert "You may complain" in said


def test_what_is_left_empty_is_said_and_nothing_is_lost(client: Client) -> None:
    page = go(client, make_completed_check())

    shown = read(client.post(page, {"kind": "object", "object-words": " "}))

    assert words(only(shown, "[role=alert] li")) == "Please say why, in a sentence."
    assert shown.select("#id_object-words")[0].find_parent("details").has_attr("open")
    assert not RightsRequest.objects.exists()


def test_what_nobody_offers_is_no_request(client: Client) -> None:
    page = go(client, make_completed_check())

    assert client.post(page, {"kind": "hire-me", "hire-me-words": "x"}).status_code == 200
    assert not RightsRequest.objects.exists()


def test_nobody_objects_to_what_they_consented_to(client: Client) -> None:
    organization = make_organization(lawful_basis="consent")

    assert "id_object-words" not in client.get(go(client, make_completed_check(organization))).text


# --- leaving ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["withdraw/", "delete/"])
def test_looking_at_the_page_before_changes_nothing(client: Client, page: str) -> None:
    check = make_awaiting_check()

    shown = read(client.get(go(client, check, page)))

    assert shown.select("button.danger.sure")
    assert Check.objects.get().status == "awaiting"


def test_a_candidate_withdraws_and_comes_back_to_their_page(client: Client) -> None:
    check = make_awaiting_check()

    answer = client.post(go(client, check, "withdraw/"), follow=True)

    assert Check.objects.get().status == "canceled"
    assert "Your references are no longer needed" in answer.text
    assert client.post(go(client, check, "withdraw/")).status_code == 302  # a second click


def test_deleted_while_it_goes_on_it_is_done_at_once(client: Client) -> None:
    reference = answered()
    send_due()

    answer = client.post(go(client, reference, "delete/"))

    assert "It is deleted" in answer.text
    assert Reference.objects.get(pk=reference.pk).erased_at
    assert client.post(f"/reference/{reference.public_id}/delete/").status_code == 404  # a second click
    assert "Somebody whose data is deleted" in client.get(enter(client, reference.for_check)).text


def test_deleted_after_the_end_it_is_asked_for_and_said_when_it_is_answered(client: Client) -> None:
    reference = a_reference(make_completed_check())
    page = go(client, reference, "delete/")

    client.post(page, {"delete-words": "I have left that trade."})
    answer = client.post(page, {"delete-words": "A second click."}, follow=True)

    assert RightsRequest.objects.get().kind == "delete"
    assert "Ruth Adeyemi has it, and answers by" in answer.text
    assert "You have asked for this already" in client.get(page).text
    assert Reference.objects.get(pk=reference.pk).name


# --- answering --------------------------------------------------------------------------------------------


def asked_of(role: str, client: Client, kind: str = "delete") -> RightsRequest:
    check = make_completed_check()
    client.force_login(make_user(check.organization, role))
    asked = RightsRequest.ask(a_reference(check), kind, "Zanzibar", timezone.now())
    assert asked
    return asked


@pytest.mark.parametrize(
    ("role", "code"), [(Role.SUPER_ADMIN, 200), (Role.ADMIN, 200), (Role.TEAM_MEMBER, 403), (Role.LIMITED, 404)]
)
def test_who_may_erase_may_answer(client: Client, role: str, code: int) -> None:
    assert client.get(f"/requests/{asked_of(role, client).pk}/").status_code == code


def test_another_organizations_requests_are_not_there(client: Client) -> None:
    asked = asked_of(Role.ADMIN, client)
    client.force_login(make_user(make_organization(), Role.SUPER_ADMIN))

    assert client.get(f"/requests/{asked.pk}/").status_code == 404


def test_it_is_granted_from_the_desk_with_one_page(client: Client) -> None:
    asked = asked_of(Role.ADMIN, client)
    assert "Zanzibar" in client.get(f"/requests/{asked.pk}/").text

    answer = client.post(f"/requests/{asked.pk}/", {"is_granted": "yes", "answer": ""}, follow=True)

    assert "It is answered" in answer.text
    assert Reference.objects.get(pk=asked.reference_id).erased_at
    again = client.post(f"/requests/{asked.pk}/", {"is_granted": "no", "answer": "No."}, follow=True)
    assert "answered before" in again.text


def test_a_no_needs_a_reason(client: Client) -> None:
    asked = asked_of(Role.ADMIN, client)

    shown = read(client.post(f"/requests/{asked.pk}/", {"is_granted": "no"}))

    assert words(only(shown, "[role=alert] li")) == "Please say why."
    assert (unlabelled(shown), dangling(shown)) == ([], [])
    assert RightsRequest.objects.open().exists()


def test_a_correction_is_filled_in_with_what_is_held(client: Client) -> None:
    asked = asked_of(Role.ADMIN, client, "correct")
    assert 'value="Eileen Farrow"' in client.get(f"/requests/{asked.pk}/").text

    new = {"is_granted": "yes", "name": "Aileen Farrow", "email": "aileen@solent.example"}
    client.post(f"/requests/{asked.pk}/", new)

    assert Reference.objects.get(pk=asked.reference_id).name == "Aileen Farrow"


def test_it_stands_on_the_checks_page_and_on_the_desk(client: Client) -> None:
    asked = asked_of(Role.ADMIN, client)
    admin = make_user(asked.for_check.organization, Role.ADMIN)

    page = client.get(f"/admin/checks/check/{asked.for_check_id}/change/").text
    (trouble,) = requested(Check.objects.visible_to(admin), admin, timezone.now())

    assert f"/requests/{asked.pk}/" in page
    assert trouble.sentence.startswith("Eileen Farrow asks to be deleted. To be answered by ")
    assert trouble.remedy
    assert trouble.remedy.url == f"/requests/{asked.pk}/"
    assert "asks to be deleted" in client.get("/admin/").text


def test_the_report_says_that_somebody_was_deleted(client: Client) -> None:
    asked = asked_of(Role.ADMIN, client)
    client.post(f"/requests/{asked.pk}/", {"is_granted": "yes", "answer": ""})

    page = client.get(f"/reports/{asked.for_check.public_id}/").text

    assert "deleted what was held about them" in page
    assert "Eileen Farrow" not in page


def test_mails_about_rights_speak_the_readers_language() -> None:
    check = make_completed_check()
    Check.objects.update(language="de")
    asked = RightsRequest.ask(Check.objects.get(), "correct", "Ada", timezone.now())
    assert asked
    asked.settle(timezone.now(), make_user(check.organization), is_granted=False, answer="Nein.")
    send_due()

    assert [letter.to for letter in mail.outbox if "/rights/" in str(letter.body)][-1:]
