"""What a candidate or a reference asks for when the check has ended: to be corrected, or to be deleted."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from checks import rights_letters
from checks.keeping import months_from
from checks.querysets import OfChecksQuerySet

if TYPE_CHECKING:
    from checks.models import Check
    from checks.references import Reference

AT_MOST = 50  # requests that a page lists
MAY_SETTLE = "checks.erase_check"


class RightsQuerySet(OfChecksQuerySet["RightsRequest"]):
    def open(self) -> Self:
        return self.filter(settled_at=None)

    def of(self, row: "Check | Reference") -> Self:
        """One person's, the newest first."""
        return self.filter(for_check=row.of_check, reference=row.as_reference).order_by("-asked_at", "-pk")

    def forget(self, now: datetime) -> None:
        """Keep that they asked and when it was settled, and no word of it. What is open is settled by that."""
        self.open().update(settled_at=now, was_granted=models.Case(_IS_ERASING, default=None))
        self.update(words="", answer="")


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

    @property
    def of(self) -> "Check | Reference":
        """Whose it is: the reference’s, else the candidate’s."""
        return self.reference or self.for_check

    @property
    def who(self) -> str:
        return self.reference.called if self.reference else self.for_check.who

    @property
    def page(self) -> str:
        """Where somebody who hires answers it."""
        return reverse("settle-request", args=[self.pk])

    @property
    def is_erasing(self) -> bool:
        """Granting it erases the person: whoever objects is not asked about, and not kept, any more."""
        return self.kind in ERASING

    # --- verbs --------------------------------------------------------------------------------------

    @classmethod
    def ask(cls, row: "Check | Reference", kind: str, words: str, now: datetime) -> "RightsRequest | None":
        """Write down what somebody asks for; None when they have asked for the same, and nobody has answered yet."""
        check = row.of_check
        with transaction.atomic():
            check.hold()
            if cls.objects.of(row).open().filter(kind=kind).exists():
                return None
            asked = cls.objects.create(
                for_check=check,
                reference=row.as_reference,
                kind=kind,
                words=words,
                asked_at=now,
                due_at=months_from(now, 1),
            )
            # The answer is read on their page, so the page is there until then.
            row.stay_open(months_from(now, 2))
            row.happened(f"ask-{kind}", now)
            rights_letters.tell_contact(asked, now)
        return asked

    def settle(self, now: datetime, by: User, *, is_granted: bool, answer: str, **put_right: str) -> bool:
        """Grant or refuse it; False when somebody else was faster. What is asked for is done in the same moment.

        `put_right`: the person's `name` and `email` as they are to be, where a correction is granted.
        """
        with transaction.atomic():
            self.for_check.hold()
            settled: dict[str, Any] = {"settled_at": now, "was_granted": is_granted, "answer": answer}
            if not type(self).objects.open().filter(pk=self.pk).update(**settled, settled_by=by):
                return False
            self.settled_at, self.was_granted, self.answer = now, is_granted, answer
            kind = "granted" if is_granted else "not-granted"
            self.for_check.record(kind, now, reference=self.reference, user=by)
            if is_granted and self.is_erasing:
                return self.of.leave(now, by, answer)
            if is_granted and put_right:
                self.of.put_right(**put_right)
            self.of.stay_open(months_from(now, 1))
            rights_letters.say_settled(self, now)
        return True


ERASING = (RightsRequest.Kind.DELETE, RightsRequest.Kind.OBJECT)
_IS_ERASING = models.When(kind__in=ERASING, then=models.Value(True))


def open_requests(check: "Check") -> list[RightsRequest]:
    """What waits for somebody's answer, the most urgent first."""
    rows = check.rights_requests.open().select_related("reference", "for_check")
    return list(rows.order_by("due_at")[:AT_MOST])
