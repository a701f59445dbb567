"""How it ended with a candidate: what the ATS says, what a person said, and whether the one hired is still there."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from checks.kept import LookedBackAt
from checks.outcome_hearing import Hearing
from checks.outcome_people import SOMEBODY
from checks.outcome_question import Ended, OutcomeQuestion
from checks.querysets import OutcomeQuerySet

if TYPE_CHECKING:
    from checks.models import Check

__all__ = ["Ended", "Outcome", "OutcomeQuestion"]


class Outcome(Hearing, LookedBackAt):
    """One for a check. The ATS and the person who was asked each have a column of their own: neither overwrites the
    other, and where they differ that is shown as a conflict.
    """

    for_check = models.OneToOneField("checks.Check", models.CASCADE, related_name="outcome")
    # What the ATS says; empty while it says nothing, or has taken it back. `ats_reason` is its archive reason in words.
    in_ats = models.CharField(max_length=10, choices=Ended, blank=True)
    ats_reason = models.CharField(max_length=160, blank=True)
    ats_since = models.DateTimeField(null=True)
    # What somebody said, on the page behind the mail or at the desk. `said_name` also where they have no account.
    said = models.CharField(max_length=10, choices=Ended, blank=True)
    said_at = models.DateTimeField(null=True)
    said_name = models.CharField(max_length=160, blank=True)
    said_email = models.CharField(max_length=254, blank=True)
    said_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    # When somebody is asked (next); None: nobody is to be asked, or somebody has been asked for the last time.
    ask_at = models.DateTimeField(null=True)
    times_asked = models.PositiveSmallIntegerField(default=0)  # since somebody last said something
    trouble = models.CharField(max_length=20, blank=True)  # why nobody could be asked, for the desk
    # Whether the one hired was still employed on the day that the organization looks at; None: nobody has said.
    is_kept = models.BooleanField(null=True)
    kept_said_at = models.DateTimeField(null=True)
    kept_said_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        indexes = [
            models.Index(fields=["ask_at"], condition=models.Q(ask_at__isnull=False), name="checks_outcome_to_ask"),
            # For the desk: nobody to ask, and two answers that differ.
            models.Index(fields=["for_check"], condition=models.Q(trouble="nobody"), name="checks_outcome_nobody"),
            models.Index(
                fields=["for_check"],
                condition=models.Q(in_ats="hired", said="not-hired") | models.Q(in_ats="not-hired", said="hired"),
                name="checks_outcome_differs",
            ),
        ]

    def __str__(self) -> str:
        return self.get_ended_display() or str(_("Not known"))

    @classmethod
    def of(cls, check: "Check") -> "Outcome":
        """The check's, made if it has none yet."""
        outcome, _made = cls.objects.get_or_create(for_check=check)
        outcome.for_check = check
        return outcome

    @classmethod
    def known_of(cls, check: "Check") -> "Outcome | None":
        """The check's, if it has one; without a query where it was joined to the check's row."""
        try:
            return check.outcome
        except cls.DoesNotExist:
            return None

    @property
    def who_said(self) -> str:
        """Who said how it ended, whether they have an account or not."""
        return self.said_name or str(self.said_by or SOMEBODY)

    @property
    def is_conflict(self) -> bool:
        """The ATS says one thing, and somebody said the other."""
        return bool(self.in_ats and self.said and self.in_ats != self.said)

    @property
    def ended(self) -> str:
        """How it ended, as far as that is known and undisputed: a value of `Ended`, or empty."""
        return "" if self.is_conflict else self.in_ats or self.said

    def get_ended_display(self) -> Any:
        return Ended(self.ended).label if self.ended else ""
