"""A mail server that is down, slow, particular, or dies in the act: nothing is lost, and the page says what it was."""

import socket
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.roles import Role
from notifications.models import Message
from notifications.tasks import send_due
from tests.factories import make_user
from tests.notifications.conftest import PostOffice
from tests.notifications.messages import due_again, queue
from tests.portal.world import address

pytestmark = pytest.mark.django_db


def page_of(message: Message) -> str:
    """What staff read about it."""
    browser = Client()
    browser.force_login(make_user(message.organization, Role.ADMIN))
    return browser.get(address("notifications.message", "change", message.pk)).text


def after_one_attempt(**fields: Any) -> Message:
    message = queue(**fields)
    send_due()
    message.refresh_from_db()
    return message


def test_a_server_that_is_down_is_named_on_the_page_and_the_mail_waits(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    message = after_one_attempt()

    assert message.state == "waiting"
    assert "The mail server could not be reached" in page_of(message)


def test_a_server_that_never_says_hello_is_left_in_time(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = 0.2
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings.EMAIL_HOST, settings.EMAIL_PORT = mute.getsockname()
        message = after_one_attempt()

    assert message.state == "waiting"
    assert "timed out" in page_of(message)


def test_a_server_that_is_too_slow_gets_the_mail_again_under_the_same_id(
    post_office: PostOffice, settings: Any
) -> None:
    settings.EMAIL_TIMEOUT, post_office.silence = 0.2, 0.5
    message = after_one_attempt()
    assert message.state == "waiting"
    assert "broke off before it had said yes" in page_of(message)

    post_office.silence = 0
    due_again()
    send_due()

    message.refresh_from_db()
    assert message.state == "done"
    assert len({mail["Message-ID"] for mail in post_office.mails}) == 1


def test_a_server_that_takes_the_mail_and_dies_gets_it_again_under_the_same_id(post_office: PostOffice) -> None:
    post_office.dies_after = 1
    message = after_one_attempt()
    assert message.state == "waiting"
    assert "broke off before it had said yes" in page_of(message)

    due_again()
    send_due()

    assert [mail["Message-ID"] for mail in post_office.mails] == [f"<{message.message_id}@vouch.example>"] * 2


@pytest.mark.parametrize("answer", ["421 4.3.2 Going down", "451 4.7.1 Greylisted, try again", "452 4.2.2 Full"])
@pytest.mark.parametrize("place", ["to_senders", "to_recipients", "to_mails"])
def test_what_passes_waits_and_is_said_on_the_page(post_office: PostOffice, place: str, answer: str) -> None:
    getattr(post_office, place).append(answer)

    message = after_one_attempt()

    assert message.state == "waiting"
    assert answer in page_of(message)


@pytest.mark.parametrize("answer", ["550 5.1.1 No such user", "553 5.1.3 Bad address", "554 5.7.1 Unwanted here"])
def test_one_refused_receiver_ends_that_mail_and_no_other(post_office: PostOffice, answer: str) -> None:
    post_office.to_recipients.append(answer)
    refused = after_one_attempt()
    sent = after_one_attempt(key="two")

    assert (refused.state, sent.state) == ("failed", "done")
    assert answer in page_of(refused)
    assert refused.trouble == answer


@pytest.mark.parametrize("answer", ["554 5.7.1 Relay access denied", "550 Sender verify failed", "550 Relaying denied"])
def test_a_server_that_does_not_want_us_says_nothing_about_the_receiver(post_office: PostOffice, answer: str) -> None:
    post_office.to_recipients.append(answer)

    assert after_one_attempt().state == "waiting"


def test_the_server_is_greeted_once_for_many_mails(post_office: PostOffice) -> None:
    for number in range(5):
        queue(str(number))

    send_due()

    assert (len(post_office.mails), post_office.visits) == (5, 1)


@pytest.mark.parametrize("place", ["to_senders", "to_recipients", "to_mails"])
def test_after_a_fault_the_next_mail_begins_afresh(post_office: PostOffice, place: str) -> None:
    for number in range(3):
        queue(str(number))
    getattr(post_office, place).append("451 Not now")

    send_due()

    assert sorted(Message.objects.values_list("state", flat=True)) == ["done", "done", "waiting"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("faults", [0, 6])
def test_four_workers_lose_none_and_double_none(
    post_office: PostOffice, faults: int, together: Callable[..., list[Any]]
) -> None:
    messages = [queue(str(number)) for number in range(60)]
    post_office.to_mails = ["451 Not now"] * faults

    together(*[send_due] * 4)
    due_again()
    send_due()

    assert set(Message.objects.values_list("state", flat=True)) == {"done"}
    sent = sorted(str(mail["Message-ID"]) for mail in post_office.mails)
    assert sent == sorted(f"<{message.message_id}@vouch.example>" for message in messages)


@pytest.fixture
def together(transactional_db: None) -> Callable[..., list[Any]]:
    from tests.checks.test_races import together as at_once

    return at_once


# --- what people write into names, subjects and addresses ----------------------------------------------

NASTY = [
    'Bao "The Fixer" Nguyen',
    "Nguyen, Bao",
    "Bao\r\nBcc: everybody@elsewhere.example",
    "Bao <everybody@elsewhere.example>",
    "Bao; (a comment) @ : \\",
    "Nguyễn Bảo 👋",
    "=?utf-8?q?everybody=40elsewhere.example?=",
    "x" * 120,
    "\u202eoaB\u0000",
]


@pytest.mark.parametrize("name", NASTY)
def test_any_name_goes_to_one_receiver_and_adds_no_header(post_office: PostOffice, name: str) -> None:
    organization = queue("other").organization
    Message.objects.all().delete()
    organization.name = name[:120]
    message = after_one_attempt(to=(name, "bao@solent.example"), organization=organization, subject=name)

    assert message.state == "done", message.error
    (mail,) = post_office.mails
    assert [each.addr_spec for each in mail["To"].addresses] == ["bao@solent.example"]
    assert [each.addr_spec for each in mail["From"].addresses] == ["references@vouch.example"]
    assert mail["Bcc"] is None
    assert mail["Cc"] is None


@pytest.mark.parametrize(
    "written",
    [
        "bao@solent.example, everybody@elsewhere.example",
        "bao@solent.example\r\nBcc: everybody@elsewhere.example",
        "Bao <bao@solent.example>",
        "bao@solent.example>",
        "bao",
        "bao@",
        "@solent.example",
        "bao@sol ent.example",
        "báo@solent.example",
        "bao@" + "ü" * 200 + ".example",
    ],
)
def test_what_is_not_one_address_is_not_written_to(post_office: PostOffice, written: str) -> None:
    message = after_one_attempt(to=("Bao", written))

    assert (message.state, post_office.mails) == ("failed", [])
    assert "No mail can be sent to this address" in message.error


def test_a_subject_with_a_line_break_that_got_so_far_ends_it(post_office: PostOffice) -> None:
    queue()
    Message.objects.update(subject="Hello\nBcc: everybody@elsewhere.example")

    send_due()

    assert (Message.objects.get().state, post_office.mails) == ("failed", [])


# --- what else a mail carries -----------------------------------------------------------------------


def test_a_mail_says_its_language_and_how_to_stop_the_like(post_office: PostOffice) -> None:
    after_one_attempt(stop_url="https://vouch.example/stop/key/", language="de")

    (mail,) = post_office.mails
    assert mail["Content-Language"] == "de"
    assert mail["List-Unsubscribe"] == "<https://vouch.example/stop/key/>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_mail_that_is_no_reminder_has_nothing_to_stop(post_office: PostOffice) -> None:
    after_one_attempt()

    assert post_office.mails[0]["List-Unsubscribe"] is None


def test_a_mail_that_arrived_is_so_on_its_page_and_in_the_list() -> None:
    message = queue()
    message.learn_fate("bounced", timezone.now(), "550 No such user")

    assert "550 No such user" in page_of(message)
    browser = Client()
    browser.force_login(make_user(message.organization, Role.ADMIN))
    found = browser.get(address("notifications.message", "changelist") + "?fate=bounced&channel=email").text
    assert '<span class="state bad">Came back</span>' in found
    assert "Bao Nguyen" not in browser.get(address("notifications.message", "changelist") + "?channel=text").text


@pytest.mark.parametrize("kind", ["manager-told", "owner-told", "owner-overdue", "outcome-asked", "reference-thanks"])
def test_whatever_is_written_about_a_check_is_read_on_its_page_without_keys(kind: str) -> None:
    page = page_of(queue(kind=kind))

    assert "about ten questions" in page
    assert "https://vouch.example/r/…/" in page
    assert "abcdefghijklmnopqrstuvwxyz012345" not in page


@pytest.mark.parametrize("kind", ["reference-request", "reference-reminder", "candidate-request", "candidate-reminder"])
def test_whoever_was_dropped_after_it_came_back_is_not_written_to_again(kind: str) -> None:
    message = queue(kind=kind)
    message.settle("failed", timezone.now(), error="550 No such user")

    assert "Send again" not in page_of(message)
