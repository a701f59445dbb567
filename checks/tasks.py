"""What time does to checks: overdue, expired, mails that came back, reminders, kept long enough."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog
from django.utils import timezone

from checks.keeping import kept_too_long
from checks.models import Check, Reference, Visit
from notifications.leases import LONGEST_TASK
from notifications.tasks import wake_sender
from notifications.waking import wake

log = structlog.get_logger(__name__)

AT_ONCE = 200  # rows a round; the next sweep takes the rest
AN_HOUR = timedelta(hours=1)


def tend_checks() -> None:
    """Every minute. Reminders may be many, and have a task of their own."""
    now = timezone.now()
    for reference in Reference.objects.bouncing().select_related("for_check__organization")[:AT_ONCE]:
        reference.bounce(now)
    for check in Check.objects.uninvited().select_related("organization")[:AT_ONCE]:
        check.lose_the_candidate(now)
    for check in Check.objects.expired_at(now).select_related("organization")[:AT_ONCE]:
        check.expire(now)
    for check in Check.objects.to_conclude(now).select_related("organization")[:AT_ONCE]:
        check.come_to_its_day(now)
    for check in Check.objects.overdue_at(now).select_related("organization")[:AT_ONCE]:
        check.become_overdue(now)
    for check in kept_too_long(Check, now, AT_ONCE):
        check.erase(now, why="kept")
    Visit.objects.forget_outlived(now, AT_ONCE)
    if Reference.objects.to_remind(now).exists() or Check.objects.to_remind(now).exists():
        wake("checks.tasks.remind")


def remind() -> None:
    """All who are due, or as many as there is time for: the next sweep asks for another such task."""
    if remind_due(timezone.now(), time.monotonic() + 2 * LONGEST_TASK):
        wake_sender()


def remind_due(now: datetime, until: float = float("inf")) -> int:
    """Give everybody their turn whose turn has come; how many that were. `until` is a reading of `time.monotonic`.

    Rows are read one by one and kept by nobody, so that a hundred thousand need no more memory than one. A fault of
    ours with one of them does not keep the others from their turn; it goes on to the queue's log when they had it.
    """
    taken, fault = 0, None
    for model, pk in _due(now):
        try:
            row = model._base_manager.select_related(*_NEEDED[model]).filter(pk=pk).first()
            taken += bool(row and row.remind(now))
        except Exception as found:
            log.exception("could not remind", model=model.__name__, row=pk)
            model._base_manager.filter(pk=pk).update(remind_at=now + AN_HOUR)
            fault = found
        if time.monotonic() > until:
            break
    if fault:
        raise fault
    return taken


_NEEDED: dict[type[Check] | type[Reference], tuple[str, ...]] = {
    Reference: ("for_check__organization",),
    Check: ("organization",),
}


def _due(now: datetime) -> Iterator[tuple[type[Check] | type[Reference], int]]:
    """Numbers of rows, from one index, a round at a time; each turn that is taken leaves its place in the index."""
    for model in _NEEDED:
        while pks := list(model.objects.to_remind(now).order_by("remind_at").values_list("pk", flat=True)[:AT_ONCE]):
            yield from ((model, pk) for pk in pks)
