"""Where a candidate's means lie among everybody's, as lines of a chart and rows of the table behind."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from checks import drawing
from checks.charts import axis_of, mean_in_figures
from checks.comparison import Place


@dataclass(frozen=True)
class AmongRow:
    name: str
    strip: SafeString
    where: str
    people: int
    lower: str
    upper: str
    mean: str


@dataclass(frozen=True)
class Among:
    """Scales of the same words or as many steps, with where the candidate's mean lies among everybody's."""

    labels: tuple[str, ...]
    rows: tuple[AmongRow, ...]


def among(places: Sequence[Place]) -> list[Among]:
    by_axis: dict[tuple[str, ...], list[Place]] = {}
    for each in places:
        by_axis.setdefault(axis_of(each.scale.labels), []).append(each)
    return [Among(axis, tuple(map(_among_row, same))) for axis, same in by_axis.items()]


def _among_row(found: Place) -> AmongRow:
    scale, quarters = found.scale, (found.lower, found.upper)
    words = {"name": scale.competency, "where": found.words, "people": found.people}
    label = _("%(name)s: %(where)s of %(people)d people") % words
    strip = drawing.among(found.mean, quarters, len(scale.labels), label)
    return AmongRow(
        name=scale.competency,
        strip=strip,
        where=found.words,
        people=found.people,
        lower=formats.number_format(found.lower, 1),
        upper=formats.number_format(found.upper, 1),
        mean=mean_in_figures(scale.figures),
    )
