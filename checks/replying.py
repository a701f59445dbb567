"""What a reference does: put right what was said of them, answer, change that, take it back, or say no."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from checks import looking, signals, writing
from checks.answers import Answer, Given
from checks.asking import dates_only, possible
from checks.calling import Called
from checks.querysets import OPEN
from notifications.models import Message
from templates_app.frozen import FrozenQuestion
from templates_app.moments import Moment

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

STARTED, SUBMITTED, DECLINED = "started", "submitted", "declined"
# What the candidate says of a reference, and the reference may put right.
FACTS = ("relationship", "company", "title", "worked_from", "worked_until")


class DeclineKind(models.TextChoices):
    """Why somebody would rather not. Said to those who hire, and not to the candidate."""

    STRANGER = "stranger", _("I do not know their work well enough")
    POLICY = "policy", _("My employer does not allow it")
    TIME = "time", _("I have no time for it")
    CHOICE = "choice", _("I would rather not say why")
    OTHER = "other", _("Something else")


class Replying(Called):
    # Columns of the reference.
    relationship: "models.CharField[str, str]"
    corrections: "models.JSONField[dict[str, str], dict[str, str]]"
    decline_kind: "models.CharField[str, str]"
    decline_reason: "models.TextField[str, str]"
    started_at: "models.DateTimeField[datetime | None, datetime | None]"
    submitted_at: "models.DateTimeField[datetime | None, datetime | None]"
    answers: "RelatedManager[Answer]"

    class Meta:
        abstract = True

    @property
    def relation(self) -> str:
        """How they know the candidate: by their own word, else by the candidate's."""
        return self.corrections.get("relationship") or self.relationship

    @property
    def why_declined(self) -> str:
        """For those who hire: the reason that was chosen, and the words beside it."""
        reason = str(DeclineKind(self.decline_kind).label) if self.decline_kind else ""
        return ". ".join(filter(None, (reason, self.decline_reason)))

    @property
    def may_change(self) -> bool:
        """Their answers are in, and theirs to change until the check is concluded."""
        return self.status == SUBMITTED and self.of_check.is_live

    def questions(self) -> tuple[FrozenQuestion, ...]:
        """What this person is asked, by how they know the candidate and what they may say."""
        questions = possible(self.of_check.frozen.questions_for(self.relation))
        return dates_only(questions) if self.gives_dates_only else questions

    def given(self) -> dict[str, Given]:
        """Question key to what was answered so far."""
        return {answer.question_key: answer.given() for answer in self.answers.all()}

    # --- verbs --------------------------------------------------------------------------------------

    def correct(self, said: Mapping[str, Any], now: datetime) -> bool:
        """Put right what the candidate said: `said` has some of FACTS; what is the candidate's word is no correction.

        What is empty is left as the candidate said it, but for the end of the time: there it says that they still work
        together. False when nothing is new, or it is too late.
        """
        with transaction.atomic():
            self.of_check.hold()
            self.corrections = self.stored.values_list("corrections", flat=True).get()  # as another tab left them
            found = {name: value for name, value in self.corrections.items() if name not in said}
            found |= {name: str(value or "") for name, value in said.items() if self._is_correction(name, value)}
            rows = self.stored.filter(status__in=(*OPEN, SUBMITTED))
            if not self.of_check.is_live or found == self.corrections or not rows.update(corrections=found):
                return False
            self.corrections = found
            self.happened("corrected", now)
        return True

    def _is_correction(self, name: str, value: Any) -> bool:
        told = getattr(self, name)
        return value != told and bool(value or (name == "worked_until" and told))

    def keep(self, given: Mapping[str, Given], now: datetime, by: User | None = None) -> bool:
        """Keep what was answered so far; False when it is too late for answers. `by`: who writes it down for them; as
        soon as they write themselves, it is theirs again.
        """
        if not given:
            return self.stored.filter(status__in=OPEN).exists()  # they have not begun
        with transaction.atomic():
            if not self._move(OPEN, STARTED, started_at=self.started_at or now, written_down_by=by):
                return False
            self._write(given)
        return True

    def submit(self, given: Mapping[str, Given], now: datetime, by: User | None = None) -> bool:
        """Answer; False when that was done before, or it is too late. `by`: who wrote it down on the telephone."""
        with transaction.atomic():
            self.of_check.hold()
            times = {"submitted_at": now, "started_at": self.started_at or now}
            if not self._move(OPEN, SUBMITTED, written_down_by=by, **times):
                return False
            self._write(given)
            self._forget_what_was_not_asked()
            self.call_back(now)
            self.of_check.record("written" if by else "answered", now, reference=self.as_reference, user=by)
            signals.reference_answered.send(sender=type(self), check=self.of_check, reference=self, now=now)
            self.of_check.follow(now)
            self._write_to(Moment.REFERENCE_THANKS, now, "thanks")  # which says whether they can still change it
        return True

    def _forget_what_was_not_asked(self) -> None:
        """Questions that another relationship, or more than dates, would have asked: they do not see them any more."""
        self.answers.exclude(question_key__in=[question.key for question in self.questions()]).delete()

    def change(self, given: Mapping[str, Given], now: datetime) -> bool:
        """Other answers in place of those that were sent; False when the check has been concluded.

        They have answered before and after, so nobody is told and nothing is counted anew.
        """
        with transaction.atomic():
            self.of_check.hold()
            if not (self.of_check.is_live and self.stored.filter(status=SUBMITTED).exists()):
                return False
            before = self.given()
            if any(before.get(key, Given()) != answer for key, answer in given.items()):
                self._write(given)
                self.happened("changed", now)
            self._forget_what_was_not_asked()
            looking.look(self.of_check, now)
        return True

    def withdraw(self, now: datetime) -> bool:
        """Take back what was sent: it is forgotten, and the candidate may name somebody else.

        False when the check has been concluded: its report is made.
        """
        with transaction.atomic():
            self.of_check.hold()
            return self.of_check.is_live and self._leave((SUBMITTED,), "withdrawn", now, submitted_at=None)

    def decline(self, reason: str, now: datetime, kind: str = "") -> bool:
        """Rather not; what was answered so far is forgotten."""
        return self._leave(OPEN, "declined", now, decline_reason=reason, decline_kind=kind)

    def _leave(self, sources: Sequence[str], kind: str, now: datetime, **fields: Any) -> bool:
        with transaction.atomic():
            has_left = self._drop_out(sources, DECLINED, kind, now, **fields)
            if has_left:
                self.answers.all().delete()
                if self.of_check.report_data:  # of a check that was opened again
                    self.of_check.keep_report()
                self._write_to(Moment.REFERENCE_DECLINED, now, "declined")
        return has_left

    def _drop_out(self, sources: Sequence[str], status: str, kind: str, now: datetime, **fields: Any) -> bool:
        with transaction.atomic():
            self.of_check.hold()
            if not self._move(sources, status, **fields):
                return False
            self.call_back(now)
            self.happened(kind, now)
            self._write_to(Moment.CANDIDATE_ANOTHER, now, "another")
            self.of_check.follow(now)
        return True

    def _write_to(self, moment: Moment, now: datetime, once: str) -> Message | None:
        """Write at a moment that comes once each time that they are asked: to them, or about them to the candidate."""
        key = f"{self.topic}:{once}:{self.asked_since:%Y-%m-%dT%H:%M:%S.%f}"
        return writing.write(moment, self.of_check, now, reference=self.as_reference, key=key)

    def _move(self, sources: Sequence[str], target: str, **fields: Any) -> bool:
        """Change the status by compare-and-set; False when it is no longer where we thought."""
        changes = {"status": target, **fields}
        if target not in OPEN:
            changes |= {"remind_at": None, "wants_call_at": None}
        if not self.stored.filter(status__in=sources).update(**changes):
            return False
        for name, value in changes.items():
            setattr(self, name, value)
        return True

    def _write(self, given: Mapping[str, Given]) -> None:
        Answer.keep(self, given)
