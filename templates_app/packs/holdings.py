"""What one organization has, what a file brings it, and how the one becomes the other."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Organization, User
from templates_app.models import ReferenceTemplate, Survey
from templates_app.packs import obstacles
from templates_app.packs.comparing import (
    Difference,
    Finding,
    Kind,
    content,
    in_order,
    survey_differences,
    template_differences,
)
from templates_app.packs.entries import Remark
from templates_app.packs.fields import SURVEY, TEMPLATE
from templates_app.packs.reading import Pack, PackedSurvey, PackedTemplate
from templates_app.packs.writing import write_messages, write_questions, write_requests


class Holding:
    """The surveys and templates of an organization, here and in the file. One that is not saved has nothing here.

    `replace`: whether the file wins where the two differ; or the marks of the findings in which it does, and then
    the others are left as they are.
    """

    def __init__(self, organization: Organization, packs: Iterable[Pack], replace: bool | Collection[str]) -> None:
        self.organization = organization
        self.replace = replace
        packs = list(packs)
        self.packed_surveys = [survey for pack in packs for survey in pack.surveys]
        self.packed_templates = [template for pack in packs for template in pack.templates]
        self._find()
        surveys = [(packed, self._of_survey(packed)) for packed in self.packed_surveys]
        templates = [(packed, self._of_template(packed)) for packed in self.packed_templates]
        self.findings = [finding for _packed, finding in (*surveys, *templates)]
        self.kept = [finding for finding in self.findings if not self._is_taken(finding)]
        self.packed_surveys = [packed for packed, finding in surveys if self._is_taken(finding)]
        self.packed_templates = [packed for packed, finding in templates if self._is_taken(finding)]
        self.handover = self._handover()
        if self.handover and not self._is_taken(self.handover):
            self._keep_default()

    def _find(self) -> None:
        """What is here of all that the file names."""
        own = {"organization_id": self.organization.pk}
        templates = {packed.name for packed in self.packed_templates}
        surveys = {packed.name for packed in self.packed_surveys}
        surveys |= {packed.survey_name for packed in self.packed_templates}
        found = Survey.objects.filter(name__in=surveys, **own).prefetch_related("questions")
        self.surveys = {survey.name: survey for survey in found}
        rows = ReferenceTemplate.objects.filter(**own).select_related("survey")
        known = rows.filter(name__in=templates).prefetch_related("requests", "notifications")
        self.templates = {template.name: template for template in known}
        self.default = rows.filter(is_default=True).first()

    # --- beside one another -------------------------------------------------------------------------

    def _of_survey(self, packed: PackedSurvey) -> Finding:
        here = self.surveys.get(packed.name)
        differences = survey_differences(here, packed) if here else ()
        return Finding(Kind.SURVEY, packed.name, packed.entry.line, differences, () if here else content(packed))

    def _of_template(self, packed: PackedTemplate) -> Finding:
        here = self.templates.get(packed.name)
        differences = template_differences(here, packed) if here else ()
        return Finding(Kind.TEMPLATE, packed.name, packed.entry.line, differences, () if here else content(packed))

    def _handover(self) -> Finding | None:
        """That another template is the default from now on."""
        new = next((packed for packed in self.packed_templates if packed.template.is_default), None)
        if new is None or self.default is None or new.name == self.default.name:
            return None
        line, difference = new.entry.line_of("default"), Difference(_("default"), self.default.name, new.name)
        return Finding(Kind.DEFAULT, new.name, line, (difference,))

    def _is_taken(self, finding: Finding) -> bool:
        return isinstance(self.replace, bool) or not finding.is_different or finding.mark in self.replace

    def _keep_default(self) -> None:
        for packed in self.packed_templates:
            packed.template.is_default = packed.name == (self.default and self.default.name)

    # --- what stands in the way ---------------------------------------------------------------------

    def problems(self) -> Iterator[Remark]:
        questions = {name: in_order(survey.questions) for name, survey in self.surveys.items()}
        questions |= {packed.name: list(packed.questions) for packed in self.packed_surveys}
        yield from obstacles.twice(self.packed_surveys)
        yield from obstacles.twice(self.packed_templates)
        yield from obstacles.two_defaults(self.packed_templates)
        yield from obstacles.unasked(self.packed_templates, questions)
        if self.replace is False:
            yield from self._refusals()

    def _refusals(self) -> Iterator[Remark]:
        for finding in self.findings:
            yield from obstacles.refused(finding)
        if self.handover and self.default and self.default.name not in self.templates:
            text = _("default: “%(name)s” is the default already. With --replace this template takes over.")
            yield Remark(self.handover.line, text % {"name": self.default.name})

    # --- change -------------------------------------------------------------------------------------

    def change(self, now: datetime, by: User | None) -> Iterator[str]:
        """Put in what the file brings; a sentence for each thing that was not so before."""
        if self.organization._state.adding:
            self.organization.save()
            yield _("a new organization")
        for survey in self.packed_surveys:
            known = survey.name in self.surveys
            yield from (self._replace_survey if known else self._add_survey)(survey, now, by)
        yield from self._hand_over_default()
        for template in self.packed_templates:
            known = template.name in self.templates
            yield from self._replace_template(template) if known else self._add_template(template)
        for kept in self.kept:
            yield _("%(noun)s “%(name)s”: left as it is here") % {"noun": kept.noun, "name": kept.name}

    def _add_survey(self, packed: PackedSurvey, now: datetime, by: User | None) -> Iterator[str]:
        packed.survey.organization = self.organization
        packed.survey.save()
        write_questions(packed.survey, packed.questions)
        packed.survey.publish(now, by)
        self.surveys[packed.name] = packed.survey
        count = len(packed.questions)
        text = ngettext(
            "survey “%(name)s”: new, %(count)d question", "survey “%(name)s”: new, %(count)d questions", count
        )
        yield text % {"name": packed.name, "count": count}

    def _replace_survey(self, packed: PackedSurvey, now: datetime, by: User | None) -> Iterator[str]:
        here = self.surveys[packed.name]
        if not (differences := survey_differences(here, packed)):
            return
        SURVEY.copy(packed.survey, here)
        here.save()
        write_questions(here, packed.questions)
        words = {"name": here.name, "differences": "; ".join(map(str, differences))}
        if version := here.publish(now, by):
            text = _(
                "survey “%(name)s”: changed (%(differences)s), now version %(version)d; checks that have begun keep "
                "their questions"
            )
            yield text % (words | {"version": version.number})
        else:
            yield _("survey “%(name)s”: changed (%(differences)s)") % words

    def _hand_over_default(self) -> Iterator[str]:
        """The old default steps back before the new one is saved: the database never holds two."""
        new = {packed.name for packed in self.packed_templates if packed.template.is_default}
        if new and self.default and self.default.name not in new:
            old = self.templates.get(self.default.name, self.default)
            old.is_default = False
            old.save(update_fields=["is_default"])
            yield _("template “%(name)s”: no longer the default") % {"name": old.name}

    def _add_template(self, packed: PackedTemplate) -> Iterator[str]:
        packed.template.organization = self.organization
        self._write_template(packed.template, packed)
        count = sum(request.how_many for request in packed.requests)
        text = ngettext(
            "template “%(name)s”: new, %(count)d reference", "template “%(name)s”: new, %(count)d references", count
        )
        yield text % {"name": packed.name, "count": count}

    def _replace_template(self, packed: PackedTemplate) -> Iterator[str]:
        here = self.templates[packed.name]
        if differences := template_differences(here, packed):
            TEMPLATE.copy(packed.template, here)
            here.is_archived = False
            self._write_template(here, packed)
            words = {"name": here.name, "differences": "; ".join(map(str, differences))}
            yield _("template “%(name)s”: changed (%(differences)s)") % words

    def _write_template(self, template: ReferenceTemplate, packed: PackedTemplate) -> None:
        template.survey = self.surveys[packed.survey_name]
        template.save()
        write_requests(template, packed.requests)
        write_messages(template, packed.messages)
