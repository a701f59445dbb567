"""What is heard of how it ended: from the ATS, and from people. The one never overwrites the other."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from checks import signals
from checks.outcome_asking import Asking

HEARD = {"hired": "lever-hired", "not-hired": "lever-not", "": "lever-open"}  # kinds of events
SAID = {"hired": "said-hired", "not-hired": "said-not"}


class Hearing(Asking):
    class Meta:
        abstract = True

    def hear(self, ended: str, reason: str, since: datetime | None, now: datetime) -> bool:
        """What the ATS says: hired, not hired, or (empty) nothing any more; False when it has said so before.

        `reason` is its archive reason in words. Once it is known nobody is asked; when it is taken back, somebody is.
        """
        with transaction.atomic():
            if not self.hold() or self._has_heard(ended, reason[:160], since):
                return False
            is_news = self.in_ats != ended
            self.change(in_ats=ended, ats_reason=reason[:160], ats_since=(since or now) if ended else None)
            if is_news:
                self.for_check.record(HEARD[ended], now, detail=reason)
                self.rest(now) if ended else self.begin(now)
        return is_news

    def _has_heard(self, ended: str, reason: str, since: datetime | None) -> bool:
        """With another date it was archived anew: then they were hired on that day, and not on the first."""
        is_same_day = not ended or since in (None, self.ats_since)
        return is_same_day and (self.in_ats, self.ats_reason) == (ended, reason)

    def say(self, ended: str, now: datetime, *, name: str, email: str = "", user: User | None = None) -> bool:
        """What somebody says; False when that was said before. Who said the other before is corrected by it."""
        with transaction.atomic():
            if not self.hold() or self.said == ended:
                return False
            who = {"said_name": name[:160], "said_email": email, "said_by": user}
            self.change(said=ended, said_at=now, **who)
            self.rest(now)
            self.for_check.record(SAID[ended], now, user=user, detail="" if user else name)
            signals.outcome_said.send(sender=type(self), check=self.for_check, outcome=self, now=now)
        return True
