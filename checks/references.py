"""The people who are asked."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from checks.answers import Answer, Given
from checks.leaving import Leaving
from checks.querysets import GONE, OPEN, ReferenceQuerySet
from checks.readdressing import Readdressed
from checks.replying import DeclineKind
from notifications.models import Message
from templates_app.kinds import Relationship
from templates_app.moments import Moment

if TYPE_CHECKING:
    from checks.models import Check

__all__ = ["Answer", "DeclineKind", "Given", "Named", "Reference"]


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


class Reference(Readdressed, Leaving):
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
    erased_at = models.DateTimeField(null=True)  # they had what is held about them deleted; the row stays, empty

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
        """Where they are reminded, and may ask for quiet."""
        return self.email or self.phone

    @property
    def asked_since(self) -> datetime:
        return self.asked_at

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_gone(self) -> bool:
        return self.status in GONE

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    # --- verbs --------------------------------------------------------------------------------------

    def invite(self, now: datetime) -> None:
        """Write to them; who cannot be written to is to be called."""
        self.invitation = self._write_to(Moment.REFERENCE_REQUEST, now, "request")
        self.remind_at = self.turn_after(0, now) if self.invitation else None
        self.wants_call_at = None if self.invitation else now
        self.save(update_fields=["invitation", "remind_at", "wants_call_at"])

    def ask_again(self, now: datetime) -> None:
        """The check was opened again: their link opens again, too, and what they had typed is still there."""
        status = Reference.Status.STARTED if self.started_at else Reference.Status.ASKED
        afresh = {"asked_at": now, "reminders": 0, "silent_since": None}
        if self._move([Reference.Status.CANCELED], status, token_expires_at=self.for_check.token_expires_at, **afresh):
            self.invite(now)

    def bounce(self, now: datetime) -> bool:
        """The mail was refused for good."""
        return self._drop_out(OPEN, Reference.Status.BOUNCED, "bounced", now)

    def ask_for_another(self, now: datetime, by: User | None = None) -> bool:
        """Ask the candidate once more for somebody else; False when this one is waited for, or it was done today."""
        with transaction.atomic():
            self.for_check.hold()
            self.refresh_from_db(fields=["status", "silent_since", "asked_at"])
            asked = self.for_check.events.filter(kind="another", reference=self)
            if not self.may_be_replaced(now) or asked.filter(at__gt=now - timedelta(days=1)).exists():
                return False
            self._write_to(Moment.CANDIDATE_ANOTHER, now, f"another:{asked.count() + 1}")
            self.for_check.record("another", now, reference=self, user=by)
        return True

    def replace(self, person: Named, now: datetime, by: User | None = None) -> "Reference | None":
        """The candidate names somebody else in this one's place; None when this one is waited for, or has answered.

        `by` does it on the candidate's behalf, and need not wait for this one.
        """
        with transaction.atomic():
            self.for_check.hold()
            if not self.for_check.is_live:
                return None
            if not self._move(GONE, Reference.Status.REPLACED):
                is_waited_for = by is None and not self.is_overripe(now)
                if is_waited_for or not self._move(OPEN, Reference.Status.REPLACED):
                    return None
                self._say_not_needed(now)
            self.for_check.record("replaced", now, reference=self, user=by, detail=person.name)
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
