"""Whether a mark foretold how it ended: the correlation between a mark and a yes-or-no outcome, with its interval.

The unit is the check. Each has one mark (the mean over its references) and falls into one of two groups, such as
hired and not hired.

- *r* is the point-biserial correlation: Pearson's, with 1 for the one group and 0 for the other. From -1 to 1; above 0
  the one group had the higher marks. It does not change with the unit in which marks are counted.
- Its 95% interval is Fisher's: tanh(atanh(r) ± 1.96 / √(n - 3)). Both come from SciPy (`scipy.stats.pearsonr`).
- Below SMALLEST in either group there are no figures at all, below ENOUGH together they carry a warning, and only from
  RETIRE_FROM on is an interval that includes 0 taken for a sign that there is nothing: with a hundred, a true
  correlation of .3 shows in more than four of five cases; with thirty it is missed more often than it is seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

SMALLEST = 10  # checks in each group
ENOUGH = 30  # in both together
RETIRE_FROM = 100  # in both together
CONFIDENCE = 0.95
CHANCE = 1 - CONFIDENCE  # of an interval that does not include 0 although there is nothing
SAME = 1e-9  # marks are from 0 to 1; what differs by less is the same mark


class Finding(Enum):
    """What a relation comes to."""

    TOO_FEW = auto()
    ALL_ALIKE = auto()
    HIGHER = auto()  # in the first group
    LOWER = auto()
    NOT_SEEN_YET = auto()
    NOT_SEEN = auto()


@dataclass(frozen=True)
class Relation:
    """Marks from 0 to 1 in two groups; without `r` where there are too few, or all marks are the same."""

    n_in: int
    n_out: int
    mean_in: float | None = None
    mean_out: float | None = None
    r: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def n(self) -> int:
        return self.n_in + self.n_out

    @property
    def is_few(self) -> bool:
        """There are figures, and they carry a warning."""
        return self.r is not None and self.n < ENOUGH

    @property
    def finding(self) -> Finding:
        if self.mean_in is None:
            return Finding.TOO_FEW
        if self.low is None or self.high is None:
            return Finding.ALL_ALIKE
        if self.low > 0:
            return Finding.HIGHER
        if self.high < 0:
            return Finding.LOWER
        return Finding.NOT_SEEN if self.n >= RETIRE_FROM else Finding.NOT_SEEN_YET


def relate(marks_in: Sequence[float], marks_out: Sequence[float]) -> Relation:
    """How the marks of the one group compare with those of the other."""
    counts = len(marks_in), len(marks_out)
    if min(counts) < SMALLEST:
        return Relation(*counts)
    means = sum(marks_in) / counts[0], sum(marks_out) / counts[1]
    marks = [*marks_in, *marks_out]
    if max(marks) - min(marks) < SAME:
        return Relation(*counts, *means)
    return Relation(*counts, *means, *correlation(marks, [1] * counts[0] + [0] * counts[1]))


def correlation(one: Sequence[float], other: Sequence[float]) -> tuple[float, float, float]:
    """Pearson's r with the lower and upper end of its interval. Neither side may be constant."""
    from scipy import stats  # slow to import, and wanted on few pages

    found = stats.pearsonr(one, other)
    low, high = found.confidence_interval(CONFIDENCE)
    return float(found.statistic), max(-1.0, float(low)), min(1.0, float(high))
