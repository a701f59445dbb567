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

Only what a reference has sent is in it. A check keeps its report when it completes, so a later formula changes
no earlier report.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import timedelta
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING

from checks.findings import Figures, Mark, Person, Report, Said, Scale, Tally, Words
from checks.references import Given, Reference
from templates_app.frozen import FrozenQuestion
from templates_app.kinds import NO, UNSURE, YES, Kind, Look

if TYPE_CHECKING:
    from checks.models import Check

__all__ = ["Report", "compute", "figures", "shown_mean"]

ENOUGH_FOR_TENTHS = 10  # marks
ENOUGH_FOR_A_GROUP = 2  # answers
LONGEST_CHOICE = 300  # characters

Sheet = tuple[Person, Mapping[str, Given]]  # one person's answers, by question
Answers = Sequence[tuple[Person, Given]]  # everybody's answers to one question


def compute(check: "Check") -> Report:
    """What is in so far. Two queries, however many people and answers there are."""
    references = list(check.references.in_order().prefetch_related("answers"))
    sheets: list[Sheet] = [(_person(r), r.given()) for r in references if r.status == Reference.Status.SUBMITTED]
    groups = _groups(person for person, _sheet in sheets)
    name = check.first_name
    questions = [(_named(q, name), _answers(q, sheets, name)) for q in check.frozen.questions]
    asked = [(question, answers) for question, answers in questions if answers]
    return Report(
        survey=check.frozen.survey,
        survey_version=check.frozen.survey_version,
        asked=sum(r.status != Reference.Status.REPLACED for r in references),
        answered=len(sheets),
        days=_days(references),
        people=tuple(map(_person, references)),
        scales=tuple(_scale(q, answers, groups) for q, answers in asked if q.kind == Kind.SCALE),
        yes_no=tuple(_tally(q, (YES, UNSURE, NO), answers) for q, answers in asked if q.kind == Kind.YES_NO),
        choices=tuple(_tally(q, q.labels, answers) for q, answers in asked if q.kind == Kind.CHOICE),
        words=tuple(_words(asked)),
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


def _named(question: FrozenQuestion, name: str) -> FrozenQuestion:
    """The question as it was read; answers to choose from were kept up to what their column holds."""
    labels = tuple(label[:LONGEST_CHOICE].replace("{name}", name) for label in question.labels)
    return replace(question, text=question.text.replace("{name}", name), labels=labels)


def _answers(question: FrozenQuestion, sheets: Iterable[Sheet], name: str) -> Answers:
    """Of everybody who was asked this question; what somebody left open is an empty answer."""
    asked = [(person, sheet) for person, sheet in sheets if question.is_for(person.relationship)]
    given = [(person, sheet.get(question.key, Given())) for person, sheet in asked]
    return [(person, replace(one, choice=one.choice.replace("{name}", name))) for person, one in given]


def _scale(question: FrozenQuestion, answers: Answers, groups: Collection[str]) -> Scale:
    marks = [(person, _mark(person, given, len(question.labels))) for person, given in answers]
    apart = {
        group: figures((mark for person, mark in marks if person.relationship == group), len(question.labels))
        for group in groups
    }
    return Scale(
        key=question.key,
        competency=question.competency or question.text,
        question=question.text,
        labels=question.labels,
        is_comparative=question.look == Look.BANDS,
        marks=tuple(mark for _person, mark in marks),
        figures=figures((mark for _person, mark in marks), len(question.labels)),
        apart={group: found for group, found in apart.items() if found.n >= ENOUGH_FOR_A_GROUP},
    )


def _mark(person: Person, given: Given, points: int) -> Mark:
    """A score that is not on the scale counts as left open; one that was also called not observed, as not observed."""
    is_on_scale = given.score is not None and 1 <= given.score <= points and not given.is_unobserved
    return Mark(person.id, given.score if is_on_scale else None, given.is_unobserved)


def _tally(question: FrozenQuestion, options: tuple[str, ...], answers: Answers) -> Tally:
    said = tuple(Said(person.id, given.choice, given.text) for person, given in answers if given.choice in options)
    counts = tuple(sum(one.choice == option for one in said) for option in options)
    return Tally(key=question.key, question=question.text, options=options, counts=counts, said=said)


def _words(asked: Iterable[tuple[FrozenQuestion, Answers]]) -> Iterable[Words]:
    """Texts, and the reasons given beside a mark. A reason beside a choice stays with the choice."""
    for question, answers in asked:
        said = tuple(Said(person.id, text=given.text) for person, given in answers if given.text.strip())
        if said and question.kind in (Kind.TEXT, Kind.SCALE):
            yield Words(key=question.key, question=question.text, said=said)


def _days(references: Iterable[Reference]) -> int | None:
    """From the first request to the last answer, in whole days begun; None before any answer."""
    counted = [r for r in references if r.status != Reference.Status.REPLACED]
    answered = [r.submitted_at for r in counted if r.submitted_at and r.status == Reference.Status.SUBMITTED]
    if not answered:
        return None
    return max(1, math.ceil((max(answered) - min(r.asked_at for r in counted)) / timedelta(days=1)))
