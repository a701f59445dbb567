"""Archiving in Lever what somebody said: only where the connection is set so, and never over another's decision."""

from django.utils import timezone
from django.utils.translation import gettext as _

from checks.models import Check, Ended, Outcome
from integrations.endings import Ending, ending_of, is_ours, take
from integrations.lever.client import Lever
from integrations.lever.errors import NOT_TO_BE_HAD, Kind, LeverError
from integrations.lever.objects import Opportunity
from integrations.models import Action, Connection
from notifications.leases import DONE, FAILED


class LeftAlone(Exception):
    """The action ends in `state` without having been done; the text says why, for people."""

    def __init__(self, state: str, words: str) -> None:
        super().__init__(state, words)
        self.state = state
        self.words = words


def chosen_reason(connection: Connection, ended: str) -> tuple[str, str]:
    """The id of the archive reason for this, and its name; both empty where nothing is to be archived."""
    if connection.outcome_writes != Connection.OutcomeWrites.ARCHIVE:
        return "", ""
    return {
        Ended.HIRED: (connection.hired_reason_id, connection.hired_reason_name),
        Ended.NOT_HIRED: (connection.not_hired_reason_id, connection.not_hired_reason_name),
    }.get(Ended(ended), ("", ""))


def archive(account: Lever, action: Action) -> str:
    """With the reason that is chosen by now for what was said last: so a reason that was mended can be tried again.

    Looked at first. What is archived so already is done, and what somebody else archived otherwise stays as it is.
    """
    check, connection = action.for_check, action.connection
    said = Outcome.of(check).said
    reason_id, reason = chosen_reason(connection, said) if said else ("", "")
    if not reason_id:
        raise LeftAlone(Action.State.SUPERSEDED, _("The connection is set to archive nothing by now."))
    opportunity = account.opportunity(check.opportunity_id)
    if opportunity.is_archived and opportunity.archive_reason_id != reason_id:
        _may_change(account, opportunity, check, said)
    if opportunity.archive_reason_id != reason_id:
        _put(account, opportunity, reason_id, reason, connection.perform_as_id)
    return DONE


def _may_change(account: Lever, opportunity: Opportunity, check: Check, said: str) -> None:
    """Only what Vouch itself archived, for somebody who says otherwise now. Lever's word is noted beside theirs."""
    ours = Check.objects.filter(organization=check.organization_id).of(check.opportunity_id).not_erased()
    if is_ours(ours, opportunity):
        return
    ending = ending_of(account, opportunity)
    take(ours.order_by("-pk"), ending, timezone.now())
    raise LeftAlone(Action.State.SUPERSEDED, _in_words(ending, said))


def _in_words(ending: Ending, said: str) -> str:
    words = {"reason": ending.reason}
    if ending.is_unclear:
        return _("In Lever the opportunity is archived already. Vouch left that as it is.")
    if ending.ended == said:
        return _("In Lever the opportunity is archived already as “%(reason)s”, which says the same.") % words
    return (
        _(
            "In Lever the opportunity is archived as “%(reason)s”, which says otherwise. Vouch left that as it is; the "
            "check shows both."
        )
        % words
    )


def _put(account: Lever, opportunity: Opportunity, reason_id: str, reason: str, perform_as: str) -> None:
    try:
        account.archive(opportunity.id, reason_id, perform_as)
    except LeverError as error:
        if error.kind not in (Kind.REFUSED, Kind.NOT_FOUND) or not _is_gone(account, reason_id):
            raise
        words = _(
            "“%(reason)s” is not among the archive reasons in Lever any more, or is switched off there. Choose another "
            "one on the connection’s page, then process this again."
        )
        raise LeftAlone(FAILED, words % {"reason": reason or reason_id}) from None


def _is_gone(account: Lever, reason_id: str) -> bool:
    """Whether the reason is why Lever refused; a key that may not read them leaves that open."""
    try:
        return not any(reason.id == reason_id and reason.is_active for reason in account.archive_reasons())
    except LeverError as error:
        if error.kind not in NOT_TO_BE_HAD:
            raise
        return False
