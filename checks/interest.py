"""A reference who said, after sending and unasked before, that they wish to hear about jobs."""

from datetime import datetime
from typing import Any

from django.db import models, transaction

from checks import signals
from checks.querysets import OfChecksQuerySet


class InterestQuerySet(OfChecksQuerySet["JobInterest"]):
    to_organization = "reference__for_check__organization"
    to_owner = "reference__for_check__owner_email"
    to_followers = "reference__for_check__followers__email"


class JobInterest(models.Model):
    """The words they agreed to are kept with their answer; they can take it back on the same page."""

    reference = models.OneToOneField("checks.Reference", models.CASCADE, related_name="job_interest")
    months = models.PositiveSmallIntegerField()  # for how long
    topics = models.CharField(max_length=300, blank=True)
    consent_text = models.TextField()
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = InterestQuerySet.as_manager()

    def __str__(self) -> str:
        return f"interest of reference {self.reference_id}"

    @staticmethod
    def of(reference: Any) -> "JobInterest | None":
        """What they said and have not taken back."""
        return JobInterest.objects.filter(reference=reference.pk, withdrawn_at=None).first()

    @classmethod
    def give(cls, reference: Any, *, months: int, topics: str, consent_text: str, now: datetime) -> bool:
        """They wish to hear of jobs; said again, the newer words count. False before they have answered."""
        if reference.status != "submitted":
            return False
        said = {"months": months, "topics": topics, "consent_text": consent_text}
        fresh = {**said, "given_at": now, "withdrawn_at": None}
        with transaction.atomic():
            interest, _is_new = cls.objects.update_or_create(reference=reference, defaults=fresh)
            signals.interest_changed.send(cls, reference=reference, interest=interest, now=now)
        return True

    @classmethod
    def take_back(cls, reference: Any, now: datetime) -> bool:
        """They do not, any more; False when they had said so before, or never that they do."""
        with transaction.atomic():
            if not cls.objects.filter(reference=reference.pk, withdrawn_at=None).update(withdrawn_at=now):
                return False
            signals.interest_changed.send(cls, reference=reference, interest=None, now=now)
        return True
