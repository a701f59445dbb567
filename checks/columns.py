"""From everybody's answers to a column for each question: as it was read, with what each person answered."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from checks.asking import answers_before, fitting, options, sent, words_about
from checks.marks import After
from checks.persons import Person
from checks.references import Given, Reference
from checks.self_assessment import SelfAssessment
from templates_app import merging
from templates_app.answering import LONGEST
from templates_app.frozen import FrozenQuestion
from templates_app.kinds import RELATIONS, Kind

if TYPE_CHECKING:
    from checks.models import Check

CANDIDATE = Person("candidate")

Answers = Sequence[tuple[Person, Given]]  # everybody's answers to one question


@dataclass(frozen=True)
class Sheet:
    """One person's answers by question, and the keys of the questions that they were asked."""

    person: Person
    given: Mapping[str, Given]
    asked: Collection[str]


@dataclass(frozen=True)
class Column:
    """A question as it was read, with everybody's answers, the candidate's own, and what it follows."""

    question: FrozenQuestion
    answers: Answers
    own: Given | None
    after: After | None


def columns(check: "Check", submitted: Sequence[Reference], own: Sheet | None) -> Iterable[Column]:
    """All questions that were asked of somebody, in the order of the survey."""
    sheets = [_sheet(person_of(each), each.questions(), each.given()) for each in submitted]
    beside = (question for each in submitted for question in each.questions())  # what the survey itself lacks
    questions = {question.key: question for question in (*check.frozen.questions, *beside)}
    for question in questions.values():
        asked = [sheet for sheet in sheets if question.key in sheet.asked]
        # Who was asked a follow-up gave a certain answer before: what they are to the candidate would tell who.
        meant = sheets if check.frozen.is_averages_only else asked
        words = words_about(check, _relations(sheet.person for sheet in meant))
        if asked:
            yield Column(
                _filled(question, words),
                [(sheet.person, _answered(sheet, question, words)) for sheet in asked],
                _answered(own, question, words) if own and question.key in own.asked else None,
                _after(question, questions, words),
            )


def _sheet(person: Person, questions: Sequence[FrozenQuestion], given: Mapping[str, Given]) -> Sheet:
    return Sheet(person, given, fitting(questions, {key: sent(answer) for key, answer in given.items()}))


def own_sheet(check: "Check") -> Sheet | None:
    """The candidate's own answers, once they are handed in."""
    if not check.frozen.asks_candidate:
        return None
    found = SelfAssessment.objects.filter(for_check=check, submitted_at__isnull=False).first()
    return _sheet(CANDIDATE, found.questions(), found.given()) if found else None


def _relations(people: Iterable[Person]) -> str:
    """What the people are to the candidate, each once: one question may have been asked of several kinds of them."""
    names = dict.fromkeys(str(RELATIONS.get(person.relationship, "")) for person in people)
    return " / ".join(filter(None, names))


def _filled(question: FrozenQuestion, words: Mapping[str, str]) -> FrozenQuestion:
    """The question as it was read; answers to choose from were kept up to what their column holds."""
    labels = tuple(merging.fill(label[:LONGEST], words) for label in question.labels)
    return replace(question, text=merging.fill(question.text, words), labels=labels)


def _answered(sheet: Sheet, question: FrozenQuestion, words: Mapping[str, str]) -> Given:
    """What somebody left open is an empty answer."""
    given = sheet.given.get(question.key, Given())
    choices = tuple(merging.fill(choice, words) for choice in given.choices)
    return replace(given, choice=merging.fill(given.choice, words), choices=choices)


def _after(question: FrozenQuestion, among: Mapping[str, FrozenQuestion], words: Mapping[str, str]) -> After | None:
    earlier = among.get(question.shown_if)
    if earlier is None:
        return None
    is_named = earlier.kind in (Kind.YES_NO, Kind.FACT)  # their answers are worded when they are read
    answers = [
        value if is_named else merging.fill(label, words)
        for value, label in options(earlier)
        if value in answers_before(question)
    ]
    return After(earlier.key, merging.fill(earlier.text, words), tuple(answers))


def person_of(reference: Reference) -> Person:
    by = reference.written_down_by
    return Person(
        id=str(reference.public_id),
        name=reference.name,
        relationship=reference.relation,
        told_relationship=reference.relationship if reference.relation != reference.relationship else "",
        company=reference.company,
        worked_from=reference.worked_from,
        worked_until=reference.worked_until,
        asked_at=reference.asked_at,
        submitted_at=reference.submitted_at,
        status=reference.status,
        title=reference.title,
        gives_dates_only=reference.gives_dates_only,
        corrections=dict(reference.corrections),
        why_other=reference.why_other,
        written_down_by=str(by) if by else "",
        decline_kind=reference.decline_kind,
        is_erased=bool(getattr(reference, "erased_at", None)),
    )
