import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization, User
from checks import concluding, erasing, looking, readership, report, signals, writing
from checks.agreeing import Agreeing
from checks.candidacy import Candidacy
from checks.events import Event
from checks.following import Follower
from checks.integrity import IntegritySignal
from checks.interest import JobInterest
from checks.inviting import Inviting
from checks.leaving import Withdrawing
from checks.outcome import Ended, Outcome, OutcomeQuestion
from checks.querysets import LIVE, CheckQuerySet
from checks.references import Answer, Reference
from checks.rights import RightsRequest
from checks.schedule import zone_of
from checks.searching import SearchWord
from checks.self_assessment import SelfAssessment
from checks.shares import Share
from checks.visits import Visit
from notifications.models import Message
from templates_app.frozen import FrozenTemplate
from templates_app.matching import Match
from templates_app.models import ReferenceTemplate, SurveyVersion
from templates_app.moments import Moment

__all__ = [
    "Answer",
    "Check",
    "Ended",
    "Event",
    "Follower",
    "IntegritySignal",
    "JobInterest",
    "NotStarted",
    "Outcome",
    "OutcomeQuestion",
    "Reference",
    "RightsRequest",
    "SearchWord",
    "SelfAssessment",
    "Share",
    "Visit",
]


class NotStarted(Exception):
    """A check is not to begin; the text says why, for the desk."""


class Check(Agreeing, Inviting, Withdrawing):
    """One candidate's reference check for one opportunity, from the trigger stage to the report."""

    REMINDER = Moment.CANDIDATE_REMINDER
    REMINDED_WHILE = ("submitted",)  # of naming references

    class Status(models.TextChoices):
        SUBMITTED = "submitted", gettext_lazy("Submitted")
        AWAITING = "awaiting", gettext_lazy("Awaiting references")
        COMPLETED = "completed", gettext_lazy("Completed")
        CANCELED = "canceled", gettext_lazy("Canceled")
        EXPIRED = "expired", gettext_lazy("Expired")
        ERROR = "error", gettext_lazy("Error")

    class Problem(models.TextChoices):
        """Why a check cannot go on. The value stands in the tag: ERROR (no email)."""

        NO_TEMPLATE = "no template", gettext_lazy("No template")
        NO_EMAIL = "no email", gettext_lazy("No e-mail")
        NO_CONTACT = "no contact", gettext_lazy("No contact allowed")
        REFUSED = "email refused", gettext_lazy("E-mail refused")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="checks")
    opportunity_id = models.CharField(max_length=100)
    contact_id = models.CharField(max_length=100, blank=True)
    posting_id = models.CharField(max_length=100, blank=True)
    profile_url = models.URLField(max_length=300, blank=True)
    entered_at_ms = models.BigIntegerField(null=True)

    candidate_name = models.CharField(gettext_lazy("candidate"), max_length=160, blank=True)
    candidate_email = models.CharField(gettext_lazy("candidate’s e-mail"), max_length=254, blank=True)
    candidate_phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=5, default="en")  # what we write to the candidate in
    position = models.CharField(gettext_lazy("position"), max_length=160, blank=True)
    owner_name = models.CharField(gettext_lazy("owner"), max_length=160, blank=True)
    owner_email = models.CharField(max_length=254, blank=True)

    template = models.ForeignKey(
        ReferenceTemplate,
        models.SET_NULL,
        null=True,
        related_name="checks",
        verbose_name=gettext_lazy("template"),
    )
    frozen_template = models.JSONField(default=dict)
    survey_version = models.ForeignKey(SurveyVersion, models.SET_NULL, null=True, related_name="checks")
    match_reason = models.TextField(blank=True)
    is_ambiguous = models.BooleanField(default=False)

    status = models.CharField(gettext_lazy("status"), max_length=12, choices=Status)
    is_overdue = models.BooleanField(gettext_lazy("overdue"), default=False)
    problem = models.CharField(max_length=16, choices=Problem, blank=True)
    invitation = models.ForeignKey(Message, models.SET_NULL, null=True, related_name="+")
    consent_text = models.TextField(blank=True)
    consent_language = models.CharField(max_length=5, blank=True)  # that the text was read in
    # What the candidate has typed and not sent yet: the form's field -> what is in it.
    draft = models.JSONField(default=dict)
    fewer_because = models.TextField(blank=True)  # why the candidate named fewer people than asked for
    is_by_hand = models.BooleanField(default=False)  # begun on the desk: nothing of it is in Lever
    is_private = models.BooleanField(gettext_lazy("private"), default=False)
    readers = models.ManyToManyField(User, related_name="+", blank=True)  # of a private report
    report_data = models.JSONField(null=True)

    created_at = models.DateTimeField(gettext_lazy("submitted"))
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # When to remind the candidate of naming references; None: nothing is due.
    remind_at = models.DateTimeField(null=True, editable=False)
    reminders = models.PositiveSmallIntegerField(default=0)
    # The day on which it concludes by itself if enough is in; None: it has passed, or there is none.
    conclude_at = models.DateTimeField(null=True, editable=False)
    consented_at = models.DateTimeField(null=True)
    drafted_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(gettext_lazy("completed"), null=True)
    ended_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)  # from then on nothing concludes it before all have answered
    erased_at = models.DateTimeField(gettext_lazy("personal data erased"), null=True)

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("check")
        verbose_name_plural = gettext_lazy("checks")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "opportunity_id"],
                condition=Q(status__in=LIVE),
                name="checks_one_live_check_per_opportunity",
            )
        ]
        indexes = [
            models.Index(fields=["organization", "opportunity_id"]),
            models.Index(fields=["organization", "status", "-created_at"]),  # the desk and the list
            # How long it takes, on the desk.
            models.Index(
                fields=["organization", "-completed_at"],
                condition=Q(status="completed"),
                name="checks_check_completed",
            ),
            # The list of templates: when each was used last, and how many of its checks are live.
            models.Index(fields=["template", "-created_at"], name="checks_check_by_template"),
            models.Index(fields=["template"], condition=Q(status__in=LIVE), name="checks_check_live_of"),
            # Everybody who was asked by the same edition of a survey.
            models.Index(
                fields=["survey_version", "organization", "-completed_at"],
                condition=Q(status="completed"),
                name="checks_check_same_survey",
            ),
            models.Index(fields=["owner_email"], name="checks_check_by_owner"),  # what a limited team member sees
            # The figures over time.
            models.Index(
                fields=["organization", "-ended_at"],
                condition=Q(status__in=("completed", "expired")),
                name="checks_check_ended",
            ),
            models.Index(fields=["ended_at"], condition=Q(erased_at=None), name="checks_check_to_erase"),
            models.Index(fields=["due_at"], condition=Q(status__in=LIVE), name="checks_check_due"),
            models.Index(fields=["expires_at"], condition=Q(status__in=LIVE), name="checks_check_expiring"),
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="checks_check_to_remind"),
            models.Index(
                fields=["conclude_at"], condition=Q(conclude_at__isnull=False), name="checks_check_concluding"
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.who, self.position) if part)

    # --- reading ------------------------------------------------------------------------------------

    @property
    def who(self) -> str:
        """The candidate's name, for lists and titles."""
        return _("Erased") if self.erased_at else self.candidate_name or self.opportunity_id

    @property
    def first_name(self) -> str:
        return self.candidate_name.split(" ")[0] if self.candidate_name else _("the candidate")

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @cached_property
    def frozen(self) -> FrozenTemplate:
        return FrozenTemplate.from_json(self.frozen_template)

    @property
    def asker(self) -> str:
        """Who asks, for letters and pages: the owner in Lever, else the organization's contact, else its name."""
        return self.owner_name or self.organization.contact_name or self.organization.name

    def counts(self) -> tuple[int, int]:
        """How many references have answered, and how many are asked in all."""
        statuses = list(self.references.counted().values_list("status", flat=True))
        asked = max(len(statuses), 0 if statuses else len(self.frozen.requests))
        return statuses.count(Reference.Status.SUBMITTED), asked

    def is_review_needed(self) -> bool:
        """Completed, but somebody who was named did not answer."""
        answered, asked = self.counts()
        return answered < asked

    # --- beginning ----------------------------------------------------------------------------------

    @classmethod
    def start(
        cls,
        organization: Organization,
        candidacy: Candidacy,
        match: Match,
        now: datetime,
        *,
        again: bool = False,
        after_completion: bool = False,
    ) -> "Check":
        """Begin a check, or record in words why it cannot go on; NotStarted when there is nothing to begin.

        `again` (Retry on the desk) also begins one for an entry into the stage that was dealt with before;
        `after_completion` lets a new entry begin one although an earlier check was completed.
        """
        with transaction.atomic():
            # One start at a time within an organization: two tellings of one move must not both begin one.
            Organization.objects.select_for_update().get(pk=organization.pk)
            cls._refuse_repeats(organization, candidacy, again=again, after_completion=after_completion)
            cls.objects.filter(organization=organization).of(candidacy.opportunity_id).with_problem().update(
                resolved_at=now
            )
            check = cls._create(organization, candidacy, match, now)
            Follower.keep(check, candidacy.followers)
            SearchWord.keep(check)
            if check.status == cls.Status.SUBMITTED:
                check._invite(now)
            check.record("started", now, detail=match.reason)
            check.announce(now)
        return check

    @classmethod
    def _refuse_repeats(
        cls, organization: Organization, candidacy: Candidacy, *, again: bool, after_completion: bool
    ) -> None:
        earlier = cls.objects.filter(organization=organization).of(candidacy.opportunity_id)
        if earlier.live().exists():
            raise NotStarted(_("A check for this opportunity is on its way already."))
        if again:
            return
        entered = candidacy.entered_at_ms
        if entered is not None and earlier.filter(entered_at_ms__gte=entered).exists():
            raise NotStarted(_("This move to the stage has been dealt with before."))
        if not after_completion and earlier.completed().exists():
            raise NotStarted(_("A check for this opportunity was completed, and the connection starts no second one."))

    @classmethod
    def _create(cls, organization: Organization, candidacy: Candidacy, match: Match, now: datetime) -> "Check":
        frozen = match.template.freeze() if match.template else FrozenTemplate()
        problem = _problem(candidacy, match)
        return cls.objects.create(
            organization=organization,
            opportunity_id=candidacy.opportunity_id,
            is_by_hand=candidacy.is_by_hand,
            contact_id=candidacy.contact_id,
            posting_id=candidacy.posting_id,
            profile_url=candidacy.url[:300],
            entered_at_ms=candidacy.entered_at_ms,
            candidate_name=candidacy.candidate_name[:160],
            candidate_email=candidacy.candidate_email,
            candidate_phone=candidacy.candidate_phone,
            language=frozen.language,
            position=(frozen.position or candidacy.position)[:160],
            owner_name=candidacy.owner_name[:160],
            owner_email=candidacy.owner_email.lower(),
            template=match.template,
            frozen_template=frozen.as_json(),
            survey_version=SurveyVersion.objects.behind(frozen),
            is_private=frozen.is_private,
            match_reason=match.reason,
            is_ambiguous=match.is_ambiguous,
            status=cls.Status.ERROR if problem else cls.Status.SUBMITTED,
            problem=problem,
            created_at=now,
            due_at=now + timedelta(days=frozen.days_until_overdue),
            conclude_at=None if problem else concluding.day_of(frozen, now),
            expires_at=now + timedelta(days=frozen.days_until_expired),
            token_expires_at=now + timedelta(days=frozen.days_until_expired + 30),
            ended_at=now if problem else None,
        )

    def _invite(self, now: datetime) -> None:
        self.invitation = writing.write(Moment.CANDIDATE_REQUEST, self, now, key=f"check:{self.pk}:request")
        self.remind_at = self.turn_after(0, now)
        self.save(update_fields=["invitation", "remind_at"])

    # --- its candidate, as one who is reminded ------------------------------------------------------

    @property
    def of_check(self) -> "Check":
        return self

    @property
    def as_reference(self) -> None:
        return None

    @property
    def topic(self) -> str:
        """What messages about this check are filed under."""
        return f"check:{self.pk}"

    @property
    def address(self) -> str:
        return self.candidate_email

    @property
    def asked_since(self) -> datetime:
        return self.created_at

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.organization.time_zone)

    # --- moving on ----------------------------------------------------------------------------------

    def hold(self) -> None:
        """Lock the check to the end of the transaction, and see it as it is now: two answers at once count as two."""
        fresh = Check.objects.select_for_update().get(pk=self.pk)
        self.status, self.is_overdue = fresh.status, fresh.is_overdue

    def follow(self, now: datetime) -> None:
        """After a reference moved: complete when enough have answered, else tell how far it is."""
        if concluding.is_enough(self, now):
            self.complete(now)
        else:
            looking.look(self, now)
            self.announce(now)

    def come_to_its_day(self, now: datetime) -> bool:
        """The day has come from which fewer than all may do; False when too few are in, or it had come before."""
        with transaction.atomic():
            self.hold()
            if not Check.objects.filter(pk=self.pk).to_conclude(now).update(conclude_at=None):
                return False
            return concluding.is_enough(self, now) and self.complete(now)

    def complete(self, now: datetime, by: User | None = None, why: str = "") -> bool:
        """End with a report of what is in; who has not answered is not waited for any more. `why` as in `cancel`."""
        with transaction.atomic():
            if not self._move(Check.Status.AWAITING, Check.Status.COMPLETED, completed_at=now, ended_at=now):
                return False
            looking.look(self, now)
            self._release(now)
            self.keep_report()
            self.record("concluded" if by else "completed", now, user=by, detail=why)
            self._tell_staff(now)
            Outcome.of(self).begin(now)
            self.announce(now)
        return True

    def keep_report(self) -> None:
        """Make the report of what is in, as may be shown; anew when answers were taken back, or a name put right."""
        self.report_data = report.to_keep(self).as_json()
        self.save(update_fields=["report_data"])

    def _tell_staff(self, now: datetime) -> None:
        """Those who want to know that the report can be read."""
        frozen = self.frozen
        if frozen.tells_hiring_manager and readership.may_be_told(self, frozen.hiring_manager_email):
            writing.write(Moment.MANAGER_TOLD, self, now, key=f"check:{self.pk}:manager{self.again}")
        if frozen.tells_owner and readership.may_be_told(self, self.owner_email):
            writing.write(Moment.OWNER_TOLD, self, now, key=f"check:{self.pk}:owner{self.again}")

    def cancel(self, now: datetime, by: User | None = None, why: str = "") -> bool:
        """Stop without a report. `why` is a word that `checks/timeline.py` has a sentence for: "archived"."""
        return self._end(Check.Status.CANCELED, "canceled", now, by, why)

    def expire(self, now: datetime) -> bool:
        """Its time is over: with answers it is concluded from them, without any it expires."""
        with transaction.atomic():
            self.hold()  # an answer that comes at this moment is in before we count, or too late
            if self.counts()[0]:
                return self.complete(now)
            return self._end(Check.Status.EXPIRED, "expired", now, None)

    def _end(self, status: str, kind: str, now: datetime, by: User | None, why: str = "") -> bool:
        with transaction.atomic():
            if not self._move(LIVE, status, ended_at=now):
                return False
            self._release(now)
            self.shares.all().revoke(now)  # of a report that was opened again
            self.record(kind, now, user=by, detail=why)
            self.announce(now)
        return True

    def _release(self, now: datetime) -> None:
        """Tell those who were asked that it is no longer needed. Mails that wait for the candidate are not, either."""
        Message.objects.about(self.topic).cancel(now)
        self.visits.all().delete()
        for reference in self.references.open().in_order():
            reference.release(now)

    def erase(self, now: datetime, by: User | None = None, why: str = "") -> bool:
        """Forget everybody; False when that was done before. A check on its way is canceled, and those asked are told.

        `why` as in `cancel`: "deleted" in the ATS, "asked" by the candidate, "kept" for long enough.

        That there was a check stays: its dates, its state, its template, and how many were asked and answered.
        """
        with transaction.atomic():
            if not Check.objects.filter(pk=self.pk).not_erased().update(erased_at=now):
                return False
            if why == "deleted":
                self.erased_at = now  # before it is canceled: the ATS has nobody to be told about any more
            self.cancel(now, by)
            self.erased_at = now
            erasing.forget(self, now)
            self.record("erased", now, user=by, detail=why)
            self.announce(now)
        return True

    def become_overdue(self, now: datetime) -> bool:
        with transaction.atomic():
            if not Check.objects.filter(pk=self.pk).overdue_at(now).update(is_overdue=True):
                return False
            self.is_overdue = True
            self.record("overdue", now)
            if self.frozen.tells_owner:
                writing.write(Moment.OWNER_OVERDUE, self, now, key=f"check:{self.pk}:overdue{self.again}")
            self.announce(now)
        return True

    def lose_the_candidate(self, now: datetime) -> bool:
        """The mail to the candidate was refused for good: nothing can go on."""
        with transaction.atomic():
            if not self._move(Check.Status.SUBMITTED, Check.Status.ERROR, problem=Check.Problem.REFUSED, ended_at=now):
                return False
            Message.objects.about(self.topic).cancel(now)
            self.visits.all().delete()
            self.record("refused", now)
            self.announce(now)
        return True

    def note_opening(self, user: User, now: datetime) -> None:
        """Who has read the report, once each."""
        Event.objects.bulk_create([Event(for_check=self, kind="opened", at=now, user=user)], ignore_conflicts=True)

    def _move(self, sources: str | Sequence[str], target: str, **fields: Any) -> bool:
        """Change the status by compare-and-set; False when it is no longer where we thought."""
        allowed = [sources] if isinstance(sources, str) else list(sources)
        # Whatever it is: the candidate need not be reminded, and what was typed and not sent is not needed any more.
        changes = {"status": target, "remind_at": None, "draft": {}, "drafted_at": None, **fields}
        if target not in LIVE:
            changes["conclude_at"] = None
        if not Check.objects.filter(pk=self.pk, status__in=allowed).update(**changes):
            return False
        for name, value in changes.items():
            setattr(self, name, value)
        return True

    def record(
        self,
        kind: str,
        now: datetime,
        *,
        reference: Reference | None = None,
        user: User | None = None,
        detail: str = "",
    ) -> None:
        self.events.create(kind=kind, at=now, reference=reference, user=user, detail=detail)

    def announce(self, now: datetime) -> None:
        signals.check_moved.send(sender=Check, check=self, now=now)


def _problem(candidacy: Candidacy, match: Match) -> str:
    if match.template is None or not match.template.requests.exists():
        return Check.Problem.NO_TEMPLATE
    if not candidacy.candidate_email:
        return Check.Problem.NO_EMAIL
    if not candidacy.may_contact:
        return Check.Problem.NO_CONTACT
    return ""
