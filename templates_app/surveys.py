"""Surveys: the questions as they are being worked on, and the versions that were published."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from itertools import count
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Organization, User
from accounts.querysets import OrganizationQuerySet
from templates_app.frozen import FrozenQuestion, FrozenTemplate, question_from_json
from templates_app.kinds import STANDARD, Fact, Kind, Language, Look, Relationship


class SurveyQuerySet(OrganizationQuerySet["Survey"]):
    def published(self) -> Self:
        return self.filter(version__gt=0)


class Survey(models.Model):
    """A list of questions that a reference answers. Its rows are a draft; the version published last is asked."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="surveys")
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    language = models.CharField(
        _("language"),
        max_length=5,
        choices=Language,
        default=Language.ENGLISH,
        help_text=_("In which the questions are written. Translations stand beside them."),
    )
    evidence = models.TextField(
        _("why these questions"),
        blank=True,
        help_text=_("Sources and reasons, for colleagues. Candidates and references do not see it."),
    )
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    has_changes = models.BooleanField(_("unpublished changes"), default=True, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = SurveyQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version", "has_changes", "updated_at"])

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

    def drafted(self) -> tuple[FrozenQuestion, ...]:
        """The questions as they are being worked on."""
        return tuple(question.freeze() for question in self.questions.order_by("position", "pk"))

    def published(self) -> tuple[FrozenQuestion, ...]:
        """The questions as a check that begins now asks them; none before the first publication."""
        newest = self.versions.order_by("-number").first()
        return newest.questions if newest else ()

    def note_changes(self) -> bool:
        """Whether the draft differs from what is published, kept for the lists."""
        self.has_changes = self.drafted() != self.published()
        Survey.objects.filter(pk=self.pk).update(has_changes=self.has_changes)
        return self.has_changes

    def publish(self, now: datetime, by: User | None = None) -> "SurveyVersion | None":
        """From now on checks that begin ask the draft. None when that is what they ask already, or nothing is there."""
        with transaction.atomic():
            Survey.objects.select_for_update().get(pk=self.pk)
            if not self.note_changes() or not self.questions.exists():
                return None
            newest: int = self.versions.aggregate(newest=Max("number"))["newest"] or 0
            version: SurveyVersion = self.versions.create(
                number=newest + 1,
                content=[question.as_json() for question in self.drafted()],
                published_at=now,
                published_by=by,
            )
            self.version, self.has_changes = version.number, False
            Survey.objects.filter(pk=self.pk).update(version=version.number, has_changes=False)
        return version

    def take_up(self, version: "SurveyVersion") -> None:
        """Make the draft what it was in an earlier version."""
        with transaction.atomic():
            Survey.objects.select_for_update().get(pk=self.pk)
            reasons = {question.key: question.evidence for question in self.questions.all()}
            for question in self.questions.all():  # one by one, for their history
                question.delete()
            for position, frozen in enumerate(version.questions, start=1):
                question = Question.thawed(frozen, self, position)
                question.evidence = reasons.get(question.key, "")
                question.save()
            self.note_changes()

    def duplicate(self) -> "Survey":
        """A copy of the draft, not published yet."""
        with transaction.atomic():
            copy = Survey.objects.get(pk=self.pk)
            copy.pk, copy._state.adding = None, True
            copy.name, copy.version, copy.has_changes = name_for_a_copy(self), 0, True
            copy.save()
            for question in self.questions.order_by("position", "pk"):
                question.pk, question._state.adding, question.survey = None, True, copy
                question.save()
        return copy


def name_for_a_copy(row: Any) -> str:
    """One that no other row of this kind has in the organization."""
    names = set(type(row).objects.filter(organization=row.organization_id).values_list("name", flat=True))
    numbered = (_("%(name)s, copy %(number)d") % {"name": row.name[:100], "number": n} for n in count(1))
    return next(str(name) for name in numbered if name not in names)


class SurveyVersionQuerySet(OrganizationQuerySet["SurveyVersion"]):
    to_organization = "survey__organization"

    def behind(self, frozen: FrozenTemplate) -> "SurveyVersion | None":
        """The edition that a template was frozen with."""
        return self.filter(survey=frozen.survey_id, number=frozen.survey_version).first() if frozen.survey_id else None


class SurveyVersion(models.Model):
    """The questions as they were published, never changed. `content` is a list of `FrozenQuestion.as_json`."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(default=list)
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))

    objects = SurveyVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="templates_app_version_number_once")]

    def __str__(self) -> str:
        return f"{self.survey}, {self.number}"

    @cached_property
    def questions(self) -> tuple[FrozenQuestion, ...]:
        return tuple(question_from_json(each) for each in self.content)


class QuestionQuerySet(OrganizationQuerySet["Question"]):
    to_organization = "survey__organization"


class Question(models.Model):
    """One question of a survey, about what the reference has seen of the candidate's work."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    section = models.CharField(
        _("section"),
        max_length=80,
        blank=True,
        help_text=_("A heading above the questions that name the same section, one after another."),
    )
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
    fact = models.CharField(_("fact"), max_length=10, choices=Fact, blank=True)
    is_required = models.BooleanField(_("required"), default=True)
    may_be_unobserved = models.BooleanField(
        _("may be unobserved"), default=True, help_text=_("Offers “I did not see this” on a scale.")
    )
    reason_label = models.CharField(
        _("asks for a reason"), max_length=120, blank=True, help_text=_("Such as: Why? Empty asks for none.")
    )
    relationships = models.JSONField(_("asked of"), default=list, blank=True, help_text=_("Empty: everybody."))
    shown_if = models.SlugField(
        _("only after"),
        max_length=60,
        blank=True,
        help_text=_("The key of an earlier question. This one is asked only after certain answers to it."),
    )
    shown_for = models.JSONField(
        _("after these answers"),
        default=list,
        blank=True,
        help_text=_("Of a scale the number of the step, from 1; of yes or no: yes, unsure, no; else the answer."),
    )
    # Language -> the texts in it: {"de": {"text": "…", "help": "…", "labels": ["…"], "reason_label": "…"}}
    translations = models.JSONField(_("translations"), default=dict, blank=True)
    evidence = models.TextField(_("why this question"), blank=True)

    objects = QuestionQuerySet.as_manager()
    history = HistoricalRecords()

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
        if found := {name: problem for name, problem in self._problems() if problem}:
            raise ValidationError(found)

    def _problems(self) -> Iterator[tuple[str, Any]]:
        yield "labels", self._labels_problem()
        yield "translations", self._translations_problem()
        if self.kind == Kind.SCALE and not self.competency:
            yield "competency", _("A scale needs a competency: the report names it so.")
        if self.kind == Kind.FACT and not self.fact:
            yield "fact", _("Say which fact is to be confirmed.")
        known = set(dict(Relationship.named()))
        if not _is_list_of_texts(self.relationships) or not set(self.relationships) <= known:
            yield "relationships", _("Name relationships by their short words, such as manager or peer.")
        if not _is_list_of_texts(self.shown_for) or bool(self.shown_for) != bool(self.shown_if):
            yield "shown_for", _("Name the earlier question and the answers after which this one is asked, or neither.")

    def _labels_problem(self) -> Any:
        if not _is_list_of_texts(self.labels):
            return _("The answers are a list of texts.")
        standard = STANDARD.get(Look(self.look), ()) if self.kind == Kind.SCALE and self.look in Look.values else ()
        if self.look == Look.BANDS and standard and len(self.labels) not in (0, len(standard)):
            return _("Bands have five answers, from the bottom up.")
        is_list = self.kind in (Kind.SCALE, Kind.CHOICE, Kind.CHOICES, Kind.FORCED)
        if is_list and len(self.labels) < 2 and not (standard and not self.labels):
            return _("Give at least two answers.")
        if len(set(self.labels)) < len(self.labels):
            return _("Two answers are the same.")
        return None

    def _translations_problem(self) -> Any:
        if not isinstance(self.translations, dict):
            return _("Translations go by language.")
        for language, texts in self.translations.items():
            if language not in Language.values or not isinstance(texts, dict):
                return _("A translation goes by one of: %(known)s.") % {"known": ", ".join(Language.values)}
            labels = texts.get("labels", [])
            if not _is_list_of_texts(labels) or (labels and len(labels) != len(self.labels)):
                return _("A translation has as many answers as the question.")
        return None

    def freeze(self) -> FrozenQuestion:
        with translation.override("en"):  # the standard words are kept in one language, whoever publishes
            standard = tuple(str(label) for label in STANDARD.get(Look(self.look), ()))
        labels = self.labels or (standard if self.kind == Kind.SCALE else ())
        return FrozenQuestion(
            key=self.key,
            kind=self.kind,
            text=self.text,
            help=self.help,
            section=self.section,
            competency=self.competency,
            labels=tuple(labels),
            look=self.look,
            fact=self.fact,
            is_required=self.is_required,
            may_be_unobserved=self.may_be_unobserved and self.kind == Kind.SCALE,
            reason_label=self.reason_label,
            relationships=tuple(self.relationships),
            shown_if=self.shown_if,
            shown_for=tuple(self.shown_for),
            translations=dict(self.translations),
        )

    @classmethod
    def thawed(cls, frozen: FrozenQuestion, survey: Survey, position: int) -> "Question":
        """An unsaved row that freezes to the same."""
        fields: Mapping[str, Any] = {
            name: list(value) if isinstance(value, tuple) else value for name, value in vars(frozen).items()
        }
        return cls(survey=survey, position=position, **fields)


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)
