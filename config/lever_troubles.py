"""What needs a hand between us and Lever: the connection, what came from there, what could not be written there."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from config.troubles import AT_MOST, Remedy, Trouble, page_of
from integrations.models import Action, Connection, Delivery
from notifications.leases import DONE, FAILED

RECENT = timedelta(days=14)  # work that was given up before is found in its list


def connections(user: User, now: datetime) -> Iterator[Trouble]:
    if not user.has_perm("integrations.view_connection"):
        return
    rows = Connection.objects.visible_to(user).select_related("organization").defer("api_key").order_by("pk")
    status = Connection.Status
    for connection in rows.filter(status__in=(status.FAILING, status.INCOMPLETE))[: AT_MOST + 1]:
        is_failing = connection.status == status.FAILING
        missing = _("No check can begin until what is missing is entered and the connection is active.")
        yield Trouble(
            shape="bad" if is_failing else "warn",
            word=connection.get_status_display(),
            sentence=connection.problem if is_failing else missing,
            who=str(connection),
            url=page_of(connection),
            since=None if is_failing else connection.created_at,
            remedy=Remedy(_("Mend the connection") if is_failing else _("Go on"), page_of(connection)),
        )
    if user.has_perm("integrations.add_connection") and not user.is_operator and not rows.exists():
        yield Trouble(
            shape="warn",
            word=_("Not connected"),
            sentence=_("Vouch does not know your Lever account yet, so no check can begin."),
            who=_("Lever"),
            remedy=Remedy(_("Connect Lever"), reverse("admin:integrations_connection_add")),
        )


def deliveries(user: User, now: datetime) -> Iterator[Trouble]:
    """Given up, and nothing newer came about the same opportunity."""
    if not user.has_perm("integrations.view_delivery"):
        return
    newer = Delivery.objects.filter(opportunity_id=OuterRef("opportunity_id"), pk__gt=OuterRef("pk"))
    overtaken = Exists(newer.filter(connection=OuterRef("connection")).exclude(state=FAILED).exclude(opportunity_id=""))
    rows = Delivery.objects.visible_to(user).filter(~overtaken, state=FAILED, created_at__gte=now - RECENT)
    for delivery in rows.select_related("for_check").defer("body").order_by("pk")[: AT_MOST + 1]:
        yield Trouble(
            shape="bad",
            word=_("Given up"),
            sentence=delivery.verdict or delivery.error,
            who=_("A delivery about %(opportunity)s") % {"opportunity": delivery.opportunity_id or "?"},
            url=page_of(delivery),
            since=delivery.done_at,
            remedy=_again(user, delivery),
        )


def actions(user: User, now: datetime) -> Iterator[Trouble]:
    """Given up, and no later one of its kind went through."""
    if not user.has_perm("integrations.view_action"):
        return
    later = Action.objects.filter(for_check=OuterRef("for_check"), kind=OuterRef("kind"), pk__gt=OuterRef("pk"))
    rows = Action.objects.visible_to(user).filter(
        ~Exists(later.filter(state=DONE)), state=FAILED, created_at__gte=now - RECENT
    )
    for action in rows.select_related("for_check").order_by("pk")[: AT_MOST + 1]:
        words = {"kind": action.get_kind_display(), "error": action.error}
        yield Trouble(
            shape="bad",
            word=_("Not in Lever"),
            sentence=_("Vouch could not write a %(kind)s: %(error)s") % words,
            who=action.for_check.candidate_name or action.for_check.opportunity_id,
            url=page_of(action),
            position=action.for_check.position,
            since=action.done_at,
            remedy=_again(user, action),
        )


def _again(user: User, work: Delivery | Action) -> Remedy | None:
    name = f"{work._meta.app_label}_{work._meta.model_name}"
    if not user.has_perm(f"{work._meta.app_label}.change_{work._meta.model_name}"):
        return None
    return Remedy(_("Process again"), reverse(f"admin:{name}_verb", args=[work.pk, "process-again"]), is_post=True)
