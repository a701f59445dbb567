"""What was measured, what is expected of it, and the table that says whether it is so."""

import math
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

COMPARE = {"at least": operator.ge, "at most": operator.le, "exactly": operator.eq}
HEAD = ("bench", "what", "figure", "goal", "verdict", "made of")


@dataclass(frozen=True)
class Goal:
    """`word` is one of COMPARE."""

    word: str
    bound: float

    def is_met_by(self, value: float) -> bool:
        return bool(COMPARE[self.word](value, self.bound))


@dataclass(frozen=True)
class Figure:
    """One line of the table. `unit` is × for a ratio; `detail` names the numbers that it was made of."""

    bench: str
    name: str
    value: float
    unit: str = "×"
    goal: Goal | None = None
    detail: str = ""

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return ""
        return "met" if self.goal.is_met_by(self.value) else "MISSED"

    def cells(self) -> tuple[str, ...]:
        goal = f"{self.goal.word} {written(self.goal.bound)}" if self.goal else ""
        value = f"{written(self.value)} {self.unit}".rstrip()
        return (self.bench, self.name, value, goal, self.verdict, self.detail)


def written(value: float) -> str:
    """Three digits are all that such a measurement has."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that `share` (0 to 1) of all do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the rounds' ratios: each round is compared with its own neighbour, not with a better minute."""
    return median(one / other for one, other in zip(ours, theirs, strict=True))


def table(figures: Iterable[Figure]) -> str:
    rows = [HEAD, *(figure.cells() for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def missed(figures: Iterable[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.goal and not figure.goal.is_met_by(figure.value)]
