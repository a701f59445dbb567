"""Rows that are work: claimed under a lease, done once, tried again with patience.

The table is the queue. A worker claims a row by compare-and-set on its attempt number, which works alike on
PostgreSQL and SQLite; whoever settles it must still hold that attempt, inside the transaction of the effect.
So a task that runs twice does nothing the second time, and a row whose worker died comes back when its lease ends.
"""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.encryption import DecryptionError
from accounts.querysets import OrganizationQuerySet

R = TypeVar("R", bound="LeasedRow")

LONGEST_TASK = 20.0  # seconds after which a task begins no further row

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
        return self.claim_of(self.due(now), now)

    def claim_of(self, rows: Self, now: datetime) -> R | None:
        """The same of some rows that are due, as this queryset reads them."""
        due = list(rows.order_by("next_at", "pk").values_list("pk", "attempts")[:20])
        for number, (pk, attempts) in enumerate(due):
            taken = self.model._base_manager.filter(pk=pk, state=WAITING, attempts=attempts).update(
                attempts=F("attempts") + 1, leased_until=now + timedelta(seconds=settings.LEASE_SECONDS)
            )
            if taken:
                return self._read(pk, attempts + 1)
            if number == 0:  # others are at it, too: let each look elsewhere, and not all at the next one
                due[1:] = random.sample(due[1:], len(due) - 1)
        return None

    def _read(self, pk: int, attempts: int) -> R | None:
        """The claimed row. One that cannot be decrypted is put off, so that it does not stand in all others' way."""
        try:
            return self.filter(pk=pk).first()
        except DecryptionError as fault:
            self.model(pk=pk, attempts=attempts).postpone(str(fault), timezone.now())
            raise

    def work_off(self, attempt: Callable[[R], None]) -> bool:
        """Claim and attempt one row after the other until nothing is due, or the task has had its time.

        True when there may be more: the caller asks for another task, so that none outlasts the queue's patience.
        """
        begun = time.monotonic()
        while row := self.claim_next(timezone.now()):
            row.undergo(attempt)
            if time.monotonic() - begun > LONGEST_TASK:
                return True
        return False


class LeasedRow(models.Model):
    """What every such row has. Subclasses add states of their own beside waiting, done and failed."""

    MAX_ATTEMPTS: ClassVar[int] = 20  # about half a day

    state = models.CharField(gettext_lazy("state"), max_length=12, default=WAITING)
    attempts = models.PositiveSmallIntegerField(gettext_lazy("attempts"), default=0)
    next_at = models.DateTimeField(gettext_lazy("next attempt"))
    leased_until = models.DateTimeField(null=True, editable=False)
    error = models.TextField(gettext_lazy("what went wrong"), blank=True)
    created_at = models.DateTimeField(gettext_lazy("created"))
    done_at = models.DateTimeField(gettext_lazy("done"), null=True)

    class Meta:
        abstract = True

    def undergo(self, attempt: Callable[[Self], None]) -> None:
        """One attempt at a row that was claimed.

        A fault that `attempt` does not know is a fault of ours: it is written down with the row, which is tried
        again later and not for ever, and goes on to the queue's log.
        """
        try:
            if self.attempts > self.MAX_ATTEMPTS:
                self.settle(FAILED, timezone.now(), error=_("Every worker that took this up died over it."))
            else:
                attempt(self)
        except Exception as fault:
            with suppress(LeaseLost):
                self.postpone(_("Vouch itself failed: %(fault)s") % {"fault": repr(fault)}, timezone.now())
            raise

    def settle(self, state: str, now: datetime, only: Q | None = None, **fields: Any) -> None:
        """End this attempt in `state`; raises LeaseLost when it is no longer ours, or the row is not as `only` says."""
        changes = {"state": state, "leased_until": None, "done_at": now, **fields}
        held = type(self)._base_manager.filter(only or Q(), pk=self.pk, state=WAITING, attempts=self.attempts)
        if not held.update(**changes):
            raise LeaseLost
        for name, value in changes.items():
            setattr(self, name, value)

    def postpone(self, error: str, now: datetime, wait: timedelta | None = None) -> None:
        """Try again later, or give up after MAX_ATTEMPTS; `error` says in words why.

        `wait` is the least: whoever answers "in a second" for a minute must not use all the attempts up.
        """
        if self.attempts >= self.MAX_ATTEMPTS:
            self.settle(FAILED, now, error=error)
        else:
            longer = max(wait or timedelta(0), backoff(self.attempts))
            self.settle(WAITING, now, error=error, done_at=None, next_at=now + longer)

    def process_again(self, now: datetime) -> bool:
        """Put a settled row back into the queue; False when it is waiting anyhow.

        It counts as attempted once: an earlier attempt may have had its effect, and the next one looks for it.
        """
        return bool(
            type(self)
            ._base_manager.filter(pk=self.pk)
            .exclude(state=WAITING)
            .update(state=WAITING, attempts=1, next_at=now, leased_until=None, done_at=None, error="")
        )
