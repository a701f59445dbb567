"""What is told of a message after it was handed over: it arrived, it came back, it was unwanted."""

import re
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.utils import timezone

from notifications.mails import our_host
from notifications.models import Message, Quiet
from notifications.texts.twilio import NOT_ARRIVED, UNSUBSCRIBED

Fate = Message.Fate

# By the names that anymail gives to the events of all providers. The rest, such as "opened", is nobody's business.
OF_MAILS: Mapping[str, str] = {
    EventType.DELIVERED: Fate.DELIVERED,
    EventType.BOUNCED: Fate.BOUNCED,
    EventType.REJECTED: Fate.BOUNCED,  # the provider has known before that it would come back
    EventType.FAILED: Fate.BOUNCED,
    EventType.COMPLAINED: Fate.COMPLAINED,
}
UNWANTED = (EventType.COMPLAINED, EventType.UNSUBSCRIBED)
UNWANTED_BEFORE = (RejectReason.SPAM, RejectReason.UNSUBSCRIBED)
# By Twilio's names: https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
OF_TEXTS: Mapping[str, str] = {
    "delivered": Fate.DELIVERED,
    "undelivered": Fate.BOUNCED,
    "failed": Fate.BOUNCED,
}
LONGEST_WORDS = 1000  # characters


def learn_from_mail_provider(sender: Any, event: AnymailTrackingEvent, **signal: Any) -> None:
    """Receives anymail's signal. What it says of mails that are not ours, or of ones long gone, is ignored."""
    message = _mail_called(str(event.message_id or ""))
    if message is None:
        return
    now, fate = timezone.now(), OF_MAILS.get(event.event_type)
    message.was_taken(str(event.message_id), now)
    if event.event_type in UNWANTED or event.reject_reason in UNWANTED_BEFORE:
        _ask_for_quiet(message, now)
    if fate:
        words = str(event.mta_response or event.description or "")
        message.learn_fate(fate, event.timestamp or now, words[:LONGEST_WORDS])


def learn_from_twilio(pk: int, said: Mapping[str, str], now: datetime) -> None:
    """A status callback about our message of this id."""
    sid = said.get("MessageSid", "")[:200]
    message = _known().filter(pk=pk, channel=Message.Channel.TEXT).first()
    if message is None or message.provider_id not in ("", sid):
        return  # of an attempt before the one that counts
    message.was_taken(sid, now)
    code = int(said["ErrorCode"]) if said.get("ErrorCode", "").isdecimal() else 0
    if code == UNSUBSCRIBED:
        _ask_for_quiet(message, now)
    fate = OF_TEXTS.get(said.get("MessageStatus", ""))
    if fate:
        message.learn_fate(fate, now, f"{NOT_ARRIVED.get(code, '')} (Twilio: {code})".strip() if code else "")


def _known() -> Any:
    """Without the words, which nobody needs to decrypt for this."""
    return Message.objects.defer("text", "html", "stop_url").select_related("organization")


def _mail_called(name: str) -> Message | None:
    """The mail that a provider calls so; else, its answer at the hand-over having been lost, by our Message-ID."""
    mails = _known().filter(channel=Message.Channel.EMAIL)
    found: Message | None = mails.filter(provider_id=name).first() if name else None
    ours = re.fullmatch(rf"<?([0-9a-f-]{{36}})@{re.escape(our_host())}>?", name)
    if found is None and ours:
        found = mails.filter(message_id=uuid.UUID(ours[1]), provider_id="").first()
    return found


def _ask_for_quiet(message: Message, now: datetime) -> None:
    if not message.is_erased:
        Quiet.ask(message.organization, message.to_address, now)
