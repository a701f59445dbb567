"""Marks on scales in a report, and the figures that come of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from checks.persons import known

FAR_APART = 2  # steps between the lowest and the highest mark
ENOUGH_FOR_TENTHS = 10  # marks


@dataclass(frozen=True)
class Mark:
    """What one person answered on one scale: a score from 1, or not observed, or neither when it was left open."""

    person: str
    score: int | None = None
    is_unobserved: bool = False


@dataclass(frozen=True)
class Figures:
    """What the marks of one scale come to. Without a mark everything but the counts is None."""

    n: int = 0
    unobserved: int = 0
    left_open: int = 0
    mean: float | None = None  # exact
    shown: float | None = None  # as people read it
    low: int | None = None
    high: int | None = None
    spread: int | None = None
    is_far_apart: bool = False  # also where low and high are not shown
    is_withheld: bool = False  # too few answered for anything to be shown

    @property
    def asked(self) -> int:
        return self.n + self.unobserved + self.left_open

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Figures":
        return cls(**known(cls, data))


@dataclass(frozen=True)
class After:
    """Which answers to which earlier question led to a follow-up; `key` is that question's."""

    key: str
    question: str = ""
    answers: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> "After | None":
        return cls(**{**known(cls, data), "answers": tuple(data.get("answers", ()))}) if data else None


@dataclass(frozen=True)
class Scale:
    """A question answered on a scale, by everybody who was asked it. `labels` name the steps from the bottom up."""

    key: str
    competency: str = ""
    question: str = ""
    labels: tuple[str, ...] = ()
    is_comparative: bool = False
    marks: tuple[Mark, ...] = ()
    figures: Figures = Figures()
    apart: Mapping[str, Figures] = field(default_factory=dict)  # by relationship, where there are enough
    own: Mark | None = None  # the candidate's, which is in no figure
    after: "After | None" = None

    @property
    def is_far_apart(self) -> bool:
        return self.figures.is_far_apart or (self.figures.spread or 0) >= FAR_APART

    @property
    def own_score(self) -> int | None:
        return self.own.score if self.own else None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Scale":
        parts = {
            "labels": tuple(data.get("labels", ())),
            "marks": tuple(Mark(**known(Mark, mark)) for mark in data.get("marks", ())),
            "figures": Figures.from_json(data.get("figures", {})),
            "apart": {group: Figures.from_json(figures) for group, figures in data.get("apart", {}).items()},
            "own": Mark(**known(Mark, data["own"])) if data.get("own") else None,
            "after": After.from_json(data.get("after")),
        }
        return cls(**{**known(cls, data), **parts})


def figures(marks: Iterable[Mark], points: int) -> Figures:
    """The figures of one scale of so many points."""
    marks = list(marks)
    scores = [mark.score for mark in marks if mark.score is not None]
    unobserved = sum(mark.is_unobserved for mark in marks)
    counts: dict[str, Any] = {
        "n": len(scores),
        "unobserved": unobserved,
        "left_open": len(marks) - len(scores) - unobserved,
    }
    if not scores:
        return Figures(**counts)
    low, high = min(scores), max(scores)
    mean, shown = sum(scores) / len(scores), shown_mean(scores, points)
    return Figures(**counts, mean=mean, shown=shown, low=low, high=high, spread=high - low)


def shown_mean(scores: Sequence[int], points: int) -> float:
    """The mean as it is printed; fractions, because a tie must be seen as one."""
    mean, middle = Fraction(sum(scores), len(scores)), Fraction(1 + points, 2)
    step = Fraction(1, 2 if len(scores) < ENOUGH_FOR_TENTHS else 10)
    below = mean // step * step
    return float(min(below, below + step, key=lambda place: (abs(place - mean), abs(place - middle))))
