from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Organization
from accounts.querysets import OrganizationQuerySet
from templates_app.frozen import FrozenRequest, FrozenTemplate
from templates_app.kinds import CandidateReads, Confidentiality, Language, Relationship
from templates_app.notices import CustomNotification
from templates_app.surveys import Question, Survey, SurveyVersion, name_for_a_copy
from templates_app.tags import kept

__all__ = ["CustomNotification", "Question", "ReferenceTemplate", "RequestedReference", "Survey", "SurveyVersion"]


class ReferenceTemplateQuerySet(OrganizationQuerySet["ReferenceTemplate"]):
    def in_use(self) -> Self:
        """Those that jobs can get."""
        return self.filter(is_archived=False)

    def in_order(self) -> Self:
        """The order in which templates win when several match: priority, then name."""
        return self.order_by("priority", "name", "pk")

    def with_counts(self) -> Self:
        return self.annotate(request_count=Count("requests", distinct=True))


class ReferenceTemplate(models.Model):
    """Which references to collect for a kind of job, and what to ask them. A job's tag in Lever chooses it."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="reference_templates")
    name = models.CharField(_("name"), max_length=120)
    ats_tag = models.CharField(
        _("ATS tag"),
        max_length=100,
        blank=True,
        help_text=_("A job in Lever with the same tag gets this template. Kept in lower case."),
    )
    description = models.TextField(_("description"), blank=True)
    priority = models.PositiveSmallIntegerField(
        _("priority"), default=100, help_text=_("When several templates match, the lowest number wins.")
    )
    is_default = models.BooleanField(
        _("default"), default=False, help_text=_("Used for jobs whose tags match no template.")
    )
    position = models.CharField(
        _("position"), max_length=120, blank=True, help_text=_("Empty: the job’s title as Lever has it.")
    )
    survey = models.ForeignKey(Survey, models.PROTECT, related_name="templates", verbose_name=_("survey"))
    minimum = models.PositiveSmallIntegerField(
        _("enough to conclude"),
        default=0,
        help_text=_("This many answers complete the check. 0 waits for all."),
    )
    concludes_after_days = models.PositiveSmallIntegerField(
        _("concludes by itself after"),
        default=0,
        null=True,
        blank=True,
        validators=[MaxValueValidator(365)],
        help_text=_(
            "Days since it began, as soon as enough is in; the others are told that they are not needed any more. "
            "0 concludes at once, empty never by itself."
        ),
    )
    days_until_overdue = models.PositiveSmallIntegerField(
        _("days until overdue"), default=7, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    days_until_expired = models.PositiveSmallIntegerField(
        _("days until it ends by itself"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
    )
    hiring_manager_name = models.CharField(_("hiring manager"), max_length=120, blank=True)
    hiring_manager_email = models.EmailField(_("hiring manager’s e-mail"), blank=True)
    tells_hiring_manager = models.BooleanField(
        _("tell the hiring manager"), default=False, help_text=_("A mail with a link to the report on completion.")
    )
    tells_owner = models.BooleanField(
        _("tell the owner"),
        default=False,
        help_text=_("A mail to the opportunity’s owner in Lever on completion, and when the check is overdue."),
    )
    asks_candidate = models.BooleanField(
        _("self-assessment"),
        default=False,
        help_text=_("The candidate may answer the same questions about themselves. The report shows it beside."),
    )
    language = models.CharField(
        _("language"),
        max_length=5,
        choices=Language,
        default=Language.ENGLISH,
        help_text=_("Of what we write, where we do not know the reader’s own."),
    )
    sends_texts = models.BooleanField(
        _("text messages as well"), default=False, help_text=_("Only to people who gave a number.")
    )
    reminders_at_most = models.PositiveSmallIntegerField(
        _("reminders at most"), default=3, validators=[MaxValueValidator(3)], help_text=_("0 sends none.")
    )
    first_reminder_hours = models.PositiveSmallIntegerField(
        _("first reminder after"),
        default=24,
        validators=[MinValueValidator(12), MaxValueValidator(720)],
        help_text=_("Hours since the invitation."),
    )
    next_reminder_hours = models.PositiveSmallIntegerField(
        _("further reminders after"),
        default=48,
        validators=[MinValueValidator(24), MaxValueValidator(720)],
        help_text=_("Hours since the reminder before."),
    )
    only_office_hours = models.BooleanField(
        _("only in office hours"),
        default=True,
        help_text=_("Reminders leave on weekdays between 9 and 17, where the receiver is."),
    )
    confidentiality = models.CharField(
        _("what readers see"),
        max_length=12,
        choices=Confidentiality,
        default=Confidentiality.NAMED,
        help_text=_("References are told before they answer. A check keeps what was promised when it began."),
    )
    candidate_reads = models.CharField(
        _("candidates may read it"),
        max_length=12,
        choices=CandidateReads,
        default=CandidateReads.NO,
        help_text=_("References are told before they answer."),
    )
    is_private = models.BooleanField(
        _("private reports"),
        default=False,
        help_text=_("Only the owner, the hiring manager and people named on the check read the report."),
    )
    is_archived = models.BooleanField(_("archived"), default=False, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ReferenceTemplateQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["updated_at"])

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="templates_app_template_name_once",
                violation_error_message=_("There is a template of this name already."),
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(is_default=True),
                name="templates_app_one_default",
                violation_error_message=_("Another template is the default already."),
            ),
        ]
        indexes = [models.Index(fields=["organization", "ats_tag"], name="templates_app_template_tag")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.ats_tag = kept(self.ats_tag)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.ats_tag = kept(self.ats_tag)
        if self.survey_id and self.organization_id and self.survey.organization_id != self.organization_id:
            raise ValidationError({"survey": _("This survey belongs to another organization.")})

    def duplicate(self) -> "ReferenceTemplate":
        """A copy that asks the same people the same questions. It has no tag: two of one tag would compete."""
        with transaction.atomic():
            copy = ReferenceTemplate.objects.get(pk=self.pk)
            copy.pk, copy._state.adding = None, True
            copy.name, copy.ats_tag, copy.is_default, copy.is_archived = name_for_a_copy(self), "", False, False
            copy.save()
            copies: tuple[Any, ...] = (*self.requests.order_by("position", "pk"), *self.notifications.all())
            for row in copies:
                row.pk, row._state.adding, row.template = None, True, copy
                row.save()
        return copy

    def make_default(self) -> None:
        """From now on this one is used where no tag matches, and no other."""
        with transaction.atomic():
            self.take_over()
            self.save(update_fields=["is_default", "updated_at"])

    def take_over(self) -> "ReferenceTemplate | None":
        """Become the default without being saved yet, and return the one that was. Needs a transaction around it."""
        Organization.objects.select_for_update().get(pk=self.organization_id)
        defaults = ReferenceTemplate.objects.filter(organization=self.organization_id, is_default=True)
        before = defaults.exclude(pk=self.pk).first()
        if before:
            before.is_default = False
            before.save(update_fields=["is_default", "updated_at"])
        self.is_default = True
        return before

    def archive(self) -> bool:
        """No job gets it any more, and its tag is free for another; its checks keep it. False when it was before."""
        with transaction.atomic():
            Organization.objects.select_for_update().get(pk=self.organization_id)
            self.refresh_from_db()
            if self.is_archived:
                return False
            self.is_archived, self.is_default = True, False
            self.save(update_fields=["is_archived", "is_default", "updated_at"])
        return True

    def restore(self) -> bool:
        """Back into use; False when it is."""
        with transaction.atomic():
            self.refresh_from_db()
            if not self.is_archived:
                return False
            self.is_archived = False
            self.save(update_fields=["is_archived", "updated_at"])
        return True

    def freeze(self) -> FrozenTemplate:
        """The template as it is now, with its survey as it was published last."""
        requests = [
            each.freeze() for each in self.requests.order_by("position", "pk") for _each in range(each.how_many)
        ]
        return FrozenTemplate(
            name=self.name,
            tag=self.ats_tag,
            position=self.position,
            survey=self.survey.name,
            survey_version=self.survey.version,
            survey_id=self.survey_id,
            survey_language=self.survey.language,
            minimum=self.minimum,
            concludes_after_days=self.concludes_after_days,
            days_until_overdue=self.days_until_overdue,
            days_until_expired=self.days_until_expired,
            hiring_manager_name=self.hiring_manager_name,
            hiring_manager_email=self.hiring_manager_email,
            tells_hiring_manager=self.tells_hiring_manager,
            tells_owner=self.tells_owner,
            asks_candidate=self.asks_candidate,
            sends_texts=self.sends_texts,
            language=self.language,
            reminders_at_most=self.reminders_at_most,
            first_reminder_hours=self.first_reminder_hours,
            next_reminder_hours=self.next_reminder_hours,
            only_office_hours=self.only_office_hours,
            confidentiality=self.confidentiality,
            candidate_reads=self.candidate_reads,
            is_private=self.is_private,
            requests=tuple(requests),
            questions=self.survey.published(),
        )


class RequestedReferenceQuerySet(OrganizationQuerySet["RequestedReference"]):
    to_organization = "template__organization"


class RequestedReference(models.Model):
    """One or several people alike whom the candidate is asked to name."""

    template = models.ForeignKey(ReferenceTemplate, models.CASCADE, related_name="requests")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    relationship = models.CharField(_("relationship"), max_length=12, choices=Relationship, default=Relationship.ANY)
    note = models.CharField(
        _("note"), max_length=300, blank=True, help_text=_("The candidate reads it beside this reference.")
    )

    how_many = models.PositiveSmallIntegerField(
        _("how many"), default=1, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    recent_years = models.PositiveSmallIntegerField(
        _("within so many years"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("They must have worked together within so many years. Empty: whenever it was."),
    )
    is_needed = models.BooleanField(
        _("must answer"),
        default=False,
        help_text=_("A check does not conclude by itself before these have answered."),
    )

    objects = RequestedReferenceQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("requested reference")
        verbose_name_plural = _("requested references")

    def __str__(self) -> str:
        return str(self.get_relationship_display())

    def freeze(self) -> FrozenRequest:
        return FrozenRequest(self.relationship, self.note, self.recent_years, self.is_needed)
