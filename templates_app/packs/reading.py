"""The packs of a file, as unsaved rows with their lines."""

from collections.abc import Sequence
from dataclasses import dataclass

import yaml
from django.utils.translation import gettext as _

from templates_app.coherence import MOST
from templates_app.models import CustomNotification, Question, ReferenceTemplate, RequestedReference, Survey
from templates_app.packs.asking import asked, cautions
from templates_app.packs.entries import Entries, Entry, Remark
from templates_app.packs.fields import MESSAGE, PACK, REQUEST, SURVEY, TEMPLATE


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
    messages: tuple[CustomNotification, ...]

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
        return Pack(
            line=entry.line,
            organization=self._entries.row(entry, PACK).name,
            surveys=tuple(self._survey(each) for each in self._entries.entries(entry, "surveys", SURVEY)),
            templates=tuple(self._template(each) for each in self._entries.entries(entry, "templates", TEMPLATE)),
        )

    def _survey(self, entry: Entry) -> PackedSurvey:
        questions = asked(self._entries, entry)
        self.notices += [remark for each in questions for remark in cautions(each)]
        rows = tuple(each.row for each in questions)
        return PackedSurvey(entry, self._entries.row(entry, SURVEY), rows)

    def _template(self, entry: Entry) -> PackedTemplate:
        template = self._entries.row(entry, TEMPLATE)
        requests = self._entries.entries(entry, "requests", REQUEST)
        rows = tuple(self._entries.row(request, REQUEST) for request in requests)
        self._look_at_tag(entry, template)
        self._look_at_requests(entry, template, rows)
        return PackedTemplate(
            entry=entry,
            template=template,
            survey_name=self._entries.text(entry, "survey"),
            requests=rows,
            lines=tuple(request.line for request in requests),
            messages=self._messages(entry),
        )

    def _messages(self, template: Entry) -> tuple[CustomNotification, ...]:
        entries = self._entries.entries(template, "messages", MESSAGE)
        rows: tuple[CustomNotification, ...] = tuple(self._entries.row(entry, MESSAGE) for entry in entries)
        lines: dict[tuple[str, str, str], int] = {}
        for entry, row in zip(entries, rows, strict=True):
            at = (row.moment, row.channel, row.language)
            if row.moment and at in lines:
                text = _("moment: line %(line)d has words for it already, in this channel and language.")
                self._complain(entry.line_of("moment"), text % {"line": lines[at]})
            lines.setdefault(at, entry.line)
        return rows

    def _look_at_tag(self, entry: Entry, template: ReferenceTemplate) -> None:
        written = getattr(entry.nodes.get("ats_tag"), "value", "")
        if template.ats_tag and written != template.ats_tag:
            words = {"written": written, "tag": template.ats_tag}
            text = _("The tag “%(written)s” is kept as “%(tag)s”: tags are lower case.") % words
            self.notices.append(Remark(entry.line_of("ats_tag"), text))

    def _look_at_requests(
        self, entry: Entry, template: ReferenceTemplate, requests: Sequence[RequestedReference]
    ) -> None:
        node = entry.nodes.get("requests")
        count = sum(request.how_many for request in requests)
        if isinstance(node, yaml.SequenceNode) and not node.value:
            self._complain(entry.line_of("requests"), _("requests: a template asks for one reference at least."))
        elif count > MOST:
            words = {"count": count, "most": MOST}
            text = _("requests: %(count)d references are too many. A candidate can be asked for %(most)d.") % words
            self._complain(entry.line_of("requests"), text)
        elif count and template.minimum > count:
            words = {"minimum": template.minimum, "count": count}
            text = _("minimum: %(minimum)d answers cannot come from %(count)d references.") % words
            self._complain(entry.line_of("minimum"), text)
