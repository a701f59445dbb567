"""Candidates who come: moved to the trigger stage, or applied straight into it. Lever's own answer starts the check."""

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checks.models import Check, NotStarted
from integrations import reasons
from integrations.account import lever
from integrations.candidates import candidacy, keep_followers, posting_of, tags_of, with_followers
from integrations.endings import Ending, take
from integrations.lever.objects import Opportunity, Posting
from integrations.models import Decision, Delivery, Webhook
from integrations.reasons import AsBefore, NothingToDo, Reason
from notifications.leases import DONE
from templates_app.matching import match

log = structlog.get_logger(__name__)


def start(delivery: Delivery) -> None:
    with lever(delivery.connection, cause=delivery) as account:
        opportunity = with_followers(account, account.opportunity(delivery.opportunity_id))
        keep_followers(delivery.connection.organization_id, opportunity)
        _note_return(delivery, opportunity)
        _must_be_waiting(opportunity, delivery)
        posting = posting_of(account, opportunity)
    try:
        _start(delivery, opportunity, posting)
    except NotStarted as refusal:
        if delivery.decision == Decision.STARTED:
            raise AsBefore(Reason(delivery.decision, delivery.verdict)) from None
        raise NothingToDo(Reason(Decision.NOT_AGAIN, refusal)) from None


def _note_return(delivery: Delivery, opportunity: Opportunity) -> None:
    """Out of the archive again, and Lever's word about an earlier check with it, should that event have got lost."""
    if not opportunity.is_archived:
        ours = Check.objects.filter(organization=delivery.connection.organization_id).of(opportunity.id).not_erased()
        take(ours.exclude(outcome__ats_since=None), Ending(), timezone.now())


def _must_be_waiting(opportunity: Opportunity, delivery: Delivery) -> None:
    if opportunity.is_archived:
        raise NothingToDo(reasons.ARCHIVED_SINCE)
    if delivery.source == Delivery.Source.DESK:
        return  # a person asked for it, wherever the candidate is by now
    if opportunity.stage_id != delivery.connection.stage_id:
        has_applied = delivery.webhook == Webhook.APPLIED
        raise NothingToDo(reasons.APPLIED_ELSEWHERE if has_applied else reasons.MOVED_ON)


def _start(delivery: Delivery, opportunity: Opportunity, posting: Posting | None) -> None:
    connection, now = delivery.connection, timezone.now()
    with transaction.atomic():
        check = Check.start(
            connection.organization,
            candidacy(opportunity, posting),
            match(connection.organization, tags_of(opportunity, posting)),
            now,
            again=_asks_anew(delivery),
            after_completion=connection.starts_after_completion,
        )
        if delivery.source == Delivery.Source.RECONCILIATION:
            check.record("found", now)
        decision, verdict = _said(check)
        delivery.settle(DONE, now, decision=decision, verdict=verdict, for_check=check, error="")
    log.info("check started", check=check.pk, status=check.status)


def _said(check: Check) -> tuple[str, str]:
    if check.status == Check.Status.ERROR:
        words = _("A check was written down, but cannot start: %(problem)s.")
        return Decision.CANNOT_START, words % {"problem": check.get_problem_display()}
    return Decision.STARTED, _("A check was started with the template %(reason)s") % {"reason": check.match_reason}


def _asks_anew(delivery: Delivery) -> bool:
    """Asked for at the desk, and for the first time: processed again, it begins nothing twice."""
    return delivery.source == Delivery.Source.DESK and delivery.for_check_id is None
