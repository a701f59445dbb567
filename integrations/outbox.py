"""Doing in Lever what the outbox says, each thing once as far as Lever lets one tell."""

from collections.abc import Callable

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checks import pdf
from checks.models import Check
from integrations.account import lever, refusal
from integrations.archiving import LeftAlone, archive
from integrations.lever import statuses
from integrations.lever.calls import Upload
from integrations.lever.client import Lever
from integrations.lever.errors import Kind, LeverError
from integrations.models import Action
from integrations.querysets import ActionQuerySet
from notifications.leases import DONE, FAILED, LeaseLost

log = structlog.get_logger(__name__)


def perform(action: Action) -> None:
    """One attempt at one action. The call is outside any transaction; what came of it is written down after."""
    ids = {"action": action.pk, "connection": action.connection_id, "check": action.for_check_id}
    with structlog.contextvars.bound_contextvars(**ids):
        _perform(action)


def _perform(action: Action) -> None:
    try:
        with lever(action.connection, cause=action) as account:
            state, words = _step(account, action)
        action.settle(state, timezone.now(), error=words)
    except LeverError as error:
        _refused(action, error)
    except pdf.CannotPrint:
        log.warning("no PDF can be made here", packages=pdf.PANGO)
        action.settle(FAILED, timezone.now(), error=_("No PDF can be made here: %(what)s") % {"what": pdf.PANGO})
    except LeaseLost:
        log.warning("action done after its lease had ended")
    else:
        log.info("action done", kind=action.kind)


def _step(account: Lever, action: Action) -> tuple[str, str]:
    """The state in which it leaves the action, and why, where it was not done."""
    try:
        return STEPS[action.kind](account, action), ""
    except LeftAlone as reason:
        return reason.state, reason.words


def _set_tag(account: Lever, action: Action) -> str:
    """One tag of a kind at a time: take away those that may be there, add the new one. Both are safe to repeat."""
    opportunity_id, user = action.for_check.opportunity_id, action.connection.perform_as_id
    if _tags_of(action).filter(pk__gt=action.pk).exists():
        return Action.State.SUPERSEDED  # tried again late, when the check (or the next one) has moved on
    stale = _tags_perhaps_there(action)
    if stale:
        account.remove_tags(opportunity_id, stale, user)
    account.add_tags(opportunity_id, [action.value], user)
    return DONE


def _tags_of(action: Action) -> ActionQuerySet:
    """All of the kind that were to be written on this opportunity, by this check or another one."""
    return Action.objects.filter(
        connection=action.connection,
        for_check__organization=action.for_check.organization_id,  # the index begins with it
        for_check__opportunity_id=action.for_check.opportunity_id,
        kind=action.kind,
    )


def _tags_perhaps_there(action: Action) -> list[str]:
    """Every one that was begun to be written since the last that is known to stand there alone."""
    begun = _tags_of(action).filter(attempts__gt=0, pk__lt=action.pk)
    last_done = begun.filter(state=DONE).order_by("-pk").values_list("pk", flat=True).first()
    values = set(begun.filter(pk__gte=last_done or 0).values_list("value", flat=True))
    if action.kind == Action.Kind.OUTCOME:  # of which no rows are kept for long
        values |= set(statuses.outcome_tags(action.connection.tag_prefix).values())
    return sorted(values - {action.value})


def _add_link(account: Lever, action: Action) -> str:
    """Links are a set: adding one that is there changes nothing."""
    account.add_links(action.for_check.opportunity_id, [action.value], action.connection.perform_as_id)
    return DONE


def _add_note(account: Lever, action: Action) -> str:
    """Lever knows no idempotency key: before a second attempt, look for the mark of the first."""
    opportunity_id = action.for_check.opportunity_id
    is_first = action.attempts == 1
    if is_first or not any(action.mark in note.text for note in account.notes(opportunity_id)):
        account.add_note(opportunity_id, action.value, action.connection.perform_as_id)
    return DONE


def _attach_report(account: Lever, action: Action) -> str:
    """The report as it is now. It may have become private, or erased, since this was written down."""
    check, user = action.for_check, action.connection.perform_as_id
    if check.erased_at or check.is_private or check.status != Check.Status.COMPLETED:
        return Action.State.SUPERSEDED
    is_first = action.attempts == 1
    if is_first or not any(file.name == action.value for file in account.files(check.opportunity_id)):
        content = pdf.pdf_of(check, "", timezone.now())
        account.add_file(check.opportunity_id, Upload(action.value, content, "application/pdf"), user)
    return DONE


# Each returns the state in which it leaves the action.
STEPS: dict[str, Callable[[Lever, Action], str]] = {
    Action.Kind.TAG: _set_tag,
    Action.Kind.LINK: _add_link,
    Action.Kind.NOTE: _add_note,
    Action.Kind.FILE: _attach_report,
    Action.Kind.OUTCOME: _set_tag,
    Action.Kind.ARCHIVE: archive,
}


def _refused(action: Action, error: LeverError) -> None:
    words = f"{_(error.words)} ({error.message})" if error.message else _(error.words)
    log.warning("Lever refused an action", kind=action.kind, error=str(error.kind), status=error.status)
    try:
        with transaction.atomic():
            wait = refusal(action.connection, error)
            if error.permanent and error.kind is not Kind.UNAUTHORIZED:
                action.settle(FAILED, timezone.now(), error=words)
            else:
                action.postpone(words, timezone.now(), wait)
    except LeaseLost:
        log.warning("action attempted after its lease had ended")
