"""A reference who would rather be called: a number, and when it suits them. Somebody who hires fills the same form."""

from datetime import datetime
from typing import Any

from django.db import models, transaction

from checks.querysets import OPEN
from checks.waiting import WaitedFor
from notifications.phones import as_read


class Called(WaitedFor):
    # Columns of the reference.
    phone: "models.CharField[str, str]"
    wants_call_at: "models.DateTimeField[datetime | None, datetime | None]"
    call_when: "models.CharField[str, str]"
    written_down_by_id: int | None

    class Meta:
        abstract = True

    @property
    def number(self) -> str:
        """The telephone number as people read it."""
        return as_read(self.phone)

    @property
    def may_be_called(self) -> bool:
        """They have not answered yet, and there is a number.

        Whoever calls sees what is there already. So nobody calls somebody who has begun to write by themselves, unless
        they ask for it: what they wrote is theirs until they send it.
        """
        is_theirs = self.status == "started" and not (self.wants_call_at or self.written_down_by_id)
        return self.of_check.is_live and self.status in OPEN and bool(self.phone) and not is_theirs

    @property
    def phone_as_told(self) -> str:
        """The number for the candidate to read: none where it may be one that the reference gave us themselves."""
        asked = self.phone and self.of_check.events.filter(kind="call-wanted", reference=self.as_reference)
        return "" if asked and asked.exists() else self.phone

    # --- verbs --------------------------------------------------------------------------------------

    def ask_for_call(self, number: str, when: str, now: datetime) -> bool:
        """They would rather talk, at this number such as +442071838750. No reminder comes any more.

        Said again, the newer number and time count. False when it is too late.
        """
        changes = {"phone": number, "call_when": when, "remind_at": None}
        return self._say_of_calls("call-wanted", now, wants_call_at=self.wants_call_at or now, **changes)

    def need_no_call(self, now: datetime) -> bool:
        """They write after all, and are reminded again; False when they were not to be called, or it is too late."""
        if self.wants_call_at is None:
            return False
        turn = None if self.has_had_the_last else self.turn_after(self.reminders, now)
        return self._say_of_calls("no-call", now, wants_call_at=None, call_when="", remind_at=turn)

    def _say_of_calls(self, kind: str, now: datetime, **changes: Any) -> bool:
        with transaction.atomic():
            self.of_check.hold()
            rows = self.stored.filter(status__in=OPEN)
            is_news = (self.wants_call_at is None) != (changes["wants_call_at"] is None)
            is_news |= changes.get("phone", self.phone) != self.phone  # from now on it is theirs, not the candidate's
            if not self.of_check.is_live or not rows.update(**changes):
                return False
            for name, value in changes.items():
                setattr(self, name, value)
            self.call_back(now)
            if is_news:
                self.happened(kind, now)
        return True
