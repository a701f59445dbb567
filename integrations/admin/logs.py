"""What came from Lever and what was written there, row by row."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_lists import choice_filter, state
from accounts.admin_pages import LogAdmin
from accounts.admin_verbs import verb
from integrations.models import Action, Delivery
from integrations.pages import readable
from integrations.signs import ACTION_SHAPES, DELIVERY_SHAPES
from integrations.tasks import wake_inbox, wake_outbox
from notifications.leases import FAILED, WAITING


class WorkAdmin(LogAdmin):
    """Rows of the inbox and the outbox."""

    shapes: dict[str, str] = {}
    ordering = ("-pk",)
    verbs = ("process_again",)

    @admin.display(description=gettext_lazy("state"))
    def standing(self, row: Any) -> SafeString:
        return state(self.shapes[row.state], capfirst(dict(self.model.State.choices)[row.state]))

    def link_to_check(self, row: Any) -> SafeString | str:
        if row.for_check is None:
            return ""
        url = reverse("admin:checks_check_change", args=[row.for_check_id])
        return format_html('<a href="{}">{}</a>', url, row.for_check)

    def work_facts(self, row: Any) -> Iterable[tuple[str, Any]]:
        return (
            (_("Check"), self.link_to_check(row)),
            (_("Written"), row.created_at),
            (_("Attempts"), row.attempts),
            (_("Next attempt"), row.next_at if row.state == WAITING else None),
            (_("Settled"), row.done_at),
            (_("What went wrong"), row.error),
        )


@admin.register(Delivery)
class DeliveryAdmin(WorkAdmin):
    about = gettext_lazy("What Lever told us, and what came of it, newest first.")
    empty = gettext_lazy("Nothing has come from Lever yet.")
    shapes = DELIVERY_SHAPES
    list_display = ("what", "opportunity_id", "standing", "verdict", "created_at")
    list_select_related = ("for_check",)
    list_filter = (
        choice_filter("state", gettext_lazy("state"), Delivery.State.choices),
        choice_filter("source", gettext_lazy("source"), Delivery.Source.choices),
    )
    search_fields = ("=opportunity_id", "for_check__candidate_name")
    search_help_text = gettext_lazy("Opportunity’s id or candidate")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("body")

    @admin.display(description=gettext_lazy("what"))
    def what(self, delivery: Delivery) -> str:
        """The candidate, where one is known by now; else what the delivery was about."""
        if delivery.for_check and delivery.for_check.candidate_name:
            return delivery.for_check.candidate_name
        return capfirst(
            delivery.get_webhook_display()
            if delivery.source == Delivery.Source.WEBHOOK
            else delivery.get_source_display()
        )

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
        return {
            "title": self.what(row),
            "standing": format_html("{} {}", self.standing(row), row.verdict),
            "facts": (
                (_("Source"), capfirst(row.get_source_display())),
                (_("Webhook"), row.get_webhook_display() if row.source == Delivery.Source.WEBHOOK else ""),
                (_("Event"), row.event),
                (_("Opportunity"), row.opportunity_id),
                (_("Happened"), row.triggered_at),
                *self.work_facts(row),
                (_("Repeats"), row.repeats or ""),
                (_("Repeats with other words"), row.altered_repeats or ""),
            ),
            "body": readable(bytes(row.body)),
            "body_title": _("As it came"),
            "body_note": _("The signature is left out: whoever has it could send this again in Lever’s name."),
        }


@admin.register(Action)
class ActionAdmin(WorkAdmin):
    about = gettext_lazy("What Vouch wrote in Lever, or will: tags, links and notes, newest first.")
    empty = gettext_lazy("Nothing has been written in Lever yet.")
    shapes = ACTION_SHAPES
    list_display = ("what", "candidate", "standing", "short_error", "created_at")
    list_select_related = ("for_check",)
    list_filter = (
        choice_filter("state", gettext_lazy("state"), Action.State.choices),
        choice_filter("kind", gettext_lazy("kind"), Action.Kind.choices),
    )
    search_fields = ("=for_check__opportunity_id", "for_check__candidate_name")
    search_help_text = gettext_lazy("Opportunity’s id or candidate")

    @admin.display(description=gettext_lazy("what"))
    def what(self, action: Action) -> str:
        return f"{capfirst(action.get_kind_display())}: {Truncator(action.value.partition(chr(10))[0]).chars(60)}"

    @admin.display(description=gettext_lazy("candidate"))
    def candidate(self, action: Action) -> str:
        return str(action.for_check)

    @admin.display(description=gettext_lazy("what went wrong"))
    def short_error(self, action: Action) -> str:
        return action.error

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
            "facts": ((_("Value"), row.value), (_("Opportunity"), row.for_check.opportunity_id), *self.work_facts(row)),
        }
