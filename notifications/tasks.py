"""Sending what is due. The task only wakes; the rows are the truth."""

from datetime import datetime, timedelta

import structlog
from django.utils import timezone

from notifications.channels import Channels
from notifications.leases import DONE, FAILED, LeaseLost
from notifications.models import Message, Quiet
from notifications.refusals import NotTaken
from notifications.waking import wake

log = structlog.get_logger(__name__)

# A text message that comes a day late only puzzles whoever gets it; a mail is a letter, and is tried for days.
TEXT_PATIENCE = timedelta(hours=6)


def wake_sender() -> None:
    """Ask a worker to send; inside a transaction the request is part of it."""
    wake("notifications.tasks.send_due")


def send_due() -> None:
    with Channels() as channels:
        has_more = Message.objects.work_off(lambda message: deliver(message, channels))
    if has_more:
        wake_sender()


def deliver(message: Message, channels: Channels) -> None:
    """One attempt at one message: hand it over, then say so."""
    with structlog.contextvars.bound_contextvars(message=message.pk, topic=message.topic):
        try:
            provider_id = channels.hand_over(message)
        except NotTaken as refusal:
            _failed(message, refusal, timezone.now())
        else:
            _sent(message, provider_id)


def _sent(message: Message, provider_id: str) -> None:
    try:
        message.settle(DONE, timezone.now(), error="", provider_id=provider_id)
    except LeaseLost:
        log.warning("message sent after its lease had ended")
    else:
        log.info("message sent", kind=message.kind, attempts=message.attempts)


def _failed(message: Message, refusal: NotTaken, now: datetime) -> None:
    permanent = refusal.permanent or _is_too_late(message, now)
    log.warning("message not sent", kind=message.kind, permanent=permanent, attempts=message.attempts)
    if refusal.unwanted:
        Quiet.ask(message.organization, message.to_address, now)
    try:
        if permanent:
            message.settle(FAILED, now, error=str(refusal))
        else:
            message.postpone(str(refusal), now, refusal.wait)
    except LeaseLost:
        log.warning("message attempt ended after its lease")


def _is_too_late(message: Message, now: datetime) -> bool:
    return message.channel == Message.Channel.TEXT and now - message.created_at > TEXT_PATIENCE
