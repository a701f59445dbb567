"""What is left to do by hand in Lever: one who is no longer willing still stands there, where others may write to
them; or one stands there twice.
"""

from datetime import datetime
from typing import Any

from django.db import models

from accounts.models import User
from checks.doors import Door


class Clearing(Door):
    """Vouch deletes nobody in Lever; somebody looks there and says so here."""

    state: "models.CharField[Any, Any]"
    problem: "models.TextField[str, str]"
    exported_at: "models.DateTimeField[Any, Any]"
    cleared_at: "models.DateTimeField[Any, Any]"

    class Meta:
        abstract = True

    @property
    def is_over(self) -> bool:
        return self.state in ("withdrawn", "ended")

    @property
    def is_to_clear(self) -> bool:
        return self.is_over and self.exported_at is not None and self.cleared_at is None

    @property
    def is_in_doubt(self) -> bool:
        """They were added, and Lever said that it knew them: there may be two of them now."""
        return self.state == "exported" and bool(self.problem)

    def clear(self, by: User, now: datetime) -> bool:
        """Somebody saw to it in Lever; False when it was done, or there is nothing to see to."""
        rows: Any = type(self)._default_manager.filter(pk=self.pk)
        if rows.in_doubt().update(problem=""):
            self.problem = ""
            return True
        if not rows.to_clear().update(cleared_at=now, cleared_by=by):
            return False
        self.cleared_at = now
        return True
