"""What the pages about templates are told of Lever: the tags of its open jobs, and the jobs that get a template."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.scoped_admin import reader
from integrations.admin.of_one import OfOne
from integrations.carried import MOST, carried
from integrations.models import Connection
from templates_app.models import ReferenceTemplate

FOLDER = "admin/integrations/connection"
NAMED = 10  # jobs


class TagPages(OfOne):
    """Parts of pages that fill themselves in, for whoever makes templates; empty when Lever does not answer."""

    def get_urls(self) -> list[Any]:
        views: dict[str, tuple[str, Any]] = {
            "tags": ("tags/", self.tags_view),
            "jobs_of": ("jobs-of/<int:template>/", self.jobs_of_view),
        }
        own = [
            path(address, self.admin_site.admin_view(require_safe(view)), name=f"integrations_connection_{name}")
            for name, (address, view) in views.items()
        ]
        return [*own, *super().get_urls()]

    def tags_view(self, request: HttpRequest) -> HttpResponse:
        """Of the reader's own organization; the operator names a template."""
        _refuse_readers(request)
        named, organization = request.GET.get("template", ""), reader(request).organization_id
        if reader(request).is_operator:
            organization = _template(request, int(named)).organization_id if named.isdecimal() else None
        found = carried(Connection.objects.filter(organization=organization).first())
        counts = found.counts()
        context = {"counts": counts[:MOST], "is_whole": found.is_whole and len(counts) <= MOST}
        return TemplateResponse(request, f"{FOLDER}/tags.html", context)

    def jobs_of_view(self, request: HttpRequest, template: int) -> HttpResponse:
        """The open jobs that get a template now, and what they would get without it."""
        _refuse_readers(request)
        row = _template(request, template)
        found = carried(Connection.objects.filter(organization=row.organization_id).first())
        losing = found.losing(row)
        more = max(0, len(losing) - NAMED)
        context = {"losing": losing[:NAMED], "more": more, "is_whole": found.is_whole}
        return TemplateResponse(request, f"{FOLDER}/jobs_of.html", context)


def _refuse_readers(request: HttpRequest) -> None:
    if not reader(request).has_perm("templates_app.change_referencetemplate"):
        raise PermissionDenied


def _template(request: HttpRequest, pk: int) -> ReferenceTemplate:
    row = ReferenceTemplate.objects.visible_to(request.user).select_related("organization").filter(pk=pk).first()
    if row is None:
        raise PermissionDenied
    return row
