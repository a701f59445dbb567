"""The texts of a question in other languages, and how far a survey is translated."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import override

from templates_app.frozen import FrozenQuestion
from templates_app.kinds import STANDARD, Language, Look

PARTS = ("text", "help", "labels", "reason_label", "section")


def others(language: str) -> list[Language]:
    """All languages but the one in which the questions are written."""
    return [each for each in Language if each != language]


def is_done(question: FrozenQuestion, language: str) -> bool:
    """Whether a reader of that language reads the whole question in it."""
    found = question.translations.get(language, {})
    return all(found.get(part) for part in PARTS if getattr(question, part) and not _is_standard(question, part))


def _is_standard(question: FrozenQuestion, part: str) -> bool:
    """The usual words of a scale are translated with everything else that Vouch says."""
    with override("en"):
        return part == "labels" and question.labels == tuple(map(str, STANDARD.get(Look(question.look), ())))


def completeness(questions: Iterable[FrozenQuestion], language: str) -> Mapping[str, tuple[int, int]]:
    """For each other language: how many questions are wholly translated, and of how many."""
    known = _under_headings(questions)
    return {each: (sum(is_done(q, each) for q in known), len(known)) for each in others(language)}


def _under_headings(questions: Iterable[FrozenQuestion]) -> list[FrozenQuestion]:
    """A section's name is read once, above its first question."""
    found, section = list[FrozenQuestion](), ""
    for question in questions:
        found.append(replace(question, section="") if question.section == section else question)
        section = question.section
    return found


def begun(questions: Iterable[FrozenQuestion]) -> set[str]:
    """The languages in which at least something is said."""
    return {language for question in questions for language, texts in question.translations.items() if _says(texts)}


def _says(texts: Any) -> bool:
    return isinstance(texts, Mapping) and any(texts.values())
