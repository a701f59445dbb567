"""From answers to a report.

How the figures are made (formula 1; the page says the same at its foot). There is no overall score, and no
percentage.

- *n* counts the people who gave a mark. "I did not see this" and a mark left open are counted apart, and are in
  no other figure.
- *mean* is the sum of the marks over n; the line in the chart stands there. *shown* is what is printed: the mean
  to the nearest half below ten marks, and to the nearest tenth from ten on, because fewer marks do not carry more.
  A tie goes towards the middle of the scale.
- *low* and *high* are the lowest and the highest mark, *spread* the steps between them.
- *apart* holds the same figures among managers, among colleagues and so on, each from two marks of such people,
  and is empty unless at least two of these groups have two answers each.
- Yes, unsure, no and choices are counted in whole people.
- Who was not asked a question, as it follows another answer, or as they may give dates only, is in no figure of it.
- The candidate's own answers stand beside, and are in no figure.

Only what a reference has sent is in it. A check keeps its report when it completes, so a later formula changes
no earlier report.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from checks.asking import answers_before, fitting, options, sent, words_about
from checks.findings import After, Confirmation, Figures, Mark, Person, Report, Said, Scale, Tally, Words
from checks.references import Given, Reference
from checks.self_assessment import SelfAssessment
from templates_app import merging
from templates_app.answering import LONGEST
from templates_app.frozen import FrozenQuestion
from templates_app.kinds import NO, RELATIONS, UNSURE, YES, Kind, Look

if TYPE_CHECKING:
    from checks.models import Check

__all__ = ["Report", "compute", "figures", "shown_mean"]

ENOUGH_FOR_TENTHS = 10  # marks
ENOUGH_FOR_A_GROUP = 2  # answers
CANDIDATE = Person("candidate")
CHOSEN, WRITTEN = (Kind.CHOICE, Kind.CHOICES, Kind.FORCED), (Kind.TEXT, Kind.LINE)

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


def compute(check: "Check") -> Report:
    """What is in so far. Two queries, however many people and answers there are; a third for a self-assessment."""
    references = list(check.references.in_order().prefetch_related("answers"))
    submitted = [r for r in references if r.status == Reference.Status.SUBMITTED]
    own = _own(check)
    columns = list(_columns(check, submitted, own))
    groups = _groups(_person(r) for r in submitted if not r.gives_dates_only)
    return Report(
        survey=check.frozen.survey,
        survey_version=check.frozen.survey_version,
        asked=sum(r.status != Reference.Status.REPLACED for r in references),
        answered=len(submitted),
        days=_days(references),
        people=tuple(map(_person, references)),
        scales=tuple(_scale(each, groups) for each in columns if each.question.kind == Kind.SCALE),
        yes_no=tuple(_tally(each, (YES, UNSURE, NO)) for each in columns if each.question.kind == Kind.YES_NO),
        choices=tuple(_tally(each, each.question.labels) for each in columns if each.question.kind in CHOSEN),
        words=tuple(_words(columns)),
        facts=tuple(_confirmation(each) for each in columns if each.question.kind == Kind.FACT),
        asks_candidate=check.frozen.asks_candidate,
        has_own=own is not None,
    )


def figures(marks: Iterable[Mark], points: int) -> Figures:
    """The figures of one scale of so many points."""
    marks = list(marks)
    scores = [mark.score for mark in marks if mark.score is not None]
    unobserved = sum(mark.is_unobserved for mark in marks)
    counts = {"n": len(scores), "unobserved": unobserved, "left_open": len(marks) - len(scores) - unobserved}
    if not scores:
        return Figures(**counts)
    low, high = min(scores), max(scores)
    mean, shown = sum(scores) / len(scores), shown_mean(scores, points)
    return Figures(**counts, mean=mean, shown=shown, low=low, high=high, spread=high - low)


def shown_mean(scores: Sequence[int], points: int) -> float:
    """The mean as it is printed; fractions, because a tie must be seen as one."""
    mean, middle = Fraction(sum(scores), len(scores)), Fraction(1 + points, 2)
    step = Fraction(1, 2 if len(scores) < ENOUGH_FOR_TENTHS else 10)
    below = mean // step * step
    return float(min(below, below + step, key=lambda place: (abs(place - mean), abs(place - middle))))


def _person(reference: Reference) -> Person:
    same = {field.name: getattr(reference, field.name) for field in fields(Person) if field.name != "id"}
    return Person(id=str(reference.public_id), **same)


def _groups(people: Iterable[Person]) -> Collection[str]:
    """The relationships that may be shown apart: none, unless there are enough people in two of them."""
    in_order = sorted(person.relationship for person in people)
    found = [name for name, same in groupby(in_order) if len(list(same)) >= ENOUGH_FOR_A_GROUP]
    return found if len(found) > 1 else []


# --- from sheets to columns ---------------------------------------------------------------------------


def _columns(check: "Check", submitted: Sequence[Reference], own: Sheet | None) -> Iterable[Column]:
    """All questions that were asked of somebody, in the order of the survey."""
    sheets = [_sheet(_person(each), each.questions(), each.given()) for each in submitted]
    beside = (question for each in submitted for question in each.questions())  # what the survey itself lacks
    questions = {question.key: question for question in (*check.frozen.questions, *beside)}
    for question in questions.values():
        asked = [sheet for sheet in sheets if question.key in sheet.asked]
        words = words_about(check, _relations(sheet.person for sheet in asked))
        if asked:
            yield Column(
                _filled(question, words),
                [(sheet.person, _answered(sheet, question, words)) for sheet in asked],
                _answered(own, question, words) if own and question.key in own.asked else None,
                _after(question, questions, words),
            )


def _sheet(person: Person, questions: Sequence[FrozenQuestion], given: Mapping[str, Given]) -> Sheet:
    return Sheet(person, given, fitting(questions, {key: sent(answer) for key, answer in given.items()}))


def _own(check: "Check") -> Sheet | None:
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


# --- from columns to findings -------------------------------------------------------------------------


def _scale(column: Column, groups: Collection[str]) -> Scale:
    question, points = column.question, len(column.question.labels)
    marks = [(person, _mark(person, given, points)) for person, given in column.answers]
    apart = {
        group: figures((mark for person, mark in marks if person.relationship == group), points) for group in groups
    }
    return Scale(
        key=question.key,
        competency=question.competency or question.text,
        question=question.text,
        labels=question.labels,
        is_comparative=question.look == Look.BANDS,
        marks=tuple(mark for _person, mark in marks),
        figures=figures((mark for _person, mark in marks), points),
        apart={group: found for group, found in apart.items() if found.n >= ENOUGH_FOR_A_GROUP},
        own=_mark(CANDIDATE, column.own, points) if column.own else None,
        after=column.after,
    )


def _mark(person: Person, given: Given, points: int) -> Mark:
    """A score that is not on the scale counts as left open; one that was also called not observed, as not observed."""
    is_on_scale = given.score is not None and 1 <= given.score <= points and not given.is_unobserved
    return Mark(person.id, given.score if is_on_scale else None, given.is_unobserved)


def _tally(column: Column, offered: tuple[str, ...]) -> Tally:
    voices = (_said(person, given) for person, given in column.answers)
    said = tuple(one for one in voices if any(map(one.chose, offered)))
    return Tally(
        key=column.question.key,
        question=column.question.text,
        options=offered,
        counts=tuple(sum(one.chose(option) for one in said) for option in offered),
        said=said,
        kind=column.question.kind,
        own=_said(CANDIDATE, column.own) if column.own and not column.own.is_empty else None,
        after=column.after,
    )


def _said(person: Person, given: Given) -> Said:
    return Said(person.id, given.choice, given.text, given.choices)


def _words(columns: Iterable[Column]) -> Iterable[Words]:
    """Texts, and the reasons given beside a mark. A reason beside a choice stays with the choice."""
    for column in columns:
        kind = column.question.kind
        said = tuple(Said(person.id, text=given.text) for person, given in column.answers if given.text.strip())
        own = Said(CANDIDATE.id, text=column.own.text) if column.own and column.own.text.strip() else None
        if kind in WRITTEN or (kind == Kind.SCALE and (said or own)):
            yield Words(column.question.key, column.question.text, said, own, column.after)


def _confirmation(column: Column) -> Confirmation:
    question = column.question
    said = tuple(_said(person, given) for person, given in column.answers)
    return Confirmation(question.key, question.text, question.fact, said, column.after)


def _days(references: Iterable[Reference]) -> int | None:
    """From the first request to the last answer, in whole days begun; None before any answer."""
    counted = [r for r in references if r.status != Reference.Status.REPLACED]
    answered = [r.submitted_at for r in counted if r.submitted_at and r.status == Reference.Status.SUBMITTED]
    if not answered:
        return None
    return max(1, math.ceil((max(answered) - min(r.asked_at for r in counted)) / timedelta(days=1)))
