"""The questions of a survey in a file: what each says by itself, and what they say of one another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from templates_app import followups
from templates_app.cautions import cautions_of
from templates_app.merging import IN_QUESTIONS, problem
from templates_app.models import Question
from templates_app.packs.entries import Entries, Entry, Remark
from templates_app.packs.fields import QUESTION, TRANSLATION, TRANSLATIONS, Table

WITH_FIELDS = ("section", "text", "help", "labels", "reason_label")  # what may name merge fields


@dataclass(frozen=True)
class Asked:
    """A question with where it stands."""

    entry: Entry
    row: Question


def asked(entries: Entries, survey: Entry) -> tuple[Asked, ...]:
    """The questions of a survey; whatever is wrong with them is complained of."""
    found = [Asked(entry, _question(entries, entry)) for entry in entries.entries(survey, "questions", QUESTION)]
    for remark in (*_keys_twice(found), *_follow_ups(found)):
        entries.complain(remark.line, remark.text)
    return tuple(found)


def _question(entries: Entries, entry: Entry) -> Question:
    row: Question = entries.row(entry, QUESTION, translations=_translations(entries, entry))
    _look_at_fields(entries, entry, row, QUESTION)
    return row


def _translations(entries: Entries, question: Entry) -> dict[str, dict[str, Any]]:
    node = question.nodes.get("translations")
    languages = entries.entry(node, TRANSLATIONS) if node else None
    if languages is None:
        return {}
    count = len(getattr(question.nodes.get("labels"), "value", ""))
    found = {
        language: _translation(entries, entry, count)
        for language, node in languages.nodes.items()
        if (entry := entries.entry(node, TRANSLATION))
    }
    return {language: texts for language, texts in found.items() if texts}


def _translation(entries: Entries, entry: Entry, count: int) -> dict[str, Any]:
    """The texts in one language, held against the rules of the question's own."""
    row = entries.row(entry, TRANSLATION)
    _look_at_fields(entries, entry, row, TRANSLATION)
    if row.labels and len(row.labels) != count:
        words = {"here": len(row.labels), "count": count}
        text = _("labels: there are %(here)d here, and the question has %(count)d.") % words
        entries.complain(entry.line_of("labels"), text)
        row.labels = []
    return TRANSLATION.unusual(row)


def _look_at_fields(entries: Entries, entry: Entry, row: Question, table: Table) -> None:
    for word in WITH_FIELDS:
        said = table.values(row)[word]
        if found := problem("\n".join(said) if isinstance(said, list) else said, IN_QUESTIONS):
            entries.complain(entry.line_of(word), f"{word}: {found}")


def _keys_twice(questions: Sequence[Asked]) -> Iterator[Remark]:
    lines: dict[str, int] = {}
    for each in questions:
        key, line = each.row.key, each.entry.line_of("key")
        if key and key in lines:
            words = {"key": key, "line": lines[key]}
            yield Remark(line, _("key: “%(key)s” is the key of the question on line %(line)d already.") % words)
        lines.setdefault(key, line)


def _follow_ups(questions: Sequence[Asked]) -> Iterator[Remark]:
    """What is asked after an answer names a question that comes before it, and answers that it has."""
    frozen = [each.row.freeze() for each in questions]
    for place, word, sentence in followups.problems(frozen):
        yield Remark(questions[place].entry.line_of(word), f"{word}: {sentence}")


def cautions(question: Asked) -> Iterator[Remark]:
    """What it seems to ask that should not be asked. It is imported all the same."""
    for caution in cautions_of(question.row.freeze()):
        words = {"key": question.row.key, "reason": caution.reason}
        yield Remark(question.entry.line, _("Question “%(key)s”: %(reason)s") % words)
