"""What a file says of somebody who is here already: it counts where it is newer."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from checks.keeping import months_from
from prospects import letters
from prospects.consent import Consenting

if TYPE_CHECKING:
    from prospects.lines import Line


class Entering(Consenting):
    class Meta:
        abstract = True

    def enter(self, line: "Line", now: datetime) -> bool:
        """False when what is here is as new, or they have said no since the file was compared. Whoever has confirmed
        the address before is told, others are asked.
        """
        with transaction.atomic():
            self.hold()
            if self.agreed_at >= line.agreed_at or self.email != line.email or self.withdrawn_at:
                return False
            was_willing = self.is_willing
            self._set(**line.said)
            if line.confirmed_at or was_willing:
                self._go_on(line, was_willing=was_willing, now=now)
            else:
                fresh: dict[str, Any] = {"state": "unconfirmed", "confirmed_at": None, "ends_at": None}
                self._set(**fresh, created_at=now, erased_at=None, problem="")
                letters.ask_whether_it_was_them(self, now, was_asked=False)
        return True

    def _go_on(self, line: "Line", *, was_willing: bool, now: datetime) -> None:
        begun = line.confirmed_at or line.agreed_at
        self._set(ends_at=months_from(begun, line.months))
        if was_willing:
            if self.state == "exported":
                self.want("note", now)
            letters.say_renewed(self, now)
            return
        self._set(state="waiting", confirmed_at=begun, withdrawn_at=None, erased_at=None, problem="")
        self._drop("farewell", now)
        self.want("export", now)
