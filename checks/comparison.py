"""Where a candidate's means lie among those of everybody who was rated by the same edition of the same survey, in
the same organization.

From thirty people on; until then it is said how many there are. Of each question the quarter marks of the people's
means are computed, so that the middle half can be drawn, and nobody has a rank. A person counts once, with their
newest completed check, and at most the newest 500 checks are looked at. What was worked out is good for an hour.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import quantiles
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Avg, QuerySet
from django.utils.translation import gettext as _

from checks.findings import Report, Scale
from checks.references import Answer

if TYPE_CHECKING:
    from checks.models import Check

ENOUGH = 30  # people
AT_MOST = 500  # checks
AN_HOUR = 3600  # seconds
OWN_MARKS = 2  # of the candidate at least, for a mean that is set among others


@dataclass(frozen=True)
class Everybody:
    """All who were rated alike: how many, and of each question how many have a mean, and its quarter marks."""

    people: int
    quarters: Mapping[str, tuple[int, float, float]]  # question key -> people, lower, upper
    is_newest_only: bool = False


@dataclass(frozen=True)
class Place:
    """One scale among everybody: the middle half of the others runs from `lower` to `upper`."""

    scale: Scale
    mean: float
    people: int
    lower: float
    upper: float

    @property
    def words(self) -> str:
        if self.mean > self.upper:
            return _("above the middle half")
        return _("below the middle half") if self.mean < self.lower else _("within the middle half")


def everybody_like(check: "Check") -> Everybody | None:
    """Two queries, an hour apart at least; None where the survey's edition is not known."""
    if not check.survey_version_id:
        return None
    key = f"comparison:{check.organization_id}:{check.survey_version_id}"
    found: Everybody | None = cache.get(key)
    if found is None:
        found = _everybody(check)
        cache.set(key, found, AN_HOUR)
    return found


def places(found: Everybody, shown: Report) -> list[Place]:
    """Of the scales that everybody is asked: what follows an earlier answer is asked of some only."""
    return [
        Place(scale, scale.figures.mean, *found.quarters[scale.key])
        for scale in shown.scales
        if scale.figures.mean is not None
        and scale.figures.n >= OWN_MARKS
        and not scale.after
        and scale.key in found.quarters
    ]


def rated_alike(check: "Check") -> QuerySet["Check"]:
    """The newest first."""
    rows = (
        type(check)
        .objects.completed()
        .filter(survey_version=check.survey_version_id, organization=check.organization_id)
    )
    return rows.not_erased().order_by("-completed_at")[:AT_MOST]


def _everybody(check: "Check") -> Everybody:
    rows = list(rated_alike(check).values_list("pk", "contact_id"))
    newest: dict[Any, int] = {}
    for pk, contact in rows:
        newest.setdefault(contact or pk, pk)
    quarters = _quarters(newest.values()) if len(newest) >= ENOUGH else {}
    return Everybody(len(newest), quarters, is_newest_only=len(rows) == AT_MOST)


def _quarters(checks: Iterable[int]) -> dict[str, tuple[int, float, float]]:
    given = Answer.objects.filter(
        reference__for_check__in=list(checks),
        reference__status="submitted",
        reference__gives_dates_only=False,
        is_unobserved=False,
        score__isnull=False,
    )
    means = defaultdict(list)
    for key, _check, mean in given.values_list("question_key", "reference__for_check").annotate(mean=Avg("score")):
        means[key].append(mean)
    return {key: (len(each), *_marks(each)) for key, each in means.items() if len(each) >= ENOUGH}


def _marks(means: list[float]) -> tuple[float, float]:
    lower, _middle, upper = quantiles(means, n=4, method="inclusive")
    return lower, upper
