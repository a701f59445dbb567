"""What the desk shows: what needs a hand, what is on its way, what is ready to read, how long it takes.

Every list is limited, and every part is a fixed number of queries, however many rows there are.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils.functional import Promise, cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from checks.findings import Report
from checks.models import Check
from checks.querysets import LIVE, CheckQuerySet
from checks.said import number
from checks.wording import say
from config.check_troubles import dropped, overdue, stuck, to_call
from config.dots import LONGEST, Lane, Times
from config.lever_troubles import actions, connections, deliveries, silence
from config.outcome_troubles import undecided, unreached
from config.prospect_troubles import given_up, in_doubt, refused, stopped, to_clear
from config.rights_troubles import requested
from config.troubles import AT_MOST, Trouble

READY = 10  # reports to read
LATELY = timedelta(days=90)  # what was submitted before is found in the list
LAST = 20  # completed checks that the times are taken from
DRAWN = 300  # candidates of each state that are drawn, the oldest
DAY = timedelta(days=1)
OF_LEVER = (connections, silence, deliveries, actions, stopped, refused, given_up, in_doubt, to_clear)
OF_CHECKS = (stuck, dropped, to_call, overdue, requested, undecided, unreached)

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
        """Oldest first."""
        found = [trouble for source in OF_LEVER for trouble in source(self.user, self.now)]
        for checks_source in OF_CHECKS:
            found += checks_source(self.checks, self.user, self.now)
        return sorted(found, key=lambda trouble: trouble.since.timestamp() if trouble.since else 0)

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
        given = {(due - begun).days for lane in self.lanes for begun, due, _name in lane.rows if lane.shape != "bad"}
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
        rows = Check.objects.readable_by(self.user).unread_by(self.user.pk).filter(created_at__gte=self.now - LATELY)
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
