"""A message as an e-mail, and what the answer of a mail server or provider to it means."""

import re
import smtplib
from contextlib import suppress
from email.mime.image import MIMEImage
from email.utils import formataddr, parseaddr
from typing import Any

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.utils.encoding import punycode
from django.utils.translation import gettext as _

from accounts.models import Organization
from notifications.letters import LOGO
from notifications.models import Message
from notifications.refusals import NotTaken, wait_of

# An answer with such a word is about us and not about whom the mail is for, whatever it was an answer to.
ABOUT_US = re.compile(r"\b(relay(ing)?|sender|authenticat\w+)\b", re.IGNORECASE)
ABOUT_US_AT_A_PROVIDER = re.compile(r"\b(from|sender)\b", re.IGNORECASE)
# A provider's answers that are about the mail itself. All others, 401 and 429 among them, may pass.
REFUSED = (400, 413, 422)
LONGEST_ANSWER = 500  # characters of it that are kept


class MailServer:
    """The mail server or provider of the settings. The connection stays open from one mail to the next."""

    def __init__(self) -> None:
        self._connection: Any = None
        self._logos: dict[int, bytes] = {}

    def take(self, message: Message) -> str:
        """Hand a message over; the provider's name for it, or "". Raises NotTaken."""
        try:
            return self._take(message)
        except (smtplib.SMTPException, OSError, ValueError, AnymailError) as fault:
            self.close()  # whatever state it is in, the next mail begins afresh
            raise _meaning(fault) from fault

    def close(self) -> None:
        if self._connection:
            with suppress(smtplib.SMTPException, OSError):
                self._connection.close()
            self._connection = None

    def _take(self, message: Message) -> str:
        email = _email(message, self._logo(message))
        if self._connection is None:
            self._connection = get_connection()
            self._connection.open()
        email.connection = self._connection
        email.send()
        status = getattr(email, "anymail_status", None)
        if status and status.status == {"failed"}:
            raise OSError(_("the provider failed to send it"))
        return str(status.message_id or "")[:200] if status else ""

    def _logo(self, message: Message) -> bytes:
        """Only for a letter that has a place for it."""
        if f"cid:{LOGO}" not in message.html:
            return b""
        pk = message.organization_id
        if pk not in self._logos:
            self._logos[pk] = bytes(Organization.objects.values_list("logo", flat=True).get(pk=pk) or b"")
        return self._logos[pk]


def our_host() -> str:
    """The host in our mails' Message-IDs."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]


class Email(EmailMultiAlternatives):
    mixed_subtype = "related"  # what is attached is the picture that the HTML part shows


def _email(message: Message, logo: bytes) -> Email:
    """Raises ValueError for an address, name or subject that no mail can carry."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]  # a name that stands there gives way to the organization's
    email = Email(
        subject=message.subject,
        body=message.text,
        from_email=_named(message.from_name, address) if message.from_name else settings.DEFAULT_FROM_EMAIL,
        to=[_named(message.to_name, _ascii(message.to_address))],
        reply_to=[message.reply_to] if message.reply_to else None,
        headers=_headers(message),
    )
    if message.html:
        email.attach_alternative(message.html, "text/html")
    if logo:
        email.attach(_picture(logo))
    return email


def _headers(message: Message) -> dict[str, str]:
    headers = {
        "Message-ID": f"<{message.message_id}@{our_host()}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": message.language,
    }
    if message.stop_url:  # RFC 8058: the mail program's own button for "no more of these"
        headers["List-Unsubscribe"] = f"<{message.stop_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _picture(logo: bytes) -> MIMEImage:
    picture = MIMEImage(logo, "png")
    picture.add_header("Content-ID", f"<{LOGO}>")
    picture.add_header("Content-Disposition", "inline", filename="logo.png")
    return picture


def _named(name: str, address: str) -> str:
    """The address with a name before it, whatever stands in that: it comes from people and from Lever."""
    return formataddr((" ".join(name.split()), address))


def _ascii(address: str) -> str:
    """The address with its host as mail servers know it: münchen.example is xn--mnchen-3ya.example to them.

    One address and nothing beside it: a provider might take a comma for the beginning of a second one.
    """
    name, _at, host = address.rpartition("@")
    try:
        known = f"{name}@{punycode(host)}"
        validate_email(known)
    except (ValidationError, ValueError):
        raise ValueError(_("No mail can be sent to this address: it is none, or more than one.")) from None
    return known


# --- what an answer means ---------------------------------------------------------------------------------


def _meaning(fault: Exception) -> NotTaken:
    if isinstance(fault, AnymailError):
        return _providers(fault)
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(fault.recipients.values()))
        said = f"{code} {_decoded(words)}"
        return NotTaken(said, permanent=code >= 500 and not ABOUT_US.search(said))
    if isinstance(fault, smtplib.SMTPResponseException):
        said = f"{fault.smtp_code} {_decoded(fault.smtp_error)}"
        return NotTaken(said, permanent=_is_about_the_message(fault))
    if isinstance(fault, smtplib.SMTPServerDisconnected):
        return NotTaken(_("The mail server broke off before it had said yes: %s") % fault, permanent=False)
    if isinstance(fault, ValueError):  # an address or subject that no mail can carry
        return NotTaken(str(fault), permanent=True)
    return NotTaken(_("The mail server could not be reached: %s") % fault, permanent=False)


def _is_about_the_message(answer: smtplib.SMTPResponseException) -> bool:
    """A refused text stays refused; a refused greeting, log-in or sender is between the server and us, and may pass.

    The sender is the same in all our mails, so its refusal says nothing about whom one is for. Servers that ask
    for a log-in or for TLS say so in answer to it (RFC 4954: 530).
    """
    about_the_server = (
        smtplib.SMTPConnectError | smtplib.SMTPHeloError | smtplib.SMTPAuthenticationError | smtplib.SMTPSenderRefused
    )
    return answer.smtp_code >= 500 and not isinstance(answer, about_the_server)


def _providers(fault: AnymailError) -> NotTaken:
    """Only a refused receiver or mail is for good: a wrong key, an empty account or a busy provider may pass."""
    if isinstance(fault, AnymailRecipientsRefused):
        return NotTaken(_("The provider refuses this receiver: %s") % _said(fault), permanent=True)
    if isinstance(fault, ValueError):  # what this provider, or any mail, cannot carry
        return NotTaken(str(fault)[:LONGEST_ANSWER], permanent=True)
    if fault.status_code is None:
        return NotTaken(_("The provider could not be reached: %s") % type(fault.__cause__).__name__, permanent=False)
    said = f"{fault.status_code} {_said(fault)}"
    about_us = ABOUT_US_AT_A_PROVIDER.search(said)
    return NotTaken(
        _("The provider answered: %s") % said,
        permanent=fault.status_code in REFUSED and not about_us,
        wait=wait_of(fault.response),
    )


def _said(fault: AnymailError) -> str:
    return " ".join((fault.response.text if fault.response is not None else str(fault)).split())[:LONGEST_ANSWER]


def _decoded(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words
