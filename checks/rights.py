"""What a candidate or a reference asks for when the check has ended: to be corrected, or to be deleted."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from checks.querysets import OfChecksQuerySet


class RightsQuerySet(OfChecksQuerySet["RightsRequest"]):
    pass


class RightsRequest(models.Model):
    """Somebody who hires answers it within a month. `reference` None: the candidate asks."""

    class Kind(models.TextChoices):
        CORRECT = "correct", _("correct")
        DELETE = "delete", _("delete")
        OBJECT = "object", _("object")

    for_check = models.ForeignKey("checks.Check", models.CASCADE, related_name="rights_requests")
    reference = models.ForeignKey("checks.Reference", models.CASCADE, null=True, related_name="rights_requests")
    kind = models.CharField(max_length=8, choices=Kind)
    words = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    was_granted = models.BooleanField(null=True)
    answer = models.TextField(blank=True)  # which the person reads on their page

    objects = RightsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reference", "kind"], condition=models.Q(settled_at=None), name="checks_request_open_once"
            ),
            models.UniqueConstraint(
                fields=["for_check", "kind"],
                condition=models.Q(settled_at=None, reference=None),
                name="checks_request_of_candidate_once",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(settled_at=None), name="checks_rights_request_open")
        ]

    def __str__(self) -> str:
        return f"{self.kind}, check {self.for_check_id}"
