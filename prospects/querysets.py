from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts.querysets import OrganizationQuerySet
from notifications.leases import LeasedQuerySet

if TYPE_CHECKING:  # ruff takes the names in the brackets below for plain texts
    from checks.models import Reference
    from integrations.models import Connection
    from prospects.models import Errand, Prospect, Suppression  # noqa: F401
QS = TypeVar("QS", bound=QuerySet[Any])


class ProspectQuerySet(OrganizationQuerySet["Prospect"]):
    def of(self, reference: "Reference") -> Self:
        """Who a reference is as a prospect: by the choice on their page, or by their address."""
        theirs = Q(reference=reference)
        if reference.email:
            theirs |= Q(organization=reference.for_check.organization_id, email=reference.email.strip().lower())
        return self.filter(theirs)

    def agreeing(self) -> Self:
        """Those who have said yes, and confirmed it, and whose time is not over."""
        return self.filter(state__in=("waiting", "exported", "known", "refused"))

    def waiting(self) -> Self:
        return self.filter(state="waiting")

    def over_at(self, now: datetime) -> Self:
        """Those who said yes for a time that has passed."""
        return self.agreeing().filter(ends_at__lte=now)

    def unanswered_since(self, moment: datetime) -> Self:
        """Asked by mail whether it was them, and silent. Who was imported agreed long before they were asked."""
        return self.filter(state="unconfirmed", agreed_at__lte=moment, created_at__lte=moment)

    def unerased(self) -> Self:
        """Over, and something personal is still there."""
        return self.filter(state__in=("withdrawn", "ended"), erased_at=None)

    def to_clear(self) -> Self:
        """In Lever by us, and no longer willing: somebody has to see to it there."""
        return self.filter(state__in=("withdrawn", "ended"), cleared_at=None).exclude(exported_at=None)

    def in_doubt(self) -> Self:
        """Exported, and maybe in Lever twice: somebody has to look."""
        return self.filter(state="exported").exclude(problem="")


class ErrandQuerySet(LeasedQuerySet["Errand"]):
    to_organization = "prospect__organization"

    def due(self, now: datetime) -> Self:
        return super().due(now).allowed()

    def allowed(self) -> Self:
        """What the switches on the connection's page allow now. To say goodbye and to note is always allowed."""
        existing = Q(
            connection__exports_existing_prospects=True,
            prospect__confirmed_at__lte=F("connection__exports_existing_since"),
        )
        new = Q(
            connection__exports_new_prospects=True,
            prospect__confirmed_at__gt=F("connection__exports_new_since"),
        )
        export = Q(prospect__state="waiting", connection__organization__prospect_settings__paused_at=None)
        return self.filter(export & (existing | new) | ~Q(kind="export"), connection__status="active")

    def claim_on(self, connection: "Connection", now: datetime) -> "Errand | None":
        """Claim what is most urgent on one connection: goodbyes, then people, and the notes about them behind.

        Each kind is asked for by itself, by what the connection says at this moment: so the index leads past all that
        wait behind a switch, and nothing is joined or sorted that need not be.
        """
        rows = LeasedQuerySet.due(self.filter(connection=connection).select_related(None), now)
        people = switched_on(rows.filter(kind="export", prospect__state="waiting"), connection, "prospect__")
        if connection.exports_new_since and not connection.exports_existing_prospects:
            # Nobody's errand is due before they confirmed it, so the index finds the new ones by that, too.
            people = people.filter(next_at__gt=connection.exports_new_since)
        if connection.organization.prospect_settings.paused_at:
            people = people.none()
        for some in (rows.filter(kind="farewell"), people, rows.filter(kind="note")):
            if connection.is_active and (errand := self.claim_of(some, now)):
                return errand
        return None

    def waits_on(self, now: datetime) -> Q:
        """Of a connection: that there is something to do on it now. For the worker, who asks each second."""
        rows = LeasedQuerySet.due(self.filter(connection=OuterRef("pk")), now)
        people = rows.filter(kind="export", prospect__state="waiting")
        existing = Q(exports_existing_prospects=True) & Exists(
            people.filter(prospect__confirmed_at__lte=OuterRef("exports_existing_since"))
        )
        new = Q(exports_new_prospects=True) & Exists(
            people.filter(
                next_at__gt=OuterRef("exports_new_since"), prospect__confirmed_at__gt=OuterRef("exports_new_since")
            )
        )
        others = Exists(rows.filter(kind="farewell")) | Exists(rows.filter(kind="note"))
        running = Q(organization__prospect_settings__paused_at=None)
        return Q(status="active") & (others | running & (existing | new))


class SuppressionQuerySet(OrganizationQuerySet["Suppression"]):
    pass


def switched_on(rows: QS, connection: "Connection", to_prospect: str = "") -> QS:
    """Of prospects who wait, or of errands about them, those whom the two switches let go."""
    confirmed = f"{to_prospect}confirmed_at"
    allowed = Q(pk__in=[])
    if connection.exports_existing_prospects and connection.exports_existing_since:
        allowed |= Q(**{f"{confirmed}__lte": connection.exports_existing_since})
    if connection.exports_new_prospects and connection.exports_new_since:
        allowed |= Q(**{f"{confirmed}__gt": connection.exports_new_since})
    return rows.filter(allowed)
