"""How it ended with a candidate: what the ATS says, what a person said, and whether the one hired is still there."""

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from checks.querysets import OutcomeQuerySet


class Ended(models.TextChoices):
    HIRED = "hired", _("Hired")
    NOT_HIRED = "not-hired", _("Not hired")


class Outcome(models.Model):
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
    times_asked = models.PositiveSmallIntegerField(default=0)
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
        ]

    def __str__(self) -> str:
        return self.get_ended_display() or str(_("Not known"))

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


class OutcomeQuestion(models.Model):
    """The question how it ended, put to one person by e-mail. The links in it are signed, and hold `public_id`."""

    class Answer(models.TextChoices):
        HIRED = Ended.HIRED.value, Ended.HIRED.label
        NOT_HIRED = Ended.NOT_HIRED.value, Ended.NOT_HIRED.label
        LATER = "later", _("Not decided yet")
        HANDED_ON = "handed-on", _("Handed on")

    outcome = models.ForeignKey(Outcome, models.CASCADE, related_name="questions")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=160, blank=True)
    email = models.CharField(max_length=254)
    role = models.CharField(max_length=16, blank=True)  # why this person: a key of the sentences in the letter
    handed_on_by = models.CharField(max_length=160, blank=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"question {self.public_id}"
