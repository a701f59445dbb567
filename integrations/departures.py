"""Candidates who go: archived in Lever, which says how it ended and stops a check, or deleted, which erases it here."""

from collections.abc import Iterator
from datetime import datetime

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checks.models import Check, Ended
from checks.querysets import CheckQuerySet
from integrations import reasons
from integrations.account import lever
from integrations.candidates import keep_followers, with_followers
from integrations.endings import Ending, ending_of, in_words, is_ours, take
from integrations.lever.client import Lever
from integrations.lever.errors import NOT_TO_BE_HAD, Kind, LeverError
from integrations.lever.objects import Opportunity
from integrations.models import Decision, Delivery, Webhook
from integrations.reasons import NothingToDo, Reason, Undecided
from integrations.reconciliation import OVERLAP, deleted_since
from notifications.leases import DONE

log = structlog.get_logger(__name__)

# Where a delivery is acted on, or nothing was to be done about it.
STATES: dict[str, str] = {Decision.STOPPED: DONE, Decision.ENDED: DONE, Decision.NO_CHECK: Delivery.State.IGNORED}


def _checks_about(delivery: Delivery) -> CheckQuerySet:
    """The checks of the opportunity that hold personal data, the newest first."""
    ours = Check.objects.filter(organization=delivery.connection.organization_id).of(delivery.opportunity_id)
    found = ours.not_erased().select_related("organization").order_by("-pk")
    if not found.exists():  # before Lever is asked: it tells of every candidate, and few of them have a check
        raise NothingToDo(reasons.NO_CHECK)
    return found


# --- archived -------------------------------------------------------------------------------------------


def stop(delivery: Delivery) -> None:
    """Archived, hired, or out of the archive again: which of them, Lever says. Every check notes how it ended."""
    checks, begun = _checks_about(delivery), timezone.now()
    with lever(delivery.connection, cause=delivery) as account:
        opportunity = with_followers(account, account.opportunity(delivery.opportunity_id))
        keep_followers(delivery.connection.organization_id, opportunity)
        ending = ending_of(account, opportunity, is_told_as_hire=delivery.webhook == Webhook.HIRED)
    now = timezone.now()
    with transaction.atomic():
        checks[0].hold()
        if _was_another_acted_on(delivery, since=begun):
            delivery.postpone(_("Something else was heard at the same moment. Lever is asked once more."), now)
            return
        is_news, live = take(checks, ending, now), checks.live().first()
        found = _stop(delivery, live, ending, now) if live and ending.is_archived else None
        found = found or _left_alone(ending, live, is_news=is_news)
        verdict = " ".join((str(found.words), *in_words(ending), *_by_whom(checks, opportunity)))
        state, about = STATES[found.decision], live or checks[0]
        delivery.settle(state, now, decision=found.decision, verdict=verdict, for_check=about, error="")
    log.info("departure noted", check=about.pk, status=about.status, decision=found.decision)


def _was_another_acted_on(delivery: Delivery, since: datetime) -> bool:
    """About the same opportunity, while we were reading: then what we read may be older than what it wrote."""
    others = Delivery.objects.filter(connection=delivery.connection_id, opportunity_id=delivery.opportunity_id)
    return others.filter(done_at__gte=since).exclude(pk=delivery.pk).exists()


def _stop(delivery: Delivery, check: Check, ending: Ending, now: datetime) -> Reason | None:
    """End the check; None when it is over by now. The caller's transaction."""
    check.hold()  # an answer that comes at this moment is in before we count, or too late
    if delivery.source == Delivery.Source.RECONCILIATION and check.is_live:
        check.record("found", now)
    has_answers = check.status == Check.Status.AWAITING and check.counts()[0]
    if ending.ended == Ended.HIRED and has_answers and check.complete(now, why="archived"):
        return reasons.CONCLUDED
    return reasons.CANCELED if check.cancel(now, why="archived") else None


def _left_alone(ending: Ending, live: Check | None, *, is_news: bool) -> Reason:
    """What to say where no check was stopped."""
    if ending.is_archived:
        return reasons.NOTED if is_news else reasons.NOT_LIVE
    if is_news:
        return reasons.OPEN_AGAIN
    return reasons.GOES_ON if live else reasons.BACK_AGAIN


def _by_whom(checks: CheckQuerySet, opportunity: Opportunity) -> Iterator[str]:
    if is_ours(checks, opportunity):
        yield _("Vouch archived it itself, because somebody had said how it ended.")


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
