"""Sending what is due. The task only wakes; the rows are the truth."""

import smtplib
from email.utils import formataddr, parseaddr

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.encoding import punycode

from notifications.leases import DONE, FAILED, LeaseLost
from notifications.models import Message
from notifications.waking import wake

log = structlog.get_logger(__name__)


def wake_sender() -> None:
    """Ask a worker to send; inside a transaction the request is part of it."""
    wake("notifications.tasks.send_due")


def send_due() -> None:
    if Message.objects.work_off(deliver):
        wake_sender()


def deliver(message: Message) -> None:
    """One attempt at one message: hand it over, then say so."""
    with structlog.contextvars.bound_contextvars(message=message.pk, topic=message.topic):
        _hand_over(message)


def _hand_over(message: Message) -> None:
    try:
        _email(message).send()
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        _failed(message, f"{code} {_decoded(words)}", permanent=code >= 500)
    except smtplib.SMTPResponseException as answer:
        said = f"{answer.smtp_code} {_decoded(answer.smtp_error)}"
        _failed(message, said, permanent=_is_about_the_message(answer))
    except (smtplib.SMTPException, OSError) as fault:
        _failed(message, f"The mail server could not be reached: {fault}", permanent=False)
    except ValueError as fault:  # an address or subject that no mail can carry
        _failed(message, str(fault), permanent=True)
    else:
        _sent(message)


def _decoded(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words


def _is_about_the_message(answer: smtplib.SMTPResponseException) -> bool:
    """A refused text stays refused; a refused greeting, log-in or sender is between the server and us, and may pass.

    The sender is the same in all our mails, so its refusal says nothing about whom one is for. Servers that ask
    for a log-in or for TLS say so in answer to it (RFC 4954: 530).
    """
    about_the_server = (
        smtplib.SMTPConnectError | smtplib.SMTPHeloError | smtplib.SMTPAuthenticationError | smtplib.SMTPSenderRefused
    )
    return answer.smtp_code >= 500 and not isinstance(answer, about_the_server)


def _sent(message: Message) -> None:
    try:
        message.settle(DONE, timezone.now(), error="")
    except LeaseLost:
        log.warning("message sent after its lease had ended")
    else:
        log.info("message sent", kind=message.kind, attempts=message.attempts)


def _failed(message: Message, words: str, *, permanent: bool) -> None:
    now = timezone.now()
    log.warning("message not sent", kind=message.kind, permanent=permanent, attempts=message.attempts)
    try:
        if permanent:
            message.settle(FAILED, now, error=words)
        else:
            message.postpone(words, now)
    except LeaseLost:
        log.warning("message attempt ended after its lease")


def _ascii(address: str) -> str:
    """The address with its host as mail servers know it: münchen.example is xn--mnchen-3ya.example to them."""
    name, _at, host = address.rpartition("@")
    return f"{name}@{punycode(host)}"


def _email(message: Message) -> EmailMultiAlternatives:
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]  # a name that stands there gives way to the organization's
    email = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=formataddr((message.from_name, address)) if message.from_name else settings.DEFAULT_FROM_EMAIL,
        to=[formataddr((message.to_name, _ascii(message.to_address)))],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers={
            "Message-ID": f"<{message.message_id}@{address.rpartition('@')[2]}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    email.attach_alternative(message.html, "text/html")
    return email
