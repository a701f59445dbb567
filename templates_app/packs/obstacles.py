"""What of a file does not go together: by itself, or with what an organization has."""

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from templates_app.effort import without_questions
from templates_app.kinds import Relationship
from templates_app.models import Question
from templates_app.packs.comparing import Finding
from templates_app.packs.entries import Remark
from templates_app.packs.reading import PackedSurvey, PackedTemplate
from templates_app.packs.values import suggestion


def twice(packed: Sequence[PackedSurvey | PackedTemplate]) -> Iterator[Remark]:
    first: dict[str, int] = {}
    for each in packed:
        if each.name and each.name in first:
            words = {"name": each.name, "line": first[each.name]}
            yield Remark(each.entry.line_of("name"), _("name: “%(name)s” is on line %(line)d already.") % words)
        first.setdefault(each.name, each.entry.line)


def two_defaults(packed: Sequence[PackedTemplate]) -> Iterator[Remark]:
    defaults = [each for each in packed if each.template.is_default]
    for each in defaults[1:]:
        words = {"name": defaults[0].name, "line": defaults[0].entry.line}
        text = _("default: “%(name)s” on line %(line)d is the default already.") % words
        yield Remark(each.entry.line_of("default"), text)


def unasked(packed: Sequence[PackedTemplate], questions: Mapping[str, Sequence[Question]]) -> Iterator[Remark]:
    """Every template has a survey, and the survey a question for everybody whom the template asks."""
    for each in packed:
        if each.survey_name in questions:
            yield from _without_questions(each, questions[each.survey_name])
        elif each.survey_name:
            text = _("survey: there is no survey “%(name)s”, neither here nor in the file.")
            guess = suggestion(each.survey_name, questions)
            yield Remark(each.entry.line_of("survey"), text % {"name": each.survey_name} + guess)


def refused(finding: Finding) -> Iterator[Remark]:
    """What is here already, and is not to be replaced unless somebody says so."""
    if finding.is_different:
        words = {"noun": finding.noun, "name": finding.name, "differences": "; ".join(map(str, finding.differences))}
        text = _("The %(noun)s “%(name)s” is here already and differs: %(differences)s.") % words
        yield Remark(finding.line, f"{text} {_('With --replace the file’s takes its place.')}")


def _without_questions(packed: PackedTemplate, questions: Sequence[Question]) -> Iterator[Remark]:
    frozen = [question.freeze() for question in questions]
    everybody = [value for value, _label in Relationship.named()]
    for request, line in zip(packed.requests, packed.lines, strict=True):
        wanted = everybody if request.relationship == Relationship.ANY else [request.relationship]
        if without := without_questions(frozen, wanted):
            words = {"survey": packed.survey_name, "relationships": ", ".join(without)}
            yield Remark(line, _("The survey “%(survey)s” has no question for: %(relationships)s.") % words)
