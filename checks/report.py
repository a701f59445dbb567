"""From answers to a report.

How the figures are made (formula 2; the page says the same at its foot). There is no overall score, and no
percentage.

- *n* counts the people who gave a mark. "I did not see this" and a mark left open are counted apart, and are in
  no other figure.
- *mean* is the sum of the marks over n; the line in the chart stands there. *shown* is what is printed: the mean
  to the nearest half below ten marks, and to the nearest tenth from ten on, because fewer marks do not carry more.
  A tie goes towards the middle of the scale.
- *low* and *high* are the lowest and the highest mark, *spread* the steps between them.
- *apart* holds the same figures among managers, among colleagues and so on, each from two marks of such people,
  and is empty unless at least two of these groups have two answers each. People are what they say themselves that
  they are to the candidate. (Formula 1 went by the candidate's word alone.)
- Yes, unsure, no and choices are counted in whole people.
- Who was not asked a question, as it follows another answer, or as they may give dates only, is in no figure of it.
- The candidate's own answers stand beside, and are in no figure.

Only what a reference has sent is in it. A check keeps its report when it completes, so a later formula changes
no earlier report. Where averages only were promised, what is kept is what `averages` leaves of it.
"""

import math
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils.translation import override

from checks import averages
from checks.columns import CANDIDATE, Column, columns, own_sheet, person_of
from checks.findings import Confirmation, Mark, Person, Report, Said, Scale, Tally, Words
from checks.marks import figures, shown_mean
from checks.references import Given, Reference
from templates_app.kinds import NO, UNSURE, YES, Kind, Look

if TYPE_CHECKING:
    from checks.models import Check

__all__ = ["Report", "compute", "figures", "shown_mean", "to_keep"]

ENOUGH_FOR_A_GROUP = 2  # answers
CHOSEN, WRITTEN = (Kind.CHOICE, Kind.CHOICES, Kind.FORCED), (Kind.TEXT, Kind.LINE)


def to_keep(check: "Check") -> Report:
    """What a check that ends now keeps: with averages only, in the light of what was shown before."""
    found = compute(check)
    if not check.frozen.is_averages_only:
        return found
    stored = check.report_data
    return averages.kept(found, Report.from_json(stored) if stored else None, _changes(check))


def _changes(check: "Check") -> dict[str, datetime]:
    """When each person changed their answers, or put right what was said of them, for the last time."""
    rows = check.events.filter(kind__in=("changed", "corrected"), reference__isnull=False).order_by()
    last = rows.values("reference__public_id").annotate(last=Max("at"))
    return {str(person): at for person, at in last.values_list("reference__public_id", "last")}


def compute(check: "Check") -> Report:
    """What is in so far. Two queries, however many people and answers there are; a third for a self-assessment."""
    references = list(check.references.in_order().select_related("written_down_by").prefetch_related("answers"))
    submitted = [r for r in references if r.status == Reference.Status.SUBMITTED]
    own = own_sheet(check)
    with override(check.frozen.survey_language):  # questions are filled in their own language, whoever reads
        asked = list(columns(check, submitted, own))
    groups = _groups(person_of(r) for r in submitted if not r.gives_dates_only)
    return Report(
        survey=check.frozen.survey,
        survey_version=check.frozen.survey_version,
        asked=sum(r.status != Reference.Status.REPLACED for r in references),
        answered=len(submitted),
        days=_days(references),
        people=tuple(map(person_of, references)),
        scales=tuple(_scale(each, groups) for each in asked if each.question.kind == Kind.SCALE),
        yes_no=tuple(_tally(each, (YES, UNSURE, NO)) for each in asked if each.question.kind == Kind.YES_NO),
        choices=tuple(_tally(each, each.question.labels) for each in asked if each.question.kind in CHOSEN),
        words=tuple(_words(asked)),
        facts=tuple(_confirmation(each) for each in asked if each.question.kind == Kind.FACT),
        asks_candidate=check.frozen.asks_candidate,
        has_own=own is not None,
        wanted=len(check.frozen.requests),
        fewer_because=check.fewer_because,
    )


def _groups(people: Iterable[Person]) -> Collection[str]:
    """The relationships that may be shown apart: none, unless there are enough people in two of them."""
    in_order = sorted(person.relationship for person in people)
    found = [name for name, same in groupby(in_order) if len(list(same)) >= ENOUGH_FOR_A_GROUP]
    return found if len(found) > 1 else []


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
            theme = column.question.competency or column.question.section
            yield Words(column.question.key, column.question.text, said, own, column.after, theme)


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
