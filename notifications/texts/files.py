from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, unquote

from django.utils.translation import gettext as _

from notifications.models import Message
from notifications.refusals import NotTaken


@dataclass(frozen=True)
class Files:
    """A folder that gets a file for each text message, written as a mail is: so a mailbox can show both."""

    folder: Path

    @classmethod
    def at(cls, url: SplitResult) -> Self:
        if url.netloc or not url.path.strip("/"):
            raise ValueError("SMS_URL names no folder: write it as file:///a/folder.")
        return cls(Path(unquote(url.path)))

    def take(self, message: Message) -> str:
        """One file for all attempts at one message."""
        path, half = self.folder / str(message.message_id), self.folder / f".{message.message_id}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            half.write_bytes(_as_mail(message))
            half.rename(path)
        except OSError as fault:
            raise NotTaken(_("The text message could not be written: %s") % fault, permanent=False) from fault
        return path.name


def _as_mail(message: Message) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = " ".join(message.from_name.split())
    mail["To"] = message.to_address
    mail["Subject"] = _("Text message")
    mail["Message-ID"] = f"<{message.message_id}@text>"
    mail.set_content(message.text, cte="8bit")
    return mail.as_bytes()
