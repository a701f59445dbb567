"""What becomes of a prospect on the way into Lever: verbs of `Prospect` and `Errand`."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings as installation
from django.db import models, transaction
from django.db.models import Q

from integrations.lever.objects import Opportunity
from notifications.leases import DONE, FAILED, WAITING, LeasedRow

ENDINGS = ("export", "farewell")  # of these the prospect hears in the same transaction
TRIED_AGAIN = ("refused", "known")


class Exporting(models.Model):
    class Meta:
        abstract = True

    def try_again(self, now: datetime) -> bool:
        """Let one who was refused, or was in Lever already, go once more, and one who waits go now.

        False for everybody else. The next attempt looks in Lever first, as each one does.
        """
        anew = {"state": "waiting", "problem": "", "opportunity_id": "", "contact_id": "", "profile_url": ""}
        with transaction.atomic():
            errand: Any = _held(self).errands.filter(kind="export").first()
            rows: Any = type(self)._base_manager.filter(pk=self.pk)
            if rows.filter(state__in=TRIED_AGAIN).update(**anew):
                return errand.process_again(now) if errand else True  # who has none gets one from the sweep
            waits = rows.filter(state="waiting").exists()
            return bool(waits and errand and errand.hasten(now))


class Errands(LeasedRow):
    """An errand's end and its prospect's are one: both are in the same transaction, or neither is."""

    prospect: "models.ForeignKey[Any, Any]"
    prospect_id: int
    connection_id: int
    kind: "models.CharField[Any, Any]"

    class Meta:
        abstract = True

    def settle(self, state: str, now: datetime, only: Q | None = None, **fields: Any) -> None:
        """Who cannot go to Lever is refused, for the reason for which the export was given up."""
        with transaction.atomic():
            prospect: Any = _held(self.prospect) if self.kind in ENDINGS and state != WAITING else None
            super().settle(state, now, only, **fields)
            if prospect and self.kind == "farewell":
                prospect.erase(now)
            elif prospect and state == FAILED:
                _change(prospect, state="refused", problem=fields.get("error", ""))

    def found(self, state: str, opportunity: Opportunity, now: datetime, **facts: Any) -> None:
        """The prospect is in Lever: exported, or known there. Raises LeaseLost when they have withdrawn meanwhile:
        the farewell is on its way then.
        """
        is_ours = state == "exported"
        with transaction.atomic():
            prospect: Any = _held(self.prospect)
            super().settle(DONE, now, error="")
            said = {"state": state, "problem": "", "exported_at": now if is_ours else None, **facts}
            _change(prospect, **said, **place_of(opportunity))
            if is_ours:
                self.add_next("note", now)

    def add_next(self, kind: str, now: datetime) -> None:
        """What follows from this one. A row from an earlier time serves again: it looks before it writes."""
        rows: Any = type(self)._base_manager
        if row := rows.filter(prospect_id=self.prospect_id, kind=kind).first():
            row.process_again(now)
        else:  # the prospect's row is held, so nobody else makes one
            rows.create(
                prospect_id=self.prospect_id,
                connection_id=self.connection_id,
                kind=kind,
                created_at=now,
                next_at=now,
            )

    def go_on(self, now: datetime) -> bool:
        """Whether it is still allowed, and ours: then for a whole lease from now, so that nobody else begins while
        Lever is written to.
        """
        rows: Any = type(self)._default_manager
        ours = rows.filter(pk=self.pk, state=WAITING, attempts=self.attempts).allowed()
        return bool(ours.update(leased_until=now + timedelta(seconds=installation.LEASE_SECONDS)))

    def release(self, now: datetime) -> None:
        """Give it back untouched: the export was stopped while Lever was asked."""
        self.settle(WAITING, now, done_at=None, attempts=self.attempts - 1)

    def hasten(self, now: datetime) -> bool:
        """Do not wait for the time of the next attempt."""
        return bool(type(self)._base_manager.filter(pk=self.pk, state=WAITING, leased_until=None).update(next_at=now))


def place_of(opportunity: Opportunity) -> dict[str, str]:
    """Where they are in Lever, as a prospect's columns hold it."""
    return {
        "opportunity_id": opportunity.id[:100],
        "contact_id": (opportunity.contact_id or "")[:100],
        "profile_url": opportunity.url[:300],
    }


def _held(prospect: Any) -> Any:
    """The row as it is now, held until the transaction ends. Always before its errands, so that nobody deadlocks."""
    return type(prospect)._base_manager.select_for_update().defer("token").get(pk=prospect.pk)


def _change(prospect: Any, **fields: Any) -> None:
    type(prospect)._base_manager.filter(pk=prospect.pk).update(**fields)
