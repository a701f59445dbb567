"""The connection's page."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_lists import choice_filter, state
from accounts.admin_pages import OnePerOrganization
from accounts.admin_verbs import verb
from accounts.scoped_admin import reader
from integrations.admin.doctor import DoctorPages
from integrations.admin.hooks import HookVerbs
from integrations.admin.jobs import JobPages
from integrations.admin.managed import Managed
from integrations.forms import ConnectionForm
from integrations.models import Connection
from integrations.pages import hooks, steps
from integrations.signs import CONNECTION_SHAPES
from integrations.tasks import wake_inbox, wake_outbox


@admin.register(Connection)
class ConnectionAdmin(Managed, DoctorPages, HookVerbs, JobPages, OnePerOrganization):
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
