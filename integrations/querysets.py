from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db.models import Exists, OuterRef

from accounts.querysets import OrganizationQuerySet
from notifications.leases import WAITING, LeasedQuerySet

if TYPE_CHECKING:  # ruff takes the names in the brackets below for plain texts
    from integrations.models import (  # noqa: F401
        Action,
        Connection,
        Delivery,
        Refusal,
        StepTaken,
        WebhookToken,
    )


# States in which a worker asks Lever, and may find out that it refuses, or no longer does.
WORKING = ("active", "failing")


class ConnectionQuerySet(OrganizationQuerySet["Connection"]):
    def active(self) -> Self:
        return self.filter(status="active")

    def to_reconcile(self, now: datetime, every: timedelta) -> Self:
        """Those that Lever refuses are asked, too: one that is well again goes on by itself."""
        return self.filter(status__in=WORKING).exclude(reconciled_at__gt=now - every)


class WebhookTokenQuerySet(OrganizationQuerySet["WebhookToken"]):
    to_organization = "connection__organization"

    def good_at(self, now: datetime) -> Self:
        return self.exclude(good_until__lt=now)


class DeliveryQuerySet(LeasedQuerySet["Delivery"]):
    to_organization = "connection__organization"

    def due(self, now: datetime) -> Self:
        """While Lever refuses the key, what is in the inbox waits; nothing is given up for it."""
        return super().due(now).exclude(connection__status="failing")


class ActionQuerySet(LeasedQuerySet["Action"]):
    to_organization = "connection__organization"

    def due(self, now: datetime) -> Self:
        """In order within a check: what comes later waits for what came before, so tags cannot overtake."""
        earlier = self.model._base_manager.filter(for_check=OuterRef("for_check"), state=WAITING, pk__lt=OuterRef("pk"))
        return super().due(now).filter(connection__status="active").exclude(Exists(earlier))


class RefusalQuerySet(OrganizationQuerySet["Refusal"]):
    to_organization = "connection__organization"


class StepTakenQuerySet(OrganizationQuerySet["StepTaken"]):
    to_organization = "connection__organization"

    def standing(self) -> Self:
        """Taken, and not taken back."""
        return self.filter(undone_at=None)

    def furthest(self) -> Self:
        """How far each connection has come: they are taken in order, so the last one stands for all before it."""
        later = self.model._base_manager.filter(
            undone_at=None, connection=OuterRef("connection"), pk__gt=OuterRef("pk")
        )
        return self.standing().filter(~Exists(later))
