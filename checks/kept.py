"""Whether somebody who was hired is still employed, said on the day that the organization looks back."""

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from accounts.models import Organization, User
from checks.keeping import months_from
from checks.outcome_heard import Heard
from checks.outcome_question import Ended

EVENTS = {True: "kept", False: "not-kept", None: "kept-undone"}


class LookedBackAt(Heard):
    """What an outcome knows of the time after the hire."""

    # Columns of the outcome, and what it makes of them.
    ended: Any
    is_kept: "models.BooleanField[bool | None, bool | None]"
    said_at: "models.DateTimeField[datetime | None, datetime | None]"

    class Meta:
        abstract = True

    @property
    def hired_at(self) -> datetime | None:
        """As the ATS says, else when somebody said so."""
        return self.ats_since if self.in_ats == Ended.HIRED else self.said_at

    def keep(self, is_kept: bool | None, by: User, now: datetime) -> bool:
        """Put down whether they are still employed; None takes back what was put down before.

        False when that is how it was, when nobody was hired, and when the check is erased.
        """
        with transaction.atomic():
            if not self.hold() or self.ended != Ended.HIRED or self.is_kept is is_kept:
                return False
            said: tuple[Any, Any] = (None, None) if is_kept is None else (now, by)
            self.change(is_kept=is_kept, kept_said_at=said[0], kept_said_by=said[1])
            self.for_check.record(EVENTS[is_kept], now, user=by)
        return True


def hired_before(moment: datetime) -> Q:
    """Outcomes of people who were hired by then, undisputed."""
    by_ats = Q(in_ats=Ended.HIRED, said__in=("", Ended.HIRED), ats_since__lte=moment)
    return by_ats | Q(in_ats="", said=Ended.HIRED, said_at__lte=moment)


def to_look_back_at(outcomes: Any, organization: Organization, now: datetime) -> Any:
    """Of these outcomes, those whose day has come and of whom nobody has said it; none where nobody looks back."""
    months = organization.looks_back_after
    if not months:
        return outcomes.none()
    due = outcomes.filter(hired_before(months_from(now, -months)), for_check__organization=organization)
    return due.filter(is_kept=None, for_check__status="completed", for_check__erased_at=None)
