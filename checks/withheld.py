"""What a report with averages only does not show, and why: said on the page, so that nobody takes it for nothing."""

from collections.abc import Iterator

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checks.findings import Report, Tally, Words
from checks.said import number


def sentences(report: Report) -> Iterator[str]:
    yield from _taken_down(report)
    yield from _held_back(report)
    hidden = [scale.competency for scale in report.scales if scale.figures.is_withheld]
    asked: tuple[Tally | Words, ...] = (*report.yes_no, *report.choices, *report.words)
    hidden += [each.question for each in asked if each.is_withheld]
    for what in hidden:
        yield _("Fewer than three answered “%(what)s”, or could be shown, so nothing of it is here.") % {"what": what}
    left_out = sum(words.left_out for words in report.words)
    if left_out:
        yield ngettext(
            "%(count)s text is left out, as it would tell who wrote it.",
            "%(count)s texts are left out, as they would tell who wrote them.",
            left_out,
        ) % {"count": capfirst(number(left_out))}
    if report.yes_no or report.choices:
        yield _("Reasons beside yes, no and choices are left out, as they would tell whose answer is whose.")
    if not any(scale.apart for scale in report.scales):
        yield _("Managers, colleagues and others are not shown apart: that takes three in each and three others.")


def _held_back(report: Report) -> Iterator[str]:
    if report.held_back:
        yield ngettext(
            "%(count)s more person has answered since this was shown first. Their answers are not in the figures: the "
            "difference would tell what they said. With three or more they are added.",
            "%(count)s more people have answered since this was shown first. Their answers are not in the figures: the "
            "difference would tell what they said. With three or more they are added.",
            report.held_back,
        ) % {"count": capfirst(number(report.held_back))}


def _taken_down(report: Report) -> Iterator[str]:
    if report.is_taken_down:
        yield _(
            "Somebody took back or changed what they had said, after figures with it had been shown. No figure is "
            "shown any more: the difference would tell what it was."
        )
