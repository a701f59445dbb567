"""The head of a report in pairs: what was asked, when, of how many, and how long it took."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checks.findings import Report
from checks.outcome import Outcome

if TYPE_CHECKING:
    from checks.models import Check


def head(check: "Check", shown: Report, *, is_outside: bool = False) -> list[tuple[str, str]]:
    """How it ended is for those who hire, and not for whoever the report is shared with."""
    ended = () if is_outside else _ended(check)
    return [pair for pair in (*_what(check, shown), *_dates(check), *ended, *_counts(shown)) if pair[1]]


def _ended(check: "Check") -> Iterator[tuple[str, str]]:
    outcome = Outcome.known_of(check)
    if outcome:
        yield _("How it ended"), _("Two answers that differ") if outcome.is_conflict else outcome.get_ended_display()


def _what(check: "Check", shown: Report) -> Iterator[tuple[str, str]]:
    yield _("Job"), check.position
    yield _("Template"), check.frozen.name
    words = {"survey": shown.survey, "version": shown.survey_version}
    yield _("Questions"), _("%(survey)s, version %(version)d") % words if shown.survey else ""


def _dates(check: "Check") -> Iterator[tuple[str, str]]:
    yield _("Begun"), _day(check.created_at)
    yield _("References named"), _day(check.consented_at)
    yield _("Concluded"), _day(check.completed_at)


def _day(moment: datetime | None) -> str:
    return formats.date_format(timezone.localtime(moment), "DATE_FORMAT") if moment else ""


def _counts(shown: Report) -> Iterator[tuple[str, str]]:
    found = Counter(person.status for person in shown.people)
    if not shown.asked:
        return
    yield _("Asked"), str(shown.asked)
    yield _("Answered"), str(shown.answered)
    yield _("Declined"), str(found["declined"])
    yield _("Could not be reached"), str(found["bounced"])
    if found["replaced"]:
        yield _("Replaced by somebody else"), str(found["replaced"])
    if shown.days:
        words = ngettext("%(days)d day", "%(days)d days", shown.days) % {"days": shown.days}
        yield _("First request to last answer"), words
