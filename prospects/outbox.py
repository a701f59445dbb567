"""Doing in Lever what the errands say: each prospect is there once, whatever happens on the way."""

from collections.abc import Callable
from enum import StrEnum

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from integrations.account import refusal
from integrations.lever.client import Lever
from integrations.lever.errors import Kind, LeverError
from integrations.lever.objects import Opportunity
from notifications.leases import DONE, FAILED, LeaseLost
from prospects import marks
from prospects.exporting import place_of
from prospects.looking import NotToBeSent, made_by_us, new_opportunity, ready, the_one, the_setting
from prospects.models import Errand, Prospect, Suppression

log = structlog.get_logger(__name__)

OVER = (Prospect.State.WITHDRAWN, Prospect.State.ENDED)


class Came(StrEnum):
    """What came of an attempt, for whoever decides how to go on."""

    THROUGH = "through"
    REFUSED = "refused"  # by Lever, for good
    TROUBLED = "troubled"  # Lever is slow, busy or away


def perform(errand: Errand, account: Lever) -> Came:
    """One attempt at one errand. The calls are outside any transaction; what came of them is written down after."""
    with structlog.contextvars.bound_contextvars(errand=errand.pk, prospect=errand.prospect_id):
        try:
            STEPS[errand.kind](account, errand)
        except NotToBeSent as reason:
            return _given_up(errand, str(reason))
        except LeverError as error:
            return _refused(account, errand, error)
        except LeaseLost:
            log.warning("errand done after its lease had ended")
        else:
            log.info("errand done", kind=errand.kind)
        return Came.THROUGH


def _export(account: Lever, errand: Errand) -> None:
    """Look first, always: whoever is there is not made again. What we made before an answer was lost bears our link."""
    prospect, connection = errand.prospect, errand.connection
    ready(prospect, connection)
    there = _look(account, errand)
    if ours := made_by_us(prospect, there, connection.tag_prefix):
        _mark(account, errand, ours)
        errand.found(Prospect.State.EXPORTED, ours, timezone.now())
    elif there:
        errand.found(Prospect.State.KNOWN, the_one(there), timezone.now())
    elif Suppression.holds(prospect.organization, prospect.email):
        raise NotToBeSent(_("They asked not to be a prospect. Nothing was written in Lever."))
    elif not errand.go_on(timezone.now()):
        errand.release(timezone.now())
    else:
        _add(account, errand)


def _look(account: Lever, errand: Errand) -> list[Opportunity]:
    hopes = bool(errand.connection.sees_confidential)
    return account.opportunities_of(errand.prospect.email, with_confidential=hopes)


def _add(account: Lever, errand: Errand) -> None:
    """If Lever says that it knew them after all, there may be a second opportunity now: somebody has to look."""
    created = account.add_opportunity(new_opportunity(errand), errand.connection.perform_as_id)
    doubt = _(
        "Lever says that it knew this person already, although it showed Vouch no opportunity of theirs. "
        "Look there whether they have two now."
    )
    errand.found(
        Prospect.State.EXPORTED,
        created.opportunity,
        timezone.now(),
        was_deduped=created.was_deduped,
        problem=doubt if created.was_deduped else "",
    )


def _mark(account: Lever, errand: Errand, ours: Opportunity) -> None:
    """Our tag back on what we made earlier, and none that says the opposite: the consent may have been given anew."""
    prefix, user = errand.connection.tag_prefix, errand.connection.perform_as_id
    if wrong := [tag for tag in ours.tags if tag in marks.farewells(prefix)]:
        account.remove_tags(ours.id, wrong, user)
    if marks.tag_of(prefix) not in ours.tags:
        account.add_tags(ours.id, [marks.tag_of(prefix)], user)


def _note(account: Lever, errand: Errand) -> None:
    prospect, prefix = errand.prospect, errand.connection.tag_prefix
    if prospect.state != Prospect.State.EXPORTED:
        errand.settle(Errand.State.SUPERSEDED, timezone.now(), error="")
        return
    _write_once(account, errand, marks.consent_mark(prospect), marks.consent_note(prospect, prefix))
    errand.settle(DONE, timezone.now(), error="")


def _farewell(account: Lever, errand: Errand) -> None:
    """Tags first, for they are what recruiters see. All of it is safe to repeat."""
    prospect, prefix, user = errand.prospect, errand.connection.tag_prefix, errand.connection.perform_as_id
    if prospect.state not in OVER or not _is_in_lever(account, errand):
        errand.settle(Errand.State.SUPERSEDED, timezone.now(), error="")
        return
    account.add_tags(prospect.opportunity_id, [marks.farewell_of(prefix, prospect.state)], user)
    account.remove_tags(prospect.opportunity_id, [marks.tag_of(prefix)], user)
    _write_once(account, errand, marks.farewell_mark(prospect), marks.farewell_note(prospect, prefix))
    errand.settle(DONE, timezone.now(), error="")


def _is_in_lever(account: Lever, errand: Errand) -> bool:
    """Whether there is anything to say goodbye to. Who withdrew while Lever was told of them is looked for there."""
    prospect = errand.prospect
    if prospect.opportunity_id or not prospect.email:
        return bool(prospect.opportunity_id)
    ours = made_by_us(prospect, _look(account, errand), errand.connection.tag_prefix)
    if ours:
        prospect.opportunity_id = ours.id
        Prospect.objects.filter(pk=prospect.pk).update(exported_at=timezone.now(), **place_of(ours))
    return bool(ours)


def _write_once(account: Lever, errand: Errand, mark: str, text: str) -> None:
    """Lever knows no idempotency key: before a second attempt, look for the mark of the first."""
    opportunity_id = errand.prospect.opportunity_id
    if errand.attempts == 1 or not any(mark in note.text for note in account.notes(opportunity_id)):
        account.add_note(opportunity_id, text, errand.connection.perform_as_id)


STEPS: dict[str, Callable[[Lever, Errand], None]] = {
    Errand.Kind.EXPORT: _export,
    Errand.Kind.NOTE: _note,
    Errand.Kind.FAREWELL: _farewell,
}


def _refused(account: Lever, errand: Errand, error: LeverError) -> Came:
    log.warning("Lever refused an errand", kind=errand.kind, error=str(error.kind), status=error.status)
    is_for_good = error.permanent and error.kind is not Kind.UNAUTHORIZED
    if error.kind is Kind.NOT_FOUND and errand.kind != Errand.Kind.EXPORT:
        return _given_up(errand, _words(error), Errand.State.SUPERSEDED)  # the opportunity was deleted in Lever
    if is_for_good:
        _given_up(errand, the_setting(account, errand, error) or _words(error))
        return Came.REFUSED if errand.kind == Errand.Kind.EXPORT else Came.THROUGH
    try:
        with transaction.atomic():
            errand.postpone(_words(error), timezone.now(), refusal(errand.connection, error))
    except LeaseLost:
        log.warning("errand attempted after its lease had ended")
    return Came.TROUBLED


def _given_up(errand: Errand, words: str, state: str = FAILED) -> Came:
    try:
        errand.settle(state, timezone.now(), error=words)
    except LeaseLost:
        log.warning("errand given up after its lease had ended")
    return Came.THROUGH


def _words(error: LeverError) -> str:
    return f"{_(error.words)} ({error.message})" if error.message else _(error.words)
