from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import F, Q

from accounts.querysets import OrganizationQuerySet
from notifications.leases import LeasedQuerySet

if TYPE_CHECKING:  # ruff takes the names in the brackets below for plain texts
    from prospects.models import Errand, Prospect, Suppression  # noqa: F401


class ProspectQuerySet(OrganizationQuerySet["Prospect"]):
    def agreeing(self) -> Self:
        """Those who have said yes, and confirmed it, and whose time is not over."""
        return self.filter(state__in=("waiting", "exported", "known", "refused"))

    def waiting(self) -> Self:
        return self.filter(state="waiting")

    def over_at(self, now: datetime) -> Self:
        """Those who said yes for a time that has passed."""
        return self.agreeing().filter(ends_at__lte=now)

    def to_clear(self) -> Self:
        """In Lever, and no longer willing: somebody has to see to it there."""
        return self.filter(state__in=("withdrawn", "ended"), cleared_at=None).exclude(opportunity_id="")


class ErrandQuerySet(LeasedQuerySet["Errand"]):
    to_organization = "prospect__organization"

    def due(self, now: datetime) -> Self:
        """What the switches on the connection's page allow now. To say goodbye and to note is always allowed."""
        existing = Q(
            connection__exports_existing_prospects=True,
            prospect__confirmed_at__lte=F("connection__exports_existing_since"),
        )
        new = Q(
            connection__exports_new_prospects=True,
            prospect__confirmed_at__gt=F("connection__exports_new_since"),
        )
        export = Q(
            kind="export", prospect__state="waiting", connection__organization__prospect_settings__paused_at=None
        )
        allowed = export & (existing | new) | ~Q(kind="export")
        return super().due(now).filter(allowed, connection__status="active")


class SuppressionQuerySet(OrganizationQuerySet["Suppression"]):
    pass
