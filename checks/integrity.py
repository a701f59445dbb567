"""What may make a reader look twice at a reference: each with a plain reason and a weight, never a verdict."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from checks.querysets import OfChecksQuerySet


class SignalQuerySet(OfChecksQuerySet["IntegritySignal"]):
    pass


class Kind(models.TextChoices):
    SAME_ADDRESS = "same-address", _("same internet connection")
    SAME_DEVICE = "same-device", _("same device")
    FAST = "fast", _("answered within seconds")
    FREE_MAIL = "free-mail", _("private mail address")
    THROWAWAY = "throwaway", _("disposable mail address")
    SAME_ANSWERS = "same-answers", _("same answers")


class Weight(models.IntegerChoices):
    LIGHT = 1, _("light")
    SOME = 2, _("some weight")
    HEAVY = 3, _("heavy")


class IntegritySignal(models.Model):
    """Found once. A reader clears it with a reason, and both are kept for good.

    What two references share is one row, of the one who was named later; `other` is the one before.
    """

    for_check = models.ForeignKey("checks.Check", models.CASCADE, related_name="integrity_signals")
    reference = models.ForeignKey("checks.Reference", models.CASCADE, related_name="integrity_signals")
    # Whom it is shared with; None: the candidate, or nobody, as the kind says.
    other = models.ForeignKey("checks.Reference", models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    weight = models.PositiveSmallIntegerField(choices=Weight)
    # What the sentence needs, such as {"seconds": 41}; once cleared, under "cleared_by" what that person was called.
    detail = models.JSONField(default=dict)
    found_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    cleared_because = models.TextField(blank=True)

    objects = SignalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference", "kind", "other"], name="checks_signal_once"),
            models.UniqueConstraint(
                fields=["reference", "kind"], condition=models.Q(other=None), name="checks_signal_alone_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, reference {self.reference_id}"

    def clear(self, by: User, because: str, now: datetime) -> bool:
        """Somebody has looked into it, and says what it was; False when somebody did so before."""
        cleared = {
            "cleared_at": now,
            "cleared_by": by,
            "cleared_because": because,
            "detail": {**self.detail, "cleared_by": str(by)},
        }
        with transaction.atomic():
            if not IntegritySignal.objects.filter(pk=self.pk, cleared_at=None).update(**cleared):
                return False
            self.for_check.record("cleared", now, reference=self.reference, user=by, detail=because)
        for name, value in cleared.items():
            setattr(self, name, value)
        return True
