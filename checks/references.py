"""The people who are asked, and what they answered."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from checks import signals, writing
from checks.asking import dates_only, possible
from checks.querysets import GONE, OPEN, ReferenceQuerySet
from checks.waiting import WaitedFor
from notifications.models import Message
from templates_app.frozen import FrozenQuestion
from templates_app.kinds import Relationship
from templates_app.moments import Moment

if TYPE_CHECKING:
    from checks.models import Check


@dataclass(frozen=True)
class Named:
    """A reference as the candidate names it. Months are the first day of theirs; `worked_until` None means: still."""

    name: str
    email: str
    relationship: str
    company: str = ""
    worked_from: date | None = None
    worked_until: date | None = None
    title: str = ""  # the candidate's own at the time
    phone: str = ""  # as +442071838750
    language: str = ""  # what we write in; empty: the template's
    personal_line: str = ""  # to them, in our letter
    why_other: str = ""  # why it is not the kind of person that was asked for


@dataclass(frozen=True)
class Given:
    """An answer to one question, as it came from the page."""

    score: int | None = None  # of a scale, from 1
    choice: str = ""
    text: str = ""
    is_unobserved: bool = False
    choices: tuple[str, ...] = ()  # of several, as the question has them in its own language

    @property
    def is_empty(self) -> bool:
        return self.score is None and not (self.choice or self.choices or self.text or self.is_unobserved)


class DeclineKind(models.TextChoices):
    """Why somebody would rather not. Said to those who hire, and not to the candidate."""

    STRANGER = "stranger", _("I do not know their work well enough")
    POLICY = "policy", _("My employer does not allow it")
    TIME = "time", _("I have no time for it")
    CHOICE = "choice", _("I would rather not say why")
    OTHER = "other", _("Something else")


class Reference(WaitedFor):
    """A person whom the candidate named and whom we ask."""

    class Status(models.TextChoices):
        ASKED = "asked", _("Asked")
        STARTED = "started", _("Started")
        SUBMITTED = "submitted", _("Submitted")
        DECLINED = "declined", _("Declined")
        BOUNCED = "bounced", _("Bounced")
        REPLACED = "replaced", _("Replaced")
        CANCELED = "canceled", _("Not needed")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    for_check = models.ForeignKey("checks.Check", models.CASCADE, related_name="references")
    position = models.PositiveSmallIntegerField(default=0)
    asked_relationship = models.CharField(max_length=12, choices=Relationship)
    note = models.CharField(max_length=300, blank=True)
    relationship = models.CharField(_("relationship"), max_length=12, choices=Relationship)
    why_other = models.CharField(max_length=300, blank=True)  # why it is not the kind of person that was asked for
    personal_line = models.CharField(max_length=500, blank=True)  # the candidate's, in our letter to them
    name = models.CharField(_("name"), max_length=120)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)  # empty: there is only a telephone number
    company = models.CharField(_("where they worked together"), max_length=160, blank=True)
    worked_from = models.DateField(_("worked together from"), null=True)
    worked_until = models.DateField(_("until"), null=True)
    title = models.CharField(_("the candidate’s title"), max_length=160, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)  # as their browser tells; else ours
    status = models.CharField(_("status"), max_length=12, choices=Status)
    invitation = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    # What they put right of what the candidate said: `relationship`, `company`, `title`, `worked_from` and
    # `worked_until` (as 2020-04-01; an empty end says that they still work together).
    corrections = models.JSONField(default=dict)
    decline_kind = models.CharField(_("reason"), max_length=12, choices=DeclineKind, blank=True)
    decline_reason = models.TextField(_("reason given"), blank=True)
    asked_at = models.DateTimeField(_("asked"))
    opened_at = models.DateTimeField(null=True)  # when the page with the questions was first shown, as it tells
    started_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(_("answered"), null=True)
    # When to remind them, or after the last reminder to tell the candidate of the silence; None: nothing is due.
    remind_at = models.DateTimeField(null=True, editable=False)
    reminders = models.PositiveSmallIntegerField(_("reminders"), default=0)
    silent_since = models.DateTimeField(null=True)  # the last reminder had no effect, and the candidate was told
    gives_dates_only = models.BooleanField(_("dates only"), default=False)  # all that their employer allows
    nudged_at = models.DateTimeField(null=True)  # when the candidate or a recruiter had them reminded last
    wants_call_at = models.DateTimeField(null=True)  # since when they would rather be called
    call_when = models.CharField(max_length=200, blank=True)  # when it suits them
    written_down_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")  # who called them

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        indexes = [
            models.Index(
                fields=["remind_at"],
                condition=models.Q(remind_at__isnull=False),
                name="checks_reference_to_remind",
            ),
            models.Index(
                fields=["wants_call_at"],
                condition=models.Q(wants_call_at__isnull=False),
                name="checks_reference_to_call",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def topic(self) -> str:
        return f"reference:{self.pk}"

    @property
    def of_check(self) -> "Check":
        return self.for_check

    @property
    def as_reference(self) -> "Reference":
        return self

    @property
    def address(self) -> str:
        return self.email

    @property
    def asked_since(self) -> datetime:
        return self.asked_at

    @property
    def relation(self) -> str:
        """How they know the candidate: by their own word, else by the candidate's."""
        return self.corrections.get("relationship") or self.relationship

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_gone(self) -> bool:
        return self.status in GONE

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    def questions(self) -> tuple[FrozenQuestion, ...]:
        """What this person is asked, by how they know the candidate and what they may say."""
        questions = possible(self.for_check.frozen.questions_for(self.relation))
        return dates_only(questions) if self.gives_dates_only else questions

    def given(self) -> dict[str, Given]:
        """Question key to what was answered so far."""
        return {
            answer.question_key: Given(
                answer.score, answer.choice, answer.text, answer.is_unobserved, tuple(answer.choices)
            )
            for answer in self.answers.all()
        }

    # --- verbs --------------------------------------------------------------------------------------

    def invite(self, now: datetime) -> None:
        self.invitation = self._write_to(Moment.REFERENCE_REQUEST, now, "request")
        self.remind_at = self.turn_after(0, now)
        self.save(update_fields=["invitation", "remind_at"])

    def keep(self, given: Mapping[str, Given], now: datetime) -> bool:
        """Keep what was answered so far; False when it is too late for answers."""
        with transaction.atomic():
            if not self._move(OPEN, Reference.Status.STARTED, started_at=self.started_at or now):
                return False
            self._write(given)
        return True

    def submit(self, given: Mapping[str, Given], now: datetime) -> bool:
        """Answer; False when that was done before, or it is too late."""
        with transaction.atomic():
            self.for_check.hold()
            if not self._move(OPEN, Reference.Status.SUBMITTED, submitted_at=now, started_at=self.started_at or now):
                return False
            self._write(given)
            self.call_back(now)
            self.for_check.record("answered", now, reference=self)
            self._write_to(Moment.REFERENCE_THANKS, now, "thanks")
            signals.reference_answered.send(sender=Reference, check=self.for_check, reference=self, now=now)
            self.for_check.follow(now)
        return True

    def decline(self, reason: str, now: datetime) -> bool:
        """Rather not; what was answered so far is forgotten."""
        with transaction.atomic():
            declined = self._drop_out(Reference.Status.DECLINED, "declined", now, decline_reason=reason)
            if declined:
                self.answers.all().delete()
                self._write_to(Moment.REFERENCE_DECLINED, now, "declined")
        return declined

    def bounce(self, now: datetime) -> bool:
        """The mail was refused for good."""
        return self._drop_out(Reference.Status.BOUNCED, "bounced", now)

    def _drop_out(self, status: str, kind: str, now: datetime, **fields: Any) -> bool:
        with transaction.atomic():
            self.for_check.hold()
            if not self._move(OPEN, status, **fields):
                return False
            self.call_back(now)
            self.for_check.record(kind, now, reference=self)
            self._ask_for_another(now)
            self.for_check.follow(now)
        return True

    def _ask_for_another(self, now: datetime) -> None:
        self._write_to(Moment.CANDIDATE_ANOTHER, now, "another")

    def replace(self, person: Named, now: datetime) -> "Reference | None":
        """The candidate names somebody else in this one's place; None when this one is waited for, or has answered."""
        with transaction.atomic():
            self.for_check.hold()
            if not self.for_check.is_live:
                return None
            if not self._move(GONE, Reference.Status.REPLACED):
                if not self.is_overripe(now) or not self._move(OPEN, Reference.Status.REPLACED):
                    return None
                self._say_not_needed(now)
            self.for_check.record("replaced", now, reference=self, detail=person.name)
            return self.for_check.ask(person, self.asked_relationship, self.note, self.position, now)

    def release(self, now: datetime) -> None:
        """Not needed any more: say so, unless even the invitation has not gone out."""
        if self._move(OPEN, Reference.Status.CANCELED):
            self._say_not_needed(now)

    def _say_not_needed(self, now: datetime) -> None:
        about = Message.objects.about(self.topic)
        is_on_its_way = about.waiting().filter(attempts__gt=0).exists()  # a server may have it already
        about.cancel(now)
        if is_on_its_way or about.exclude(state=Message.State.CANCELED).exists():
            self._write_to(Moment.REFERENCE_RELEASED, now, "released")

    def _write_to(self, moment: Moment, now: datetime, once: str) -> Message | None:
        """Write at a moment that comes once in a reference's life: to them, or about them to the candidate."""
        return writing.write(moment, self.for_check, now, reference=self, key=f"reference:{self.pk}:{once}")

    def _move(self, sources: Sequence[str], target: str, **fields: Any) -> bool:
        """Change the status by compare-and-set; False when it is no longer where we thought."""
        changes = {"status": target, **fields}
        if target not in OPEN:
            changes["remind_at"] = None
        if not Reference.objects.filter(pk=self.pk, status__in=sources).update(**changes):
            return False
        for name, value in changes.items():
            setattr(self, name, value)
        return True

    def _write(self, given: Mapping[str, Given]) -> None:
        Answer.objects.bulk_create(
            [
                Answer(
                    reference=self,
                    question_key=key,
                    score=answer.score,
                    choice=answer.choice,
                    choices=list(answer.choices),
                    text=answer.text,
                    is_unobserved=answer.is_unobserved,
                )
                for key, answer in given.items()
            ],
            update_conflicts=True,
            unique_fields=["reference", "question_key"],
            update_fields=["score", "choice", "choices", "text", "is_unobserved"],
        )


class Answer(models.Model):
    """What one reference answered to one question."""

    reference = models.ForeignKey(Reference, models.CASCADE, related_name="answers")
    question_key = models.CharField(max_length=60)
    score = models.PositiveSmallIntegerField(null=True)
    choice = models.CharField(max_length=300, blank=True)
    choices = models.JSONField(default=list)  # of several
    text = models.TextField(blank=True)
    is_unobserved = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference", "question_key"], name="checks_answer_once"),
        ]

    def __str__(self) -> str:
        return f"answer to {self.question_key}"
