"""Webhooks get lost, and Vouch may have been off: every few minutes Lever is asked what we were not told.

Who came to the trigger stage, and who was archived or deleted, since the last comparison. What is found becomes a
delivery, once, and the inbox decides as if the webhook had come.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import structlog
from django.db.models import Max
from django.utils.translation import gettext as _

from checks.models import Check
from checks.querysets import LIVE, CheckQuerySet
from integrations.account import lever, refusal
from integrations.hints import moment
from integrations.lever.client import Lever
from integrations.lever.errors import NOT_TO_BE_HAD, Kind, LeverError
from integrations.lever.objects import Opportunity
from integrations.models import Connection, Decision, Delivery, Webhook
from notifications.leases import WAITING

log = structlog.get_logger(__name__)

OVERLAP = timedelta(hours=1)  # clocks differ, and Lever's lists move while they are read
AT_ONCE = 100  # opportunities that are looked up together, as many as a page of Lever's lists has

Listing = Iterator[Opportunity]


def find_missed(connection: Connection, now: datetime) -> int:
    """Write a delivery for each thing that we were not told of; how many there were.

    What was written stays when Lever stops answering; the next comparison begins where this one did.
    """
    found = 0
    since = (connection.reconciled_at or connection.created_at) - OVERLAP
    try:
        with lever(connection) as account:
            if not _stage_is_there(account, connection):
                return 0
            for batch in _missed(account, connection, int(since.timestamp() * 1000)):
                found += _write_down(connection, batch, now)
    except LeverError as error:
        refusal(connection, error)
        log.warning("could not compare with Lever", connection=connection.pk, error=str(error.kind))
        return found
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


# --- what Lever lists -----------------------------------------------------------------------------------


def _in_stage(account: Lever, connection: Connection, since_ms: int) -> Listing:
    """Confidential ones, too, where the key may see them; one that no longer may is remembered as such."""
    hopes = bool(connection.sees_confidential)
    try:
        yield from account.opportunities_in_stage(connection.stage_id, since_ms, with_confidential=hopes)
    except LeverError as error:
        if not hopes or error.kind is not Kind.FORBIDDEN:
            raise
        yield from account.opportunities_in_stage(connection.stage_id, since_ms)
        connection.sees_confidential = False
        Connection.objects.filter(pk=connection.pk).update(sees_confidential=False)


def _archived(account: Lever, connection: Connection, since_ms: int) -> Listing:
    hopes = bool(connection.sees_confidential)
    return _either(account.opportunities_archived(since_ms, with_confidential=hopes), iter(()))


def _deleted(account: Lever, connection: Connection, since_ms: int) -> Listing:
    return _either(deleted_since(account, connection, since_ms), iter(()))


def deleted_since(account: Lever, connection: Connection, since_ms: int) -> Listing:
    """Raises LeverError, also where the key may not read the list at all."""
    listing = account.opportunities_deleted(since_ms)
    if not connection.sees_confidential:
        return listing
    return _either(account.opportunities_deleted(since_ms, with_confidential=True), listing)


def _either(listing: Listing, instead: Listing) -> Listing:
    """The second, if Lever refuses the first from the start. One that breaks off is a fault, and no refusal."""
    has_begun = False
    try:
        for each in listing:
            has_begun = True
            yield each
    except LeverError as error:
        if has_begun or error.kind not in NOT_TO_BE_HAD:
            raise
        yield from instead


# --- what of it concerns us -----------------------------------------------------------------------------


def _arrived(ours: CheckQuerySet, connection: Connection, batch: list[Opportunity]) -> Listing:
    """Came since the connection listens, and no check knows of this arrival or a later one."""
    known: dict[str, int] = dict(ours.values_list("opportunity_id").annotate(Max("entered_at_ms")))
    begun = (connection.listens_since or connection.created_at).timestamp() * 1000
    for each in batch:
        entered = each.stage_entered_at_ms
        if entered is not None and entered >= begun and entered > (known.get(each.id) or 0):
            yield each


def _left(ours: CheckQuerySet, connection: Connection, batch: list[Opportunity]) -> Listing:
    """Archived while a check is on its way, or is over and has not heard of it."""
    told: dict[str, set[datetime | None]] = defaultdict(set)
    rows = ours.not_erased().values_list("opportunity_id", "status", "outcome__ats_since")
    for opportunity_id, status, since in rows:
        told[opportunity_id].add(None if status in LIVE else since)
    return (each for each in batch if each.id in told and told[each.id] != {moment(each.archived_at_ms)})


def _vanished(ours: CheckQuerySet, connection: Connection, batch: list[Opportunity]) -> Listing:
    """Deleted, and we still hold personal data."""
    kept = set(ours.not_erased().values_list("opportunity_id", flat=True))
    return (each for each in batch if each.id in kept)


@dataclass(frozen=True)
class Comparison:
    """One of Lever's lists, which of it concerns us, and what tells one such thing from another."""

    webhook: Webhook
    listed: Callable[[Lever, Connection, int], Listing]
    missed: Callable[[CheckQuerySet, Connection, list[Opportunity]], Listing]
    mark: str  # what the dedupe keys begin with
    time: Callable[[Opportunity], int | None] = lambda each: None  # milliseconds since 1970 UTC


COMPARISONS = (
    Comparison(Webhook.STAGE_CHANGE, _in_stage, _arrived, "found", lambda each: each.stage_entered_at_ms),
    Comparison(Webhook.ARCHIVED, _archived, _left, "archived", lambda each: each.archived_at_ms),
    Comparison(Webhook.DELETED, _deleted, _vanished, "deleted"),
)


def _missed(account: Lever, connection: Connection, since_ms: int) -> Iterator[dict[str, Any]]:
    """Batch after batch, dedupe keys to what else is to be written; a list may have thousands of entries."""
    for comparison in COMPARISONS:
        listing = comparison.listed(account, connection, since_ms)
        while batch := list(islice(listing, AT_ONCE)):
            ours = Check.objects.filter(
                organization=connection.organization_id, opportunity_id__in={each.id for each in batch}
            )
            yield dict(_rows(comparison, comparison.missed(ours, connection, batch)))


def _rows(comparison: Comparison, missed: Iterable[Opportunity]) -> Iterator[tuple[str, dict[str, Any]]]:
    for each in missed:
        time = comparison.time(each)
        key = f"{comparison.mark}:{each.id[:36]}:{time or ''}"[:64]
        yield key, {"webhook": comparison.webhook, "opportunity_id": each.id, "triggered_at": moment(time)}


def _write_down(connection: Connection, found: dict[str, Any], now: datetime) -> int:
    """Each once. What was found while the connection was off is looked at again."""
    ours = Delivery.objects.filter(connection=connection, dedupe_key__in=found)
    known = set(ours.values_list("dedupe_key", flat=True)) if found else set()
    new = [
        Delivery(
            connection=connection,
            source=Delivery.Source.RECONCILIATION,
            dedupe_key=key,
            created_at=now,
            next_at=now,
            **fields,
        )
        for key, fields in found.items()
        if key not in known
    ]
    Delivery.objects.bulk_create(new, ignore_conflicts=True)
    put_off = ours.filter(decision=Decision.OFF).exclude(state=WAITING) if known else Delivery.objects.none()
    return len(new) + sum(delivery.process_again(now) for delivery in put_off)
