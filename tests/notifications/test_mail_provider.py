"""Mail by a provider: what it answers at once, and what it tells later. Postmark stands for all that anymail knows."""

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from notifications.models import Message, Quiet
from notifications.tasks import send_due
from notifications.urls import of_provider
from tests.factories import make_organization
from tests.notifications.messages import due_again, queue

urlpatterns = [*of_provider("postmark"), *of_provider("mailgun"), path("", include("config.urls"))]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

SECRET = "hook:an-agreed-secret"
URL = "/webhooks/mail/postmark/tracking/"


class Postmark(ThreadingHTTPServer):
    """https://postmarkapp.com/developer/api/email-api on this machine. `instead`: (status, headers, body)."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Counter)
        self.mails: list[dict[str, Any]] = []
        self.instead: list[Any] = []


class Counter(BaseHTTPRequestHandler):
    server: Postmark

    def log_message(self, format: str, *args: Any) -> None:
        """Not in the tests' output."""

    def do_POST(self) -> None:
        mail = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.instead:
            return self.answer(*self.server.instead.pop(0))
        self.server.mails.append(mail)
        done = {"ErrorCode": 0, "Message": "OK", "MessageID": f"postmark-{len(self.server.mails)}", "To": mail["To"]}
        return self.answer(200, {}, {**done, "SubmittedAt": "2026-11-22T08:00:00Z"})

    def answer(self, status: int, headers: dict[str, str], body: Any) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode() if isinstance(body, str) else json.dumps(body).encode())


@pytest.fixture
def provider(settings: Any) -> Iterator[Postmark]:
    with Postmark() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
        settings.ANYMAIL = {
            "POSTMARK_SERVER_TOKEN": "the-server-token",
            "POSTMARK_API_URL": f"http://127.0.0.1:{server.server_port}/",
            "WEBHOOK_SECRET": [SECRET],
        }
        yield server
        server.shutdown()


def sent(**fields: Any) -> Message:
    message = queue(**fields)
    send_due()
    message.refresh_from_db()
    return message


def tell(body: Any, secret: str = SECRET) -> int:
    """What the provider's call is answered with."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Basic {b64encode(secret.encode()).decode()}"}
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return int(browser.post(URL, data, content_type="application/json", headers=headers).status_code)


def happened(kind: str, **more: Any) -> dict[str, Any]:
    return {"RecordType": kind, "MessageID": "postmark-1", "Recipient": "bao@solent.example", "Metadata": {}, **more}


DELIVERED = happened("Delivery", DeliveredAt="2026-11-22T08:01:02Z", Details="smtp; 250 2.0.0 OK")
BOUNCED = happened("Bounce", Type="HardBounce", ID=42, Email="bao@solent.example", Details="smtp;550 No such user")
COMPLAINED = happened("SpamComplaint", Type="SpamComplaint", ID=43, Email="bao@solent.example")
UNSUBSCRIBED = happened("SubscriptionChange", SuppressSending=True, SuppressionReason="ManualSuppression")
SUPPRESSED = happened("Bounce", Type="ManuallyDeactivated", Email="bao@solent.example")

# --- handing over -----------------------------------------------------------------------------------


def test_the_provider_gets_the_mail_and_its_name_for_it_is_kept(provider: Postmark) -> None:
    message = sent(stop_url="https://vouch.example/stop/key/")

    (mail,) = provider.mails
    assert (message.state, message.provider_id) == ("done", "postmark-1")
    assert "Bao Nguyen" in mail["To"]
    assert mail["ReplyTo"] == "ruth@northmoor.example"
    headers = {each["Name"]: each["Value"] for each in mail["Headers"]}
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_logo_goes_with_it_as_a_part_of_the_html(provider: Postmark) -> None:
    from tests.accounts.test_logo import a_logo

    sent(organization=make_organization(logo=a_logo()))

    (picture,) = provider.mails[0]["Attachments"]
    assert picture["ContentID"] == "cid:logo@vouch"
    assert 'src="cid:logo@vouch"' in provider.mails[0]["HtmlBody"]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (422, {"ErrorCode": 406, "Message": "Found inactive addresses: bao@solent.example. Inactive recipients are"}),
        (422, {"ErrorCode": 300, "Message": "Invalid 'To' address: 'bao@solent.example'."}),
        (413, "Payload too large"),
        (400, {"ErrorCode": 512, "Message": "Invalid attachment"}),
    ],
)
def test_a_refused_receiver_or_mail_ends_it_in_words(provider: Postmark, status: int, body: Any) -> None:
    provider.instead = [(status, {}, body)]

    message = sent()

    assert message.state == "failed"
    assert message.error.startswith(("The provider refuses this receiver", "The provider answered"))
    assert (body if isinstance(body, str) else body["Message"]) in message.error


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, {"ErrorCode": 10, "Message": "No Account or Server API tokens were supplied"}),
        (422, {"ErrorCode": 400, "Message": "The 'From' address you supplied is not a Sender Signature"}),
        (422, {"ErrorCode": 300, "Message": "Invalid 'From' address: 'references@vouch.example'."}),
        (429, "Slow down"),
        (500, "<h1>Sorry</h1>"),
        (503, ""),
        (200, "<h1>A proxy says hello</h1>"),
        (302, ""),
    ],
)
def test_what_is_between_the_provider_and_us_may_pass(provider: Postmark, status: int, body: Any) -> None:
    provider.instead = [(status, {"Retry-After": "1"}, body)]

    message = sent()
    assert message.state == "waiting"
    assert message.error
    assert "the-server-token" not in message.error
    due_again()
    send_due()

    assert len(provider.mails) == 1


def test_a_provider_that_is_away_is_said_in_words(provider: Postmark, settings: Any) -> None:
    settings.ANYMAIL = {**settings.ANYMAIL, "POSTMARK_API_URL": "http://127.0.0.1:9/"}

    assert sent().error == "The provider could not be reached: ConnectionError"


def test_it_waits_as_long_as_the_provider_asks(provider: Postmark) -> None:
    provider.instead = [(429, {"Retry-After": "900"}, "Slow down")]

    assert (sent().next_at - timezone.now()).total_seconds() > 890


def test_two_addresses_in_one_are_no_address(provider: Postmark) -> None:
    message = sent(to=("Bao", "bao@solent.example,everybody@elsewhere.example"))

    assert (message.state, provider.mails) == ("failed", [])
    assert "none, or more than one" in message.error


# --- what is told later -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "fate", "is_quiet"),
    [
        (DELIVERED, "delivered", False),
        (BOUNCED, "bounced", False),
        (SUPPRESSED, "bounced", False),
        (COMPLAINED, "complained", True),
        (UNSUBSCRIBED, "", True),
        (happened("Bounce", Type="Transient"), "", False),
        (happened("Open"), "", False),
        (happened("SomethingNew"), "", False),
    ],
)
def test_what_became_of_a_mail_is_taken_in(
    provider: Postmark, event: dict[str, Any], fate: str, is_quiet: bool
) -> None:
    message = sent()

    assert tell(event) == 200

    message.refresh_from_db()
    assert message.fate == fate
    assert Quiet.objects.holds(message.organization_id, "bao@solent.example", timezone.now()) == is_quiet


def test_when_and_why_are_kept(provider: Postmark) -> None:
    message = sent()

    tell(BOUNCED)
    tell(DELIVERED)

    message.refresh_from_db()
    assert (message.fate, message.fate_words) == ("bounced", "smtp;550 No such user")
    assert message.fate_at is not None


@pytest.mark.parametrize("number", [1, 7])
def test_a_mail_that_is_not_ours_or_long_gone_is_taken_and_forgotten(provider: Postmark, number: int) -> None:
    sent()
    Message.objects.filter(provider_id="postmark-1").delete()

    assert tell({**BOUNCED, "MessageID": f"postmark-{number}"}) == 200


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[]", b"null", b'"text"', b'{"RecordType": []}', b'{"MessageID": {"a": 1}}']
)
def test_what_is_no_event_changes_nothing_and_breaks_nothing(provider: Postmark, body: bytes) -> None:
    message = sent()

    assert tell(body) in (200, 400)

    message.refresh_from_db()
    assert message.fate == ""


@pytest.mark.parametrize("secret", ["", "hook:wrong", "hook"])
def test_who_does_not_know_the_secret_is_refused(provider: Postmark, secret: str) -> None:
    message = sent()

    assert tell(BOUNCED, secret) == 400

    message.refresh_from_db()
    assert message.fate == ""


def test_of_an_erased_message_no_words_are_kept(provider: Postmark) -> None:
    sent()
    Message.objects.all().forget()

    tell(BOUNCED)
    tell(COMPLAINED)

    message = Message.objects.get()
    assert (message.fate, message.fate_words) == ("complained", "")
    assert not Quiet.objects.exists()


def test_a_lost_answer_is_made_up_for_by_our_own_message_id(provider: Postmark) -> None:
    """Some providers keep it. They tell of a mail that we have not counted as sent; so it is not sent again."""
    provider.instead = [(503, {}, "")]
    message = sent()

    tell({**DELIVERED, "MessageID": f"<{message.message_id}@vouch.example>"})
    due_again()
    send_due()

    message.refresh_from_db()
    assert (message.state, message.fate, provider.mails) == ("done", "delivered", [])


def test_only_the_chosen_provider_s_events_have_an_address() -> None:
    assert of_provider("") == of_provider("scaleway") == []
    assert [str(each.pattern) for each in of_provider("mailgun")] == ["webhooks/mail/mailgun/tracking/"]
