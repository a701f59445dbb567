"""The packs of a file, as unsaved rows with their lines."""

from collections.abc import Iterable
from dataclasses import dataclass

import yaml
from django.utils.translation import gettext as _

from templates_app.models import Question, ReferenceTemplate, RequestedReference, Survey
from templates_app.packs.entries import Entries, Entry, Remark
from templates_app.packs.fields import PACK, QUESTION, REQUEST, SURVEY, TEMPLATE


@dataclass(frozen=True)
class PackedSurvey:
    entry: Entry
    survey: Survey
    questions: tuple[Question, ...]

    @property
    def name(self) -> str:
        return self.survey.name


@dataclass(frozen=True)
class PackedTemplate:
    """A template with the name of its survey. `lines` are those of its requests."""

    entry: Entry
    template: ReferenceTemplate
    survey_name: str
    requests: tuple[RequestedReference, ...]
    lines: tuple[int, ...]

    @property
    def name(self) -> str:
        return self.template.name


@dataclass(frozen=True)
class Pack:
    """What one organization is to have; `organization` is empty when the file names none."""

    line: int
    organization: str
    surveys: tuple[PackedSurvey, ...]
    templates: tuple[PackedTemplate, ...]


class Reading:
    """The packs of a file, what is wrong in it, and what was put right without asking."""

    def __init__(self, source: bytes) -> None:
        self.notices: list[Remark] = []
        self._entries = Entries()
        documents = self._entries.documents(source)
        if not documents and not self.problems:
            self._complain(1, _("There is no pack in this file."))
        self.packs = [pack for node in documents if (pack := self._pack(node))]

    @property
    def problems(self) -> list[Remark]:
        return self._entries.problems

    def _complain(self, line: int, text: str) -> None:
        self._entries.complain(line, text)

    def _pack(self, node: yaml.Node) -> Pack | None:
        entry = self._entries.entry(node, PACK)
        if entry is None:
            return None
        surveys = map(self._survey, self._entries.items(entry, "surveys"))
        templates = map(self._template, self._entries.items(entry, "templates"))
        return Pack(
            line=entry.line,
            organization=self._entries.row(entry, PACK).name,
            surveys=tuple(each for each in surveys if each),
            templates=tuple(each for each in templates if each),
        )

    def _survey(self, node: yaml.Node) -> PackedSurvey | None:
        entry = self._entries.entry(node, SURVEY)
        if entry is None:
            return None
        survey = self._entries.row(entry, SURVEY)
        nodes = self._entries.items(entry, "questions")
        questions = [each for node in nodes if (each := self._entries.entry(node, QUESTION))]
        rows = tuple(self._entries.row(question, QUESTION) for question in questions)
        self._look_at_keys((row.key, question.line_of("key")) for row, question in zip(rows, questions, strict=True))
        return PackedSurvey(entry, survey, rows)

    def _look_at_keys(self, keys: Iterable[tuple[str, int]]) -> None:
        lines: dict[str, int] = {}
        for key, line in keys:
            if key in lines:
                words = {"key": key, "line": lines[key]}
                self._complain(line, _("key: “%(key)s” is the key of the question on line %(line)d already.") % words)
            elif key:
                lines[key] = line

    def _template(self, node: yaml.Node) -> PackedTemplate | None:
        entry = self._entries.entry(node, TEMPLATE)
        if entry is None:
            return None
        template = self._entries.row(entry, TEMPLATE)
        nodes = self._entries.items(entry, "requests")
        requests = [each for node in nodes if (each := self._entries.entry(node, REQUEST))]
        self._look_at_tag(entry, template)
        self._look_at_requests(entry, template, len(nodes))
        return PackedTemplate(
            entry=entry,
            template=template,
            survey_name=self._entries.text(entry, "survey"),
            requests=tuple(self._entries.row(request, REQUEST) for request in requests),
            lines=tuple(request.line for request in requests),
        )

    def _look_at_tag(self, entry: Entry, template: ReferenceTemplate) -> None:
        written = getattr(entry.nodes.get("ats_tag"), "value", "")
        if template.ats_tag and written != template.ats_tag:
            words = {"written": written, "tag": template.ats_tag}
            text = _("The tag “%(written)s” is kept as “%(tag)s”: tags are lower case.") % words
            self.notices.append(Remark(entry.line_of("ats_tag"), text))

    def _look_at_requests(self, entry: Entry, template: ReferenceTemplate, count: int) -> None:
        if not count and isinstance(entry.nodes.get("requests"), yaml.SequenceNode):
            self._complain(entry.line_of("requests"), _("requests: a template asks for one reference at least."))
        elif count and template.minimum > count:
            words = {"minimum": template.minimum, "count": count}
            text = _("minimum: %(minimum)d answers cannot come from %(count)d references.") % words
            self._complain(entry.line_of("minimum"), text)
