"""What one organization has, what a file brings it, and how the one becomes the other."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organization
from templates_app.kinds import Relationship
from templates_app.models import Question, ReferenceTemplate, Survey
from templates_app.packs.comparing import (
    question_differences,
    questions_of,
    survey_differences,
    template_differences,
)
from templates_app.packs.entries import Remark, suggestion
from templates_app.packs.fields import SURVEY, TEMPLATE
from templates_app.packs.reading import Pack, PackedSurvey, PackedTemplate


class Holding:
    """The surveys and templates of an organization, here and in the file. One that is not saved has nothing here."""

    def __init__(self, organization: Organization, packs: Iterable[Pack], replace: bool) -> None:
        self.organization = organization
        self.replace = replace
        packs = list(packs)
        self.packed_surveys = [survey for pack in packs for survey in pack.surveys]
        self.packed_templates = [template for pack in packs for template in pack.templates]
        own = {"organization_id": organization.pk}
        self.surveys = {survey.name: survey for survey in Survey.objects.filter(**own)}
        templates = ReferenceTemplate.objects.filter(**own).select_related("survey")
        self.templates = {template.name: template for template in templates}

    # --- what stands in the way ---------------------------------------------------------------------

    def problems(self) -> Iterator[Remark]:
        yield from _twice(self.packed_surveys)
        yield from _twice(self.packed_templates)
        yield from self._second_defaults()
        yield from self._unasked()
        if not self.replace:
            yield from self._differences()

    def _second_defaults(self) -> Iterator[Remark]:
        """There is one default: in the file, and beside what the file leaves alone."""
        defaults = [packed for packed in self.packed_templates if packed.template.is_default]
        for packed in defaults[1:]:
            words = {"name": defaults[0].name, "line": defaults[0].entry.line}
            text = _("default: “%(name)s” on line %(line)d is the default already.")
            yield Remark(packed.entry.line_of("default"), text % words)
        mentioned = {packed.name for packed in self.packed_templates}
        for here in self.templates.values():
            if defaults and here.is_default and here.name not in mentioned and not self.replace:
                text = _("default: “%(name)s” is the default already. With --replace this template takes over.")
                yield Remark(defaults[0].entry.line_of("default"), text % {"name": here.name})

    def _unasked(self) -> Iterator[Remark]:
        """Every template has a survey, and the survey a question for everybody whom the template asks."""
        questions = {name: questions_of(survey) for name, survey in self.surveys.items()}
        questions |= {packed.name: list(packed.questions) for packed in self.packed_surveys}
        for packed in self.packed_templates:
            if packed.survey_name in questions:
                yield from _without_questions(packed, questions[packed.survey_name])
            elif packed.survey_name:
                text = _("survey: there is no survey “%(name)s”, neither here nor in the file.")
                guess = suggestion(packed.survey_name, questions)
                yield Remark(packed.entry.line_of("survey"), text % {"name": packed.survey_name} + guess)

    def _differences(self) -> Iterator[Remark]:
        for survey in self.packed_surveys:
            if survey.name in self.surveys:
                text = _("The survey “%(name)s” is here already and differs: %(differences)s.")
                yield from _refusal(text, survey, survey_differences(self.surveys[survey.name], survey))
        for template in self.packed_templates:
            if template.name in self.templates:
                text = _("The template “%(name)s” is here already and differs: %(differences)s.")
                yield from _refusal(text, template, template_differences(self.templates[template.name], template))

    # --- change -------------------------------------------------------------------------------------

    def change(self) -> Iterator[str]:
        """Put in what the file brings; a sentence for each thing that was not so before."""
        if self.organization._state.adding:
            self.organization.save()
            yield _("a new organization")
        for survey in self.packed_surveys:
            known = survey.name in self.surveys
            yield from self._replace_survey(survey) if known else self._add_survey(survey)
        yield from self._hand_over_default()
        for template in self.packed_templates:
            known = template.name in self.templates
            yield from self._replace_template(template) if known else self._add_template(template)

    def _add_survey(self, packed: PackedSurvey) -> Iterator[str]:
        packed.survey.organization = self.organization
        packed.survey.save()
        _write_questions(packed.survey, packed.questions)
        packed.survey.publish(timezone.now())
        self.surveys[packed.name] = packed.survey
        count = len(packed.questions)
        text = ngettext(
            "survey “%(name)s”: new, %(count)d question", "survey “%(name)s”: new, %(count)d questions", count
        )
        yield text % {"name": packed.name, "count": count}

    def _replace_survey(self, packed: PackedSurvey) -> Iterator[str]:
        here = self.surveys[packed.name]
        if not (differences := survey_differences(here, packed)):
            return
        text = _("survey “%(name)s”: changed (%(differences)s)")
        SURVEY.copy(packed.survey, here)
        if question_differences(questions_of(here), packed.questions):
            here.questions.all().delete()
            _write_questions(here, packed.questions)
            here.publish(timezone.now())
            text = _("survey “%(name)s”: changed (%(differences)s), now version %(version)d")
        here.save()
        yield text % {"name": here.name, "version": here.version, "differences": "; ".join(differences)}

    def _hand_over_default(self) -> Iterator[str]:
        """The old default steps back before the new one is saved: the database never holds two."""
        new = {packed.name for packed in self.packed_templates if packed.template.is_default}
        for here in self.templates.values():
            if new and here.is_default and here.name not in new:
                here.is_default = False
                here.save(update_fields=["is_default"])
                yield _("template “%(name)s”: no longer the default") % {"name": here.name}

    def _add_template(self, packed: PackedTemplate) -> Iterator[str]:
        packed.template.organization = self.organization
        self._write_template(packed.template, packed)
        count = len(packed.requests)
        text = ngettext(
            "template “%(name)s”: new, %(count)d reference", "template “%(name)s”: new, %(count)d references", count
        )
        yield text % {"name": packed.name, "count": count}

    def _replace_template(self, packed: PackedTemplate) -> Iterator[str]:
        here = self.templates[packed.name]
        if differences := template_differences(here, packed):
            TEMPLATE.copy(packed.template, here)
            here.requests.all().delete()
            self._write_template(here, packed)
            words = {"name": here.name, "differences": "; ".join(differences)}
            yield _("template “%(name)s”: changed (%(differences)s)") % words

    def _write_template(self, template: ReferenceTemplate, packed: PackedTemplate) -> None:
        template.survey = self.surveys[packed.survey_name]
        template.save()
        for position, request in enumerate(packed.requests, start=1):
            request.template, request.position = template, position
            request.save()


def _write_questions(survey: Survey, questions: Sequence[Question]) -> None:
    for position, question in enumerate(questions, start=1):
        question.survey, question.position = survey, position
        question.save()


def _twice(packed: Sequence[PackedSurvey | PackedTemplate]) -> Iterator[Remark]:
    first: dict[str, int] = {}
    for each in packed:
        if each.name and each.name in first:
            words = {"name": each.name, "line": first[each.name]}
            yield Remark(each.entry.line_of("name"), _("name: “%(name)s” is on line %(line)d already.") % words)
        first.setdefault(each.name, each.entry.line)


def _without_questions(packed: PackedTemplate, questions: Sequence[Question]) -> Iterator[Remark]:
    frozen = [question.freeze() for question in questions]
    everybody = [value for value, _label in Relationship.named()]
    for request, line in zip(packed.requests, packed.lines, strict=True):
        wanted = everybody if request.relationship == Relationship.ANY else [request.relationship]
        unasked = [each for each in wanted if not any(question.is_for(each) for question in frozen)]
        if unasked:
            words = {"survey": packed.survey_name, "relationships": ", ".join(unasked)}
            yield Remark(line, _("The survey “%(survey)s” has no question for: %(relationships)s.") % words)


def _refusal(text: str, packed: PackedSurvey | PackedTemplate, differences: Sequence[str]) -> Iterator[Remark]:
    if differences:
        words = {"name": packed.name, "differences": "; ".join(differences)}
        yield Remark(packed.entry.line, f"{text % words} {_('With --replace the file’s takes its place.')}")
