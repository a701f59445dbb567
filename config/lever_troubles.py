"""What needs a hand between us and Lever: the connection, what came from there, what could not be written there."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from config.troubles import AT_MOST, Remedy, Trouble, page_of
from integrations.doctor.hearing import unheard_words
from integrations.doctor.troubles import unheard
from integrations.managed import is_managed
from integrations.models import Action, Connection, Delivery, Step, StepTaken
from notifications.leases import DONE, FAILED

RECENT = timedelta(days=14)  # work that was given up before is found in its list


def connections(user: User, now: datetime) -> Iterator[Trouble]:
    if not user.has_perm("integrations.view_connection"):
        return
    rows = Connection.objects.visible_to(user).select_related("organization").defer("api_key").order_by("pk")
    told = [status for status in TOLD if status != Connection.Status.INCOMPLETE or not is_managed()]
    for connection in rows.filter(status__in=told)[: AT_MOST + 1]:
        yield TOLD[connection.status](user, connection)
    if is_managed():
        yield from managed_connections(user)
        return
    if _connects(user) and not rows.exists():
        yield Trouble(
            shape="warn",
            word=_("Not connected"),
            sentence=_("Vouch does not know your Lever account yet, so no check can begin."),
            who=_("Lever"),
            remedy=Remedy(_("Connect Lever"), reverse("admin:integrations_connection_manage"), is_post=True),
        )


def _failing(user: User, connection: Connection) -> Trouble:
    return Trouble(
        shape="bad",
        word=connection.get_status_display(),
        sentence=connection.problem,
        who=str(connection),
        url=page_of(connection),
        remedy=Remedy(_("Mend the connection"), _where_to_mend(user, connection)),
    )


def _disabled(user: User, connection: Connection) -> Trouble:
    return Trouble(
        shape="stopped",
        word=connection.get_status_display(),
        sentence=_("No check begins, and nothing is written in Lever, until somebody activates the connection."),
        who=str(connection),
        url=page_of(connection),
        remedy=Remedy(_("See the connection"), page_of(connection)),
    )


def _incomplete(user: User, connection: Connection) -> Trouble:
    return Trouble(
        shape="warn",
        word=connection.get_status_display(),
        sentence=_("No check can begin until what is missing is entered and the connection is active."),
        who=str(connection),
        url=page_of(connection),
        since=connection.created_at,
        remedy=Remedy(_("Go on"), page_of(connection)),
    )


# What is said of a connection that does not work. Where the operator helps, an incomplete one is told by its steps.
TOLD: dict[str, Callable[[User, Connection], Trouble]] = {
    Connection.Status.FAILING: _failing,
    Connection.Status.DISABLED: _disabled,
    Connection.Status.INCOMPLETE: _incomplete,
}


def _where_to_mend(user: User, connection: Connection) -> str:
    is_theirs = user.is_operator or not is_managed()
    return page_of(connection) if is_theirs else reverse("admin:integrations_connection_changelist")


def _connects(user: User) -> bool:
    return not user.is_operator and user.has_perm("integrations.add_connection")


def managed_connections(user: User) -> Iterator[Trouble]:
    """What waits for this person in a managed installation: the operator's next steps, or the customer's."""
    turns = OPERATORS_TURN if user.is_operator else CUSTOMERS_TURN if _connects(user) else {}
    waiting = StepTaken.objects.visible_to(user).furthest().filter(step__in=turns)
    if user.is_operator:
        chosen = {"connection__stage_id__gt": "", "connection__perform_as_id__gt": ""}
        waiting = waiting.exclude(step=Step.ADDRESS, **chosen)
    for taken in waiting.select_related("connection__organization").order_by("at")[: AT_MOST + 1]:
        sentence, label, page = turns[taken.step]
        where = [] if page == "changelist" else [taken.connection_id]
        yield Trouble(
            shape="warn",
            word=_("Waits for you"),
            sentence=str(sentence),
            who=_who(taken) if user.is_operator else _("Lever"),
            url=page_of(taken.connection) if user.is_operator else "",
            since=taken.at,
            remedy=Remedy(label, reverse(f"admin:integrations_connection_{page}", args=where)),
        )
    if _connects(user) and not _is_asked_for(user):
        yield Trouble(
            shape="warn",
            word=_("Not connected"),
            sentence=_("Vouch does not know your Lever account yet, so no check can begin."),
            who=_("Lever"),
            remedy=Remedy(_("Request connection"), reverse("admin:integrations_connection_changelist")),
        )


def _who(taken: StepTaken) -> str:
    if taken.step == Step.REQUEST:
        return _("%(company)s asks to be connected") % {"company": taken.connection.organization}
    return str(taken.connection)


def _is_asked_for(user: User) -> bool:
    """Whether steps have begun, or the connection has come about in another way."""
    rows = Connection.objects.visible_to(user)
    asked = Exists(StepTaken.objects.standing().filter(connection=OuterRef("pk")))
    return rows.filter(~Q(status=Connection.Status.INCOMPLETE) | Q(asked)).exists()


# The step taken last -> what to do next, what the button says, and where it leads.
OPERATORS_TURN: dict[str, tuple[Any, Any, str]] = {
    Step.REQUEST: (
        gettext_lazy("Ask them which stage in Lever starts checks, and store it."),
        gettext_lazy("Open the connection"),
        "change",
    ),
    Step.STAGE: (
        gettext_lazy("The stage is stored. Enable the connection, and they enter key and token."),
        gettext_lazy("Open the connection"),
        "change",
    ),
    Step.SETTINGS: (
        gettext_lazy("Key and token are saved. Hand out the webhook address."),
        gettext_lazy("Open the connection"),
        "change",
    ),
    Step.ADDRESS: (  # with stage or writer missing; else it waits for Lever
        gettext_lazy("The address is handed out, but a choice is missing: the stage, or whom Vouch writes as."),
        gettext_lazy("Open the connection"),
        "change",
    ),
}
CUSTOMERS_TURN: dict[str, tuple[Any, Any, str]] = {
    Step.ENABLE: (
        gettext_lazy("The connection is enabled. Two values from Lever are needed now."),
        gettext_lazy("Enter them"),
        "settings",
    ),
    Step.ADDRESS: (
        gettext_lazy("One step is left, in Lever: paste the webhook address there."),
        gettext_lazy("See the address"),
        "changelist",
    ),
}


def silence(user: User, now: datetime) -> Iterator[Trouble]:
    """Candidates come to the stage, and the webhooks that should tell of them do not arrive."""
    if not user.has_perm("integrations.view_connection"):
        return
    rows = Connection.objects.visible_to(user).select_related("organization").defer("api_key").order_by("pk")
    for connection in unheard(rows, now)[: AT_MOST + 1]:
        yield Trouble(
            shape="bad",
            word=_("Not heard"),
            sentence=unheard_words(),
            who=str(connection),
            url=page_of(connection),
            remedy=Remedy(_("Ask the doctor"), reverse("admin:integrations_connection_doctor", args=[connection.pk])),
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
            sentence=_("Vouch could not write this in Lever (%(kind)s): %(error)s") % words,
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
