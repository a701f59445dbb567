"""How a candidacy ended, in Lever's words: hired is an archive reason of that type, and any other means not hired."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from checks.models import Check, Ended, Outcome
from integrations.hints import moment
from integrations.lever.client import Lever
from integrations.lever.errors import NOT_TO_BE_HAD, LeverError
from integrations.lever.objects import ArchiveReason, Opportunity
from integrations.models import Action, LeverCall

CLOCKS_DIFFER = timedelta(minutes=5)  # ours and Lever's, at most


@dataclass(frozen=True)
class Ending:
    """What Lever says. `ended` is a value of `Ended`, or empty: not archived, or archived and nobody can tell as what.

    `reason` is the archive reason in words, as far as the key may read it.
    """

    is_archived: bool = False
    ended: str = ""
    reason: str = ""
    since: datetime | None = None

    @property
    def is_unclear(self) -> bool:
        """Archived, but whether that was a hire does not show."""
        return self.is_archived and not self.ended


def ending_of(account: Lever, opportunity: Opportunity, *, is_told_as_hire: bool = False) -> Ending:
    """`is_told_as_hire`: the hint of an event that Lever sends for hires alone. It counts where the reason's type
    cannot be read: the key may not, or the reason is gone.
    """
    if not opportunity.is_archived:
        return Ending()
    reason = _reason(account, opportunity.archive_reason_id)
    since = moment(opportunity.archived_at_ms)
    if reason is None:
        return Ending(True, Ended.HIRED if is_told_as_hire else "", "", since)
    return Ending(True, Ended.HIRED if reason.is_hired else Ended.NOT_HIRED, reason.text or reason.id, since)


def _reason(account: Lever, reason_id: str | None) -> ArchiveReason | None:
    try:
        return next((reason for reason in account.archive_reasons() if reason.id == reason_id), None)
    except LeverError as error:
        if error.kind not in NOT_TO_BE_HAD:
            raise
        return None


def in_words(ending: Ending) -> Iterator[str]:
    """A sentence about it for a verdict; none where Lever says nothing."""
    if ending.is_unclear:
        yield _("Whether that was a hire is not known: Lever does not show the API key the archive reason.")
    elif ending.ended and not ending.reason:
        yield _("It was a hire, as Lever’s event says; the API key may not read the archive reason.")
    elif ending.ended == Ended.HIRED:
        yield _("It was a hire: “%(reason)s”.") % {"reason": ending.reason}
    elif ending.ended:
        yield _("It was no hire: “%(reason)s”.") % {"reason": ending.reason}


def take(checks: Iterable[Check], ending: Ending, now: datetime) -> bool:
    """Note it on all checks of the opportunity; whether any of them learned something by it."""
    news = [_take(Outcome.of(check), ending, now) for check in checks]
    return any(news)


def _take(outcome: Outcome, ending: Ending, now: datetime) -> bool:
    """What is unclear unsays nothing that was heard about the same archiving, whichever event came first."""
    if ending.is_unclear and outcome.ats_since == ending.since:
        return False
    return outcome.hear(ending.ended, ending.reason, ending.since, now)


def is_ours(checks: Iterable[Check], opportunity: Opportunity) -> bool:
    """Whether Vouch archived it so itself. Lever does not say who did; our own calls of that moment do."""
    since = moment(opportunity.archived_at_ms)
    if since is None or not opportunity.archive_reason_id:
        return False
    calls = LeverCall.objects.filter(
        Q(status=None) | Q(status__lt=400) | Q(status__gte=500),  # without a clear answer it may have had its effect
        action__for_check__in=checks,
        action__kind=Action.Kind.ARCHIVE,
        method="PUT",
        at__range=(since - CLOCKS_DIFFER, since + CLOCKS_DIFFER),
    )
    chosen = calls.values_list("action__connection__hired_reason_id", "action__connection__not_hired_reason_id")
    return any(opportunity.archive_reason_id in pair for pair in chosen)
