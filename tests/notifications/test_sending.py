"""Messages on their way, through a real mail server."""

import pytest
from django.utils import timezone

from notifications.models import Message
from notifications.tasks import send_due
from tests.factories import make_organization
from tests.notifications.conftest import PostOffice
from tests.notifications.messages import LINK, due_again, queue

pytestmark = pytest.mark.django_db


def test_a_message_is_sent_once(post_office: PostOffice) -> None:
    message = queue()

    send_due()
    send_due()

    message.refresh_from_db()
    assert message.state == "done"
    assert len(post_office.mails) == 1


def test_the_same_key_is_one_message(post_office: PostOffice) -> None:
    assert queue() == queue()


def test_it_has_a_plain_part_with_the_whole_link_on_a_line_of_its_own(post_office: PostOffice) -> None:
    queue()

    send_due()

    part = post_office.mails[0].get_body(("plain",))
    assert part is not None
    lines = part.get_content().splitlines()
    assert LINK in lines
    assert max(len(line) for line in lines if line != LINK) <= 72


def test_its_html_part_has_the_same_words_and_no_style_sheet_left_to_fetch(post_office: PostOffice) -> None:
    queue(opening=("Bold <b>words</b> & signs.",), organization=make_organization(colour="#f2c230"))

    send_due()

    part = post_office.mails[0].get_body(("html",))
    assert part is not None
    html = part.get_content()
    assert "Bold &lt;b&gt;words&lt;/b&gt; &amp; signs." in html
    assert "#f2c230" in html
    assert "<link" not in html
    assert "src=" not in html


def test_it_comes_from_the_organization_and_answers_go_to_a_person(post_office: PostOffice) -> None:
    queue()

    send_due()

    mail = post_office.mails[0]
    assert "references@vouch.example" in mail["From"]
    assert "Northmoor Ferries" in mail["From"]
    assert mail["Reply-To"] == "ruth@northmoor.example"


def test_a_header_cannot_be_smuggled_in_by_a_name(post_office: PostOffice) -> None:
    queue(subject="Marcus\r\nBcc: everybody@example.com asked")

    send_due()

    mail = post_office.mails[0]
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Marcus Bcc: everybody@example.com asked"


def test_all_attempts_have_one_message_id(post_office: PostOffice) -> None:
    """A server that took the mail and died before saying so gets it again, and can tell."""
    message = queue()
    send_due()
    Message.objects.update(state="waiting", leased_until=None)
    send_due()

    ids = {mail["Message-ID"] for mail in post_office.mails}
    assert ids == {f"<{message.message_id}@vouch.example>"}


@pytest.mark.parametrize("answer", ["451 Try again later", "421 Too busy"])
def test_what_passes_is_tried_again(post_office: PostOffice, answer: str) -> None:
    message = queue()
    post_office.to_recipients.append(answer)

    send_due()
    message.refresh_from_db()
    assert message.state == "waiting"
    due_again()
    send_due()

    assert len(post_office.mails) == 1


def test_a_refused_address_ends_it_and_says_what_the_server_said(post_office: PostOffice) -> None:
    message = queue()
    post_office.to_recipients.append("550 No such user here")

    send_due()

    message.refresh_from_db()
    assert message.state == "failed"
    assert "No such user here" in message.error


def test_a_refused_text_ends_it(post_office: PostOffice) -> None:
    message = queue()
    post_office.to_mails.append("554 We do not like this")

    send_due()

    message.refresh_from_db()
    assert message.state == "failed"


def test_while_the_server_is_down_nothing_is_lost(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    message = queue()

    send_due()

    message.refresh_from_db()
    assert message.state == "waiting"
    assert "could not be reached" in message.error


def test_one_refused_message_does_not_stop_the_others(post_office: PostOffice) -> None:
    queue("one")
    queue("two")
    post_office.to_recipients.append("550 No such user here")

    send_due()

    assert sorted(Message.objects.values_list("state", flat=True)) == ["done", "failed"]


def test_a_canceled_message_is_not_sent(post_office: PostOffice) -> None:
    queue()
    Message.objects.all().cancel(timezone.now())

    send_due()

    assert post_office.mails == []


def test_the_words_are_encrypted_in_the_database() -> None:
    from django.db import connection

    queue()

    with connection.cursor() as cursor:
        cursor.execute("SELECT text, html FROM notifications_message")
        stored = "".join(cursor.fetchone())
    assert "/r/" not in stored
    assert "Bao Nguyen" not in stored


def test_an_address_with_a_host_in_any_script_is_written_to(post_office: PostOffice) -> None:
    message = queue()
    Message.objects.update(to_address="bao@münchen.example")

    send_due()

    message.refresh_from_db()
    assert message.state == "done"
    assert "bao@xn--mnchen-3ya.example" in post_office.mails[0]["To"]


def test_our_own_address_may_be_set_with_a_name(post_office: PostOffice, settings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Vouch <references@vouch.example>"
    queue()

    send_due()

    assert "Northmoor Ferries" in post_office.mails[0]["From"]
    assert "references@vouch.example" in post_office.mails[0]["From"]


def test_a_refused_sender_says_nothing_about_the_receiver(post_office: PostOffice) -> None:
    """So the mail waits: nobody's address is taken for a wrong one because ours, or the log-in, is."""
    message = queue()
    post_office.to_senders.append("530 5.7.0 Authentication required")

    send_due()

    message.refresh_from_db()
    assert message.state == "waiting"
    assert "Authentication required" in message.error
