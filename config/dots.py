"""Dots on a line: a candidate each, by days. What the desk's drawings stand on."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from statistics import median_low

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

STACK = 6  # dots above each other; how many more there are is a number
LONGEST = 14  # days; what took longer stands in the last column


@dataclass(frozen=True)
class Stack:
    """So many dots above each other, at a share of the line's length."""

    percent: float
    count: int

    @property
    def at(self) -> str:
        return f"{self.percent:.4g}%"

    @property
    def heights(self) -> list[float]:
        """Where the dots stand, in dots from the middle; downwards."""
        drawn = min(self.count, STACK)
        return [i - (drawn - 1) / 2 for i in range(drawn)]

    @property
    def more(self) -> int:
        return max(0, self.count - STACK)

    @property
    def upwards(self) -> range:
        """All the dots, counted from the lowest."""
        return range(1, self.count + 1)


@dataclass(frozen=True)
class Lane:
    """The checks of one state, a dot each, by age in days."""

    words: str | Promise
    shape: str
    query: str
    count: int
    rows: list[tuple[datetime, datetime, str]]  # begun, due, candidate; oldest first
    now: datetime
    days: int = LONGEST  # the length of the line

    @property
    def ages(self) -> list[int]:
        return [(self.now - begun).days for begun, _due, _name in self.rows]

    @property
    def stacks(self) -> list[Stack]:
        places = Counter(min(age, self.days) for age in self.ages)
        return [Stack(100 * day / self.days, count) for day, count in sorted(places.items())]

    @property
    def is_tall(self) -> bool:
        return any(stack.count > 3 for stack in self.stacks)

    @property
    def oldest(self) -> str:
        age = self.ages[0]
        words = {"name": self.rows[0][2] or _("Somebody"), "days": age}
        if age == 0:
            return _("%(name)s, under a day") % words
        return ngettext("%(name)s, %(days)d day", "%(name)s, %(days)d days", age) % words

    @property
    def sentence(self) -> str:
        words = {"state": self.words, "count": self.count, "low": self.ages[-1], "high": self.ages[0]}
        return (
            ngettext(
                "%(state)s: %(count)d check, %(high)d days old",
                "%(state)s: %(count)d checks, %(low)d to %(high)d days old",
                self.count,
            )
            % words
        )


@dataclass(frozen=True)
class Times:
    """How many days the last completed checks took."""

    days: list[int]

    @property
    def half(self) -> int:
        """By this day half of them were complete."""
        return median_low(self.days)

    @property
    def table(self) -> list[tuple[int, int]]:
        return sorted(Counter(self.days).items())

    @property
    def last(self) -> int:
        return min(LONGEST, max(*self.days, 6) + 1)

    @property
    def columns(self) -> Iterator[tuple[str, Stack]]:
        """The axis: a label for each day, and the dots above it."""
        counts = Counter(min(day, self.last) for day in self.days)
        for day in range(1, self.last + 1):
            label = f"{day}+" if day == self.last and max(self.days) > day else str(day)
            yield label, Stack(self._percent(day), counts[day])

    @property
    def half_at(self) -> str:
        return Stack(self._percent(min(self.half, self.last)), 0).at

    @property
    def tallest(self) -> int:
        return max(Counter(min(day, self.last) for day in self.days).values())

    @property
    def sentence(self) -> str:
        words = {"n": len(self.days), "half": self.half, "low": min(self.days), "high": max(self.days)}
        return (
            _(
                "Days from submitted to completed for the last %(n)d checks: half were complete by day %(half)d, "
                "the fastest took %(low)d, the slowest %(high)d."
            )
            % words
        )

    def _percent(self, day: int) -> float:
        return 100 * (day - 0.5) / self.last
