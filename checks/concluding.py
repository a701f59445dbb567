"""When a check concludes by itself: by how many have answered, by who of them must, and by the day."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from templates_app.frozen import FrozenTemplate

if TYPE_CHECKING:
    from checks.models import Check


def is_enough(check: "Check", now: datetime) -> bool:
    """All answers always are. Fewer are where the template says so, once who must answer has, and it is time."""
    answered, asked = check.counts()
    if not answered or answered == asked:
        return bool(answered)
    if check.reopened_at:
        return False  # somebody wants the others, too
    frozen = check.frozen
    return bool(frozen.minimum) and answered >= frozen.minimum and _is_time(check, now) and not _missing(check)


def day_of(frozen: FrozenTemplate, begun: datetime) -> datetime | None:
    """The day that is waited for although enough may be in before; None: there is none, or never by itself."""
    days = frozen.concludes_after_days
    return begun + timedelta(days=days) if frozen.minimum and days else None


def _is_time(check: "Check", now: datetime) -> bool:
    day = day_of(check.frozen, check.created_at)
    return check.frozen.concludes_after_days is not None and (day is None or day <= now)


def _missing(check: "Check") -> set[int]:
    """Places in the template's list whose people must answer, and have not. Nobody is waited for at an empty one."""
    needed = {position for position, request in enumerate(check.frozen.requests) if request.is_needed}
    people = check.references.counted().filter(position__in=needed) if needed else ()
    return {person.position for person in people if person.status != "submitted"}
