"""How far the export of an organization's prospects is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db.models import Count, Max, Q

from accounts.models import Organization
from integrations.models import CallBudget, Connection
from prospects.models import Errand, Prospect, ProspectSettings
from prospects.querysets import ErrandQuerySet, switched_on

MINUTE = timedelta(minutes=1)
CALLS_EACH = 2  # to look, and to write


@dataclass(frozen=True)
class Progress:
    """Of the present run, or of the last one when nobody is waiting.

    `rate` is in prospects a minute, over the last minute. `left` is None when nothing goes on.
    """

    exported: int = 0
    known: int = 0
    refused: int = 0
    waiting: int = 0
    rate: int = 0
    left: timedelta | None = None
    begun_at: datetime | None = None
    is_paused: bool = False
    is_stopped: bool = False  # paused by Vouch itself, after several refusals in a row

    @property
    def done(self) -> int:
        return self.exported + self.known + self.refused

    @property
    def total(self) -> int:
        return self.done + self.waiting

    @property
    def is_running(self) -> bool:
        return self.waiting > 0 and not self.is_paused

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100


def progress_of(organization: Organization, now: datetime) -> Progress:
    found = ProspectSettings.objects.filter(organization=organization).defer("salt").first()
    settings = found or ProspectSettings(organization=organization)
    connection = Connection.objects.filter(organization=organization).defer("api_key").first()
    if connection is None:
        return Progress()
    waiting, done = _counts(connection, settings.begun_at, now)
    rate = _rate(done["lately"], settings.begun_at, now)
    is_paused = settings.paused_at is not None
    return Progress(
        exported=done["exported"],
        known=done["known"],
        refused=done["refused"],
        waiting=waiting,
        rate=rate,
        left=_left(waiting, rate) if waiting and not is_paused and connection.is_active else None,
        begun_at=settings.begun_at,
        is_paused=is_paused,
        is_stopped=is_paused and bool(settings.stopped_for),
    )


def _counts(connection: Connection, begun_at: datetime | None, now: datetime) -> tuple[int, dict[str, int]]:
    """How many are to go yet, and how many went in this run, by what became of them. Who was exported and has
    withdrawn since was exported all the same.
    """
    people = Prospect.objects.filter(organization=connection.organization_id)
    done = (
        _exports(connection)
        .filter(done_at__gte=begun_at or now)
        .aggregate(
            through=Count("pk", filter=Q(state=Errand.State.DONE)),
            refused=Count("pk", filter=Q(state=Errand.State.FAILED)),
            lately=Count("pk", filter=Q(done_at__gt=now - MINUTE, state__in=(Errand.State.DONE, Errand.State.FAILED))),
        )
    )
    exported = people.filter(exported_at__gte=begun_at or now).count()
    done |= {"exported": exported, "known": max(0, done["through"] - exported)}
    return switched_on(people.waiting(), connection).count(), done


def _exports(connection: Connection) -> ErrandQuerySet:
    return Errand.objects.filter(connection=connection, kind=Errand.Kind.EXPORT)


def _rate(lately: int, begun_at: datetime | None, now: datetime) -> int:
    """A minute that has only begun is judged by what there is of it."""
    seconds = min(60.0, (now - begun_at).total_seconds()) if begun_at else 60.0
    return round(lately * 60 / max(seconds, 1.0))


def _left(waiting: int, rate: int) -> timedelta:
    """By what was done lately; else by what Lever allows."""
    a_minute = rate or 60 * CallBudget.RATE / CALLS_EACH
    return timedelta(seconds=ceil(60 * waiting / a_minute))


def note_begin(settings: ProspectSettings, connection: Connection, now: datetime) -> None:
    """A new run begins when all who wait came after the last one was through; after a pause the old one goes on."""
    waiting = switched_on(_exports(connection).waiting().filter(prospect__state="waiting"), connection, "prospect__")
    last = _exports(connection).aggregate(last=Max("done_at"))["last"]
    left_over = settings.begun_at and (last is None or waiting.filter(created_at__lte=last).exists())
    if not left_over and waiting.exists():
        settings.begin(now)
