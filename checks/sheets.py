"""A person's sheet of questions: in their language, with what the candidate has told us, and their answers so far."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext, override

from checks import said
from checks.asking import options, words_about
from checks.models import Check, Reference, SelfAssessment
from checks.references import Given
from templates_app import merging
from templates_app.answering import UNSEEN
from templates_app.frozen import FrozenQuestion
from templates_app.kinds import RELATIONS, Fact, Kind


@dataclass(frozen=True)
class Voice:
    """What depends on a language: `words` for the merge fields, and the candidate's word for each fact."""

    words: Mapping[str, str]
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """`language` is the reader's, and `written_in` the survey's; there is a voice for each.

    A question that is not translated is read as it was written, with all that belongs to it. `answers` go by the
    questions' keys. `is_own`: the candidate's, about their own work.
    """

    asked: tuple[FrozenQuestion, ...]
    language: str
    written_in: str
    voices: Mapping[str, Voice]
    answers: Mapping[str, Given] = field(default_factory=dict)
    is_own: bool = False

    @cached_property
    def questions(self) -> tuple[FrozenQuestion, ...]:
        return tuple(question.said_in(self.language_of(question)) for question in self.asked)

    def language_of(self, question: FrozenQuestion) -> str:
        return self.language if self.language in question.translations else self.written_in

    @contextmanager
    def spoken(self, question: FrozenQuestion) -> Iterator[None]:
        """What is said within is said in the question's language, as far as we speak it."""
        with override(self.language_of(question)):
            yield

    def filled(self, question: FrozenQuestion, text: str) -> str:
        """One of its texts with the merge fields; plain text, whatever is in it."""
        return merging.fill(text, self.voices[self.language_of(question)].words)

    def told_of(self, question: FrozenQuestion) -> str:
        """What the candidate says of the fact; empty where they have said nothing, or no fact is asked for."""
        told = self.voices[self.language_of(question)].told
        return told.get(question.fact, "") if question.kind == Kind.FACT else ""

    def options(self, position: int) -> list[tuple[str, str]]:
        """The answers to choose from: what is sent stays as the survey was written, what is read is the reader's."""
        question = self.questions[position]
        with self.spoken(question):
            read = [self._own(value, label) for value, label in options(question)]
        values = [value for value, _label in options(self.asked[position])]
        return [(value, self.filled(question, label)) for value, label in zip(values, read, strict=True)]

    def _own(self, value: str, label: str) -> str:
        return gettext("Not part of my work") if self.is_own and value == UNSEEN else label


def of_reference(reference: Reference, answers: Mapping[str, Given]) -> Sheet:
    """What a reference is asked."""
    check = reference.for_check
    language, written_in = reference.language or check.language, check.frozen.survey_language
    voices = {each: _voice_to(reference, each) for each in (language, written_in)}
    return Sheet(reference.questions(), language, written_in, voices, answers)


def _voice_to(reference: Reference, language: str) -> Voice:
    with override(language):
        relation = str(RELATIONS.get(reference.relation, gettext("reference")))
        told = {fact: said.told(reference, fact) for fact in Fact.values}
        return Voice(words_about(reference.for_check, relation), told)


def of_candidate(assessment: SelfAssessment, answers: Mapping[str, Given]) -> Sheet:
    """What a candidate is asked about their own work."""
    check = assessment.for_check
    language, written_in = check.language, check.frozen.survey_language
    voices = {each: _voice_about(check, each) for each in (language, written_in)}
    return Sheet(assessment.questions(), language, written_in, voices, answers, is_own=True)


def _voice_about(check: Check, language: str) -> Voice:
    with override(language):
        return Voice(words_about(check, gettext("reference")))
