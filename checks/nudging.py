"""A reminder that somebody asks for: the candidate on the page of their references, or a recruiter on the desk."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.db import models, transaction

from accounts.models import User
from checks import writing
from checks.reminding import lately
from checks.replying import Replying
from checks.schedule import office_hour

A_DAY, BETWEEN = timedelta(days=1), timedelta(days=3)


class Obstacle(StrEnum):
    """Why nobody is reminded now."""

    OVER = "over"  # they are not waited for, or the time is over
    CALL = "call"  # they are called, and not written to
    QUIET = "quiet"  # they wanted no more reminders
    LATER = "later"  # they chose a day, which is still to come
    SOON = "soon"  # they were written to a short while ago
    ENOUGH = "enough"  # nobody gets more in a month


class Nudged(Replying):
    # Columns of the reference.
    asked_at: "models.DateTimeField[datetime, datetime]"
    nudged_at: "models.DateTimeField[datetime | None, datetime | None]"

    class Meta:
        abstract = True

    @property
    def nudge_from(self) -> datetime:
        """From when on they may be reminded by somebody's wish: a day after they were asked, then every three days."""
        return max(self.asked_at + A_DAY, self.nudged_at + BETWEEN if self.nudged_at else self.asked_at)

    def obstacle(self, now: datetime) -> Obstacle | None:
        """What is in the way of reminding them now; None: nothing."""
        if found := self.obstacle_by(now, self.is_quiet, self.chose_later):
            return found
        return Obstacle.ENOUGH if lately(self.address, now) >= settings.REMINDERS_PER_PERSON else None

    def obstacle_by(
        self, now: datetime, is_quiet: Callable[[datetime], bool], chose_later: Callable[[datetime], bool]
    ) -> Obstacle | None:
        """The same from what a page has found out for everybody at once; only the month's number is not looked at."""
        if not self.may_be_reminded or now >= self.of_check.expires_at:
            return Obstacle.OVER
        if self.wants_call_at:
            return Obstacle.CALL
        if is_quiet(now):
            return Obstacle.QUIET
        if chose_later(now):
            return Obstacle.LATER
        return Obstacle.SOON if now < self.nudge_from else None

    def chose_later(self, now: datetime) -> bool:
        """That they themselves have named the day of the next reminder."""
        if self.remind_at is None or self.remind_at <= now:
            return False
        chosen = self.of_check.events.filter(kind="later", reference=self.pk, detail=self.remind_at.isoformat())
        return bool(chosen.exists())

    # --- verbs --------------------------------------------------------------------------------------

    def nudge(self, now: datetime, by: User | None = None) -> bool:
        """Remind them because the candidate, or `by`, wants it; False when something is in the way (`obstacle`).

        It counts as one of their reminders, so that the next comes by itself only after the usual time. At night it is
        written and waits for the morning, where the template keeps to office hours.
        """
        with transaction.atomic():
            check = self.of_check
            check.hold()
            self.refresh_from_db(fields=["status", "remind_at", "reminders", "nudged_at", "wants_call_at", "email"])
            if self.obstacle(now):
                return False
            due = office_hour(now, self.zone, self.pk) if check.frozen.only_office_hours else now
            turn = {"reminders": self.reminders + 1, "remind_at": self.turn_after(self.reminders + 1, due)}
            if not self.take_turn(nudged_at=now, silent_since=None, **turn):
                return False
            self.call_back(now)
            key = f"{self.topic}:nudge:{now:%Y-%m-%dT%H:%M:%S}"
            writing.write(self.REMINDER, check, now, reference=self.as_reference, key=key, not_before=due)
            check.record("nudged", now, reference=self.as_reference, user=by)
        return True
