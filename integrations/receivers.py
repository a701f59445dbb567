"""What a check's move means in Lever: rows in the outbox, written in the transaction of the move."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.dispatch import receiver
from django.utils.translation import gettext as _

from checks.models import Check
from checks.signals import check_moved
from integrations.lever import statuses
from integrations.models import Action, Connection, Delivery
from integrations.tasks import wake_outbox
from notifications.addresses import address_of

# Tags that another one may soon follow; they wait a little, and only the last is written.
PASSING = {Check.Status.AWAITING}


@receiver(check_moved)
def tell_lever(sender: Any, check: Check, now: datetime, **kwargs: Any) -> None:
    connection = Connection.objects.filter(organization=check.organization_id).first()
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


def _forget(connection: Connection, check: Check, now: datetime) -> None:
    """Nothing more is written in Lever but what this very moment led to (that it was canceled, unless Lever itself
    has deleted it); what came from there is emptied.
    """
    about = Action.objects.filter(for_check=check)
    overtaken = about.filter(state__in=(Action.State.WAITING, Action.State.FAILED)).exclude(created_at=now)
    overtaken.update(state=Action.State.SUPERSEDED, done_at=now)
    about.update(error="")
    Delivery.objects.filter(connection=connection, opportunity_id=check.opportunity_id).update(body=b"", error="")


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
    # A tag that nobody has begun to write is overtaken; one under way is left to finish, and ours comes after it.
    earlier.waiting().filter(leased_until=None).update(state=Action.State.SUPERSEDED, done_at=now)
    wait = settings.TAG_SETTLE_SECONDS if check.status in PASSING and not check.is_overdue else 0
    _write(connection, check, Action.Kind.TAG, _next_mark(earlier), tag, now, wait)


def _next_mark(earlier: QuerySet[Action]) -> str:
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
