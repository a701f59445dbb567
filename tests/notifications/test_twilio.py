"""Text messages by Twilio, to a server that answers and calls back as Twilio's documentation says."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from notifications.models import Message, Quiet
from notifications.tasks import send_due
from notifications.texts.twilio import Twilio
from tests.notifications import twilio
from tests.notifications.messages import LINK, due_again, queue_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(settings: Any) -> Iterator[twilio.Twilio]:
    with twilio.running() as server:
        settings.SMS_URL = server.url()
        yield server


def sent(**fields: Any) -> Message:
    """A text message after one attempt."""
    message = queue_text(**fields)
    send_due()
    message.refresh_from_db()
    return message


# --- sending ----------------------------------------------------------------------------------------


def test_a_text_message_is_handed_over_once_with_where_to_call_back(account: twilio.Twilio) -> None:
    message = sent()
    send_due()

    (form,) = account.taken
    assert (form["To"], form["From"], form["Body"]) == ("+447400123456", twilio.NUMBER, f"Please answer: {LINK}")
    assert form["StatusCallback"] == f"http://testserver/webhooks/texts/twilio/{message.pk}/"
    assert (message.state, message.provider_id) == ("done", form["sid"])


def test_a_messaging_service_takes_the_place_of_a_number(account: twilio.Twilio, settings: Any) -> None:
    settings.SMS_URL = account.url(sender="MG" + "9" * 32)
    sent()

    assert account.taken[0]["MessagingServiceSid"] == "MG" + "9" * 32
    assert "From" not in account.taken[0]


def test_words_in_any_script_arrive_as_they_are(account: twilio.Twilio) -> None:
    sent(words="Grüße & 100 % + ein „Ja“?\n是的 👍")

    assert account.taken[0]["Body"] == "Grüße & 100 % + ein „Ja“?\n是的 👍"


@pytest.mark.parametrize("number", twilio.REFUSED)
def test_a_number_that_takes_no_texts_ends_it_in_words(account: twilio.Twilio, number: str) -> None:
    message = sent(number=number)
    code, said = twilio.REFUSED[number]

    assert message.state == "failed"
    assert f"(400, {code}: {said})" in message.error
    assert message.error.startswith("Twilio: ")
    assert account.asked == 1


def test_who_has_unsubscribed_at_twilio_is_reminded_no_more(account: twilio.Twilio) -> None:
    message = sent(number="+15005550004")

    assert "asked for no more" in message.error
    assert Quiet.objects.holds(message.organization_id, "+15005550004", timezone.now())


@pytest.mark.parametrize(
    "instead",
    [
        (429, {"Retry-After": "600"}, {"code": 20429, "message": "Too Many Requests", "status": 429}),
        (429, {"Retry-After": "Thu, 31 Dec 2099 23:59:59 GMT"}, "busy"),
        (500, {}, {"code": 20500, "message": "Internal Server Error", "status": 500}),
        (503, {"Retry-After": "700"}, "<h1>Sorry</h1>"),
        (400, {}, {"code": 21606, "message": "The From phone number is not a valid one", "status": 400}),
        (403, {}, [1, 2]),
        (302, {"Location": "http://127.0.0.1:9/"}, ""),
        (200, {}, "<h1>A proxy says hello</h1>"),
        (201, {}, "[]"),
        "hang up",
    ],
)
def test_what_may_pass_is_tried_again(account: twilio.Twilio, instead: Any) -> None:
    account.instead = [instead]

    message = sent()
    assert (message.state, account.taken) == ("waiting", [])
    assert message.error.startswith("Twilio")
    due_again()
    send_due()

    assert len(account.taken) == 1


@pytest.mark.parametrize(("asked", "least"), [("600", 600), ("Thu, 31 Dec 2099 23:59:59 GMT", 3600), ("soon", 0)])
def test_it_waits_as_long_as_twilio_asks_and_an_hour_at_most(account: twilio.Twilio, asked: str, least: int) -> None:
    account.instead = [(429, {"Retry-After": asked}, {"code": 20429})]

    wait = (sent().next_at - timezone.now()).total_seconds()

    assert least - 5 < wait <= max(least, 3)


def test_a_wrong_token_is_our_fault_and_nobody_s_number(account: twilio.Twilio, settings: Any) -> None:
    settings.SMS_URL = account.url(token="an-old-token")

    message = sent()

    assert message.state == "waiting"
    assert "20003" in message.error
    assert "an-old-token" not in message.error


def test_nobody_at_home_is_said_in_words(settings: Any) -> None:
    settings.SMS_URL = f"twilio+http://{twilio.SID}:{twilio.TOKEN}@127.0.0.1:9/?from={twilio.NUMBER}"

    message = sent()

    assert message.state == "waiting"
    assert message.error.startswith("Twilio could not be reached")
    assert twilio.TOKEN not in message.error


def test_a_lost_answer_is_waited_for_and_a_callback_spares_the_second_message(account: twilio.Twilio) -> None:
    account.instead = ["lose the answer"]
    message = sent()
    assert message.next_at > timezone.now() + timedelta(seconds=100)

    assert account.call_back(0, "sent").status_code == 204
    due_again()
    send_due()

    message.refresh_from_db()
    assert (message.state, message.provider_id, len(account.taken)) == ("done", account.taken[0]["sid"], 1)


def test_without_a_callback_a_lost_answer_is_one_message_too_many(account: twilio.Twilio) -> None:
    """Twilio knows no attempt again. This is the limit, and it is in the README."""
    account.instead = ["lose the answer"]
    sent()
    due_again()
    send_due()

    assert len(account.taken) == 2


def test_a_text_that_is_hours_late_is_not_sent(account: twilio.Twilio) -> None:
    account.instead = [(503, {}, "")]
    message = queue_text()
    Message.objects.update(created_at=timezone.now() - timedelta(hours=7))
    send_due()

    message.refresh_from_db()
    assert message.state == "failed"


# --- callbacks --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "fate"),
    [("queued", ""), ("sent", ""), ("delivered", "delivered"), ("undelivered", "bounced"), ("failed", "bounced")],
)
def test_a_callback_tells_what_became_of_it(account: twilio.Twilio, status: str, fate: str) -> None:
    message = sent()

    assert account.call_back(0, status).status_code == 204

    message.refresh_from_db()
    assert message.fate == fate


def test_why_it_did_not_arrive_is_said_in_words(account: twilio.Twilio) -> None:
    message = sent()

    account.call_back(0, "undelivered", ErrorCode="30006")

    message.refresh_from_db()
    assert message.fate_words == "The number is a landline and takes no text messages. (Twilio: 30006)"


@pytest.mark.parametrize("code", ["99999", "", "none", "²"])
def test_an_unknown_reason_is_no_trouble(account: twilio.Twilio, code: str) -> None:
    message = sent()

    assert account.call_back(0, "failed", ErrorCode=code).status_code == 204
    message.refresh_from_db()
    assert message.fate == "bounced"


def test_callbacks_in_any_order_and_twice_end_alike(account: twilio.Twilio) -> None:
    message = sent()
    for status in ("delivered", "sent", "queued", "delivered"):
        account.call_back(0, status)

    message.refresh_from_db()
    assert message.fate == "delivered"


@pytest.mark.parametrize("change", [{"MessageStatus": "failed"}, {"Extra": "1"}, {"MessageSid": "SM1"}])
def test_a_form_that_was_changed_on_the_way_is_refused(account: twilio.Twilio, change: dict[str, str]) -> None:
    message = sent()
    address = account.taken[0]["StatusCallback"]
    form = {"MessageSid": account.taken[0]["sid"], "MessageStatus": "delivered"}
    signed = twilio.signature(twilio.TOKEN, address, form)

    assert twilio.called_back(address, {**form, **change}, signed).status_code == 403
    assert twilio.called_back(address.replace(str(message.pk), "999"), form, signed).status_code == 403
    message.refresh_from_db()
    assert message.fate == ""
    assert twilio.called_back(address, form, signed).status_code == 204


@pytest.mark.parametrize("signed", ["", "nonsense", "ü", "0" * 28])
def test_a_wrong_signature_is_refused(account: twilio.Twilio, signed: str) -> None:
    sent()

    assert (
        twilio.called_back(account.taken[0]["StatusCallback"], {"MessageStatus": "failed"}, signed).status_code == 403
    )


def test_another_account_cannot_sign_for_ours(account: twilio.Twilio) -> None:
    sent()

    assert account.call_back(0, "failed", token="another-token").status_code == 403


def test_a_callback_about_nothing_of_ours_is_taken_and_forgotten(account: twilio.Twilio) -> None:
    sent()
    Message.objects.all().delete()

    assert account.call_back(0, "delivered").status_code == 204


def test_a_callback_about_an_attempt_that_does_not_count_changes_nothing(account: twilio.Twilio) -> None:
    message = sent()
    Message.objects.update(provider_id="SM-of-the-second-attempt")

    account.call_back(0, "failed")

    message.refresh_from_db()
    assert message.fate == ""


def test_without_twilio_nobody_calls_back(account: twilio.Twilio, settings: Any) -> None:
    sent()
    settings.SMS_URL = ""

    assert account.call_back(0, "failed").status_code == 404


def test_callbacks_are_posted(client: Any) -> None:
    assert client.get("/webhooks/texts/twilio/1/").status_code == 405


# --- the signature ----------------------------------------------------------------------------------

FORM = [
    ("To", ["+18005551212"]),
    ("From", ["+14158675309"]),
    ("Digits", ["1234"]),
    ("Caller", ["+14158675309"]),
    ("CallSid", ["CA1234567890ABCDE"]),
]


def with_token(token: str) -> Twilio:
    return Twilio.at(urlsplit(f"twilio://AC1:{token}@api.twilio.com/?from=+15017122661"))


def test_the_signature_is_the_one_of_twilio_s_own_libraries() -> None:
    address = "https://mycompany.com/myapp.php?foo=1&bar=2"

    assert with_token("12345").signature(address, FORM) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize(
    ("asked", "signed_for"),
    [
        ("https://vouch.example:8443/a/", "https://vouch.example/a/"),
        ("https://vouch.example/a/", "https://vouch.example:443/a/"),
        ("http://[::1]:8000/a/", "http://[::1]/a/"),
    ],
)
def test_twilio_may_sign_with_or_without_the_port(asked: str, signed_for: str) -> None:
    account = with_token("12345")

    assert account.has_signed(asked, FORM, account.signature(signed_for, FORM))
    assert not account.has_signed("https://elsewhere.example/a/", FORM, account.signature(signed_for, FORM))


def test_the_token_is_in_no_representation() -> None:
    assert "12345" not in repr(with_token("12345"))
