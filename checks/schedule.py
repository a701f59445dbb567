"""When somebody is reminded: plain functions of the clock that is passed in.

Office hours are those of the receiver, Monday to Friday. A few reminders, each with a reason to come now, raise the
response; what comes at night or on a Sunday is resented.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from templates_app.frozen import FrozenTemplate

OPENS, CLOSES = 9, 17
SATURDAY = 5
DAY = timedelta(days=1)
FIRST_HOUR = 3600  # seconds within which those go out whose reminders waited for the morning


@cache
def zones() -> frozenset[str]:
    """All names there are: they are read from files."""
    return frozenset(available_timezones())


def zone_of(*names: str) -> ZoneInfo:
    """The first of these zones that there is, else UTC."""
    return ZoneInfo(next((name for name in names if name in zones()), "UTC"))


def is_office_hour(moment: datetime, zone: ZoneInfo) -> bool:
    local = moment.astimezone(zone)
    return local.weekday() < SATURDAY and OPENS <= local.hour < CLOSES


def office_hour(moment: datetime, zone: ZoneInfo, spread: int) -> datetime:
    """The moment itself if people are at work then, else the next morning on which they are."""
    if is_office_hour(moment, zone):
        return moment
    local = moment.astimezone(zone)
    return morning(local.date() if local.hour < OPENS else local.date() + DAY, zone, spread)


def morning(day: date, zone: ZoneInfo, spread: int, *, only_weekdays: bool = True) -> datetime:
    """Within the first office hour of a day, or of the Monday after it; the same for the same `spread`.

    `spread` is the row's number: not everybody is written to in the same second.
    """
    while only_weekdays and day.weekday() >= SATURDAY:
        day += DAY
    within = timedelta(seconds=spread * 997 % FIRST_HOUR)  # a prime, so that neighbours are far apart
    return (datetime.combine(day, time(OPENS), zone) + within).astimezone(UTC)


def next_reminder(
    frozen: FrozenTemplate, asked_at: datetime, sent: int, zone: ZoneInfo, now: datetime, spread: int = 0
) -> datetime | None:
    """When the turn comes after so many reminders, the last of which is `now`; None when there is to be none at all.

    After the last reminder there is one turn more: to see that it had no effect.
    """
    if not frozen.reminders_at_most:
        return None
    due = now + timedelta(hours=frozen.next_reminder_hours)
    if not sent:
        due = max(asked_at + timedelta(hours=frozen.first_reminder_hours), now)
    return office_hour(due, zone, spread) if frozen.only_office_hours else due
