"""What becomes of a delivery: its words are a hint, Lever's own answer decides."""

from contextlib import suppress
from datetime import UTC, datetime

import structlog
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from checks.candidacy import Candidacy
from checks.models import Check, NotStarted
from integrations.account import lever, refusal
from integrations.lever import webhooks
from integrations.lever.client import Lever
from integrations.lever.errors import Kind, LeverError
from integrations.lever.objects import Opportunity, Posting
from integrations.models import Delivery, Webhook
from notifications.addresses import LONGEST_ADDRESS
from notifications.leases import DONE, FAILED, LeaseLost
from templates_app.matching import match

log = structlog.get_logger(__name__)

IGNORED = Delivery.State.IGNORED


class NothingToDo(Exception):
    """The delivery is genuine and starts no check; the text says why."""


def process(delivery: Delivery) -> None:
    """One attempt at one delivery. Whatever it does to our tables and its acknowledgement are one transaction."""
    with structlog.contextvars.bound_contextvars(delivery=delivery.pk, connection=delivery.connection_id):
        _process(delivery)


def _process(delivery: Delivery) -> None:
    try:
        _act_on(delivery)
    except LeaseLost:
        log.warning("delivery processed after its lease had ended")
    except (NothingToDo, NotStarted) as reason:
        _settle(delivery, IGNORED, str(reason))
    except LeverError as error:
        _lever_refused(delivery, error)


def _act_on(delivery: Delivery) -> None:
    _read(delivery)
    connection = delivery.connection
    if not connection.is_active:
        raise NothingToDo(_("The connection is not active: %(state)s.") % {"state": connection.get_status_display()})
    with lever(connection, cause=delivery) as account:
        opportunity = account.opportunity(delivery.opportunity_id)
        _must_be_waiting(opportunity, delivery)
        posting = _posting(account, opportunity)
    _start(delivery, opportunity, posting)


def _read(delivery: Delivery) -> None:
    """Take from the body what its columns hold, and leave with NothingToDo what is not about the trigger stage."""
    if delivery.source != Delivery.Source.WEBHOOK:
        return
    envelope = webhooks.read(bytes(delivery.body))
    event = webhooks.event_of(envelope)
    delivery.event = _storable(envelope.event)[:60]
    delivery.opportunity_id = _storable(getattr(event, "opportunity_id", ""))[:100]
    delivery.triggered_at = _moment(envelope.triggered_at)
    delivery.save(update_fields=["event", "opportunity_id", "triggered_at"])
    match event:
        case webhooks.Ping():
            raise NothingToDo(_("A test from Lever. It arrived, and its signature is right."))
        case webhooks.StageChanged(to_stage_id=to_stage) if delivery.webhook == Webhook.STAGE_CHANGE:
            if to_stage and delivery.connection.stage_id and to_stage != delivery.connection.stage_id:
                raise NothingToDo(_("The candidate moved to another stage than the one that starts checks."))
        case webhooks.StageChanged():
            words = _("A stage change came to the address for “%(other)s”. In Lever, paste the one for stage changes.")
            raise NothingToDo(words % {"other": delivery.get_webhook_display()})
        case _:
            raise NothingToDo(_("Vouch does nothing on the event %(event)s.") % {"event": delivery.event or "?"})


def _must_be_waiting(opportunity: Opportunity, delivery: Delivery) -> None:
    if opportunity.is_archived:
        raise NothingToDo(_("In Lever the opportunity is archived by now."))
    if delivery.source == Delivery.Source.DESK:
        return  # a person asked for it, wherever the candidate is by now
    if opportunity.stage_id != delivery.connection.stage_id:
        raise NothingToDo(_("In Lever the candidate is not in the trigger stage any more, or never was."))


def _posting(account: Lever, opportunity: Opportunity) -> Posting | None:
    """The job, if there is one and the key may see it; its tags are among the opportunity's, too."""
    posting_id = opportunity.application.posting_id if opportunity.application else None
    if not posting_id:
        return None
    try:
        return account.posting(posting_id)
    except LeverError as error:
        if error.kind in (Kind.FORBIDDEN, Kind.NOT_FOUND):
            return None
        raise


def _start(delivery: Delivery, opportunity: Opportunity, posting: Posting | None) -> None:
    connection, now = delivery.connection, timezone.now()
    tags = (*(posting.tags if posting else ()), *opportunity.tags)
    with transaction.atomic():
        check = Check.start(
            connection.organization,
            _candidacy(opportunity, posting),
            match(connection.organization, tags),
            now,
            again=_asks_anew(delivery),
            after_completion=connection.starts_after_completion,
        )
        if check.status == Check.Status.ERROR:
            verdict = _("A check was written down, but cannot start: %(problem)s.") % {
                "problem": check.get_problem_display()
            }
        else:
            verdict = _("A check was started with the template %(reason)s") % {"reason": check.match_reason}
        delivery.settle(DONE, now, verdict=verdict, for_check=check, error="")
    log.info("check started", check=check.pk, status=check.status)


def _asks_anew(delivery: Delivery) -> bool:
    """Asked for at the desk, and for the first time: processed again, it begins nothing twice."""
    return delivery.source == Delivery.Source.DESK and delivery.for_check_id is None


def _candidacy(opportunity: Opportunity, posting: Posting | None) -> Candidacy:
    owner = opportunity.owner
    return Candidacy(
        opportunity_id=opportunity.id,
        contact_id=opportunity.contact_id or "",
        candidate_name=_line(opportunity.name),
        candidate_email=_address(opportunity.emails),
        position=_line(posting.title) if posting else "",
        posting_id=posting.id if posting else "",
        url=opportunity.url,
        entered_at_ms=opportunity.stage_entered_at_ms,
        may_contact=opportunity.may_contact,
        owner_name=_line(owner.name) if owner else "",
        owner_email=_address((owner.email,)) if owner else "",
    )


def _address(candidates: tuple[str, ...]) -> str:
    """The first address that a mail can be sent to; Lever's are typed by people."""
    return next(filter(_is_address, (candidate.strip() for candidate in candidates)), "")


def _is_address(text: str) -> bool:
    with suppress(ValidationError):
        validate_email(text)
        return len(text) <= LONGEST_ADDRESS  # Django's own limit is 320
    return False


def _lever_refused(delivery: Delivery, error: LeverError) -> None:
    words = UNSEEN if error.kind in (Kind.FORBIDDEN, Kind.NOT_FOUND) else error.words
    try:
        with transaction.atomic():
            wait = refusal(delivery.connection, error)
            if error.permanent and error.kind is not Kind.UNAUTHORIZED:
                delivery.settle(FAILED, timezone.now(), verdict=_(words), error=str(error))
            else:
                delivery.postpone(str(error), timezone.now(), wait)
    except LeaseLost:
        log.warning("delivery attempted after its lease had ended")


# A webhook may name an opportunity that the key must not see: confidential ones, most of all.
UNSEEN = (
    "Lever does not show this opportunity to the API key. It may be deleted, or confidential: then a key with access "
    "to confidential data is needed."
)


def _settle(delivery: Delivery, state: str, verdict: str, error: str = "") -> None:
    try:
        delivery.settle(state, timezone.now(), verdict=verdict, error=error)
    except LeaseLost:
        log.warning("delivery processed after its lease had ended")
    log.info("delivery settled", state=state)


def _storable(text: str) -> str:
    """Without what no database takes: NUL, and halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")


def _line(text: str) -> str:
    """One line: a name with a line break in it would be refused as the header of a mail."""
    return " ".join(_storable(text).split())


def _moment(milliseconds: int | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds is not None else None
    except (OverflowError, ValueError, OSError):
        return None
