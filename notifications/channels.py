"""The ways in which a message goes out."""

from types import TracebackType
from typing import Self

from notifications import texts
from notifications.mails import MailServer
from notifications.models import Message


class Channels:
    """All ways out, for as long as one task runs: the mail server is greeted once, and not for every mail."""

    def __init__(self) -> None:
        self._mails = MailServer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._mails.close()

    def hand_over(self, message: Message) -> str:
        """What the one who took it calls it, or ""; raises NotTaken."""
        if message.channel == Message.Channel.TEXT:
            return texts.send(message)
        return self._mails.take(message)
