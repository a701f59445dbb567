"""From where the pages of a check were used: hashed, to be compared within the check, and deleted early."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models

from checks.querysets import OfChecksQuerySet

if TYPE_CHECKING:
    from checks.models import Check, Reference

LONGEST = timedelta(days=30)  # that a visit is kept, although the check may go on
AT_MOST = 20  # of one person in one check; whoever changes places more often tells nothing by it


class VisitQuerySet(OfChecksQuerySet["Visit"]):
    def outlived(self, now: datetime) -> Self:
        """Kept long enough, although the check goes on."""
        return self.filter(first_at__lte=now - LONGEST)

    def forget_outlived(self, now: datetime, at_once: int) -> None:
        """Delete the oldest of them, so many at once."""
        oldest = self.outlived(now).order_by("first_at").values_list("pk", flat=True)[:at_once]
        self.filter(pk__in=list(oldest)).delete()


class Visit(models.Model):
    """One place and device. `reference` None: the candidate. Digests are keyed by the check: no two checks compare.

    A digest is empty where the request told nothing.
    """

    for_check = models.ForeignKey("checks.Check", models.CASCADE, related_name="visits")
    reference = models.ForeignKey("checks.Reference", models.CASCADE, null=True, related_name="visits")
    address_digest = models.CharField(max_length=64)
    device_digest = models.CharField(max_length=64)
    first_at = models.DateTimeField(db_index=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference", "address_digest", "device_digest"], name="checks_visit_once"),
            models.UniqueConstraint(
                fields=["for_check", "address_digest", "device_digest"],
                condition=models.Q(reference=None),
                name="checks_visit_of_candidate_once",
            ),
        ]

    def __str__(self) -> str:
        return f"visit {self.pk}"

    @staticmethod
    def keep(
        check: "Check", reference: "Reference | None", address_digest: str, device_digest: str, now: datetime
    ) -> None:
        """Once each, however often it is told."""
        if Visit.objects.filter(for_check=check, reference=reference).count() < AT_MOST:
            visit = Visit(
                for_check=check,
                reference=reference,
                address_digest=address_digest,
                device_digest=device_digest,
                first_at=now,
            )
            Visit.objects.bulk_create([visit], ignore_conflicts=True)
