"""Numbers over time: how long checks take, how many who are asked answer, and what reminders add. By month.

Three queries however many checks there are, each of the newest MOST that ended within a year, by an index.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median_low

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from checks.models import Check, Event, Reference

MONTHS = 12
MOST = 5_000  # checks
REMINDERS = 3  # whose effect is told one by one
EFFECT = timedelta(hours=48)
ENOUGH = 30  # for a share in percent
DAY = timedelta(days=1)
FLOOR, HEIGHT = 104, 80  # of the drawings, in pixels from the top: the ground, and how far it goes up


def share(part: int, whole: int) -> str:
    """Such as 83%; empty where there are too few for a percentage to mean anything."""
    return f"{round(100 * part / whole)}%" if whole >= ENOUGH else ""


@dataclass
class Month:
    """What ended in one month. `days` are those that completed checks took."""

    first: date
    place: float  # its middle, as a share of the drawing's width
    days: list[int] = field(default_factory=list)
    asked: int = 0
    answered: int = 0

    @property
    def label(self) -> str:
        return date_format(self.first, "M")

    @property
    def name(self) -> str:
        return date_format(self.first, "YEAR_MONTH_FORMAT")

    @property
    def at(self) -> str:
        return f"{100 * self.place:.4g}%"

    @property
    def half(self) -> int | None:
        """By this day half of the checks were complete."""
        return median_low(self.days) if self.days else None

    @property
    def share(self) -> str:
        return share(self.answered, self.asked)


@dataclass(frozen=True)
class Effect:
    """Of so many who were reminded for the first, second or third time, how many answered soon after."""

    number: int
    sent: int
    answered: int

    @property
    def share(self) -> str:
        return share(self.answered, self.sent)

    @property
    def words(self) -> str:
        names = {1: _("First reminder"), 2: _("Second reminder"), 3: _("Third reminder")}
        return names[self.number]


class Numbers:
    """For one person at one moment."""

    def __init__(self, user: User, now: datetime) -> None:
        self.now = now
        self.since = _month_before(timezone.localdate(now), MONTHS - 1)
        begun = timezone.make_aware(datetime.combine(self.since, datetime.min.time()))
        checks = Check.objects.visible_to(user).filter(status__in=("completed", "expired"), ended_at__gte=begun)
        self.checks = checks.order_by("-ended_at")[:MOST]

    @cached_property
    def months(self) -> list[Month]:
        firsts = [_month_before(timezone.localdate(self.now), back) for back in reversed(range(MONTHS))]
        months = {first: Month(first, (place + 0.5) / MONTHS) for place, first in enumerate(firsts)}
        for begun, ended, status in self._ended:
            if status == Check.Status.COMPLETED:
                months[timezone.localdate(ended).replace(day=1)].days.append(max(1, -((begun - ended) // DAY)))
        for month, asked, answered in self._answers:
            months[month.date()].asked, months[month.date()].answered = asked, answered
        return list(months.values())

    @cached_property
    def _ended(self) -> list[tuple[datetime, datetime, str]]:
        rows = self.checks.values_list("created_at", "ended_at", "status")
        return [(begun, ended, status) for begun, ended, status in rows if ended]

    @property
    def _answers(self) -> Iterable[tuple[datetime, int, int]]:
        rows = Reference.objects.counted().filter(for_check__in=self.checks.values("pk"))
        by_month = rows.annotate(month=TruncMonth("for_check__ended_at")).order_by().values("month")
        counted = by_month.annotate(asked=Count("pk"), answered=Count("pk", filter=Q(status="submitted")))
        return counted.values_list("month", "asked", "answered")

    @cached_property
    def effects(self) -> list[Effect]:
        """Whether somebody asked for it on the desk or it came by itself: a reminder is a reminder."""
        rows = Event.objects.filter(for_check__in=self.checks.values("pk"), kind__in=("reminded", "nudged"))
        told: dict[int, list[datetime]] = defaultdict(list)
        answers: dict[int, datetime | None] = {}
        found = rows.exclude(reference=None).values_list("reference", "at", "reference__submitted_at")
        for reference, at, submitted_at in found.order_by("at"):
            told[reference].append(at)
            answers[reference] = submitted_at
        return list(_effects([(told[reference], answers[reference]) for reference in told]))

    # --- words and drawings ---------------------------------------------------------------------------

    @property
    def is_empty(self) -> bool:
        return not self._ended

    @property
    def is_cut(self) -> bool:
        return len(self._ended) == MOST

    @property
    def completed(self) -> int:
        return sum(len(month.days) for month in self.months)

    @property
    def longest(self) -> int:
        return max((month.half or 0 for month in self.months), default=0)

    @property
    def most_asked(self) -> int:
        return max((month.asked for month in self.months), default=0)

    @property
    def turnaround(self) -> "Drawing":
        return Drawing(self.months, lambda month: month.half, self.longest)

    @property
    def asked(self) -> "Drawing":
        return Drawing(self.months, lambda month: month.asked or None, self.most_asked)

    @property
    def answered(self) -> "Drawing":
        return Drawing(self.months, lambda month: month.answered if month.asked else None, self.most_asked)

    @property
    def turnaround_words(self) -> str:
        told = [month for month in self.months if month.days]
        return _("Days until half of a month’s checks were complete: %(list)s.") % {
            "list": "; ".join(_in_words(month) for month in told)
        }

    @property
    def answer_words(self) -> str:
        words = _("%(month)s: %(answered)d of %(asked)d answered")
        told = [month for month in self.months if month.asked]
        said = [words % {"month": month.name, "answered": month.answered, "asked": month.asked} for month in told]
        return "; ".join(said)


def _in_words(month: Month) -> str:
    count = len(month.days)
    sentence = ngettext("%(month)s %(half)d, of one check", "%(month)s %(half)d, of %(count)d checks", count)
    return sentence % {"month": month.name, "half": month.half, "count": count}


def _effects(people: list[tuple[list[datetime], datetime | None]]) -> Iterable[Effect]:
    """From when each person was reminded and when they answered, if they did."""
    for number in range(1, REMINDERS + 1):
        reminded = [(times, answered) for times, answered in people if len(times) >= number]
        soon = [times for times, answered in reminded if answered and _is_effect(times, number, answered)]
        if reminded:
            yield Effect(number, len(reminded), len(soon))


def _is_effect(times: list[datetime], number: int, answered: datetime) -> bool:
    """After this reminder, within two days, and before the next one."""
    until = times[number] if len(times) > number else answered
    return times[number - 1] <= answered <= min(until, times[number - 1] + EFFECT)


@dataclass(frozen=True)
class Drawing:
    """Dots, a month each, and the line between those of neighbouring months."""

    months: list[Month]
    value: Callable[[Month], int | None]
    most: int

    @property
    def dots(self) -> list[tuple[str, int, int, Month]]:
        """Where each stands from the left and from the top, what it says, and its month."""
        return [
            (month.at, FLOOR - round(HEIGHT * value / max(self.most, 1)), value, month)
            for month in self.months
            if (value := self.value(month)) is not None
        ]

    @property
    def lines(self) -> list[tuple[str, int, str, int]]:
        neighbours = [
            (one, other) for one, other in pairwise(self.dots) if other[3].place - one[3].place < 1.5 / MONTHS
        ]
        return [(one[0], one[1], other[0], other[1]) for one, other in neighbours]


def _month_before(day: date, back: int) -> date:
    """The first day of the month so many months before that day."""
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)
