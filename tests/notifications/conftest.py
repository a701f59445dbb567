"""A real mail server on this machine that can be told to refuse."""

import asyncio
import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller


class PostOffice:
    """Takes mails in; `to_…` has what to say to the next senders, recipients or mails instead of yes.

    `silence` are the seconds before it answers a mail; `dies_after` the number of mails that it takes without a word.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.to_senders: list[str] = []
        self.to_recipients: list[str] = []
        self.to_mails: list[str] = []
        self.silence, self.dies_after, self.visits = 0.0, 0, 0

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        if self.to_senders:
            return self.to_senders.pop(0)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        if self.to_recipients:
            return self.to_recipients.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        self.visits += 1
        return "221 Bye"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        if self.silence:
            await asyncio.sleep(self.silence)
        if self.dies_after:
            self.dies_after -= 1
            server.transport.abort()
        if self.to_mails:
            return self.to_mails.pop(0)
        self.mails.append(_read(envelope.content))
        return "250 OK"


def _read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.fixture
def post_office(settings: Any) -> Iterator[PostOffice]:
    office = PostOffice()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    yield office
    controller.stop()
