"""What came from Lever and what was written there, row by row."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_lists import choice_filter
from accounts.admin_verbs import verb
from accounts.models import User
from accounts.scoped_admin import reader
from integrations.admin.work import WorkAdmin
from integrations.finding import Found
from integrations.log_parts import action_lines, call_lines, candidates_of
from integrations.models import Action, Decision, Delivery, Webhook
from integrations.payloads import readable
from integrations.signs import ACTION_SHAPES, DELIVERY_SHAPES
from integrations.tasks import wake_inbox, wake_outbox
from notifications.leases import FAILED, WAITING

# Of the check that a row is about, the lists show the candidate.
LONG_COLUMNS = [f"for_check__{name}" for name in ("token", "frozen_template", "report_data", "consent_text")]


@admin.register(Delivery)
class DeliveryAdmin(WorkAdmin):
    page_template = "admin/integrations/delivery/page.html"
    about = gettext_lazy("What Lever told us, and what came of it, newest first.")
    empty = gettext_lazy("Nothing has come from Lever yet.")
    shapes = DELIVERY_SHAPES
    list_display = ("who", "kind", "why", "standing", "received")
    list_select_related = ("connection",)
    list_filter = (
        choice_filter("webhook", gettext_lazy("kind"), Webhook.choices),
        choice_filter("decision", gettext_lazy("verdict"), Decision.choices),
        choice_filter("state", gettext_lazy("state"), Delivery.State.choices),
        choice_filter("source", gettext_lazy("source"), Delivery.Source.choices),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("body")

    def sought(self, found: Found) -> tuple[str, frozenset[Any]]:
        return "opportunity_id", found.opportunities

    def complete(self, rows: list[Any], user: User) -> None:
        names = candidates_of(rows, user)
        for row in rows:
            row.candidate = names.get((row.connection.organization_id, row.opportunity_id), "")

    @admin.display(description=gettext_lazy("candidate"))
    def who(self, delivery: Any) -> str:
        """The candidate, where a check knows the name; else the opportunity; of a test, that it is one."""
        return delivery.candidate or delivery.opportunity_id or capfirst(delivery.get_decision_display()) or "–"

    @admin.display(description=gettext_lazy("kind"))
    def kind(self, delivery: Delivery) -> str:
        is_told = delivery.source in (Delivery.Source.WEBHOOK, Delivery.Source.TEST)
        return capfirst(delivery.get_webhook_display() if is_told else delivery.get_source_display())

    @admin.display(description=gettext_lazy("verdict"))
    def why(self, delivery: Delivery) -> str:
        return delivery.verdict or delivery.error

    @admin.display(description=gettext_lazy("received"))
    def received(self, delivery: Delivery) -> datetime:
        return delivery.created_at

    @verb(
        gettext_lazy("Process again"),
        says=gettext_lazy(
            "Vouch asks Lever how things stand now, and acts on the answer. A check is never begun twice."
        ),
        when=lambda delivery: delivery.state != WAITING,
    )
    def process_again(self, request: HttpRequest, delivery: Delivery, now: datetime) -> str | None:
        if not delivery.process_again(now):
            return None
        wake_inbox()
        return _("The delivery is processed again.")

    def page(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        self.complete([row], user := reader(request))
        is_whole = _may_read(user, row)
        return {
            "title": self.who(row),
            "standing": self.standing(row),
            "decision": capfirst(row.get_decision_display()),
            "is_waiting": row.state == WAITING,
            "check": self.link_to_check(row),
            "actions": action_lines(row, user) if row.for_check_id else None,
            "calls": call_lines(row),
            "facts": (
                (_("Received"), row.created_at),
                (_("Source"), capfirst(row.get_source_display())),
                (_("Webhook"), row.get_webhook_display() if row.source == Delivery.Source.WEBHOOK else ""),
                (_("Event"), row.event),
                (_("Opportunity"), row.opportunity_id),
                (_("Happened"), row.triggered_at),
                *self.work_facts(row),
                (_("Repeats"), row.repeats or ""),
                (_("Repeats with other words"), row.altered_repeats or ""),
            ),
            "body": readable(bytes(row.body), is_whole=is_whole),
            "body_title": _("As it came"),
            "body_note": _body_note(is_whole) if row.body else "",
        }


@admin.register(Action)
class ActionAdmin(WorkAdmin):
    page_template = "admin/integrations/action/page.html"
    about = gettext_lazy("What Vouch wrote in Lever, or will: tags, links and notes, newest first.")
    empty = gettext_lazy("Nothing has been written in Lever yet.")
    shapes = ACTION_SHAPES
    list_display = ("what", "candidate", "standing", "short_error", "written")
    list_select_related = ("for_check",)
    list_filter = (
        choice_filter("kind", gettext_lazy("kind"), Action.Kind.choices),
        choice_filter("state", gettext_lazy("state"), Action.State.choices),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer(*LONG_COLUMNS)

    def sought(self, found: Found) -> tuple[str, frozenset[Any]]:
        return "for_check_id", found.checks

    @admin.display(description=gettext_lazy("what"))
    def what(self, action: Action) -> str:
        return f"{capfirst(action.get_kind_display())}: {Truncator(action.value.partition(chr(10))[0]).chars(60)}"

    @admin.display(description=gettext_lazy("candidate"))
    def candidate(self, action: Action) -> str:
        return action.for_check.candidate_name or action.for_check.opportunity_id

    @admin.display(description=gettext_lazy("what went wrong"))
    def short_error(self, action: Action) -> str:
        return action.error

    @admin.display(description=gettext_lazy("written"))
    def written(self, action: Action) -> datetime:
        return action.created_at

    @verb(
        gettext_lazy("Process again"),
        says=gettext_lazy("Vouch tries to write it in Lever once more."),
        when=lambda action: action.state == FAILED,
    )
    def process_again(self, request: HttpRequest, action: Action, now: datetime) -> str | None:
        if not action.process_again(now):
            return None
        wake_outbox()
        return _("The action is tried again.")

    def page(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {
            "title": capfirst(row.get_kind_display()),
            "standing": self.standing(row),
            "is_waiting": row.state == WAITING,
            "calls": call_lines(row),
            "facts": (
                (_("Value"), row.value),
                (_("Check"), self.link_to_check(row)),
                (_("Opportunity"), row.for_check.opportunity_id),
                (_("Written"), row.created_at),
                *self.work_facts(row),
            ),
        }


def _may_read(user: User, delivery: Delivery) -> bool:
    """Candidates are the business of their organization, as far as all its checks are. The operator has none."""
    is_theirs = user.organization_id == delivery.connection.organization_id
    return is_theirs and not user.is_limited and user.has_perm("checks.view_check")


def _body_note(is_whole: bool) -> str:
    if is_whole:
        return _("The signature is left out: whoever has it could send this again in Lever’s name.")
    return _("Ids, events and times are shown. The rest is for the organization’s own people, and left out here.")
