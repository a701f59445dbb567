"""Before somebody is asked how it ended, Lever is: it may know by now, and it says whom to ask."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from checks.models import Check, Outcome
from checks.outcome_people import Asked
from checks.querysets import OutcomeQuerySet
from integrations import reasons
from integrations.account import lever
from integrations.candidates import keep_followers, whom_to_ask, with_followers
from integrations.endings import Ending, ending_of, in_words, take
from integrations.lever.errors import Kind, LeverError
from integrations.models import Connection, Decision, Delivery, Webhook
from integrations.querysets import WORKING
from integrations.reasons import NothingToDo, Reason, Undecided
from notifications.leases import DONE, WAITING

log = structlog.get_logger(__name__)

AT_ONCE = 50  # outcomes a round, of which there is one a minute
LOOK_AGAIN_AFTER = timedelta(days=1)  # where Lever was asked in vain


# --- the round ------------------------------------------------------------------------------------------


def ask_how_it_ended(now: datetime) -> int:
    """For each outcome whose time has come: a delivery by which Lever is asked first, or the question at once where
    there is no Lever to ask. How many deliveries were written; while Lever refuses the key they wait in the inbox.
    """
    due = list(_due(now).select_related("for_check__organization")[:AT_ONCE])
    organizations = {outcome.for_check.organization_id for outcome in due}
    # Ids only: a connection whose key cannot be decrypted must not keep the others from being asked.
    rows = Connection.objects.filter(organization__in=organizations, status__in=WORKING)
    working: dict[int, int] = dict(rows.values_list("organization", "pk"))
    written = 0
    for outcome in due:
        check = outcome.for_check
        if not outcome.is_wanted(now):
            outcome.drop(now)
        elif check.is_by_hand or check.organization_id not in working:
            outcome.ask_without_ats(now)
        else:
            _write(working[check.organization_id], outcome, now)
            written += 1
    return written


def _due(now: datetime) -> OutcomeQuerySet:
    """Without those about which Lever is being asked, or was a short while ago to no avail."""
    asked = Delivery.objects.filter(
        Q(state=WAITING) | Q(done_at__gt=now - LOOK_AGAIN_AFTER),
        source=Delivery.Source.OUTCOME,
        for_check=OuterRef("for_check"),
        created_at__gte=OuterRef("ask_at"),
    )
    return Outcome.objects.to_ask(now).filter(~Exists(asked))


def _write(connection_id: int, outcome: Outcome, now: datetime) -> None:
    """One for each time that somebody is to be asked; where the first look was in vain, it looks again."""
    check, ask_at = outcome.for_check, outcome.ask_at or now
    delivery, is_new = Delivery.objects.get_or_create(
        connection_id=connection_id,
        dedupe_key=f"outcome:{outcome.pk}:{ask_at.timestamp():.3f}",
        defaults={
            "source": Delivery.Source.OUTCOME,
            "webhook": Webhook.ARCHIVED,
            "opportunity_id": check.opportunity_id,
            "for_check": check,
            "created_at": now,
            "next_at": now,
        },
    )
    if not is_new:
        delivery.process_again(now)


# --- one of them, in the inbox --------------------------------------------------------------------------

# Who was asked, by the role in which they were.
WHO: dict[str, Any] = {
    "owner": gettext_lazy("%(name)s was asked, who owns the opportunity."),
    "posting-owner": gettext_lazy("%(name)s was asked, who owns the job."),
    "hiring-manager": gettext_lazy("%(name)s was asked, who hires for the job."),
    "default": gettext_lazy("%(name)s was asked, your organization’s contact."),
    "handed-on": gettext_lazy("%(name)s was asked again, to whom the question was handed on."),
}


def ask(delivery: Delivery) -> None:
    """Lever's word, if it has one by now; else the question goes to whom Lever names."""
    check = delivery.for_check
    if check is None or not (outcome := Outcome.of(check)).is_due(timezone.now()):
        raise NothingToDo(reasons.NOT_DUE, check)
    try:
        with lever(delivery.connection, cause=delivery) as account:
            opportunity = with_followers(account, account.opportunity(delivery.opportunity_id))
            keep_followers(delivery.connection.organization_id, opportunity)
            ending = ending_of(account, opportunity)
            person = None if ending.ended else _person(outcome, whom_to_ask(account, opportunity))
    except LeverError as error:
        if error.kind is Kind.NOT_FOUND:
            raise Undecided(reasons.NOT_SHOWN, check) from None
        if error.kind is not Kind.FORBIDDEN:
            raise
        _put(delivery, outcome, _person(outcome, outcome.known_here()), (str(reasons.HIDDEN),))
        return
    if ending.ended:
        _note(delivery, ending)
    else:
        _put(delivery, outcome, person, (str(reasons.SILENT), *in_words(ending)))


def _person(outcome: Outcome, people: Iterable[Asked]) -> Asked | None:
    """Who wanted to be asked again; else the first who can be; else the organization's contact."""
    organization = outcome.for_check.organization
    contact = Asked(organization.contact_name, organization.contact_email, "default")
    fit = (outcome.first_of([person]) for person in chain(people, [contact]))
    return outcome.again() or next(filter(None, fit), None)


def _note(delivery: Delivery, ending: Ending) -> None:
    now, connection = timezone.now(), delivery.connection
    checks = Check.objects.filter(organization=connection.organization_id).of(delivery.opportunity_id).not_erased()
    with transaction.atomic():
        take(checks.order_by("-pk"), ending, now)
        verdict = " ".join((str(reasons.KNOWN_BY_NOW.words), *in_words(ending)))
        delivery.settle(DONE, now, decision=Decision.ENDED, verdict=verdict, error="")


def _put(delivery: Delivery, outcome: Outcome, person: Asked | None, why: tuple[str, ...]) -> None:
    now = timezone.now()
    with transaction.atomic():
        if person is None:
            outcome.nobody_to_ask(now)
            found, state = Reason(Decision.NO_CHECK, reasons.NOBODY_TO_ASK), Delivery.State.IGNORED
        elif question := outcome.ask(person, now):
            words = WHO.get(question.role, WHO["owner"]) % {"name": question.called}
            found, state = Reason(Decision.ASKED, words), Delivery.State(DONE)
        else:
            why, found, state = (), reasons.NOT_DUE, Delivery.State.IGNORED
        verdict = " ".join((*why, str(found.words)))
        delivery.settle(state, now, decision=found.decision, verdict=verdict, error="")
    log.info("asked how it ended", check=outcome.for_check_id, decision=found.decision)
