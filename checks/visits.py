"""From where the pages of a check were used: hashed, to be compared within the check, and deleted early."""

from django.db import models

from checks.querysets import OfChecksQuerySet


class VisitQuerySet(OfChecksQuerySet["Visit"]):
    pass


class Visit(models.Model):
    """One place and device. `reference` None: the candidate. Digests are keyed by the check: no two checks compare."""

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
