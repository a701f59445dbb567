"""Webhooks get lost: every few minutes Lever is asked who came to the trigger stage, and who has no check gets one."""

from datetime import datetime, timedelta

import structlog
from django.utils.translation import gettext as _

from checks.models import Check
from integrations.account import lever, refusal
from integrations.lever.client import Lever
from integrations.lever.errors import LeverError
from integrations.lever.objects import Opportunity
from integrations.models import Connection, Delivery

log = structlog.get_logger(__name__)

OVERLAP = timedelta(hours=1)  # clocks differ, and Lever's lists move while they are read


def find_missed(connection: Connection, now: datetime) -> int:
    """Write a delivery for each candidate whose arrival we were not told of; how many there were."""
    since = connection.reconciled_at or connection.created_at
    try:
        with lever(connection) as account:
            if not _stage_is_there(account, connection):
                return 0
            since_ms = int((since - OVERLAP).timestamp() * 1000)
            arrivals = list(account.opportunities_in_stage(connection.stage_id, since_ms))
    except LeverError as error:
        refusal(connection, error)
        log.warning("could not compare with Lever", connection=connection.pk, error=str(error.kind))
        return 0
    found = sum(_is_missed(connection, arrival) and _write_down(connection, arrival, now) for arrival in arrivals)
    Connection.objects.filter(pk=connection.pk).update(reconciled_at=now)
    return found


def _stage_is_there(account: Lever, connection: Connection) -> bool:
    """Whether the trigger stage exists; then also a connection that Lever refused for a while works again."""
    if any(stage.id == connection.stage_id for stage in account.stages()):
        return connection.is_active or connection.recover()
    connection.fail(
        _("The stage “%(stage)s” no longer exists in Lever. Choose another one; nothing is lost until then.")
        % {"stage": connection.stage_name or connection.stage_id}
    )
    return False


def _is_missed(connection: Connection, arrival: Opportunity) -> bool:
    """Came since the connection exists, and no check knows of this arrival or a later one."""
    entered = arrival.stage_entered_at_ms
    if entered is None or entered < connection.created_at.timestamp() * 1000:
        return False
    of_this_one = Check.objects.filter(organization=connection.organization_id).of(arrival.id)
    return not of_this_one.filter(entered_at_ms__gte=entered).exists()


def _write_down(connection: Connection, arrival: Opportunity, now: datetime) -> bool:
    _delivery, is_new = Delivery.objects.get_or_create(
        connection=connection,
        dedupe_key=f"found:{arrival.id[:36]}:{arrival.stage_entered_at_ms}"[:64],
        defaults={
            "source": Delivery.Source.RECONCILIATION,
            "opportunity_id": arrival.id,
            "created_at": now,
            "next_at": now,
        },
    )
    return is_new
