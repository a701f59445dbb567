from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import Count, Q

from accounts.querysets import OrganizationQuerySet
from notifications.leases import FAILED

if TYPE_CHECKING:  # ruff takes the names in the brackets below for plain texts
    from checks.models import Check, Event, Reference  # noqa: F401

LIVE = ("submitted", "awaiting")
OPEN = ("asked", "started")
GONE = ("declined", "bounced")
NOT_COUNTED = ("replaced",)


class CheckQuerySet(OrganizationQuerySet["Check"]):
    to_owner = "owner_email"

    def of(self, opportunity_id: str) -> Self:
        return self.filter(opportunity_id=opportunity_id)

    def live(self) -> Self:
        return self.filter(status__in=LIVE)

    def completed(self) -> Self:
        return self.filter(status="completed")

    def not_erased(self) -> Self:
        """Those that hold personal data."""
        return self.filter(erased_at=None)

    def with_problem(self) -> Self:
        """In error, and nobody has put it right yet."""
        return self.filter(status="error", resolved_at=None)

    def overdue_at(self, now: datetime) -> Self:
        return self.live().filter(is_overdue=False, due_at__lte=now)

    def expired_at(self, now: datetime) -> Self:
        return self.live().filter(expires_at__lte=now)

    def uninvited(self) -> Self:
        """The mail to the candidate was refused for good."""
        return self.filter(status="submitted", invitation__state=FAILED)

    def unread_by(self, user_id: int) -> Self:
        # One filter: the event that is an opening must be the one that is theirs. `exclude` would ask for any of each.
        opened = self.model._base_manager.filter(events__kind="opened", events__user_id=user_id)
        return self.completed().not_erased().exclude(pk__in=opened.values("pk"))

    def with_counts(self) -> Self:
        """How many references are asked for in all, and how many have answered."""
        return self.annotate(
            asked_count=Count("references", filter=~Q(references__status__in=NOT_COUNTED), distinct=True),
            answered_count=Count("references", filter=Q(references__status="submitted"), distinct=True),
        )


class ReferenceQuerySet(OrganizationQuerySet["Reference"]):
    to_organization = "for_check__organization"
    to_owner = "for_check__owner_email"

    def open(self) -> Self:
        """Asked, and neither answered nor out of it."""
        return self.filter(status__in=OPEN)

    def gone(self) -> Self:
        """Will not answer; somebody else may be named instead."""
        return self.filter(status__in=GONE)

    def counted(self) -> Self:
        return self.exclude(status__in=NOT_COUNTED)

    def submitted(self) -> Self:
        return self.filter(status="submitted")

    def bouncing(self) -> Self:
        """Still taken for asked, but the mail was refused for good."""
        return self.filter(status="asked", invitation__state=FAILED)

    def in_order(self) -> Self:
        return self.order_by("position", "pk")


class EventQuerySet(OrganizationQuerySet["Event"]):
    to_organization = "for_check__organization"
    to_owner = "for_check__owner_email"
