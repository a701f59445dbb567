"""A completed check, opened again: those whom it had not waited for are asked once more."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from checks.outcome import Outcome
from checks.pausing import Pausing

if TYPE_CHECKING:
    from checks.models import Check


class NotReopened(Exception):
    """The check stays completed; the text says why, for whoever clicked."""


class Reopening(Pausing):
    reopened_at: "models.DateTimeField[datetime | None, datetime | None]"  # a column of the check

    class Meta:
        abstract = True

    @property
    def again(self) -> str:
        """What sets apart that which is written once each time a check is completed; empty for the first time."""
        return f":{int(self.reopened_at.timestamp() * 1_000_000):x}" if self.reopened_at else ""

    def reopen(self, now: datetime, by: User | None = None) -> bool:
        """Wait again, as long as for a new check; False when it is not completed (any more), or was erased.

        Those who answered need do nothing. The next report is made from everything, when it is concluded again.
        """
        check = self.of_check
        with transaction.atomic():
            # In the order in which a start takes its locks: there is never a second live check for an opportunity.
            Organization.objects.select_for_update().get(pk=check.organization_id)
            if not type(check).objects.select_for_update().completed().not_erased().filter(pk=check.pk).exists():
                return False
            _refuse_a_second(check)
            _wait_again(check, now)
            Outcome.of(check).rest(now)
            check.record("reopened", now, user=by)
            for reference in check.references.not_waited_for().in_order():
                reference.ask_again(now)
            check.announce(now)
        return True


def _refuse_a_second(check: "Check") -> None:
    others = type(check).objects.filter(organization=check.organization_id).of(check.opportunity_id)
    if others.live().exists():
        raise NotReopened(_("Another check of this candidate for this job is on its way. Conclude or cancel it first."))


def _wait_again(check: "Check", now: datetime) -> None:
    expires = now + timedelta(days=check.frozen.days_until_expired)
    check._move(
        check.Status.COMPLETED,
        check.Status.AWAITING,
        reopened_at=now,
        due_at=now + timedelta(days=check.frozen.days_until_overdue),
        expires_at=expires,
        token_expires_at=expires + timedelta(days=30),
        is_overdue=False,
        completed_at=None,
        ended_at=None,
    )
