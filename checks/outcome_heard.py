"""What the verbs of an outcome have in common."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from checks.models import Check


class Heard(models.Model):
    """All that change an outcome hold its check, so that they take their turns."""

    # Columns of the outcome.
    in_ats: "models.CharField[str, str]"
    said: "models.CharField[str, str]"
    said_email: "models.CharField[str, str]"
    ats_reason: "models.CharField[str, str]"
    ats_since: "models.DateTimeField[datetime | None, datetime | None]"
    for_check: "models.OneToOneField[Check, Check]"

    class Meta:
        abstract = True

    @property
    def is_known(self) -> bool:
        """Somebody or the ATS has said how it ended, be it that they disagree."""
        return bool(self.in_ats or self.said)

    def hold(self) -> bool:
        """Lock its check to the end of the transaction, and see all as it is now; False when it has been erased."""
        check = self.for_check
        check.hold()
        check.refresh_from_db(fields=["erased_at", "completed_at"])
        self.refresh_from_db()
        self.for_check = check
        return not check.erased_at

    def change(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))
