"""What a check's move means in Lever: rows in the outbox, written in the transaction of the move."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.dispatch import receiver
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from checks.models import Check, Ended, Outcome
from checks.schedule import zone_of
from checks.signals import check_moved, outcome_said
from integrations import archiving, reasons
from integrations.lever import statuses
from integrations.models import Action, Connection, Decision, Delivery
from integrations.querysets import ActionQuerySet
from integrations.tasks import wake_outbox
from notifications.addresses import address_of

# Tags that another one may soon follow; they wait a little, and only the last is written.
PASSING = {Check.Status.AWAITING}


@receiver(check_moved)
def tell_lever(sender: Any, check: Check, now: datetime, **kwargs: Any) -> None:
    connection = _connection_of(check)
    if connection is None or check.is_by_hand:
        return  # Lever knows nothing of a check that was begun here by hand
    if check.erased_at:
        _forget(connection, check, now)
        return
    _write_tag(connection, check, now)
    if check.is_ambiguous and check.status == Check.Status.SUBMITTED and not check.is_overdue:
        _write_note(connection, check, "started", _started_note(check), now)
    if check.status == Check.Status.COMPLETED:
        url = address_of("report", check=check.public_id)
        if not check.reopened_at:  # the link is there from the first time
            _write(connection, check, Action.Kind.LINK, "report-link", url, now)
        _write_note(connection, check, f"completed{check.again}", _completed_note(check, url), now)
        if connection.attaches_pdf and not check.is_private:
            _write_file(connection, check, now)
    wake_outbox()


@receiver(outcome_said)
def tell_lever_how_it_ended(sender: Any, check: Check, outcome: Outcome, now: datetime, **kwargs: Any) -> None:
    """What a person said. What Lever itself says is never written back to it."""
    connection = _connection_of(check)
    if connection is None or check.is_by_hand or check.erased_at:
        return
    earlier = Action.objects.filter(for_check=check, kind__in=(Action.Kind.OUTCOME, Action.Kind.ARCHIVE))
    _overtake(earlier, now)
    # By the moment, and not counted: a note found in Lever by an old mark would be taken for this one.
    mark = f"outcome-{int(now.timestamp() * 1_000_000):x}"
    tag = statuses.outcome_tags(connection.tag_prefix)[outcome.said]
    _write(connection, check, Action.Kind.OUTCOME, mark, tag, now)
    _write_note(connection, check, f"{mark}-said", _outcome_note(check, outcome, now), now)
    reason_id, reason = archiving.chosen_reason(connection, outcome.said)
    if reason_id:
        _write(connection, check, Action.Kind.ARCHIVE, f"{mark}-archive", reason, now)
    wake_outbox()


def _connection_of(check: Check) -> Connection | None:
    """Without its key: one that cannot be decrypted must not keep people from answering."""
    return Connection.objects.filter(organization=check.organization_id).defer("api_key").first()


def _forget(connection: Connection, check: Check, now: datetime) -> None:
    """Nothing more is written in Lever but what this very moment led to (that it was canceled, unless Lever itself
    has deleted it); what came from there is emptied.
    """
    about = Action.objects.filter(for_check=check)
    overtaken = about.filter(state__in=(Action.State.WAITING, Action.State.FAILED)).exclude(created_at=now)
    overtaken.update(state=Action.State.SUPERSEDED, done_at=now)
    about.update(error="")
    about.filter(kind=Action.Kind.NOTE, mark__startswith="outcome-").update(value=_("Erased"))  # it named people
    told = Delivery.objects.filter(connection=connection, opportunity_id=check.opportunity_id)
    told.update(body=b"", error="")
    told.filter(decision=Decision.ASKED).update(verdict=str(reasons.FORGOTTEN.words))


def _write_tag(connection: Connection, check: Check, now: datetime) -> None:
    answered, asked = check.counts()
    tag = statuses.tag(
        connection.tag_prefix,
        check.status,
        answered=answered,
        asked=asked,
        is_overdue=check.is_overdue,
        needs_review=check.status == Check.Status.COMPLETED and check.is_review_needed(),
        error=check.problem,
    )
    earlier = Action.objects.filter(for_check=check, kind=Action.Kind.TAG)
    _overtake(earlier, now)
    wait = settings.TAG_SETTLE_SECONDS if check.status in PASSING and not check.is_overdue else 0
    _write(connection, check, Action.Kind.TAG, _next_mark(earlier), tag, now, wait)


def _overtake(earlier: ActionQuerySet, now: datetime) -> None:
    """What nobody has begun to write is not written; what is under way is left to finish, and ours comes after it."""
    earlier.waiting().filter(leased_until=None).update(state=Action.State.SUPERSEDED, done_at=now)


def _next_mark(earlier: ActionQuerySet) -> str:
    """Old rows may have been pruned, so the last one says the number, not how many there are."""
    last = earlier.order_by("-pk").values_list("mark", flat=True).first()
    return f"tag-{int(last.removeprefix('tag-')) + 1 if last else 1}"


def _write_note(connection: Connection, check: Check, mark: str, text: str, now: datetime) -> None:
    """The mark in the last line finds the note again when Lever's answer to writing it was lost."""
    mark = f"{mark}-{check.public_id.hex[:12]}"
    _write(connection, check, Action.Kind.NOTE, mark, f"{text}\n({connection.tag_prefix} {mark})", now)


def _write_file(connection: Connection, check: Check, now: datetime) -> None:
    """The file is made when it is sent; its name finds it again, and tells nobody who it is about."""
    mark = f"file{check.again}-{check.public_id.hex[:12]}"
    _write(connection, check, Action.Kind.FILE, mark, f"reference-report-{mark.replace(':', '-')}.pdf", now)


def _write(
    connection: Connection, check: Check, kind: str, mark: str, value: str, now: datetime, wait: float = 0
) -> None:
    Action.objects.create(
        connection=connection,
        for_check=check,
        kind=kind,
        mark=mark,
        value=value,
        created_at=now,
        next_at=now + timedelta(seconds=wait),
    )


def _started_note(check: Check) -> str:
    return _("Reference check started with the template %(reason)s") % {"reason": check.match_reason}


def _completed_note(check: Check, url: str) -> str:
    answered, asked = check.counts()
    words = {"answered": answered, "asked": asked, "reason": check.match_reason, "url": url}
    return (
        _("Reference check completed: %(answered)d of %(asked)d references answered. Template %(reason)s") % words
        + "\n"
        + _("Report (asks for sign-in): %(url)s") % words
    )


def _outcome_note(check: Check, outcome: Outcome, now: datetime) -> str:
    """Who said it and when; in one language, whoever said it in which."""
    with override(settings.LANGUAGE_CODE):
        words = {
            "name": outcome.said_name or outcome.said_email or _("Somebody"),
            "date": date_format(now.astimezone(zone_of(check.organization.time_zone)), "DATE_FORMAT"),
            "candidate": check.candidate_name or _("the candidate"),
        }
        if outcome.said == Ended.HIRED:
            return _("%(name)s said on %(date)s that %(candidate)s was hired.") % words
        return _("%(name)s said on %(date)s that %(candidate)s was not hired.") % words
