"""Reminders: each has its turn, is sent once, and is left out where it would be one too many."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, models, transaction

from checks import writing
from checks.doors import Door
from checks.schedule import is_office_hour, next_reminder, office_hour
from notifications.addresses import receiver
from notifications.models import Message, Quiet
from templates_app.moments import REMINDERS, Moment

if TYPE_CHECKING:
    from checks.models import Check
    from checks.references import Reference

MONTH = timedelta(days=30)


class Reminded(Door):
    """Somebody who was asked for something, and may be reminded of it as long as they have not done it."""

    # Columns of those who are reminded. `reminders` counts the turns that are over.
    status: "models.CharField[str, str]"
    remind_at: "models.DateTimeField[datetime | None, datetime | None]"
    reminders: "models.PositiveSmallIntegerField[int, int]"

    REMINDER: ClassVar[Moment]
    REMINDED_WHILE: ClassVar[tuple[str, ...]]

    class Meta:
        abstract = True

    @property
    def of_check(self) -> "Check":
        raise NotImplementedError

    @property
    def as_reference(self) -> "Reference | None":
        """Who it is in events and messages; None for the candidate."""
        raise NotImplementedError

    @property
    def topic(self) -> str:
        raise NotImplementedError

    @property
    def address(self) -> str:
        raise NotImplementedError

    @property
    def asked_since(self) -> datetime:
        raise NotImplementedError

    @property
    def zone(self) -> ZoneInfo:
        raise NotImplementedError

    @property
    def stored(self) -> "models.QuerySet[Any]":
        """This row as it is in the database, for a change that is made only if it still is as we know it."""
        return type(self)._base_manager.filter(pk=self.pk)

    @property
    def has_had_the_last(self) -> bool:
        return self.reminders >= self.of_check.frozen.reminders_at_most

    def turn_after(self, sent: int, now: datetime) -> datetime | None:
        """When it is their turn again; never after the check's time."""
        check = self.of_check
        due = next_reminder(check.frozen, self.asked_since, sent, self.zone, now, self.pk)
        return due if due and due < check.expires_at else None

    # --- verbs --------------------------------------------------------------------------------------

    def remind(self, now: datetime) -> bool:
        """Take the turn that has come; False when it has not, or somebody else took it.

        All in one transaction with the message: a second worker, or the same task again, finds the turn taken.
        """
        with transaction.atomic():
            check = self.of_check
            check.hold()
            if self.remind_at is None or self.remind_at > now:
                return False
            if not check.is_live or now >= check.expires_at or self.status not in self.REMINDED_WHILE:
                self.stored.update(remind_at=None)
                return False
            if check.frozen.only_office_hours and not is_office_hour(now, self.zone):
                # The workers come late, or we have learned since where they are: it waits for the morning.
                return self.take_turn(remind_at=office_hour(now, self.zone, self.pk))
            if self.has_had_the_last:
                return self.have_no_effect(now)
            return self._have_a_turn(now)

    def _have_a_turn(self, now: datetime) -> bool:
        check, key = self.of_check, self.key_of_turn("reminder")
        if not self.take_turn(reminders=self.reminders + 1, remind_at=self.turn_after(self.reminders + 1, now)):
            return False
        if Quiet.objects.holds(check.organization_id, self.address, now):
            return True  # as they wanted
        if lately(self.address, now) >= settings.REMINDERS_PER_PERSON:
            self.happened("spared", now, detail=str(settings.REMINDERS_PER_PERSON))
            return True
        if writing.write(self.REMINDER, check, now, reference=self.as_reference, key=key):
            self.happened("reminded", now)
        return True

    def have_no_effect(self, now: datetime) -> bool:
        """The last reminder was long enough ago. Nothing follows, unless a kind of person says otherwise."""
        return self.take_turn(remind_at=None)

    def key_of_turn(self, what: str) -> str:
        """What is written in one turn is written once, whoever takes it."""
        return f"{self.topic}:{what}:{self.remind_at:%Y-%m-%dT%H:%M:%S}"

    def take_turn(self, **changes: Any) -> bool:
        """Move on from the turn as we know it, by compare-and-set; False when it is not theirs any more."""
        known = {"remind_at": self.remind_at, "reminders": self.reminders}
        rows = self.stored.filter(status__in=self.REMINDED_WHILE, **known)
        if not rows.update(**changes):
            return False
        for name, value in changes.items():
            setattr(self, name, value)
        return True

    def call_back(self, now: datetime) -> None:
        """Reminders that are written and not sent are no longer meant."""
        Message.objects.about(self.topic).filter(kind=self.REMINDER).cancel(now)

    def happened(self, kind: str, now: datetime, detail: str = "") -> None:
        self.of_check.record(kind, now, reference=self.as_reference, detail=detail)


def lately(address: str, now: datetime) -> int:
    """How many reminders the whole installation has sent there in a month: the cap is one person's, not a check's.

    SQLite lets one transaction write at a time; on PostgreSQL those about one person wait for each other here, or two
    checks that remind them in the same instant would each not count the other's.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(receiver(address)[:15], 16)])
    sent = Message.objects.to_receiver(address).filter(kind__in=REMINDERS, created_at__gt=now - MONTH)
    return sent.exclude(state=Message.State.CANCELED).count()
