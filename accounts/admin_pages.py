"""Two kinds of pages in the portal: of rows that Vouch writes, and of what each organization has one of."""

from typing import Any

from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.scoped_admin import ScopedAdmin, reader


class LogAdmin(ScopedAdmin):
    """Rows that Vouch writes by itself. People read them, and do to them what the verbs allow."""

    page_template = "admin/page.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def page(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the row's page shows; `facts` are pairs of a label and a value."""
        raise NotImplementedError

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if row is None:
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": str(row),
            "buttons": list(self.buttons(request, row)),
        }
        return TemplateResponse(request, self.page_template, {**context, **self.page(request, row)})


class OnePerOrganization(ScopedAdmin):
    """Staff have one such row, so their list is the row itself; the operator has a list."""

    def get_list_link(self, request: HttpRequest) -> str | None:
        """The page that stands for the list, if one does."""
        if reader(request).is_operator or not self.has_view_permission(request):
            return None
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        own = self.get_queryset(request).first()
        if own:
            return reverse(f"{name}_change", args=[quote(own.pk)])
        return reverse(f"{name}_add") if self.has_add_permission(request) else None

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        context.setdefault("is_only_one", not reader(request).is_operator)
        return super().render_change_form(request, context, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        link = self.get_list_link(request)
        return redirect(link) if link else super().changelist_view(request, extra_context)
