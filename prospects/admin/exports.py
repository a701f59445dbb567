"""The export's page: what would go to Lever, how far it is, and how it goes."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Organization
from accounts.scoped_admin import ScopedAdmin, reader
from integrations.models import Connection
from integrations.offers import BESIDE_THE_PAGE, WHILE_SAVING, WITHOUT_SCRIPT
from prospects.forms import Offered, SettingsForm, ask, remember
from prospects.models import Prospect, ProspectSettings
from prospects.preview import look_in_lever, preview
from prospects.progress import progress_of
from prospects.said import going, news
from prospects.tasks import wake_export

FOLDER = "admin/prospects/export"
PAGE = "admin:prospects_prospect_export"
REASONS = 10  # different ones that the page names


class ExportPages(ScopedAdmin):
    """Lever is asked only by what fills itself in, by a button, or while the settings are saved; the page waits for
    nobody. An operator says by `?organization=` whose page they mean.
    """

    def get_urls(self) -> list[Any]:
        views: dict[str, Callable[..., HttpResponse]] = {
            "": require_safe(self.export_view),
            "progress/": require_safe(self.progress_view),
            "choices/": require_safe(self.choices_view),
            "look/": require_POST(self.look_view),
            "pause/": require_POST(self.pause_view),
            "resume/": require_POST(self.resume_view),
            "settings/": require_POST(self.settings_view),
        }
        own = [
            path(f"export/{at}", self.admin_site.admin_view(view), name=f"prospects_prospect_export{_name(at)}")
            for at, view in views.items()
        ]
        return [*own, *super().get_urls()]

    # --- what is shown ----------------------------------------------------------------------------------

    def export_view(self, request: HttpRequest) -> HttpResponse:
        whose, offered = self._whose(request), Offered()
        if "ask" in request.GET and self.has_change_permission(request):
            offered = _asked(_connection(whose), WITHOUT_SCRIPT)
        return self._page(request, whose, _form(whose, offered=offered), problem=offered.problem)

    def progress_view(self, request: HttpRequest) -> HttpResponse:
        """The part of the page that changes while it runs."""
        whose = self._whose(request)
        context = {**self._around(request, whose), **_running(whose)}
        return TemplateResponse(request, f"{FOLDER}/progress.html", context)

    def choices_view(self, request: HttpRequest) -> HttpResponse:
        """The drop-downs, filled anew from Lever; with what was read last when Lever does not answer."""
        whose = self._whose(request, is_changed=True)
        offered = _asked(_connection(whose), BESIDE_THE_PAGE)
        context = {"form": _form(whose, offered=offered), "problem": offered.problem}
        return TemplateResponse(request, f"{FOLDER}/choices.html", context)

    def _page(
        self, request: HttpRequest, whose: Organization, form: SettingsForm, *, problem: str = ""
    ) -> HttpResponse:
        connection = _connection(whose)
        refused = Prospect.objects.filter(organization=whose, state=Prospect.State.REFUSED)
        reasons = refused.values("problem").annotate(n=Count("pk")).order_by("-n", "problem")
        context = {
            **self._around(request, whose),
            **_running(whose),
            "form": form,
            "problem": problem,
            "preview": preview(whose),
            "reasons": list(reasons[:REASONS]),
            "fill": not form.is_bound and not problem and bool(connection and connection.api_key),
        }
        return TemplateResponse(request, f"{FOLDER}/page.html", context)

    def _around(self, request: HttpRequest, whose: Organization) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "whose": whose,
            "of": self._of(request, whose),
            "may_change": self.has_change_permission(request),
            "may_connect": reader(request).has_perm("integrations.view_connection"),
        }

    # --- what is done -----------------------------------------------------------------------------------

    def look_view(self, request: HttpRequest) -> HttpResponse:
        whose = self._whose(request, is_changed=True)
        connection = _connection(whose)
        if connection is None or not connection.api_key:
            messages.warning(request, _("Lever is not connected yet, so it cannot be asked."))
        else:
            messages.info(request, look_in_lever(connection))
        return self._back(request, whose)

    def pause_view(self, request: HttpRequest) -> HttpResponse:
        whose = self._whose(request, is_changed=True)
        ProspectSettings.of(whose).pause(reader(request), timezone.now())
        messages.success(request, _("The export is paused. Whoever is on the way at this moment still arrives."))
        return self._back(request, whose)

    def resume_view(self, request: HttpRequest) -> HttpResponse:
        whose = self._whose(request, is_changed=True)
        ProspectSettings.of(whose).resume(timezone.now())
        wake_export()
        messages.success(request, _("The export goes on."))
        return self._back(request, whose)

    def settings_view(self, request: HttpRequest) -> HttpResponse:
        """Lever is asked while it is saved; when it does not answer, what it told last will do."""
        whose = self._whose(request, is_changed=True)
        offered = _asked(_connection(whose), WHILE_SAVING)
        form = _form(whose, request.POST, offered=offered)
        if not form.is_valid():
            return self._page(request, whose, form, problem=offered.problem)
        form.save()
        messages.success(request, _("Saved. It counts from the next prospect on."))
        return self._back(request, whose)

    def _back(self, request: HttpRequest, whose: Organization) -> HttpResponse:
        return redirect(reverse(PAGE) + self._of(request, whose))

    def _of(self, request: HttpRequest, whose: Organization) -> str:
        return f"?organization={whose.pk}" if reader(request).is_operator else ""

    def _whose(self, request: HttpRequest, *, is_changed: bool = False) -> Organization:
        """One's own organization; the operator names one, or means the first."""
        may = self.has_change_permission(request) if is_changed else self.has_view_permission(request)
        if not may:
            raise PermissionDenied
        rows = Organization.objects.visible_to(reader(request)).order_by("pk")
        wanted = request.GET.get("organization", "")
        if wanted.isascii() and wanted.isdecimal():
            rows = rows.filter(pk=min(int(wanted), 2**63 - 1))
        found = rows.first()
        if found is None:
            raise Http404
        return found


def _name(at: str) -> str:
    return f"_{at.rstrip('/')}" if at else ""


def _connection(whose: Organization) -> Connection | None:
    return Connection.objects.filter(organization=whose).first()


def _running(whose: Organization) -> dict[str, Any]:
    progress, connection = progress_of(whose, timezone.now()), _connection(whose)
    paused = ProspectSettings.objects.filter(organization=whose).select_related("paused_by").first()
    return {
        "progress": progress,
        "connection": connection,
        "title": news(progress, connection),
        "going": going(progress),
        "settings": paused,
        "behind": max(0, Prospect.objects.filter(organization=whose).waiting().count() - progress.waiting),
    }


def _asked(connection: Connection | None, timeout: tuple[float, float]) -> Offered:
    offered = ask(connection, timeout)
    if connection:
        remember(connection, offered, timezone.now())
    return offered


def _form(whose: Organization, data: Any = None, *, offered: Offered) -> SettingsForm:
    """With what Lever said just now, else with what it said last."""
    is_told = offered.postings is not None or offered.stages is not None
    known = offered if is_told else None
    return SettingsForm(data, instance=ProspectSettings.of(whose), connection=_connection(whose), offered=known)
