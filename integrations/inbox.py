"""What becomes of a delivery: its words are a hint, Lever's own answer decides."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checks.models import Check
from integrations import arrivals, asking, departures, hints, reasons
from integrations.account import refusal
from integrations.hand_over import note_first_event
from integrations.lever.errors import Kind, LeverError
from integrations.models import Delivery, Webhook
from integrations.reasons import NothingToDo, Reason, Undecided
from notifications.leases import LeaseLost

log = structlog.get_logger(__name__)

LOOK_AGAIN_EVERY = timedelta(minutes=5)
LOOK_AGAIN_FOR = timedelta(hours=1)  # after the delivery came

# What is done about what came to each address. What we found out by ourselves is filed under the same.
DEEDS: dict[str, Callable[[Delivery], None]] = {
    Webhook.STAGE_CHANGE: arrivals.start,
    Webhook.APPLIED: arrivals.start,
    Webhook.HIRED: departures.stop,
    Webhook.ARCHIVED: departures.stop,
    Webhook.DELETED: departures.erase,
}


def process(delivery: Delivery) -> None:
    """One attempt at one delivery. Whatever it does to our tables and its acknowledgement are one transaction."""
    with structlog.contextvars.bound_contextvars(delivery=delivery.pk, connection=delivery.connection_id):
        try:
            _process(delivery)
        except LeaseLost:
            log.warning("delivery attempted after its lease had ended")


def _process(delivery: Delivery) -> None:
    try:
        _act_on(delivery)
    except Undecided as doubt:
        _look_again(delivery, doubt)
    except NothingToDo as reason:
        _settle(delivery, reason)
    except LeverError as error:
        _lever_refused(delivery, error)


def _act_on(delivery: Delivery) -> None:
    connection, event = delivery.connection, hints.read(delivery)
    if delivery.source == Delivery.Source.WEBHOOK:  # which a test of our own has turned out not to be
        note_first_event(connection, timezone.now())
    if event:
        hints.sort_out(delivery, event)
    if not connection.is_active:
        raise NothingToDo(reasons.OFF, state=connection.get_status_display())
    is_question = delivery.source == Delivery.Source.OUTCOME
    (asking.ask if is_question else DEEDS[delivery.webhook])(delivery)


def _settle(delivery: Delivery, reason: NothingToDo, **fields: Any) -> None:
    if reason.about:
        fields["for_check"] = reason.about
    words = {"decision": reason.decision, "verdict": reason.verdict}
    delivery.settle(reason.state, timezone.now(), **{"error": "", **words, **fields})
    log.info("delivery settled", state=reason.state, decision=reason.decision)


def _look_again(delivery: Delivery, doubt: Undecided) -> None:
    """Lever's lists may be behind what it shows; give them time."""
    now = timezone.now()
    if now < delivery.created_at + LOOK_AGAIN_FOR:
        delivery.postpone(doubt.verdict, now, LOOK_AGAIN_EVERY)
    else:
        _settle(delivery, doubt)


def _lever_refused(delivery: Delivery, error: LeverError) -> None:
    with transaction.atomic():
        wait = refusal(delivery.connection, error)
        if not error.permanent or error.kind is Kind.UNAUTHORIZED:
            delivery.postpone(str(error), timezone.now(), wait)
        elif error.kind is Kind.NOT_FOUND and _is_erased(delivery):
            _settle(delivery, NothingToDo(reasons.DELETED_SINCE))
        else:
            _settle(delivery, _given_up(error), error=str(error))


def _is_erased(delivery: Delivery) -> bool:
    """Lever deleted it, we erased it, and then came news from before."""
    ours = Check.objects.filter(organization=delivery.connection.organization_id).of(delivery.opportunity_id)
    return ours.exclude(erased_at=None).exists()


def _given_up(error: LeverError) -> Undecided:
    """Trying again changes nothing. A webhook may name what the key must not see: confidential ones, most of all."""
    if error.kind in (Kind.FORBIDDEN, Kind.NOT_FOUND):
        return Undecided(reasons.UNSEEN)
    return Undecided(Reason("", _(error.words)))
