"""The question how it ended, put to one person, and what they may do with it: answer, put it off, or hand it on."""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from checks import outcome_letters
from checks.outcome_people import Asked

LIFETIME = timedelta(days=45)  # of the links in a mail
WEEKS = (1, 2, 4, 8)  # after which somebody can want to be asked again


def _signer() -> Signer:
    return Signer(salt="checks.outcome-question", sep=".")


class Ended(models.TextChoices):
    HIRED = "hired", _("Hired")
    NOT_HIRED = "not-hired", _("Not hired")


class Standing(StrEnum):
    """What the one who opens the link can do."""

    OPEN = "open"  # answer, put it off, hand it on
    KNOWN = "known"  # the ATS says it by now: answer all the same
    ANSWERED = "answered"  # they said it: correct it
    SETTLED = "settled"  # somebody else said it, or the ATS says it as well: nothing
    HANDED_ON = "handed-on"  # nothing: somebody else is asked


class OutcomeQuestion(models.Model):
    """The question how it ended, put to one person by e-mail. The links in it are signed, and hold `public_id`."""

    class Answer(models.TextChoices):
        HIRED = Ended.HIRED.value, Ended.HIRED.label
        NOT_HIRED = Ended.NOT_HIRED.value, Ended.NOT_HIRED.label
        LATER = "later", _("Not decided yet")
        HANDED_ON = "handed-on", _("Handed on")

    outcome = models.ForeignKey("checks.Outcome", models.CASCADE, related_name="questions")
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

    @property
    def called(self) -> str:
        return self.name or self.email

    # --- the door -----------------------------------------------------------------------------------

    @property
    def token(self) -> str:
        """What stands in the mailed links. It is made, and not kept."""
        return _signer().sign(self.public_id.hex)

    @classmethod
    def behind(cls, token: str, now: datetime) -> "OutcomeQuestion | None":
        """The question that a token opens; None alike for altered ones, expired ones, and those of erased checks."""
        try:
            public_id = UUID(_signer().unsign(token))
        except (BadSignature, ValueError):
            return None
        rows = cls.objects.filter(public_id=public_id, expires_at__gt=now, outcome__for_check__erased_at=None)
        return rows.select_related("outcome__for_check__organization", "outcome__said_by").first()

    @property
    def standing(self) -> Standing:
        outcome = self.outcome
        if outcome.said:
            is_theirs = outcome.said_email.casefold() == self.email.casefold()
            is_agreed = outcome.in_ats == outcome.said
            return Standing.ANSWERED if is_theirs and not is_agreed else Standing.SETTLED
        if self.answer == self.Answer.HANDED_ON:
            return Standing.HANDED_ON
        return Standing.KNOWN if outcome.in_ats else Standing.OPEN

    @property
    def may_be_handed_on(self) -> bool:
        return self.standing == Standing.OPEN and self.outcome.may_be_handed_on()

    # --- verbs --------------------------------------------------------------------------------------

    def send(self, now: datetime) -> None:
        outcome_letters.send(self, now)

    def say(self, ended: str, now: datetime) -> bool:
        """Their answer; False when it is settled meanwhile, or they have said so before."""
        with transaction.atomic():
            if not self._hold() or self.standing not in (Standing.OPEN, Standing.KNOWN, Standing.ANSWERED):
                return False
            self._note(ended, now)
            return self.outcome.say(ended, now, name=self.called, email=self.email)

    def put_off(self, weeks: int, now: datetime) -> bool:
        """Not decided yet: they are asked again in so many weeks, however often, to a year after completion."""
        with transaction.atomic():
            if not self._hold() or self.standing != Standing.OPEN:
                return False
            until = now + timedelta(weeks=weeks)
            if self.answer == self.Answer.LATER and self._is_planned(until):
                return False
            self.outcome.put_off(until, now)
            self._note(self.Answer.LATER, now)
            self.outcome.for_check.record("not-decided", now, detail=self.called)
        return True

    def hand_on(self, name: str, email: str, now: datetime) -> "OutcomeQuestion | None":
        """Ask somebody else, at once, and this person no more; None when it is settled, or went through many hands."""
        with transaction.atomic():
            if not self._hold() or not self.may_be_handed_on:
                return None
            self._note(self.Answer.HANDED_ON, now)
            self.outcome.put_off(now, now)
            self.outcome.for_check.record("handed-on", now, detail=self.called)
            return self.outcome.put(Asked(name, email, "handed-on"), now, handed_on_by=self.called)

    def _hold(self) -> bool:
        """As `Outcome.hold`, and see the question as it is now."""
        outcome = self.outcome
        if not outcome.hold():
            return False
        self.refresh_from_db()
        self.outcome = outcome
        return True

    def _is_planned(self, until: datetime) -> bool:
        """The button was pressed twice: so it is planned already, but for the moment in between."""
        planned = self.outcome.ask_at
        return bool(planned and abs(until - planned) < timedelta(minutes=1))

    def _note(self, answer: str, now: datetime) -> None:
        self.answer, self.answered_at = answer, now
        self.save(update_fields=["answer", "answered_at"])
