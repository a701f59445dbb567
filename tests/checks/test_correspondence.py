"""What was written about a check, on its page: the text of each message and what became of it."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from checks import correspondence
from checks.models import Check
from notifications.models import Message
from tests.factories import make_awaiting_check, make_template, make_user

pytestmark = pytest.mark.django_db


def page_of(check: Check, role: str = Role.ADMIN) -> BeautifulSoup:
    browser = Client()
    browser.force_login(make_user(check.organization, role, email=check.owner_email))
    text = browser.get(reverse("admin:checks_check_change", args=[check.pk])).text
    return BeautifulSoup(text, "html.parser")


def said(check: Check, role: str = Role.ADMIN) -> str:
    return " ".join(page_of(check, role).get_text(" ").split())


def to_reference(check: Check, **fields: Any) -> Message:
    """The invitation of the first, as it stands by now."""
    message = check.references.in_order()[0].invitation
    assert message
    Message.objects.filter(pk=message.pk).update(**{"done_at": timezone.now(), "state": "done", **fields})
    message.refresh_from_db()
    return message


def test_each_message_stands_there_with_whom_it_is_to_what_for_and_its_words() -> None:
    check = make_awaiting_check()
    message = to_reference(check)
    words = said(check)
    assert f"E-mail to {message.to_name}" in words
    assert "The reference is invited, handed over" in words
    assert "Would you answer" in words
    assert message.to_address in words


def test_no_key_to_a_page_is_shown() -> None:
    check = make_awaiting_check()
    token = check.references.in_order()[0].token
    page = str(page_of(check))
    assert token not in page
    assert check.token not in page
    assert "/r/…" in page


@pytest.mark.parametrize(
    ("fate", "words"), [("delivered", "Delivered"), ("bounced", "Came back"), ("complained", "Reported as unwanted")]
)
def test_its_fate_is_said(fate: str, words: str) -> None:
    check = make_awaiting_check()
    to_reference(check, fate=fate, fate_at=timezone.now())
    states = [state.get_text() for state in page_of(check).select(".timeline .state")]
    assert words in states


def test_a_mail_that_came_back_is_said_beside_the_person_with_what_to_do() -> None:
    check = make_awaiting_check()
    message = to_reference(check, fate="bounced", fate_at=timezone.now(), fate_words="550 No such user.")
    (first, *_others) = page_of(check).select("tbody tr")
    assert f"Our mail to {message.to_address} came back. 550 No such user." in first.get_text()
    assert "Marcus was asked for another address, or somebody else." in first.get_text()


def test_a_number_that_is_none_leaves_the_mails_untouched() -> None:
    check = make_awaiting_check()
    Message.objects.create(
        organization=check.organization,
        key="x",
        kind="candidate-request",
        channel="text",
        topic=check.topic,
        to_name="Marcus Webb",
        to_address="+442079460018",
        text="…",
        created_at=timezone.now(),
        state="failed",
        next_at=timezone.now(),
        done_at=timezone.now(),
        error="There is no such number.",
    )
    notice = page_of(check).select_one(".notice.warn")
    assert notice
    assert "Our text message to +442079460018 did not arrive. There is no such number." in notice.get_text()
    assert "The e-mails are not touched by that." in notice.get_text()


def test_what_arrived_later_at_the_same_address_is_no_trouble_any_more() -> None:
    check = make_awaiting_check()
    message = to_reference(check, fate="bounced")
    message.pk, message.key, message._state.adding = None, "later", True
    message.fate, message.created_at = "delivered", message.created_at + timedelta(days=1)
    message.save()
    assert "came back." not in said(check)


def test_who_may_not_see_messages_sees_none() -> None:
    check = make_awaiting_check(owner_email="aoife@northmoor.example")
    to_reference(check, fate="bounced", fate_words="550 No such user.")
    words = said(check, Role.LIMITED)
    assert "was asked by e-mail" in words
    assert "E-mail to" not in words
    assert "550" not in words


def test_of_what_was_erased_nothing_is_read() -> None:
    check = make_awaiting_check()
    message = to_reference(check)
    check.erase(timezone.now())
    words = said(check)
    assert "E-mail to somebody" in words
    assert message.to_address not in words
    assert "Would you answer" not in words


def test_it_is_as_many_queries_for_many_messages_and_no_more_than_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    organization = (small := make_awaiting_check()).organization
    large = make_awaiting_check(template=make_template(organization, ("any",) * 12))
    browser, counts, url = Client(), [], ""
    browser.force_login(make_user(organization, Role.ADMIN))
    for check in (small, large):
        url = reverse("admin:checks_check_change", args=[check.pk])
        browser.get(url)
        with CaptureQueriesContext(connection) as captured:
            browser.get(url)
        counts.append(len(captured))
    assert counts[0] == counts[1]
    monkeypatch.setattr("checks.admin.AT_MOST", 5)
    monkeypatch.setattr(correspondence, "AT_MOST", 5)
    text = browser.get(url).text
    assert text.count("Its words") == 5
    assert "Older messages are left out here." in text
