"""The report as recruiters read it: signed in, and within their own organization."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from checks import charts, confirmations, counts, missing, report, timeline, wording
from checks.confirmations import confirmation as confirm
from checks.findings import Report
from checks.models import Check


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


@never_cache
@require_safe
@login_required
def report_page(request: HttpRequest, check: UUID) -> HttpResponse:
    rows = Check.objects.visible_to(request.user).select_related("organization")
    found = get_object_or_404(rows, public_id=check)
    is_readable = found.status == Check.Status.COMPLETED and not found.erased_at
    if is_readable and request.user.is_authenticated:
        found.note_opening(request.user, timezone.now())
    shown = _report(found)
    context = {
        "check": found,
        "organization": found.organization,
        "say": wording.say(shown, found.first_name, is_live=found.is_live),
        "parts": list(_parts(found, shown)),
        "report": shown,
    }
    return render(request, "checks/report.html", context)


def _report(check: Check) -> Report:
    """The one that was made on completion; before that, and where none is kept, what is in now."""
    stored = check.report_data or {}
    return Report.from_json(stored) if "formula" in stored else report.compute(check)


def _parts(check: Check, shown: Report) -> Iterator[Part]:
    """Only the parts that there is something in. Of an erased check, what happened is all that is left."""
    for part in (_history,) if check.erased_at else PARTS:
        yield from part(check, shown)


# --- the parts --------------------------------------------------------------------------------------


def _talk_first(check: Check, shown: Report) -> Iterator[Part]:
    scales, facts = shown.far_apart, confirmations.differing(shown, check.first_name)
    about = [*((wording.difference(scale), wording.positions(shown, scale)) for scale in scales), *facts]
    note = _("Where answers are two or more steps apart.")
    if facts:
        note = _("Where answers are two or more steps apart, and where a title or dates differ.")
    if shown.scales or facts:
        yield Part("talk", _("Talk about first"), note, about)


def _trust(check: Check, shown: Report) -> Iterator[Part]:
    note = _("What we know of each person. Company and months are as %(name)s gave them; nobody has checked them.")
    about = [(person.name, wording.known(person), wording.facts(person)) for person in shown.answerers]
    if about:
        yield Part("trust", _("How far to trust this"), note % {"name": check.first_name}, about)


def _facts(check: Check, shown: Report) -> Iterator[Part]:
    note = _("What %(name)s told us, and what each person says of it.") % {"name": check.first_name}
    about = [
        (
            fact.question,
            [
                (
                    wording.with_relation(shown.person(said.person)),
                    confirm(shown, fact, said, check.first_name),
                )
                for said in fact.said
            ],
        )
        for fact in shown.facts
    ]
    if about:
        yield Part("facts", _("Titles and dates"), note, about)


def _again(check: Check, shown: Report) -> Iterator[Part]:
    if shown.work_again and shown.work_again.said:
        title = _("Work with %(name)s again?") % {"name": check.first_name}
        yield Part("again", title, about=counts.counted(shown, shown.work_again, check.first_name))


def _comparison(check: Check, shown: Report) -> Iterator[Part]:
    note = _("Each person compared %(name)s with all they have seen do this work.") % {"name": check.first_name}
    about = charts.charts([scale for scale in shown.scales if scale.is_comparative], shown.answerers)
    if about:
        yield Part("charts", _("Against others in the same job"), note, about)


def _other_scales(check: Check, shown: Report) -> Iterator[Part]:
    about = charts.charts([scale for scale in shown.scales if not scale.is_comparative], shown.answerers)
    if about:
        yield Part("charts", _("What they saw"), _("Each answer is a step that the question describes."), about)


def _yes_and_no(check: Check, shown: Report) -> Iterator[Part]:
    about = [
        counts.counted(shown, tally, check.first_name)
        for tally in shown.yes_no
        if tally is not shown.work_again and tally.said and counts.stands_alone(shown, tally)
    ]
    if about:
        yield Part("yes_no", _("Yes or no"), about=about)


def _choices(check: Check, shown: Report) -> Iterator[Part]:
    about = [
        counts.counted(shown, tally, check.first_name)
        for tally in shown.choices
        if tally.said and counts.stands_alone(shown, tally)
    ]
    if about:
        yield Part("choices", _("What they chose"), about=about)


def _words(check: Check, shown: Report) -> Iterator[Part]:
    about = counts.words(shown, check.first_name)
    if about:
        yield Part("words", _("In their words"), _("Word for word, by question. Nothing is summarized."), about)


def _missing(check: Check, shown: Report) -> Iterator[Part]:
    if shown.asked:
        yield Part("missing", _("What is missing"), about=missing.missing(shown, check.first_name))


def _history(check: Check, shown: Report) -> Iterator[Part]:
    words = {"survey": shown.survey, "version": shown.survey_version}
    note = _("Questions “%(survey)s”, version %(version)d.") % words if shown.survey else ""
    yield Part("history", _("How this came about"), note, timeline.lines(check))


def _formula(check: Check, shown: Report) -> Iterator[Part]:
    note = _("Formula %(number)d. No overall score, no percentage.") % {"number": shown.formula}
    if shown.scales:
        yield Part("formula", _("How the marks are computed"), note)


PARTS: tuple[Callable[[Check, Report], Iterator[Part]], ...] = (
    _talk_first,
    _trust,
    _facts,
    _again,
    _comparison,
    _other_scales,
    _yes_and_no,
    _choices,
    _words,
    _missing,
    _history,
    _formula,
)
