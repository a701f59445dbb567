"""Two candidates for one position side by side: what the reports of both say, and nothing that neither says."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from checks import charts, wording
from checks.findings import Report, Scale
from checks.models import Check
from checks.querysets import CheckQuerySet
from checks.report_parts import report_of

LOOKED_AT = 500  # completed checks among which another candidate is looked for, the newest
SHOWN = 50


@dataclass(frozen=True)
class Side:
    """One of the two."""

    check: Check

    @cached_property
    def report(self) -> Report:
        return report_of(self.check)

    @property
    def say(self) -> str:
        return wording.say(self.report, self.check.first_name, is_live=self.check.is_live)

    def scale(self, key: str) -> Scale | None:
        return next((scale for scale in self.report.scales if scale.key == key), None)


@dataclass(frozen=True)
class Cell:
    strip: SafeString
    count: str
    mean: str


@dataclass(frozen=True)
class Row:
    """One scale of both. None where nobody was asked it."""

    name: str
    lowest: str  # the steps' words
    highest: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Comparison:
    sides: tuple[Side, Side]

    @property
    def why_not(self) -> str:
        """Why their scales do not stand side by side; empty where they do."""
        a, b = (side.check for side in self.sides)
        if a.survey_version_id is not None and a.survey_version_id == b.survey_version_id:
            return ""
        if a.frozen.survey == b.frozen.survey:
            return _(
                "The survey was changed between the two, so a step may not mean the same in both. Read each report."
            )
        return _("They were asked about with different surveys, so their marks cannot be compared. Read each report.")

    @property
    def rows(self) -> Iterator[Row]:
        if self.why_not:
            return
        keys = dict.fromkeys(scale.key for side in self.sides for scale in side.report.scales)
        for key in keys:
            scales = [side.scale(key) for side in self.sides]
            known = next(scale for scale in scales if scale)
            yield Row(known.competency, known.labels[0], known.labels[-1], tuple(map(_cell, scales)))


def _cell(scale: Scale | None) -> Cell | None:
    if scale is None:
        return None
    return Cell(charts.strip(scale), charts.count(scale.figures), charts.mean_in_figures(scale.figures))


def readable(user: User) -> CheckQuerySet:
    """Whose report this person may read, and whose report is made."""
    return Check.objects.readable_by(user).completed().not_erased().select_related("organization")


def others(check: Check, user: User) -> list[Check]:
    """Completed checks of one position, template or edition of a survey with it; the newest, a bounded number."""
    rows = Check.objects.readable_by(user).completed().filter(organization=check.organization_id)
    newest = rows.order_by("-completed_at").only(
        "public_id", "candidate_name", "position", "template_id", "survey_version_id", "completed_at", "erased_at"
    )[:LOOKED_AT]
    found = [other for other in newest if other.pk != check.pk and not other.erased_at and _is_alike(check, other)]
    return found[:SHOWN]


def _is_alike(check: Check, other: Check) -> bool:
    position = check.position.casefold()
    return (
        bool(position and other.position.casefold() == position)
        or (check.template_id is not None and other.template_id == check.template_id)
        or (check.survey_version_id is not None and other.survey_version_id == check.survey_version_id)
    )
