"""Surveys and templates in and out of the portal as text files: export, comparison before import, import."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Organization
from accounts.scoped_admin import ScopedAdmin, reader
from templates_app.models import ReferenceTemplate, Survey
from templates_app.pack_forms import PackForm
from templates_app.packs import Comparison, PackError, Remark, catalogue, compare, export, export_template, load

PAGE = "admin:templates_app_referencetemplate"
MOST = 300  # surveys and templates that a page writes out; there is a command for more
TOLD = 20  # sentences after an import


class WithPacks(ScopedAdmin):
    """The half of the templates' ModelAdmin that reads and writes packs."""

    def get_urls(self) -> list[Any]:
        return [*self._pack_urls(), *super().get_urls()]

    def _pack_urls(self) -> list[URLPattern]:
        views = (
            ("import/", self.import_view, "import"),
            ("export/", self.export_all_view, "export_all"),
            ("<path:object_id>/export/", self.export_view, "export"),
        )
        name = PAGE.partition(":")[2]
        return [path(at, self.admin_site.admin_view(view), name=f"{name}_{word}") for at, view, word in views]

    # --- out ----------------------------------------------------------------------------------------

    @method_decorator(require_safe)
    def export_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """One template with its survey."""
        template = self.get_object(request, unquote(object_id))
        if template is None or not self.has_view_permission(request, template):
            raise PermissionDenied
        return _attachment(export_template(template), template.name)

    @method_decorator(require_safe)
    def export_all_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        user = reader(request)
        rows = ReferenceTemplate.objects.visible_to(user).in_use(), Survey.objects.visible_to(user)
        if sum(each.values("pk")[: MOST + 1].count() for each in rows) > MOST:
            words = _("These are too many for a page. The command manage.py export_templates writes them all.")
            messages.warning(request, words)
            return redirect(f"{PAGE}_changelist")
        organizations = Organization.objects.visible_to(user).order_by("name")
        return _attachment(export(organizations), str(user.organization or "vouch"))

    # --- in -----------------------------------------------------------------------------------------

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request) or not self.has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._choose(request, PackForm(reader(request)))
        form = PackForm(reader(request), request.POST, request.FILES)
        if not form.is_valid():
            return self._choose(request, form)
        return self._import(request, form) if "import" in request.POST else self._compare(request, form)

    def _choose(self, request: HttpRequest, form: PackForm) -> HttpResponse:
        context = {"title": _("Import"), "form": form, "shipped": catalogue()}
        return self._page(request, "import", context)

    def _compare(self, request: HttpRequest, form: PackForm) -> HttpResponse:
        try:
            found = compare(form.source, organization=form.whose.name)
        except PackError as error:
            return self._refuse(request, form, error)
        return self._page(request, "compare", {**_shown(form, found), "title": _("Import: what it changes")})

    def _import(self, request: HttpRequest, form: PackForm) -> HttpResponse:
        """What is new, and what was ticked; everything else stays as it is here."""
        ticked = request.POST.getlist("replace")
        user, now = reader(request), timezone.now()
        try:
            outcome = load(form.source, organization=form.whose.name, replace=ticked, now=now, by=user)
        except PackError as error:
            return self._refuse(request, form, error)
        for sentence in _told(outcome.changes.get(form.whose.name, [])):
            messages.success(request, sentence)
        return redirect(f"{PAGE}_changelist")

    def _refuse(self, request: HttpRequest, form: PackForm, error: PackError) -> HttpResponse:
        lines = form.source.decode("utf-8-sig", "replace").splitlines()
        context = {"title": _("Import: not yet"), "mistakes": [_quoted(each, lines) for each in error.remarks]}
        return self._page(request, "refused", context)

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        known = {**self.admin_site.each_context(request), "opts": self.opts, "import_url": reverse(f"{PAGE}_import")}
        return TemplateResponse(request, f"admin/templates_app/packs/{name}.html", {**known, **context})


def _shown(form: PackForm, found: Comparison) -> dict[str, Any]:
    """What the page of a comparison says."""
    findings = found.findings.get(form.whose.name, [])
    return {
        "organization": form.whose,
        "elsewhere": [name for name in found.named if name != form.whose.name],
        "findings": findings,
        "notices": found.notices,
        "is_all_here": found.is_all_here,
        "differs": any(finding.is_different for finding in findings),
        "is_operator_s": "organization" in form.fields,
        "text": form.source.decode("utf-8-sig"),
    }


def _told(changes: list[str]) -> Iterator[str]:
    yield from (f"{capfirst(change)}." for change in changes[:TOLD])
    if not changes:
        yield _("Nothing was changed: all of it is here already.")
    if (more := len(changes) - TOLD) > 0:
        yield ngettext("And %(count)d more change.", "And %(count)d more changes.", more) % {"count": more}


def _quoted(remark: Remark, lines: list[str]) -> tuple[Remark, str]:
    """A mistake with the line that it is about."""
    line = lines[remark.line - 1].strip() if remark.line <= len(lines) else ""
    return remark, line[:200]


def _attachment(text: str, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=f"{slugify(name)[:80] or 'pack'}.yaml")
    return HttpResponse(
        text, content_type="text/yaml; charset=utf-8", headers={"Content-Disposition": str(disposition)}
    )
