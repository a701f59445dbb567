"""Text messages without Twilio: off, on the console, in files."""

from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox.mailbox import read
from notifications import texts
from notifications.phones import can_be_texted
from notifications.tasks import send_due
from tests.notifications.messages import LINK, due_again, queue_text

pytestmark = pytest.mark.django_db


def test_without_a_setting_there_are_none_and_a_queued_one_says_so() -> None:
    message = queue_text()

    send_due()

    message.refresh_from_db()
    assert not can_be_texted()
    assert (message.state, message.error) == ("failed", "Text messages are switched off here.")


def test_the_console_shows_number_and_words(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.SMS_URL = "console://"
    queue_text()

    send_due()

    assert capsys.readouterr().out == f"Text message to +447400123456:\nPlease answer: {LINK}\n"


def test_a_folder_gets_one_file_for_each_message_whatever_the_attempts(settings: Any, tmp_path: Path) -> None:
    settings.SMS_URL = f"file://{tmp_path}/new%20texts"
    message = queue_text(words="Grüße. " * 40)
    send_due()
    message.process_again(message.created_at)
    send_due()

    (path,) = (tmp_path / "new texts").iterdir()
    mail = read(path)
    assert mail.to == "+447400123456"
    assert mail.text.split() == ["Grüße."] * 40


def test_a_folder_that_cannot_be_written_is_tried_again(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "texts").write_text("This is a file.")
    settings.SMS_URL = f"file://{tmp_path}/texts"
    message = queue_text()

    send_due()

    message.refresh_from_db()
    assert message.state == "waiting"
    assert message.error.startswith("The text message could not be written")
    settings.SMS_URL = f"file://{tmp_path}/others"
    due_again()
    send_due()
    assert len(list((tmp_path / "others").iterdir())) == 1


@pytest.mark.parametrize(
    "url",
    [
        "twilio.com",
        "https://api.twilio.com/",
        "file://texts",
        "file:///",
        "twilio://",
        "twilio://AC1@api.twilio.com/?from=+15017122661",
        "twilio://AC1:token@/?from=+15017122661",
        "twilio://AC1:token@api.twilio.com/",
    ],
)
def test_a_setting_that_cannot_be_understood_says_how_to_write_it(settings: Any, url: str) -> None:
    settings.SMS_URL = url

    with pytest.raises(ValueError, match="SMS_URL"):
        texts.backend()
