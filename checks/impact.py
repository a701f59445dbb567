"""Adverse impact: how often each of several groups was selected, beside the group that was selected most often.

- A group's *rate* is how many of its people were selected, of how many. Its 95% interval is Wilson's.
- Its *ratio* is its rate over the highest rate. Below four fifths the guidelines of the United States' agencies take it
  for evidence of adverse impact (29 CFR 1607.4 D), unless the numbers are small; a larger ratio is no acquittal.
- *p* is of Fisher's exact test, two-sided, of the group against the one with the highest rate: how often chance alone
  would set two such groups at least so far apart.

Interval and test are SciPy's. Groups of fewer than SMALLEST people are hidden, and with them as many of the next larger
ones as it takes until those that are hidden are SMALLEST people together: else one could subtract.
"""

from collections.abc import Iterable
from dataclasses import dataclass

SMALLEST = 5  # people in a group
FEW = 30  # below, one person more or less moves a rate by more than three points in a hundred
FOUR_FIFTHS = 0.8
CHANCE = 0.05  # a difference that chance brings about less often is taken for one
ROUNDING = 1e-9  # four fifths exactly are four fifths


@dataclass(frozen=True)
class Group:
    name: str
    people: int
    selected: int

    @property
    def rate(self) -> float:
        return self.selected / self.people


@dataclass(frozen=True)
class Line:
    """One group: rates and ratio from 0 to 1; `p` is None for the group that the others are compared with."""

    group: Group
    low: float
    high: float
    ratio: float
    p: float | None

    @property
    def is_under(self) -> bool:
        return self.ratio < FOUR_FIFTHS - ROUNDING

    @property
    def may_be_chance(self) -> bool:
        return self.p is None or self.p >= CHANCE

    @property
    def is_few(self) -> bool:
        return self.group.people < FEW


@dataclass(frozen=True)
class Impact:
    """No lines where fewer than two groups are large enough, or nobody was selected."""

    lines: tuple[Line, ...]
    hidden: int  # groups

    @property
    def is_nobody(self) -> bool:
        """Enough groups, and nobody of them was selected."""
        return bool(self.lines) and not any(line.group.selected for line in self.lines)


def compare(groups: Iterable[Group]) -> Impact:
    """The largest group first."""
    shown, hidden = _split(sorted(groups, key=lambda group: (-group.people, group.name)))
    if len(shown) < 2:
        return Impact((), hidden)
    highest = max(shown, key=lambda group: (group.rate, group.people))
    return Impact(tuple(_line(group, highest) for group in shown), hidden)


def _split(groups: list[Group]) -> tuple[list[Group], int]:
    """What is shown, and how many are not."""
    shown = [group for group in groups if group.people >= SMALLEST]
    hidden = groups[len(shown) :]
    while shown and hidden and sum(group.people for group in hidden) < SMALLEST:
        hidden = [shown.pop(), *hidden]
    return shown, len(hidden)


def _line(group: Group, highest: Group) -> Line:
    low, high = interval(group.selected, group.people)
    ratio = group.rate / highest.rate if highest.rate else 1.0
    return Line(group, low, high, ratio, None if group is highest else exact(group, highest))


def interval(selected: int, people: int) -> tuple[float, float]:
    from scipy import stats  # slow to import, and wanted on few pages

    low, high = stats.binomtest(selected, people).proportion_ci(0.95, method="wilson")
    return float(low), float(high)


def exact(one: Group, other: Group) -> float:
    from scipy import stats

    table = [[each.selected, each.people - each.selected] for each in (one, other)]
    return float(stats.fisher_exact(table).pvalue)
