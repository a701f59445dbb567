"""What somebody who is reminded can choose: later, no more, or reminders after all. Their word counts at once."""

from datetime import date, datetime

from django.db import transaction

from checks.schedule import morning
from checks.speaking import Speaking
from notifications.models import Quiet


class Pausing(Speaking):
    """Every choice may be made twice, and is written down once."""

    class Meta:
        abstract = True

    @property
    def may_be_reminded(self) -> bool:
        return self.of_check.is_live and self.status in self.REMINDED_WHILE

    def is_quiet(self, now: datetime) -> bool:
        return Quiet.objects.holds(self.of_check.organization_id, self.address, now)

    def moment_on(self, day: date) -> datetime:
        """When they would be written to, had they chosen this day. A weekend means the Monday after it."""
        frozen = self.of_check.frozen
        return morning(day, self.zone, self.pk, only_weekdays=frozen.only_office_hours)

    def is_open_on(self, day: date, now: datetime) -> bool:
        check = self.of_check
        return bool(check.frozen.reminders_at_most) and now < self.moment_on(day) < check.expires_at

    def later(self, day: date, now: datetime) -> bool:
        """No reminder before that day, and one on it; False when the check's time is over by then."""
        with transaction.atomic():
            self.of_check.hold()
            if not (self.may_be_reminded and self.is_open_on(day, now)):
                return False
            Quiet.lift(self.of_check.organization, self.address)
            moment = self.moment_on(day)
            # Whoever has had the last gets one more, for they ask for it.
            turns = min(self.reminders, self.of_check.frozen.reminders_at_most - 1)
            if (self.remind_at, self.reminders) == (moment, turns):
                return True
            if not self.take_turn(remind_at=moment, reminders=turns, **self.spoken_again()):
                return False
            self.call_back(now)
            self.happened("later", now, detail=moment.isoformat())
        return True

    def spoken_again(self) -> dict[str, None]:
        """What is no longer so once they have said something."""
        return {}

    def stop(self, now: datetime) -> None:
        """No more reminders from this organization, in this check or another. What they were asked stays open."""
        with transaction.atomic():
            self.of_check.hold()
            if not self.address or self.is_quiet(now):
                return
            Quiet.ask(self.of_check.organization, self.address, now)
            self.call_back(now)
            self.happened("quiet", now)

    def resume(self, now: datetime) -> None:
        """They may be reminded after all."""
        with transaction.atomic():
            self.of_check.hold()
            if not Quiet.lift(self.of_check.organization, self.address):
                return
            if self.may_be_reminded and not self.has_had_the_last:
                self.take_turn(remind_at=self.remind_at or self.turn_after(self.reminders, now))
            self.happened("resumed", now)
