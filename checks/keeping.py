"""How long a check is kept: as many months after its end as the organization says, and no longer."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from accounts.models import Organization

if TYPE_CHECKING:
    from checks.models import Check


def months_from(moment: datetime, months: int) -> datetime:
    """So many months later, or earlier; the last day of a month where it has no such day."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    return moment.replace(year=year, month=month + 1, day=min(moment.day, monthrange(year, month + 1)[1]))


def erases_at(check: "Check") -> datetime | None:
    """When it is erased by itself; None while it goes on, and where the organization has set no end."""
    months = check.organization.keeps_months
    return months_from(check.ended_at, months) if months and check.ended_at else None


def kept_too_long(checks: type["Check"], now: datetime, at_most: int) -> Iterator["Check"]:
    """Ended longer ago than their organization keeps them, the oldest first; at most so many in all."""
    for organization in Organization.objects.exclude(keeps_months=None).order_by("pk"):
        over = checks.objects.ended_before(months_from(now, -(organization.keeps_months or 0)))
        for check in over.filter(organization=organization).select_related("organization")[:at_most]:
            at_most -= 1
            yield check
