"""Puts deliveries into the inbox, as if they had come through the door."""

import json
from typing import Any

from django.utils import timezone

from integrations.models import Connection, Delivery, Webhook
from integrations.sandbox.opportunity import Opportunity
from integrations.tasks import process_inbox
from tests.integrations.signing import payload, signed

# Where Lever sends each event, if the addresses were not mixed up.
PLACES = {
    "candidateStageChange": Webhook.STAGE_CHANGE,
    "candidateHired": Webhook.HIRED,
    "candidateArchiveChange": Webhook.ARCHIVED,
    "candidateDeleted": Webhook.DELETED,
    "applicationCreated": Webhook.APPLIED,
}


def deliver(connection: Connection, event: str = "candidateStageChange", webhook: str = "", **data: Any) -> Delivery:
    """Put a delivery into the inbox and let the worker look."""
    return put(connection, signed(payload(event, **data)), webhook or PLACES.get(event, Webhook.STAGE_CHANGE))


def put(connection: Connection, body: dict[str, Any], webhook: str = Webhook.STAGE_CHANGE) -> Delivery:
    now = timezone.now()
    delivery = Delivery.objects.create(
        connection=connection,
        webhook=webhook,
        dedupe_key=str(Delivery.objects.count()),
        body=json.dumps(body).encode(),
        created_at=now,
        next_at=now,
    )
    process_inbox()
    delivery.refresh_from_db()
    return delivery


def moved(connection: Connection, opportunity: Opportunity) -> Delivery:
    return deliver(connection, opportunityId=opportunity.id, toStageId=connection.stage_id)


def applied(connection: Connection, opportunity: Opportunity) -> Delivery:
    return deliver(connection, "applicationCreated", opportunityId=opportunity.id)


def archived(connection: Connection, opportunity: Opportunity) -> Delivery:
    return deliver(connection, "candidateArchiveChange", opportunityId=opportunity.id)


def hired(connection: Connection, opportunity: Opportunity) -> Delivery:
    return deliver(connection, "candidateHired", opportunityId=opportunity.id)


def deleted(connection: Connection, opportunity: Opportunity) -> Delivery:
    return deliver(connection, "candidateDeleted", opportunityId=opportunity.id)


def our_test(connection: Connection, webhook: str = Webhook.STAGE_CHANGE) -> Delivery:
    """The doctor's own."""
    return put(connection, signed({"event": "vouch.test", "data": {}}), webhook)


def again(delivery: Delivery) -> Delivery:
    """Have it processed again, now."""
    if not delivery.process_again(timezone.now()):
        Delivery.objects.filter(pk=delivery.pk).update(next_at=timezone.now())
    process_inbox()
    delivery.refresh_from_db()
    return delivery
