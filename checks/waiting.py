"""A reference who is waited for: when it is day there, what they may say, and when somebody else may be named."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import models, transaction
from django.db.models import Q

from checks import writing
from checks.pausing import Pausing
from checks.querysets import GONE, OPEN
from checks.schedule import zone_of, zones
from templates_app.moments import Moment

# After so long the candidate may name somebody else, whether reminders have gone out or not.
PATIENCE = timedelta(days=3)


class WaitedFor(Pausing):
    REMINDER = Moment.REFERENCE_REMINDER
    REMINDED_WHILE = OPEN

    # Columns of the reference.
    time_zone: "models.CharField[str, str]"
    silent_since: "models.DateTimeField[datetime | None, datetime | None]"
    gives_dates_only: "models.BooleanField[bool, bool]"
    opened_at: "models.DateTimeField[datetime | None, datetime | None]"

    class Meta:
        abstract = True

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.time_zone, self.of_check.organization.time_zone)

    def is_overripe(self, now: datetime) -> bool:
        """Nobody need wait for them any longer. They may still answer until somebody else is named."""
        return self.status in OPEN and (self.silent_since is not None or now - self.asked_since >= PATIENCE)

    def may_be_replaced(self, now: datetime) -> bool:
        return self.of_check.is_live and (self.status in GONE or self.is_overripe(now))

    # --- verbs --------------------------------------------------------------------------------------

    def have_no_effect(self, now: datetime) -> bool:
        """After the last reminder: the candidate hears of the silence, and may name somebody else."""
        key = self.key_of_turn("silent")
        if not self.take_turn(remind_at=None, silent_since=now):
            return False
        writing.write(Moment.CANDIDATE_ANOTHER, self.of_check, now, reference=self.as_reference, key=key)
        self.happened("silent", now)
        return True

    def spoken_again(self) -> dict[str, None]:
        return {"silent_since": None}

    def tell_zone(self, name: str) -> None:
        """What their browser says. A zone that there is not, or nothing, changes nothing."""
        if name in zones() and name != self.time_zone:
            self.stored.filter(status__in=OPEN).update(time_zone=name)
            self.time_zone = name

    def note_opening(self, at: datetime) -> None:
        """When they first had the questions before them. A later moment than we know of changes nothing."""
        if self.opened_at is None or at < self.opened_at:
            self.stored.filter(Q(opened_at=None) | Q(opened_at__gt=at)).update(opened_at=at)
            self.opened_at = at

    def give_dates_only(self, now: datetime) -> bool:
        """Their employer allows no more than dates and titles: that is all they are asked from now on."""
        return self._say_how_much("dates-only", now, gives_dates_only=True)

    def answer_in_full(self, now: datetime) -> bool:
        """They can say everything after all."""
        return self._say_how_much("in-full", now, gives_dates_only=False)

    def _say_how_much(self, kind: str, now: datetime, *, gives_dates_only: bool) -> bool:
        with transaction.atomic():
            self.of_check.hold()
            rows = self.stored.filter(status__in=OPEN)
            if not rows.exclude(gives_dates_only=gives_dates_only).update(gives_dates_only=gives_dates_only):
                return False
            self.gives_dates_only = gives_dates_only
            self.happened(kind, now)
        return True
