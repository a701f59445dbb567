"""Another address for the same person: it was wrong, or they would rather be written to elsewhere."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.encryption import digest, new_token
from checks.answers import Answer
from checks.nudging import Nudged
from checks.querysets import OPEN
from notifications.models import Message

BOUNCED = "bounced"
# Whoever had the first mail may have been somebody else: nothing that was begun there is shown to the next.
AS_AT_FIRST: dict[str, Any] = {
    "started_at": None,
    "opened_at": None,
    "silent_since": None,
    "nudged_at": None,
    "wants_call_at": None,
    "call_when": "",
    "reminders": 0,
    "corrections": {},
    "gives_dates_only": False,
    "written_down_by": None,
}


class Readdressed(Nudged):
    # Of the reference.
    invite: Callable[[datetime], None]

    class Meta:
        abstract = True

    @property
    def may_be_readdressed(self) -> bool:
        """Not answered yet, or never reached."""
        return self.of_check.is_live and self.status in (*OPEN, BOUNCED)

    def readdress(self, email: str, phone: str, now: datetime) -> bool:
        """Ask the same person at another address; False when they have answered meanwhile, or it is too late.

        The link in the first mail opens nothing any more, and what was begun behind it is forgotten: else a candidate
        could read it by giving an address of their own.
        """
        token = new_token()
        door = {"token": token, "token_hash": digest(token), "token_expires_at": self.of_check.token_expires_at}
        with transaction.atomic():
            self.of_check.hold()
            fields = {**AS_AT_FIRST, **door, "email": email, "phone": phone, "asked_at": now}
            if not self.of_check.is_live or not self._move((*OPEN, BOUNCED), "asked", **fields):
                return False
            Answer.objects.filter(reference=self.pk).delete()
            Message.objects.about(self.topic).cancel(now)
            self.happened("readdressed", now)
            self.invite(now)
        return True
