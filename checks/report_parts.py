"""A report as it is shown: on the page, as a file, to whom it is shared with. All of them call `report_for`.

What was promised to the references is kept here, once: the report that comes out of it is all that is shown.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from checks import (
    among,
    averages,
    by_reference,
    charts,
    comparison,
    conversation,
    counts,
    facts,
    keeping,
    missing,
    report,
    timeline,
    trust,
    wording,
)
from checks.findings import Report
from checks.models import Check
from checks.report_head import head


@dataclass(frozen=True)
class Part:
    """A numbered part of the page: heading, note in the margin, and what the template of its body is given."""

    name: str
    title: str
    note: str = ""
    about: Any = None

    @property
    def template(self) -> str:
        return f"checks/report_{self.name}.html"


@dataclass(frozen=True)
class Reading:
    """A report, and how it is wanted. `name` is the candidate's first name."""

    check: Check
    report: Report
    name: str
    by_reference: bool = False
    is_outside: bool = False


def report_for(check: Check, now: datetime, *, by_reference: bool = False, is_outside: bool = False) -> dict[str, Any]:
    """The context of report_body.html, and of every other way to show a report. The caller has found the check among
    `Check.objects.readable_by`, with its organization. Nothing is written.

    `by_reference` sorts the words by who wrote them; `is_outside` leaves out who has read the report.
    """
    shown = report_of(check)
    reading = Reading(check, shown, check.first_name, by_reference and not shown.is_averages_only, is_outside)
    return {
        "check": check,
        "organization": check.organization,
        "head": [] if check.erased_at else head(check, shown, is_outside=is_outside),
        "say": wording.say(shown, check.first_name, is_live=check.is_live),
        "parts": list(_parts(reading)),
        "report": shown,
        "by_reference": reading.by_reference,
        "now": now,
    }


def report_of(check: Check) -> Report:
    """What may be shown of the answers: the report that was made when the check was concluded, else what is in now.

    With averages only there is nothing before that: each answer that comes in would show in the difference.
    """
    is_concluded = check.status == Check.Status.COMPLETED
    stored = check.report_data or {}
    found = Report.from_json(stored) if is_concluded and "formula" in stored else report.compute(check)
    if not check.frozen.is_averages_only or found.is_averages_only:
        return found
    return averages.averaged(found) if is_concluded else averages.without_figures(found)


def _parts(reading: Reading) -> Iterator[Part]:
    """Only the parts that there is something in. Of an erased check, what happened is all that is left."""
    for part in (_history,) if reading.check.erased_at else PARTS:
        yield from part(reading)


# --- the parts --------------------------------------------------------------------------------------


def _talk_first(reading: Reading) -> Iterator[Part]:
    about = conversation.topics(reading.report, reading.name)
    note = _("Where people disagree, with each other or with %(name)s.") % {"name": reading.name}
    if reading.report.scales or about:
        yield Part("talk", _("Talk about first"), note, about)


def _trust(reading: Reading) -> Iterator[Part]:
    if about := trust.people(reading.check, reading.report):
        yield Part("trust", _("How far to trust this"), trust.note(reading.check), about)


def _again(reading: Reading) -> Iterator[Part]:
    shown = reading.report
    if shown.work_again and shown.work_again.everybody:
        title = _("Work with %(name)s again?") % {"name": reading.name}
        yield Part("again", title, about=counts.counted(shown, shown.work_again, reading.name))


def _bands(reading: Reading) -> Iterator[Part]:
    note = _("Each person compared %(name)s with all they have seen do this work.") % {"name": reading.name}
    yield from _charts(reading, _("Against others in the same job"), note, is_comparative=True)


def _other_scales(reading: Reading) -> Iterator[Part]:
    note = _("Each answer is a step that the question describes.")
    yield from _charts(reading, _("What they saw"), note, is_comparative=False)


def _charts(reading: Reading, title: str, note: str, *, is_comparative: bool) -> Iterator[Part]:
    shown = reading.report
    scales = [scale for scale in shown.scales if scale.is_comparative == is_comparative]
    about = charts.charts(scales, shown.answerers, is_averages_only=shown.is_averages_only)
    if about:
        yield Part("charts", title, note, about)


def _everybody(reading: Reading) -> Iterator[Part]:
    found = comparison.everybody_like(reading.check) if reading.report.scales else None
    if found:
        note = _("All who were rated here with the same version of the same questions.")
        places = comparison.places(found, reading.report)
        about = {"everybody": found, "enough": comparison.ENOUGH, "charts": among.among(places)}
        yield Part("comparison", _("Against everyone here"), note, about)


def _yes_and_no(reading: Reading) -> Iterator[Part]:
    shown = reading.report
    rest = [tally for tally in shown.yes_no if tally is not shown.work_again]
    if about := counts.standing_alone(shown, rest, reading.name):
        yield Part("yes_no", _("Yes or no"), about=about)


def _choices(reading: Reading) -> Iterator[Part]:
    if about := counts.standing_alone(reading.report, reading.report.choices, reading.name):
        yield Part("choices", _("What they chose"), about=about)


def _words(reading: Reading) -> Iterator[Part]:
    shown, name = reading.report, reading.name
    themes = counts.words(shown, name)
    note = _("Word for word, by theme. Nothing is summarized.")
    if shown.is_averages_only:
        note = _("Word for word, without names and in no order. Who knows how somebody writes may still know them.")
    if reading.by_reference:
        note = _("Word for word, by who wrote it. Nothing is summarized.")
    writers = by_reference.writers(shown, name)
    if themes or writers:
        yield Part("words", _("In their words"), note, {"themes": themes, "writers": writers})


def _facts(reading: Reading) -> Iterator[Part]:
    note = _("What %(name)s told us, and what each person says of it. Apart from opinion.") % {"name": reading.name}
    if about := facts.facts(reading.report, reading.name):
        yield Part("facts", _("Titles and dates"), note, about)


def _questions(reading: Reading) -> Iterator[Part]:
    note = _("Ours, chosen by a rule. No reference has put them, and they give nothing away of what was answered.")
    if about := conversation.questions(reading.report, reading.name):
        yield Part("questions", _("Questions to take along"), note, about)


def _missing(reading: Reading) -> Iterator[Part]:
    if reading.report.asked:
        yield Part("missing", _("What is missing"), about=missing.missing(reading.report, reading.name))


def _history(reading: Reading) -> Iterator[Part]:
    check, shown = reading.check, reading.report
    words = {"survey": shown.survey, "version": shown.survey_version}
    note = _("Questions “%(survey)s”, version %(version)d.") % words if shown.survey else ""
    without = (*timeline.OF_READERS, *timeline.OF_ENDING) if reading.is_outside else ()
    about = {"lines": timeline.lines(check, without=without), "erased_on": keeping.erases_at(check)}
    yield Part("history", _("How this came about"), note, about)


def _formula(reading: Reading) -> Iterator[Part]:
    note = _("Formula %(number)d. No overall score, no percentage.") % {"number": reading.report.formula}
    if reading.report.scales:
        yield Part("formula", _("How the marks are computed"), note)


PARTS: tuple[Callable[[Reading], Iterator[Part]], ...] = (
    _talk_first,
    _trust,
    _again,
    _bands,
    _other_scales,
    _everybody,
    _yes_and_no,
    _choices,
    _words,
    _facts,
    _questions,
    _missing,
    _history,
    _formula,
)
