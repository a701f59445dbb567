"""Twilio's REST API for text messages, and the signature under what Twilio tells us.

Written after https://www.twilio.com/docs/messaging/api/message-resource (sending),
https://www.twilio.com/docs/messaging/guides/track-outbound-message-status (callbacks),
https://www.twilio.com/docs/usage/security#validating-requests (signature) and
https://www.twilio.com/docs/api/errors (codes).
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Self
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import requests
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.addresses import address_of
from notifications.models import Message
from notifications.refusals import NotTaken, wait_of

TIMEOUT = (5, 15)  # seconds to reach Twilio, and for each part of its answer
# When nobody knows whether Twilio took a message: time enough for its callback to say so before a second attempt.
UNCLEAR = timedelta(minutes=2)
UNSUBSCRIBED = 21610
# Codes that are about the receiver or the text, and stay. All others are between Twilio and us, and may pass.
FOR_GOOD: Mapping[int, Any] = {
    21211: gettext_lazy("There is no such number."),
    21214: gettext_lazy("The number cannot be reached."),
    21217: gettext_lazy("There is no such number."),
    21408: gettext_lazy("Your Twilio account may not write to that country."),
    21602: gettext_lazy("The message is empty."),
    21604: gettext_lazy("There is no number."),
    21608: gettext_lazy("A trial account of Twilio’s writes only to numbers that were confirmed there."),
    UNSUBSCRIBED: gettext_lazy("The receiver has asked for no more text messages."),
    21612: gettext_lazy("The number cannot be reached from yours."),
    21614: gettext_lazy("The number takes no text messages."),
    21617: gettext_lazy("The message is too long."),
    21635: gettext_lazy("The number is a landline and takes no text messages."),
}
# Why a message that Twilio took did not arrive.
NOT_ARRIVED: Mapping[int, Any] = {
    UNSUBSCRIBED: FOR_GOOD[UNSUBSCRIBED],
    30003: gettext_lazy("The telephone was switched off or out of reach."),
    30004: gettext_lazy("The receiver or the network lets no such messages in."),
    30005: gettext_lazy("There is no such number, or it is out of service."),
    30006: gettext_lazy("The number is a landline and takes no text messages."),
    30007: gettext_lazy("The network took it for unwanted and held it back."),
    30008: gettext_lazy("The network gave no reason."),
}


@dataclass(frozen=True)
class Twilio:
    """An account. `sender` is a number of it in E.164, or the SID of a messaging service."""

    root: str
    sid: str
    token: str = field(repr=False)
    sender: str

    @classmethod
    def at(cls, url: SplitResult) -> Self:
        # In this address a plus sign is the one of a number, and no space.
        sender = parse_qs(url.query.replace("+", "%2B")).get("from", [""])[0]
        if not (url.username and url.password and url.hostname and sender):
            raise ValueError("SMS_URL lacks a part: write it as twilio://SID:TOKEN@api.twilio.com/?from=+15017122661.")
        scheme = "http" if url.scheme == "twilio+http" else "https"
        host = url.netloc.rpartition("@")[2]
        return cls(f"{scheme}://{host}", unquote(url.username), unquote(url.password), sender)

    # --- sending ------------------------------------------------------------------------------------

    def take(self, message: Message) -> str:
        """Hand a text message over; Twilio's SID of it. Raises NotTaken.

        Twilio has no key by which it would know an attempt again. When its answer is lost, the next attempt waits,
        and is not made when a callback has come by then.
        """
        form = {
            "To": message.to_address,
            "Body": message.text,
            "MessagingServiceSid" if self.sender.startswith("MG") else "From": self.sender,
            "StatusCallback": address_of("twilio-status", message=message.pk),
        }
        address = f"{self.root}/2010-04-01/Accounts/{self.sid}/Messages.json"
        try:
            answer = requests.post(
                address, data=form, auth=(self.sid, self.token), timeout=TIMEOUT, allow_redirects=False
            )
        except requests.RequestException as fault:
            words = _("Twilio could not be reached, or its answer was lost: %s") % type(fault).__name__
            raise NotTaken(words, permanent=False, wait=UNCLEAR) from fault
        return _sid(answer)

    # --- hearing ------------------------------------------------------------------------------------

    def has_signed(self, address: str, form: Iterable[tuple[str, list[str]]], signature: str) -> bool:
        """Whether a callback to the full address, with these fields, came from Twilio."""
        fields = list(form)
        return any(
            constant_time_compare(self.signature(each, fields), signature) for each in _with_and_without_port(address)
        )

    def signature(self, address: str, form: Iterable[tuple[str, list[str]]]) -> str:
        """HMAC-SHA1 of the address and of all fields in the order of their names, as base64."""
        pairs = (name + value for name, values in sorted(form) for value in sorted(set(values)))
        signed = hmac.new(self.token.encode(), (address + "".join(pairs)).encode(), hashlib.sha1)
        return base64.b64encode(signed.digest()).decode()


def _with_and_without_port(address: str) -> Iterator[str]:
    """Twilio signs either, as its own libraries know: https://github.com/twilio/twilio-python/issues/402."""
    url = urlsplit(address)
    host = url.netloc.rpartition(":")[0] if url.port else url.netloc
    port = url.port or {"https": 443, "http": 80}.get(url.scheme)
    yield url._replace(netloc=host).geturl()
    yield url._replace(netloc=f"{host}:{port}").geturl()


def _sid(answer: requests.Response) -> str:
    """The SID in Twilio's answer; raises NotTaken."""
    said = _read(answer)
    if answer.status_code == requests.codes.created and said.get("sid"):
        return str(said["sid"])[:200]
    code = int(said["code"]) if isinstance(said.get("code"), int) else 0
    if 400 <= answer.status_code < 500:
        words = f"Twilio: {FOR_GOOD.get(code, '')} ({answer.status_code}, {code}: {str(said.get('message', ''))[:300]})"
        raise NotTaken(words, permanent=code in FOR_GOOD, wait=wait_of(answer), unwanted=code == UNSUBSCRIBED)
    words = _("Twilio answered %s, so nobody knows whether it was sent.") % answer.status_code
    raise NotTaken(words, permanent=False, wait=max(UNCLEAR, wait_of(answer) or UNCLEAR))


def _read(answer: requests.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
