"""What time does to a check of which nobody moves, for the dry run: reminders, overdue, the end."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from checks.models import Check, Reference
from integrations.scenes import Scene, read_off

Somebody = Check | Reference

MOST = 30  # scenes
ONE_ROUND = timedelta(hours=2)  # those who were asked together are reminded within a morning's hour


def time_passes(check: Check, now: datetime) -> Iterator[Scene]:
    """Scene after scene, each at its own time, until the check has ended."""
    for _turn in range(MOST):
        if not check.is_live:
            return
        end = check.expires_at if check.is_overdue else min(check.due_at, check.expires_at)
        at, people = _next_turn(check)
        heading = _on_time(check, at, people) if at and at < end else _on_day(check, end)
        scene = read_off(heading, check, now)
        if scene.mails or scene.changes:
            yield scene


def _next_turn(check: Check) -> tuple[datetime | None, Sequence[Somebody]]:
    """When somebody is reminded next, and all whose turn it is about then."""
    people: list[Somebody] = [check, *check.references.in_order()]
    for person in people:
        if isinstance(person, Reference):
            person.for_check = check
    due = [(person.remind_at, person) for person in people if person.remind_at and person.may_be_reminded]
    first = min((at for at, _person in due), default=None)
    return first, [person for at, person in due if first and at - first < ONE_ROUND]


def _on_time(check: Check, at: datetime, people: Sequence[Somebody]) -> str:
    for person in people:
        person.remind(person.remind_at or at)
    return date_format(timezone.localtime(at, check.zone), "l, j F, H:i")


def _on_day(check: Check, day: datetime) -> str:
    if day == check.due_at and not check.is_overdue and day < check.expires_at:
        check.become_overdue(day)
    else:
        check.expire(day)
    return _("After %(days)s days") % {"days": (day - check.created_at).days}
