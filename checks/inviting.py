"""A check that is begun by hand, for a candidate whom the ATS does not know, and inviting a candidate anew."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from checks import writing
from checks.candidacy import Candidacy
from checks.querysets import CheckQuerySet
from checks.reopening import Reopening
from templates_app.matching import Match
from templates_app.models import ReferenceTemplate
from templates_app.moments import Moment

if TYPE_CHECKING:
    from checks.models import Check


class Inviting(Reopening):
    # Columns of the check.
    candidate_email: "models.CharField[str, str]"
    problem: "models.CharField[str, str]"

    class Meta:
        abstract = True

    @property
    def may_be_invited(self) -> bool:
        """Has not named anybody yet; or never could, for our mail came back."""
        check = self.of_check
        is_refused = check.problem == check.Problem.REFUSED and not check.resolved_at
        return not check.erased_at and (check.status == check.Status.SUBMITTED or is_refused)

    def invite_again(self, address: str, now: datetime, by: User | None = None) -> bool:
        """Send the candidate the link once more, to that address from now on; False when it is too late for that.

        The earlier mails are no longer about this check's fate: that one of them came back says nothing of this one.
        """
        check = self.of_check
        with transaction.atomic():
            if not _to_invite(check).update(status="submitted", problem="", ended_at=None, candidate_email=address):
                return False
            check.status, check.problem, check.candidate_email = check.Status.SUBMITTED, "", address
            check.call_back(now)
            number = check.events.filter(kind="invited").count() + 1
            check.record("invited", now, user=by, detail=str(number))
            check.invitation = writing.write(
                Moment.CANDIDATE_REQUEST, check, now, key=f"{check.topic}:request:{number}"
            )
            check.remind_at, check.reminders = check.turn_after(0, now), 0
            check.save(update_fields=["invitation", "remind_at", "reminders"])
            check.announce(now)
        return True


def _to_invite(check: "Check") -> CheckQuerySet:
    refused = models.Q(status="error", problem=check.Problem.REFUSED, resolved_at=None)
    return type(check).objects.filter(models.Q(status="submitted") | refused, pk=check.pk).not_erased()


def new_number() -> str:
    """In the place of the ATS's id of an opportunity. Who sends a form twice begins one check, for it is in there."""
    return f"by-hand-{uuid.uuid4()}"


def by_hand(
    number: str, name: str, address: str, phone: str, position: str, template: ReferenceTemplate, owner: User
) -> tuple[Candidacy, Match]:
    """What a check is begun with that somebody wants, and the ATS has not asked for."""
    candidacy = Candidacy(
        opportunity_id=number,
        candidate_name=name,
        candidate_email=address,
        candidate_phone=phone,
        position=position,
        owner_name=str(owner),
        owner_email=owner.email,
        is_by_hand=True,
    )
    words = {"template": template, "name": owner}
    return candidacy, Match(template, _("“%(template)s”, chosen by %(name)s, who began the check by hand.") % words)
