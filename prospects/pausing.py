"""The export of an organization's prospects as a whole: it is begun, paused and resumed."""

from datetime import datetime
from typing import Any

from django.db import models

from accounts.models import User


class Pausing(models.Model):
    begun_at: "models.DateTimeField[Any, Any]"
    paused_at: "models.DateTimeField[Any, Any]"
    paused_by: "models.ForeignKey[Any, Any]"

    class Meta:
        abstract = True

    def pause(self, by: User | None, now: datetime) -> bool:
        """Stop at the next prospect; by nobody: Vouch has stopped by itself. False when it is paused already."""
        rows = self._rows.filter(paused_at=None)
        return self._became(bool(rows.update(paused_at=now, paused_by=by)), paused_at=now, paused_by=by)

    def resume(self, now: datetime) -> bool:
        rows = self._rows.exclude(paused_at=None)
        return self._became(bool(rows.update(paused_at=None, paused_by=None)), paused_at=None, paused_by=None)

    def begin(self, now: datetime) -> None:
        """What is counted from now on is a new run; of several who say so at once the first one is right."""
        rows = self._rows.filter(begun_at=self.begun_at)
        self._became(bool(rows.update(begun_at=now)), begun_at=now)

    @property
    def _rows(self) -> Any:
        return type(self)._base_manager.filter(pk=self.pk)

    def _became(self, changed: bool, **fields: Any) -> bool:
        for name, value in fields.items() if changed else ():
            setattr(self, name, value)
        return changed
