"""The page Connections for staff: its tiles, and what the customer presses there."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.scoped_admin import reader
from integrations import hand_over
from integrations.admin import tiles
from integrations.admin.dialog import SettingsForm
from integrations.admin.of_one import OfOne
from integrations.managed import OutOfOrder, Step, StepTaken, is_managed
from integrations.models import Connection

PAGE = tiles.PAGE
CONNECTIONS = f"{PAGE}_changelist"


class Tiles(OfOne):
    """Staff have tiles in place of a list. Super admins press their buttons, admins look, nobody else comes here."""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        name = "integrations_connection"
        return [
            path("manage/", wrap(require_POST(self.manage)), name=f"{name}_manage"),
            path("request/", wrap(require_POST(self.request_connection)), name=f"{name}_request"),
            path("<path:object_id>/settings/", wrap(self.settings_view), name=f"{name}_settings"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        standing = StepTaken.objects.standing().select_related("by").order_by("pk")
        rows = super().get_queryset(request)
        return rows.prefetch_related(Prefetch("steps_taken", standing, "standing")) if is_managed() else rows

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if reader(request).is_operator:
            return super().changelist_view(request, extra_context)
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self._tiles(request)

    def _tiles(self, request: HttpRequest, form: SettingsForm | None = None, *, alone: bool = False) -> HttpResponse:
        """The page Connections. A `form` that could not be saved stands open in it; `alone` it is a page of its own."""
        connection = self.get_queryset(request).select_related("organization").first()
        may_change = reader(request).has_perm("integrations.change_connection")
        found = [_lever(connection, may_change), tiles.practice()]
        has_dialog = any(button.opens for tile in found if tile for button in tile.buttons)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Lever settings") if alone else _("Connections"),
            "tiles": [] if alone else list(filter(None, found)),
            "form": form or (SettingsForm(connection) if connection and has_dialog else None),
            "connection": connection,
            "is_open": form is not None,
            "is_alone": alone,
            "dialog": tiles.SETTINGS,
        }
        return TemplateResponse(request, "admin/integrations/connection/tiles.html", context)

    def super_admin(self, request: HttpRequest) -> User:
        """Who asks and saves in the customer's name. The operator never does."""
        user = reader(request)
        if user.is_operator or not user.has_perm("integrations.change_connection"):
            raise PermissionDenied
        return user

    def manage(self, request: HttpRequest) -> HttpResponse:
        """To the connection's page; the first time there is no row yet, and it is made."""
        user = self.super_admin(request)
        if is_managed():
            messages.error(request, _("Here the people who run Vouch connect for you. Press Request connection."))
            return redirect(CONNECTIONS)
        connection, _made = Connection.objects.get_or_create(organization=user.organization)
        return redirect(f"{PAGE}_change", connection.pk)

    def request_connection(self, request: HttpRequest) -> HttpResponse:
        user = self.super_admin(request)
        if refusal := not_here(request):
            return refusal
        try:
            connection, is_new = hand_over.request(user, timezone.now())
        except OutOfOrder as reason:
            messages.error(request, str(reason))
            return redirect(CONNECTIONS)
        if is_new:
            self.log_change(request, connection, str(Step.REQUEST.label))
            messages.success(request, _("Requested. The people who run Vouch got a mail, and they write to you."))
        else:
            messages.info(request, _("It has been requested before. Nothing to do until the operator writes."))
        return redirect(CONNECTIONS)

    def settings_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The dialog as a page, and what it sends."""
        user = self.super_admin(request)
        connection = self.seen(request, object_id)
        if refusal := not_here(request):
            return refusal
        try:
            StepTaken.check_order([row.step for row in standing_of(connection)], Step.SETTINGS)
        except OutOfOrder as reason:
            messages.error(request, str(reason))
            return redirect(CONNECTIONS)
        if request.method != "POST":
            return self._tiles(request, SettingsForm(connection), alone=True)
        form = SettingsForm(connection, request.POST)
        if not form.is_valid():
            return self._tiles(request, form, alone="alone" in request.POST)
        self._save_settings(request, connection, form, user)
        return redirect(CONNECTIONS)

    def _save_settings(self, request: HttpRequest, connection: Connection, form: SettingsForm, user: User) -> None:
        key, token = form.cleaned_data["api_key"], form.cleaned_data["signature_token"]
        if not key and not token:
            messages.info(request, _("Nothing was entered, so nothing was changed."))
            return
        try:
            hand_over.save_settings(connection, key, token, form.look, user, timezone.now())
        except OutOfOrder as reason:
            messages.error(request, str(reason))
            return
        self.log_change(request, connection, str(Step.SETTINGS.label))
        messages.success(request, _("Saved. The operator got a mail and goes on from here."))
        for warning in form.warnings():
            messages.warning(request, warning)


def standing_of(connection: Connection) -> list[StepTaken]:
    """The steps that stand, in order, as `get_queryset` read them."""
    found: list[StepTaken] = getattr(connection, "standing", [])
    return found


def _lever(connection: Connection | None, may_change: bool) -> tiles.Tile:
    if not is_managed():
        return tiles.self_service(connection, may_change)
    taken = standing_of(connection)[-1:] if connection else []
    return tiles.managed(connection, taken[0] if taken else None, may_change)


def not_here(request: HttpRequest, connection: Connection | None = None) -> HttpResponse | None:
    """In self-service there are no such steps."""
    if is_managed():
        return None
    messages.error(request, _("On this installation the super admins connect by themselves. Press Manage."))
    return home(request, connection)


def home(request: HttpRequest, connection: Connection | None) -> HttpResponse:
    """The operator goes on at the connection, everybody else at the tiles."""
    if connection and reader(request).is_operator:
        return redirect(f"{PAGE}_change", connection.pk)
    return redirect(CONNECTIONS)
