from itertools import count
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from accounts.querysets import OrganizationQuerySet
from templates_app.frozen import FrozenQuestion, FrozenRequest, FrozenTemplate
from templates_app.kinds import COMPARATIVE, Kind, Look, Relationship


class Survey(models.Model):
    """A list of questions that a reference answers."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="surveys")
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    version = models.PositiveIntegerField(
        _("version"), default=1, editable=False, help_text=_("Counts up when the questions change.")
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = OrganizationQuerySet["Survey"].as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="templates_app_survey_name_once",
                violation_error_message=_("There is a survey of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class QuestionQuerySet(OrganizationQuerySet["Question"]):
    to_organization = "survey__organization"


class Question(models.Model):
    """One question of a survey, about what the reference has seen of the candidate's work."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    key = models.SlugField(_("key"), max_length=60, help_text=_("Stays the same when the words change."))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text = models.CharField(_("question"), max_length=300, help_text=_("{name} stands for the candidate’s first name."))
    help = models.CharField(_("help"), max_length=300, blank=True)
    competency = models.CharField(
        _("competency"),
        max_length=80,
        blank=True,
        help_text=_("What the report calls it. A scale needs one."),
    )
    labels = models.JSONField(
        _("answers"),
        default=list,
        blank=True,
        help_text=_("The words of a scale from the bottom up, or the answers to choose from."),
    )
    look = models.CharField(_("look"), max_length=10, choices=Look, default=Look.WORDS)
    is_required = models.BooleanField(_("required"), default=True)
    may_be_unobserved = models.BooleanField(
        _("may be unobserved"), default=True, help_text=_("Offers “I did not see this” on a scale.")
    )
    reason_label = models.CharField(
        _("asks for a reason"), max_length=120, blank=True, help_text=_("Such as: Why? Empty asks for none.")
    )
    relationships = models.JSONField(_("asked of"), default=list, blank=True, help_text=_("Empty: everybody."))

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "key"],
                name="templates_app_question_key_once",
                violation_error_message=_("Another question of this survey has this key."),
            )
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        problems = {
            "labels": self._labels_problem(),
            "competency": _("A scale needs a competency: the report names it so.")
            if self.kind == Kind.SCALE and not self.competency
            else None,
            "relationships": None
            if _is_list_of_texts(self.relationships) and set(self.relationships) <= set(dict(Relationship.named()))
            else _("Name relationships by their short words, such as manager or peer."),
        }
        if found := {name: problem for name, problem in problems.items() if problem}:
            raise ValidationError(found)

    def _labels_problem(self) -> Any:
        if not _is_list_of_texts(self.labels):
            return _("The answers are a list of texts.")
        needed = {Kind.SCALE: 2, Kind.CHOICE: 2}.get(Kind(self.kind), 0) if self.kind in Kind.values else 0
        if self.kind == Kind.SCALE and self.look == Look.BANDS and len(self.labels) not in (0, len(COMPARATIVE)):
            return _("Bands have five answers, from the bottom up.")
        if len(self.labels) < needed and not (self.kind == Kind.SCALE and self.look == Look.BANDS):
            return _("Give at least two answers.")
        if len(set(self.labels)) < len(self.labels):
            return _("Two answers are the same.")
        return None

    def freeze(self) -> FrozenQuestion:
        labels = self.labels or (COMPARATIVE if self.kind == Kind.SCALE and self.look == Look.BANDS else ())
        return FrozenQuestion(
            key=self.key,
            kind=self.kind,
            text=self.text,
            help=self.help,
            competency=self.competency,
            labels=tuple(labels),
            look=self.look,
            is_required=self.is_required,
            may_be_unobserved=self.may_be_unobserved and self.kind == Kind.SCALE,
            reason_label=self.reason_label,
            relationships=tuple(self.relationships),
        )


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)


class ReferenceTemplateQuerySet(OrganizationQuerySet["ReferenceTemplate"]):
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
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ReferenceTemplateQuerySet.as_manager()

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

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.ats_tag = self.ats_tag.strip().lower()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        self.ats_tag = self.ats_tag.strip().lower()
        if self.survey_id and self.organization_id and self.survey.organization_id != self.organization_id:
            raise ValidationError({"survey": _("This survey belongs to another organization.")})

    def duplicate(self) -> "ReferenceTemplate":
        """A copy that asks the same people the same questions. It has no tag: two of one tag would compete."""
        with transaction.atomic():
            copy = ReferenceTemplate.objects.get(pk=self.pk)
            copy.pk, copy._state.adding = None, True
            copy.name, copy.ats_tag, copy.is_default = self._name_for_a_copy(), "", False
            copy.save()
            for request in self.requests.order_by("position", "pk"):
                copy.requests.create(position=request.position, relationship=request.relationship, note=request.note)
        return copy

    def _name_for_a_copy(self) -> str:
        names = set(ReferenceTemplate.objects.filter(organization=self.organization_id).values_list("name", flat=True))
        numbered = (_("%(name)s, copy %(number)d") % {"name": self.name[:100], "number": n} for n in count(1))
        return next(name for name in numbered if name not in names)

    def make_default(self) -> None:
        """From now on this one is used where no tag matches, and no other."""
        with transaction.atomic():
            Organization.objects.select_for_update().get(pk=self.organization_id)
            ReferenceTemplate.objects.filter(organization=self.organization_id, is_default=True).update(
                is_default=False
            )
            self.is_default = True
            self.save(update_fields=["is_default", "updated_at"])

    def freeze(self) -> FrozenTemplate:
        """The template and its survey as they are now."""
        requests = self.requests.order_by("position", "pk")
        return FrozenTemplate(
            name=self.name,
            tag=self.ats_tag,
            position=self.position,
            survey=self.survey.name,
            survey_version=self.survey.version,
            minimum=self.minimum,
            days_until_overdue=self.days_until_overdue,
            days_until_expired=self.days_until_expired,
            hiring_manager_name=self.hiring_manager_name,
            hiring_manager_email=self.hiring_manager_email,
            requests=tuple(FrozenRequest(request.relationship, request.note) for request in requests),
            questions=tuple(q.freeze() for q in self.survey.questions.order_by("position", "pk")),
        )


class RequestedReferenceQuerySet(OrganizationQuerySet["RequestedReference"]):
    to_organization = "template__organization"


class RequestedReference(models.Model):
    """One person whom the candidate is asked to name."""

    template = models.ForeignKey(ReferenceTemplate, models.CASCADE, related_name="requests")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    relationship = models.CharField(_("relationship"), max_length=12, choices=Relationship, default=Relationship.ANY)
    note = models.CharField(
        _("note"), max_length=300, blank=True, help_text=_("The candidate reads it beside this reference.")
    )

    objects = RequestedReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("requested reference")
        verbose_name_plural = _("requested references")

    def __str__(self) -> str:
        return str(self.get_relationship_display())
