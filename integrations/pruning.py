"""Old rows of the log go: deliveries, actions, the calls of both, and the queue's failures.

A batch is a transaction of its own, so it can be stopped at any moment; whatever is left over, the next run takes.
"""

import time
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django_q.models import Task

from checks.querysets import LIVE
from integrations.models import Action, Delivery
from notifications.leases import DONE, WAITING

log = structlog.get_logger(__name__)

BATCH = 1_000  # rows a transaction
LONGEST = 30.0  # seconds for one kind of rows; three of them stay within the queue's patience


def prune(longest: float = LONGEST) -> None:
    """What the timetable asks for, every night."""
    log.info("pruned", **prune_at(timezone.now(), longest))


def prune_at(now: datetime, longest: float = LONGEST) -> dict[str, int]:
    """How many rows of each kind went, within `longest` seconds for each."""
    before = now - timedelta(days=settings.KEEP_DELIVERIES_DAYS)
    return {
        "deliveries": _prune(Delivery, _unneeded(_settled(Delivery.objects.all(), before)), before, longest),
        "actions": _prune(Action, _without_use(_settled(Action.objects.all(), before)), before, longest),
        "failures": _prune_failures(before, longest),
    }


def _settled(rows: QuerySet[Any], before: datetime) -> QuerySet[Any]:
    """Neither waiting nor settled since: what was processed again yesterday can be looked at tomorrow."""
    return rows.filter(created_at__lt=before).exclude(state=WAITING).exclude(done_at__gte=before)


def _unneeded(deliveries: QuerySet[Any]) -> QuerySet[Any]:
    """The last that came by each webhook stays: it is how the doctor knows when Lever was heard."""
    by_webhook = Q(source=Delivery.Source.WEBHOOK)
    later = Delivery.objects.filter(
        by_webhook, connection=OuterRef("connection"), webhook=OuterRef("webhook"), pk__gt=OuterRef("pk")
    )
    return deliveries.filter(~by_webhook | Exists(later))


def _without_use(actions: QuerySet[Any]) -> QuerySet[Any]:
    """Of checks that have ended. Of each opportunity the tags stay that may still be found there.

    Those are the last that is done and what was begun after it: when the candidate comes again, they are taken away.
    """
    later = Action.objects.filter(
        connection=OuterRef("connection"),
        for_check__organization=OuterRef("for_check__organization"),
        for_check__opportunity_id=OuterRef("for_check__opportunity_id"),
        kind=Action.Kind.TAG,
        state=DONE,
        pk__gt=OuterRef("pk"),
    )
    was_never_there = ~Q(kind=Action.Kind.TAG) | Q(attempts=0)
    return actions.exclude(for_check__status__in=LIVE).filter(was_never_there | Q(Exists(later)))


def _prune(model: type[Delivery] | type[Action], doomed: QuerySet[Any], before: datetime, longest: float) -> int:
    """Batch by batch, from the youngest old row down: what has stayed before is met after what is new."""
    rows: QuerySet[Any] = model._base_manager.all()
    until, gone, top = time.monotonic() + longest, 0, _first_since(rows, before)
    while time.monotonic() < until:
        batch = list(rows.filter(pk__lt=top).order_by("-pk").values_list("pk", flat=True)[:BATCH])
        if not batch:
            break
        gone += _remove(doomed.filter(pk__in=batch))
        top = batch[-1]
    return gone


def _first_since(rows: QuerySet[Any], before: datetime) -> int:
    """Where the ids of rows written since then begin. They follow the clock, so halving finds it without an index."""
    low, high = 0, 1 + (rows.order_by("-pk").values_list("pk", flat=True).first() or 0)
    while low < high:
        middle = (low + high) // 2
        next_row = rows.filter(pk__gte=middle).order_by("pk").values_list("pk", "created_at").first()
        low, high = (next_row[0] + 1, high) if next_row and next_row[1] < before else (low, middle)
    return low


def _remove(doomed: QuerySet[Any]) -> int:
    """With their calls. A row that somebody holds, such as one that is just processed again, is left alone."""
    with transaction.atomic():
        pks = list(doomed.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True))
        doomed.model._base_manager.filter(pk__in=pks).only("pk").delete()
    return len(pks)


def _prune_failures(before: datetime, longest: float) -> int:
    """What the queue keeps of tasks that failed. Their ids say nothing about time, and they are few."""
    until, gone = time.monotonic() + longest, 0
    old = Task.objects.filter(success=False, stopped__lt=before).values_list("pk", flat=True)
    while time.monotonic() < until and (pks := list(old[:BATCH])):
        gone += Task.objects.filter(pk__in=pks).delete()[0]
    return gone
