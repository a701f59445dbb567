"""B7: rights pages for candidate and reference: see, correct, withdraw, delete; the notices; the retention clock."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from checks.keeping import months_from
from checks.models import Check, Reference, RightsRequest
from checks.tasks import tend_checks
from notifications.tasks import send_due
from tests.checks.visits import enter, only, read, words
from tests.factories import make_awaiting_check, make_completed_check, make_organization, make_template, make_user

pytestmark = pytest.mark.django_db

ARTICLE_14 = {
    "identity and contact of the controller": ("Northmoor Ferries", "Quay 1, Northmoor", "ruth@northmoor.example"),
    "contact for data protection": ("privacy@northmoor.example",),
    "purposes and legal basis": ("who gets the job Chief Officer", "Legitimate interests (GDPR, Article 6(1)(f))"),
    "categories of data": ("your name, your e-mail address", "your answers"),
    "recipients": ("Ruth Adeyemi and the people at Northmoor Ferries", "Lever"),
    "third countries": ("In other countries",),
    "period": ("erased by itself 12 months after the check has ended",),
    "rights": ("see what is held", "corrected", "deleted", "its use limited", "object"),
    "complaint": ("data protection authority",),
    "source": ("Marcus gave us your name",),
    "automated decisions": ("Nothing is decided by software alone",),
    "more": ("https://northmoor.example/privacy",),
}


def northmoor(**fields: Any) -> Any:
    known = {
        "name": "Northmoor Ferries",
        "postal_address": "Quay 1, Northmoor",
        "privacy_email": "privacy@northmoor.example",
        "privacy_url": "https://northmoor.example/privacy",
        "keeps_months": 12,
    }
    return make_organization(**known | fields)


def a_reference(check: Check) -> Reference:
    return check.references.in_order()[0]


def page_of(client: Client, row: Check | Reference, below: str = "") -> Any:
    return client.get(enter(client, row) + below)


def test_b7_the_reference_reads_all_that_article_14_asks_for_before_the_first_question(client: Client) -> None:
    section = only(
        read(page_of(client, a_reference(make_awaiting_check(northmoor())))), "section[aria-labelledby=data]"
    )

    said = f"{words(section)} {[link['href'] for link in section.select('a')]}"
    assert {what: [each for each in wanted if each not in said] for what, wanted in ARTICLE_14.items()} == {
        what: [] for what in ARTICLE_14
    }


@pytest.mark.parametrize(
    ("template", "said", "unsaid"),
    [
        ({}, "Your name stands beside what you write. People", "averages"),
        (
            {"confidentiality": "averages"},
            "Those people see averages of three answers or more, and no name",
            "Your name stands",
        ),
        (
            {"candidate_reads": "on-request"},
            "If Marcus asks for it, Northmoor Ferries lets Marcus read",
            "does not show",
        ),
        ({"candidate_reads": "no"}, "This site does not show your answers to Marcus.", "lets Marcus read"),
    ],
)
def test_b7_the_short_notice_is_true_to_the_template(
    client: Client, template: dict[str, Any], said: str, unsaid: str
) -> None:
    check = make_awaiting_check(template=make_template(northmoor(), **template))

    notice = words(only(read(page_of(client, a_reference(check))), "section[aria-labelledby=data]"))

    assert said in notice
    assert unsaid not in notice


def test_b7_the_first_mail_says_it_in_short_and_leads_to_the_page(client: Client) -> None:
    check = make_awaiting_check(northmoor())
    send_due()
    reference = a_reference(check)
    (letter,) = (one for one in mail.outbox if reference.email in one.to[0])

    said = " ".join(str(letter.body).split())

    assert "Why you: Marcus Webb gave us your name and address." in said
    assert "This site does not show your answers to Marcus. All of it is erased 12 months after the check" in said
    assert f"/r/{reference.token}/rights/" in said
    assert client.get(f"/r/{reference.token}/rights/", follow=True).status_code == 200


def test_b7_see_correct_withdraw_and_delete_stand_on_both_pages(client: Client) -> None:
    check = make_awaiting_check(northmoor())

    candidate, reference = (words(read(page_of(client, row, "rights/"))) for row in (check, a_reference(check)))

    for said in (candidate, reference):
        assert "What is held about you" in said
        assert "Ask for a correction" in said
        assert "Delete what is held about me" in said
    assert "Stop this reference check" in candidate


def test_b7_a_candidate_withdraws_and_lever_says_canceled(client: Client, connection: Any) -> None:
    check = make_awaiting_check(connection.organization)

    client.post(enter(client, check) + "withdraw/")

    assert check.events.filter(kind="canceled", detail="withdrawn").exists()
    assert connection.actions.filter(kind="tag").latest("pk").value.endswith("Canceled")


def test_b7_deleting_after_the_end_is_asked_for_answered_and_done(client: Client) -> None:
    check = make_completed_check(northmoor())
    reference, staff = a_reference(check), Client()
    staff.force_login(make_user(check.organization, Role.ADMIN))

    client.post(enter(client, reference) + "delete/", {"delete-words": ""})
    asked = RightsRequest.objects.get()
    staff.post(f"/requests/{asked.pk}/", {"is_granted": "yes", "answer": "It is done."})
    send_due()

    assert asked.due_at == months_from(asked.asked_at, 1)
    assert Reference.objects.get(pk=reference.pk).name == ""
    assert Check.objects.get().report_data["answered"] == 2
    assert "“It is done.”" in str(mail.outbox[-1].body)


def test_b7_what_was_kept_long_enough_is_erased_by_itself() -> None:
    check = make_completed_check(northmoor(keeps_months=1))
    Check.objects.update(ended_at=months_from(timezone.now(), -1) - timedelta(minutes=1))

    tend_checks()

    assert Check.objects.get().erased_at
    assert not Reference.objects.exclude(name="").exists()
    assert check.events.filter(kind="erased", detail="kept").count() == 1
