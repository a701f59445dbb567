"""What the desk shows: what needs a hand, what is on its way, what is ready to read, how long it takes.

Every list is limited, and every part is a fixed number of queries, however many rows there are.
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low

from django.db.models import Count, Q
from django.utils.functional import Promise, cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from checks.findings import Report
from checks.models import Check
from checks.querysets import LIVE, CheckQuerySet
from checks.wording import number, say
from config.troubles import AT_MOST, Trouble, troubles

READY = 10  # reports to read
LATELY = timedelta(days=90)  # what was submitted before is found in the list
LAST = 20  # completed checks that the times are taken from
DRAWN = 300  # candidates of each state that are drawn, the oldest
STACK = 6  # dots above each other; how many more there are is a number
LONGEST = 14  # days; what took longer stands in the last column
DAY = timedelta(days=1)


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


LIVE_LANES = 3  # of the lanes below, those of checks on their way
LANES: tuple[tuple[str | Promise, str, str, Q], ...] = (
    (gettext_lazy("Submitted"), "", "status=submitted&time=in-time", Q(status="submitted", is_overdue=False)),
    (
        gettext_lazy("Awaiting references"),
        "moving",
        "status=awaiting&time=in-time",
        Q(status="awaiting", is_overdue=False),
    ),
    (gettext_lazy("Overdue"), "warn", "time=overdue", Q(status__in=LIVE, is_overdue=True)),
    (gettext_lazy("Error"), "bad", "status=error", Q(status="error", resolved_at=None)),
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


@dataclass(frozen=True)
class Ready:
    """A report that this person has not opened."""

    check: Check
    sentence: str


class Desk:
    """One person's desk at one moment."""

    def __init__(self, user: User, now: datetime) -> None:
        self.user, self.now = user, now
        self.checks: CheckQuerySet = Check.objects.visible_to(user)

    @cached_property
    def all_troubles(self) -> list[Trouble]:
        return troubles(self.user, self.now)

    @property
    def troubles(self) -> list[Trouble]:
        return self.all_troubles[:AT_MOST]

    @property
    def title(self) -> str:
        """The news."""
        count = len(self.all_troubles)
        if not count:
            return _("Nothing needs a hand")
        if count > AT_MOST:
            return _("More than %(count)d things need a hand") % {"count": AT_MOST}
        words = {"count": capfirst(number(count))}
        return ngettext("%(count)s thing needs a hand", "%(count)s things need a hand", count) % words

    @property
    def others(self) -> str:
        """How many checks go on without anybody's help."""
        stuck = {trouble.live_check for trouble in self.all_troubles} - {None}
        count = sum(self._counts[:LIVE_LANES]) - len(stuck)
        words = {"count": capfirst(number(max(count, 0)))}
        if not count:
            return "" if stuck else _("No check is on its way.")
        if stuck:
            return (
                ngettext(
                    "%(count)s other check is moving by itself.",
                    "%(count)s other checks are moving by themselves.",
                    count,
                )
                % words
            )
        return (
            ngettext("%(count)s check is moving by itself.", "%(count)s checks are moving by themselves.", count)
            % words
        )

    @cached_property
    def _counts(self) -> list[int]:
        """How many checks there are in each lane, in one query."""
        asked = {f"lane{i}": Count("pk", filter=lane[-1]) for i, lane in enumerate(LANES)}
        found = self.checks.filter(Q(status__in=LIVE) | Q(status="error", resolved_at=None)).aggregate(**asked)
        return [found[name] for name in asked]

    @cached_property
    def lanes(self) -> list[Lane]:
        found = []
        for (words, shape, query, where), count in zip(LANES, self._counts, strict=True):
            columns = ("created_at", "due_at", "candidate_name")
            rows = self.checks.filter(where).order_by("created_at").values_list(*columns)[:DRAWN] if count else ()
            found.append(Lane(words, shape, query, count, list(rows), self.now))
        return [lane for lane in found if lane.rows]

    @cached_property
    def late_after(self) -> int | None:
        """The days that candidates have, where all templates give them the same."""
        given = {(due - begun).days for lane in self.lanes for begun, due, _name in lane.rows}
        return given.pop() if len(given) == 1 else None

    @property
    def late_zone(self) -> tuple[str, str] | None:
        """Where on the line the time is over, and how far it is from there to the end."""
        if self.late_after is None or self.late_after >= LONGEST:
            return None
        percent = 100 * self.late_after / LONGEST
        return f"{percent:.4g}%", f"{100 - percent:.4g}%"

    @property
    def ready(self) -> list[Ready]:
        rows = self.checks.unread_by(self.user.pk).filter(created_at__gte=self.now - LATELY)
        newest = sorted(
            rows.defer("token", "consent_text").order_by("-created_at")[:READY], key=_completed, reverse=True
        )
        return [Ready(check, _summary(check)) for check in newest]

    @property
    def times(self) -> Times | None:
        rows = self.checks.completed().filter(created_at__gte=self.now - LATELY).order_by("-completed_at")
        last = rows.values_list("created_at", "completed_at")[:LAST]
        days = [max(1, math.ceil((done - begun) / DAY)) for begun, done in last if done]
        return Times(days) if days else None


def _completed(check: Check) -> datetime:
    return check.completed_at or check.created_at


def _summary(check: Check) -> str:
    return say(Report.from_json(check.report_data or {}), check.first_name)
