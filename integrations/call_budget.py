"""How fast one API key may be used, by all workers together."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _


class CallBudget(models.Model):
    """How fast one API key may be used, by all workers together: a virtual schedule in one row.

    Lever allows 10 calls a second and bursts of 20 (its documentation: a token bucket per key). We keep one of
    the 20 in hand, slow down by a quarter after a 429, and recover slowly. `free_at` is the theoretical arrival
    time of the generic cell rate algorithm: the moment at which the bucket is full again.
    """

    RATE: ClassVar[float] = 10.0  # calls a second
    SLOWEST: ClassVar[float] = 1.0
    BURST: ClassVar[int] = 19
    RECOVERY: ClassVar[float] = 0.2  # calls a second, gained each second
    PATIENCE: ClassVar[timedelta] = timedelta(seconds=5)
    CALM: ClassVar[timedelta] = timedelta(seconds=1.5)  # one slowing-down for all the 429s of one moment

    key = models.CharField(max_length=64, primary_key=True)
    free_at = models.DateTimeField()
    rate = models.FloatField(default=RATE)
    rated_at = models.DateTimeField()
    slowed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("call budget")
        verbose_name_plural = _("call budgets")

    def __str__(self) -> str:
        return f"{self.rate:.1f} calls a second"

    @classmethod
    def reserve(cls, key: str, now: datetime, patience: timedelta = PATIENCE) -> timedelta:
        """Take the next free moment for one call; how long to wait for it, outside any transaction.

        More than `patience` means that none was taken: better do something else and come back.
        """
        with transaction.atomic():
            row = cls._row(key, now)
            row.rate = min(cls.RATE, row.rate + cls.RECOVERY * max(0.0, (now - row.rated_at).total_seconds()))
            interval = timedelta(seconds=1 / row.rate)
            row.free_at = max(row.free_at, now) + interval
            row.rated_at = now
            wait = max(timedelta(0), row.free_at - now - interval * cls.BURST)
            if wait <= patience:
                row.save(update_fields=["rate", "free_at", "rated_at"])
        return wait

    @classmethod
    def slow_down(cls, key: str, now: datetime, pause: timedelta) -> None:
        """After a 429: nobody calls for `pause`, and then slower than before."""
        with transaction.atomic():
            row = cls._row(key, now)
            if row.slowed_at is None or now - row.slowed_at > cls.CALM:
                row.rate = max(cls.SLOWEST, row.rate * 0.75)
                row.slowed_at = now
            interval = timedelta(seconds=1 / row.rate)
            row.free_at = max(row.free_at, now + pause + interval * (cls.BURST - 1))
            row.save(update_fields=["rate", "free_at", "slowed_at"])

    @classmethod
    def _row(cls, key: str, now: datetime) -> "CallBudget":
        """Locked to the end of the transaction."""
        made = {"free_at": now, "rate": cls.RATE, "rated_at": now}
        return cls.objects.select_for_update().get_or_create(key=key, defaults=made)[0]
