"""The connection's page."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import quote
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_lists import choice_filter, state
from accounts.admin_pages import OnePerOrganization
from accounts.admin_verbs import verb
from accounts.scoped_admin import reader
from integrations.admin.choices import ChoicePages, choices
from integrations.admin.doctor import DoctorPages
from integrations.admin.hooks import HookVerbs
from integrations.admin.jobs import JobPages
from integrations.admin.managed import Managed
from integrations.admin.tags import TagPages
from integrations.forms import FIELDS, ConnectionForm
from integrations.lever.hosts import is_levers
from integrations.models import Connection
from integrations.pages import hooks, saved
from integrations.progress import progress
from integrations.querysets import WORKING
from integrations.signs import CONNECTION_SHAPES
from integrations.tasks import wake_inbox, wake_outbox
from templates_app.models import ReferenceTemplate

FRESH = timedelta(minutes=1)  # what was read from Lever is not read again so soon
TEMPLATES = 20  # that the page names


class NewConnectionForm(forms.ModelForm[Connection]):
    """The operator's: whose it is; everything else is entered on its page."""

    class Meta:
        model = Connection
        fields = ("organization",)


@admin.register(Connection)
class ConnectionAdmin(Managed, DoctorPages, HookVerbs, JobPages, TagPages, ChoicePages, OnePerOrganization):
    about = gettext_lazy("The organizations’ Lever accounts.")
    empty = gettext_lazy("Nothing is connected. A super admin can connect Lever.")
    form = ConnectionForm
    add_form_template = "admin/change_form.html"
    list_display = ("__str__", "standing", "stage_name", "created_at")
    list_filter = (choice_filter("status", gettext_lazy("state"), Connection.Status.choices),)
    ordering = ("organization__name",)
    verbs = ("activate", "make_webhooks", "switch_off", "disconnect")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Which fields the form has; how they stand on the page is the template's. Whose it is never changes."""
        if obj is None:
            return super().get_fieldsets(request)
        return ((None, {"fields": [*FIELDS]}),)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **({} if obj else {"form": NewConnectionForm}), **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Staff come to theirs by its tile."""
        return reader(request).is_operator and super().has_add_permission(request)

    # --- the page ---------------------------------------------------------------------------------------

    def changeform_view(
        self, request: HttpRequest, object_id: Any = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Without the transaction that Django puts around the whole page: what is saved is one of its own.

        The form asks Lever, and meanwhile no worker must have to wait for the lock on the rate limit (on SQLite: for
        any lock).
        """
        if object_id and request.method == "GET" and "ask" in request.GET:
            self.ask_at_once(request, object_id)
        page = self._changeform_view  # type: ignore[attr-defined]  # Django's; its stubs leave it out
        return page(request, object_id, form_url, extra_context)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        if connection := kwargs.get("obj"):
            context |= self._about(request, connection, context["adminform"].form)
        return super().render_change_form(request, context, *args, **kwargs)

    def _about(self, request: HttpRequest, connection: Connection, form: ConnectionForm) -> dict[str, Any]:
        """What the page shows beside the form's own fields."""
        now = timezone.now()
        found = list(hooks(connection, form, now))
        activate = [button for button in self.buttons(request, connection) if button.name == "activate"]
        templates = ReferenceTemplate.objects.filter(organization=connection.organization_id).in_use()
        is_ready = connection.status == Connection.Status.INCOMPLETE and not connection.missing()
        is_fresh = connection.offered_at is not None and now - connection.offered_at < FRESH
        return {
            **choices(form, form.asked),
            "progress": progress(connection, found),
            "activation": next(iter(activate), None),
            "hooks": found,
            "standing": state("warn", _("Not active yet")) if is_ready else self.standing(connection),
            "saved": saved(connection, now),
            "fill": not form.is_bound and bool(connection.api_key) and not is_fresh,
            "elsewhere": "" if is_levers(settings.LEVER_API_URL) else settings.LEVER_API_URL,
            "templates": templates.order_by("-is_default", "priority", "name", "pk")[:TEMPLATES],
            "more_templates": max(0, templates.count() - TEMPLATES),
        }

    # --- saving -----------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: Connection, form: Any, change: bool) -> None:
        """Only what this person changed. Says what that was, and what may be amiss with it."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        words, has_changed = form.store(reader(request), timezone.now()), form.has_news
        (messages.success if has_changed else messages.info)(request, words)
        for warning in form.warnings():
            messages.warning(request, warning)
        self._go_on(request, obj, form)

    def _go_on(self, request: HttpRequest, connection: Connection, form: ConnectionForm) -> None:
        if connection.status == Connection.Status.FAILING and form.concerns_lever and connection.recover():
            messages.info(request, _("Vouch tries again with what you entered."))
        elif connection.status == Connection.Status.INCOMPLETE and form.has_news and not connection.missing():
            messages.info(request, _("Nothing is missing any more. Activate the connection when you are ready."))

    def response_change(self, request: HttpRequest, obj: Connection) -> HttpResponse:
        return self._to_its_page(obj)

    def response_add(self, request: HttpRequest, obj: Connection, post_url_continue: str | None = None) -> HttpResponse:
        return self._to_its_page(obj)

    def _to_its_page(self, connection: Connection) -> HttpResponse:
        return redirect(reverse("admin:integrations_connection_change", args=[quote(connection.pk)]))

    def log_change(self, request: HttpRequest, obj: Connection, message: Any) -> Any:
        """A save that changed nothing is no news."""
        return super().log_change(request, obj, message) if message else None

    # --- verbs ------------------------------------------------------------------------------------------

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
        when=lambda connection: connection.status in WORKING,
        asks=True,
        danger=True,
    )
    def switch_off(self, request: HttpRequest, connection: Connection, now: datetime) -> str | None:
        connection.disable()
        return _("The connection is switched off.")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What came and went hangs on it, and may be long. To be rid of the secrets there is *disconnect*."""
        return False
