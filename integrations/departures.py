"""Candidates who go: archived in Lever, which stops their check, or deleted there, which erases it here."""

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checks.models import Check
from checks.querysets import CheckQuerySet
from integrations import reasons
from integrations.account import lever
from integrations.candidates import keep_followers, with_followers
from integrations.lever.client import Lever
from integrations.lever.errors import NOT_TO_BE_HAD, Kind, LeverError
from integrations.lever.objects import Opportunity
from integrations.models import Decision, Delivery, Webhook
from integrations.reasons import NothingToDo, Undecided
from integrations.reconciliation import OVERLAP, deleted_since
from notifications.leases import DONE

log = structlog.get_logger(__name__)


def _checks_about(delivery: Delivery) -> CheckQuerySet:
    """The checks of the opportunity that hold personal data, the newest first."""
    ours = Check.objects.filter(organization=delivery.connection.organization_id).of(delivery.opportunity_id)
    found = ours.not_erased().select_related("organization").order_by("-pk")
    if not found.exists():  # before Lever is asked: it tells of every candidate, and few of them have a check
        raise NothingToDo(reasons.NO_CHECK)
    return found


# --- archived -------------------------------------------------------------------------------------------


def stop(delivery: Delivery) -> None:
    """Archived, hired, or out of the archive again: which of them, Lever says."""
    checks = _checks_about(delivery)
    with lever(delivery.connection, cause=delivery) as account:
        opportunity = with_followers(account, account.opportunity(delivery.opportunity_id))
        keep_followers(delivery.connection.organization_id, opportunity)
        live = checks.live().first()
        if not opportunity.is_archived:
            raise NothingToDo(reasons.GOES_ON if live else reasons.BACK_AGAIN, live or checks.first())
        if live is None:
            raise NothingToDo(reasons.NOT_LIVE, checks.first())
        is_hired = live.status == Check.Status.AWAITING and _is_hired(account, opportunity, delivery)
    _stop(delivery, live, is_hired=is_hired)


def _is_hired(account: Lever, opportunity: Opportunity, delivery: Delivery) -> bool:
    """Hired is an archive reason in Lever. A key that may not read those leaves us the hint that came."""
    try:
        hires = {reason.id for reason in account.archive_reasons() if reason.is_hired}
    except LeverError as error:
        if error.kind not in NOT_TO_BE_HAD:
            raise
        return delivery.webhook == Webhook.HIRED
    return opportunity.archive_reason_id in hires


def _stop(delivery: Delivery, check: Check, *, is_hired: bool) -> None:
    now = timezone.now()
    with transaction.atomic():
        check.hold()  # an answer that comes at this moment is in before we count, or too late
        if delivery.source == Delivery.Source.RECONCILIATION and check.is_live:
            check.record("found", now)
        if is_hired and check.counts()[0] and check.complete(now, why="archived"):
            verdict = _("In Lever the candidate is archived. The check was concluded with the answers that are in.")
        elif check.cancel(now, why="archived"):
            verdict = _("In Lever the candidate is archived. The check was canceled.")
        else:
            raise NothingToDo(reasons.NOT_LIVE, check)
        delivery.settle(DONE, now, decision=Decision.STOPPED, verdict=verdict, for_check=check, error="")
    log.info("check stopped", check=check.pk, status=check.status)


# --- deleted --------------------------------------------------------------------------------------------


def erase(delivery: Delivery) -> None:
    """Erase what Lever has deleted; what it still has, or only does not show to us, stays."""
    checks = _checks_about(delivery)
    with lever(delivery.connection, cause=delivery) as account:
        if not _is_gone(account, delivery.opportunity_id):
            raise NothingToDo(reasons.STILL_THERE, checks.first())
        if not _is_deleted(account, delivery):
            raise Undecided(reasons.NOT_LISTED, checks.first())
    _erase(delivery, list(checks))


def _is_gone(account: Lever, opportunity_id: str) -> bool:
    try:
        account.opportunity(opportunity_id)
    except LeverError as error:
        if error.kind is not Kind.NOT_FOUND:
            raise
        return True
    return False


def _is_deleted(account: Lever, delivery: Delivery) -> bool:
    """Whether Lever lists it as deleted. A list that the key may not read leaves us with what is gone."""
    if delivery.source == Delivery.Source.RECONCILIATION:
        return True  # that is where we found it
    since = min(delivery.triggered_at or delivery.created_at, delivery.created_at) - OVERLAP
    try:
        deleted = deleted_since(account, delivery.connection, int(since.timestamp() * 1000))
        return any(each.id == delivery.opportunity_id for each in deleted)
    except LeverError as error:
        if error.kind not in NOT_TO_BE_HAD:
            raise
        return True


def _erase(delivery: Delivery, checks: list[Check]) -> None:
    now = timezone.now()
    with transaction.atomic():
        for check in checks:
            if delivery.source == Delivery.Source.RECONCILIATION:
                check.record("found", now)
            check.erase(now, why="deleted")
        verdict = _("Lever has deleted this opportunity. Its personal data was erased here, too.")
        delivery.settle(DONE, now, decision=Decision.ERASED, verdict=verdict, for_check=checks[0], error="")
    log.info("checks erased", checks=[check.pk for check in checks])
