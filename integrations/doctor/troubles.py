"""When a connection is in trouble, by our own tables: one question to the database for all connections at once.

The doctor's lines, the desk and the alarm all ask here, so that they never differ.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from integrations.models import Action, Connection, Decision, Delivery, Webhook
from integrations.querysets import WORKING, ActionQuerySet, ConnectionQuerySet, DeliveryQuerySet
from notifications.leases import FAILED, WAITING

GRACE = timedelta(minutes=5)  # an event may come a little after Vouch has found by itself what it tells
IN_A_ROW = 5
# Decided without asking Lever: says nothing about whether Lever's answers can be worked with.
UNASKED = (Decision.TEST, Decision.WRONG_ADDRESS, Decision.UNKNOWN, Decision.OTHER_STAGE, Decision.OFF)


def heard(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Those that Lever sent. A test of ours is told apart once a worker has read it, so unread ones do not count."""
    return deliveries.filter(source=Delivery.Source.WEBHOOK).exclude(event="")


def missed(connection: Connection, now: datetime) -> int:
    """How many times candidates were found in the stage since Lever last told of a stage change."""
    found: Any = _with_missed(Connection.objects.filter(pk=connection.pk), now)
    return found.values_list("missed", flat=True).first() or 0


def unheard(connections: ConnectionQuerySet, now: datetime) -> ConnectionQuerySet:
    """Candidates came to the stage, and Lever did not tell: never once, or twice since it last did.

    A single time after it has told is no sign yet: Vouch itself may have been down.
    """
    found = _with_missed(connections.active(), now)
    return found.filter(Q(missed__gt=1) | Q(missed=1, last_heard=None))


def giving_up(connections: ConnectionQuerySet) -> ConnectionQuerySet:
    """The last five deliveries about which Lever was asked, or the last five actions, were all given up."""
    asked = Delivery.objects.filter(connection=OuterRef("pk")).exclude(decision__in=UNASKED)
    tried = Action.objects.filter(connection=OuterRef("pk"))
    working = connections.filter(status__in=WORKING)
    return working.alias(
        fifth_delivery=_fifth_failure(asked),
        fifth_action=_fifth_failure(tried),
    ).filter(
        Q(fifth_delivery__isnull=False) & ~_went_through_since(asked, "fifth_delivery")
        | Q(fifth_action__isnull=False) & ~_went_through_since(tried, "fifth_action")
    )


def _with_missed(connections: ConnectionQuerySet, now: datetime) -> ConnectionQuerySet:
    """With `last_heard`, the last stage change that Lever told, and `missed`, how often some were found since."""
    rows = Delivery.objects.filter(connection=OuterRef("pk"), webhook=Webhook.STAGE_CHANGE)
    last = heard(rows).order_by("-pk").values("pk")[:1]
    found = rows.filter(
        source=Delivery.Source.RECONCILIATION,
        created_at__lte=now - GRACE,
        pk__gt=Coalesce(OuterRef("last_heard"), 0),
    )
    # All that one comparison finds bears the same time.
    times = found.order_by().values("connection").annotate(times=Count("created_at", distinct=True)).values("times")
    return connections.annotate(
        last_heard=Subquery(last), missed=Coalesce(Subquery(times, output_field=IntegerField()), 0)
    )


def _fifth_failure(rows: DeliveryQuerySet | ActionQuerySet) -> Subquery:
    return Subquery(rows.filter(state=FAILED).order_by("-pk").values("pk")[IN_A_ROW - 1 : IN_A_ROW])


def _went_through_since(rows: DeliveryQuerySet | ActionQuerySet, name: str) -> Exists:
    return Exists(rows.filter(pk__gt=OuterRef(name)).exclude(state__in=(FAILED, WAITING)))
