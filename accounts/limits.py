"""How often something may be tried, counted in the database: exact on many machines, with no cache to set up."""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction

from accounts.encryption import digest


class Allowance(models.Model):
    """What was used up of one limit by one person or place since a moment; only a digest says whose it is."""

    key = models.CharField(max_length=64, unique=True)
    used = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"allowance {self.pk}"

    @classmethod
    def take(cls, what: str, whose: str, limit: int, window: timedelta, now: datetime) -> bool:
        """Use one up; False when as many were within the window. `what` names the limit, `whose` a person or place."""
        key = digest_of(what, whose)
        with transaction.atomic():
            Allowance.objects.bulk_create([Allowance(key=key, since=now)], ignore_conflicts=True)
            row = cls.objects.select_for_update().get(key=key)
            if row.since <= now - window:
                row.used, row.since = 0, now
            row.used += 1
            row.save(update_fields=["used", "since"])
        return row.used <= limit

    @classmethod
    def give_back(cls, what: str, whose: str) -> None:
        """Start anew: whoever was right has not been guessing."""
        cls.objects.filter(key=digest_of(what, whose)).delete()

    @classmethod
    def forget_old(cls, now: datetime) -> None:
        """No window is longer than a day."""
        cls.objects.filter(since__lt=now - timedelta(days=1)).delete()


def digest_of(what: str, whose: str) -> str:
    """There are few enough IP addresses to try them all, so the digest needs a key."""
    return hmac.new(settings.SECRET_KEY.encode(), digest(f"{what}:{whose}").encode(), hashlib.sha256).hexdigest()
