from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_lists import choice_filter, state
from accounts.admin_pages import LogAdmin, OnePerOrganization
from accounts.admin_verbs import verb
from accounts.scoped_admin import reader
from integrations.forms import ConnectionForm
from integrations.models import Action, Connection, Delivery
from integrations.pages import hooks, readable, steps
from integrations.signs import ACTION_SHAPES, CONNECTION_SHAPES, DELIVERY_SHAPES
from integrations.tasks import wake_inbox, wake_outbox
from notifications.leases import FAILED, WAITING


@admin.register(Connection)
class ConnectionAdmin(OnePerOrganization):
    about = gettext_lazy("The organizations’ Lever accounts.")
    empty = gettext_lazy("Nothing is connected. A super admin can connect Lever.")
    form = ConnectionForm
    list_display = ("__str__", "standing", "stage_name", "created_at")
    list_filter = (choice_filter("status", gettext_lazy("state"), Connection.Status.choices),)
    ordering = ("organization__name",)
    verbs = ("activate", "switch_off", "disconnect")
    fieldsets = (
        (gettext_lazy("Key"), {"fields": ["new_api_key"]}),
        (
            gettext_lazy("Stage and writer"),
            {
                "fields": ["stage_id", "perform_as_id"],
                "description": gettext_lazy("Chosen from what your account has."),
            },
        ),
        (gettext_lazy("In Lever"), {"fields": ["tag_prefix", "starts_after_completion"]}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """For those who may only look: no secrets' fields, not even empty ones, and names in place of ids."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return ((_("Stage and writer"), {"fields": ["stage_name", "perform_as_name"]}), *fieldsets[2:])

    def has_add_permission(self, request: HttpRequest) -> bool:
        is_first = reader(request).is_operator or not self.get_queryset(request).exists()
        return is_first and super().has_add_permission(request)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        connection, form = kwargs.get("obj"), context["adminform"].form
        if connection:
            context |= {
                "steps": (needed := steps(connection)),
                "done": sum(step.is_done for step in needed),
                "hooks": hooks(connection, form),
                "standing": self.standing(connection),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Without the transaction that Django puts around the whole page: what is saved is one of its own.

        The form asks Lever, and meanwhile no worker must have to wait for the lock on the rate limit (on SQLite: for
        any lock).
        """
        page = self._changeform_view  # type: ignore[attr-defined]  # Django's; its stubs leave it out
        return page(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Connection, form: Any, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            form.save_tokens(timezone.now())
        if obj.status == Connection.Status.FAILING and form.has_changed():
            obj.activate()
            messages.info(request, _("Vouch tries again with what you entered."))
        elif obj.status == Connection.Status.INCOMPLETE and not obj.missing():
            messages.info(request, _("Nothing is missing any more. Activate the connection when you are ready."))

    @admin.display(description=gettext_lazy("state"))
    def standing(self, connection: Connection) -> SafeString:
        return state(CONNECTION_SHAPES[connection.status], connection.get_status_display())

    @verb(
        gettext_lazy("Activate"),
        says=gettext_lazy("From now on a candidate who comes to the stage gets a check."),
        when=lambda connection: not connection.is_active and not connection.missing(),
    )
    def activate(self, request: HttpRequest, connection: Connection, now: datetime) -> str | None:
        if not connection.activate():
            return None
        wake_inbox()
        wake_outbox()
        return _("The connection is active.")

    @verb(
        gettext_lazy("Switch off"),
        says=gettext_lazy(
            "No new checks start, and nothing is written in Lever. Checks on their way go on; what they have to say "
            "waits until the connection is active again."
        ),
        when=lambda connection: connection.is_active,
        asks=True,
        danger=True,
    )
    def switch_off(self, request: HttpRequest, connection: Connection, now: datetime) -> str | None:
        connection.disable()
        return _("The connection is switched off.")

    @verb(
        gettext_lazy("Disconnect"),
        says=gettext_lazy(
            "The key and all signature tokens are erased here, and nothing more is read or written in Lever. Checks, "
            "and the record of what came and went, stay. To connect again, enter the key and the tokens anew."
        ),
        when=lambda connection: bool(connection.api_key),
        asks=True,
        danger=True,
    )
    def disconnect(self, request: HttpRequest, connection: Connection, now: datetime) -> str | None:
        connection.forget()
        return _("The connection’s key and tokens are erased.")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What came and went hangs on it, and may be long. To be rid of the secrets there is *disconnect*."""
        return False


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
