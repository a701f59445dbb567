"""Rows that are work: claimed under a lease, done once, tried again with patience.

The table is the queue. A worker claims a row by compare-and-set on its attempt number, which works alike on
PostgreSQL and SQLite; whoever settles it must still hold that attempt, inside the transaction of the effect.
So a task that runs twice does nothing the second time, and a row whose worker died comes back when its lease ends.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.querysets import OrganizationQuerySet

R = TypeVar("R", bound="LeasedRow")

WAITING, DONE, FAILED = "waiting", "done", "failed"


class LeaseLost(Exception):
    """Somebody else has claimed the row since: whatever was about to be written must not be."""


def backoff(attempts: int, cap: float = 3600.0) -> timedelta:
    """How long to wait after the n-th failed attempt: about 2, 4, 8 … seconds up to an hour, never all at once."""
    seconds = min(cap, 2.0**attempts)
    return timedelta(seconds=random.uniform(seconds / 2, seconds))  # noqa: S311  (jitter, not a secret)


class LeasedQuerySet(OrganizationQuerySet[R]):
    def waiting(self) -> Self:
        return self.filter(state=WAITING)

    def due(self, now: datetime) -> Self:
        """Waiting, its time has come, and nobody is at it."""
        free = Q(leased_until=None) | Q(leased_until__lt=now)
        return self.waiting().filter(free, next_at__lte=now)

    def claim_next(self, now: datetime) -> R | None:
        """Claim the row that has waited longest; None when nothing is due."""
        for row in self.due(now).order_by("next_at", "pk")[:20]:
            taken = self.model._base_manager.filter(pk=row.pk, state=WAITING, attempts=row.attempts).update(
                attempts=F("attempts") + 1, leased_until=now + row.LEASE
            )
            if taken:
                row.attempts += 1
                return row
        return None

    def claim_all(self, clock: Any) -> Iterator[R]:
        """Claim one after the other until nothing is due; `clock` gives the time anew for each."""
        while row := self.claim_next(clock()):
            yield row


class LeasedRow(models.Model):
    """What every such row has. Subclasses add states of their own beside waiting, done and failed."""

    LEASE: ClassVar[timedelta] = timedelta(seconds=90)
    MAX_ATTEMPTS: ClassVar[int] = 20  # about half a day

    state = models.CharField(_("state"), max_length=12, default=WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"))
    leased_until = models.DateTimeField(null=True, editable=False)
    error = models.TextField(_("what went wrong"), blank=True)
    created_at = models.DateTimeField(_("created"))
    done_at = models.DateTimeField(_("done"), null=True)

    class Meta:
        abstract = True

    def settle(self, state: str, now: datetime, **fields: Any) -> None:
        """End this attempt in `state`; raises LeaseLost when the attempt is no longer ours."""
        changes = {"state": state, "leased_until": None, "done_at": now, **fields}
        held = type(self)._base_manager.filter(pk=self.pk, state=WAITING, attempts=self.attempts).update(**changes)
        if not held:
            raise LeaseLost
        for name, value in changes.items():
            setattr(self, name, value)

    def postpone(self, error: str, now: datetime, wait: timedelta | None = None) -> None:
        """Try again later, or give up after MAX_ATTEMPTS; `error` says in words why."""
        if self.attempts >= self.MAX_ATTEMPTS:
            self.settle(FAILED, now, error=error)
        else:
            self.settle(WAITING, now, error=error, done_at=None, next_at=now + (wait or backoff(self.attempts)))

    def process_again(self, now: datetime) -> bool:
        """Put a settled row back into the queue; False when it is waiting anyhow."""
        return bool(
            type(self)
            ._base_manager.filter(pk=self.pk)
            .exclude(state=WAITING)
            .update(state=WAITING, attempts=0, next_at=now, leased_until=None, done_at=None, error="")
        )
