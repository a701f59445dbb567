"""Vouch's portal: Django's admin site with a desk for its first page, and Vouch's own way to sign in."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, URLResolver, path, reverse, reverse_lazy
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import SignedIn
from accounts.scoped_admin import OperatorsAdmin, ScopedAdmin, reader
from checks.models import Check
from config import live
from config.desk import Desk
from config.desk_pages import DeskPages, may_start
from config.help import Help
from config.works import WorksPages
from integrations.models import Connection, Delivery
from integrations.tasks import wake_inbox


class Portal(AdminSite):
    site_title = site_header = "Vouch"
    site_url = None
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Pages that do not limit their rows to an organization, such as other packages', are the operator's."""
        if admin_class is None or not issubclass(admin_class, ScopedAdmin):
            bases = (OperatorsAdmin, admin_class) if admin_class else (OperatorsAdmin,)
            admin_class = type("OperatorsPage", bases, {})
        super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        try_again = path("try-again/<int:check_id>/", self.admin_view(require_POST(self.try_again)), name="try-again")
        return [try_again, *DeskPages(self).urls, *WorksPages(self).urls, *Help(self).urls, *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The menu is made elsewhere: `config/places.py`."""
        return []

    # --- coming and going -----------------------------------------------------------------------------

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated and self.has_permission(request):
            return redirect("admin:index")
        wanted = request.GET.get("next", "")
        return redirect(f"{reverse('sign-in')}?{urlencode({'next': wanted})}" if wanted else "sign-in")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("admin:index")  # one way out: the button of the account menu

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Whoever signs in by mailed link has no password to be asked for."""
        form = PasswordChangeForm if reader(request).has_usable_password() else SetPasswordForm
        view = PasswordChangeView.as_view(
            form_class=form,
            success_url=reverse_lazy("admin:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        before = request.session.session_key
        response = view(request)
        SignedIn.follow(before, request.session.session_key)
        return response

    # --- the desk -------------------------------------------------------------------------------------

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        user = reader(request)
        desk = {"title": _("Desk"), "desk": Desk(user, timezone.now()), "may_start": may_start(user)}
        return live.page(request, "admin/index.html", {**self.each_context(request), **desk, **(extra_context or {})})

    def app_index(self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("admin:index")

    def try_again(self, request: HttpRequest, check_id: int) -> HttpResponse:
        """Ask Lever about a candidate whose check could not begin."""
        check = get_object_or_404(Check.objects.visible_to(request.user).with_problem(), pk=check_id, is_by_hand=False)
        if not reader(request).has_perm("checks.change_check"):
            raise PermissionDenied
        connection = get_object_or_404(Connection, organization=check.organization_id)
        with transaction.atomic():
            Delivery.ask_for(connection, check.opportunity_id, timezone.now())
            wake_inbox()
        words = {"name": check.candidate_name or check.opportunity_id}
        messages.success(request, _("Vouch asks Lever about %(name)s again. This takes a few seconds.") % words)
        return redirect("admin:index")
