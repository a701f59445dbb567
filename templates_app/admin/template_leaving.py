"""How a template goes: deleted if no check ever used it, else archived, and then it can come back."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_verbs import verb
from accounts.scoped_admin import ScopedAdmin
from templates_app.admin.tag_hints import saved_words
from templates_app.models import ReferenceTemplate


class TemplateLeaving(ScopedAdmin):
    keeps = gettext_lazy("Its survey. No check has used this template.")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is archived was used, and stays."""
        return super().has_delete_permission(request, obj) and not (obj and obj.is_archived)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        template = self.get_object(request, unquote(object_id))
        if template is None or not is_used(template):
            return super().delete_view(request, object_id, extra_context)
        if not self.has_delete_permission(request, template):
            raise PermissionDenied
        if request.method == "POST":
            return self._archive(request, template)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Archive %(name)s?") % {"name": template},
            "opts": self.opts,
            "object": template,
        }
        return TemplateResponse(request, "admin/templates_app/referencetemplate/archive.html", context)

    def _archive(self, request: HttpRequest, template: ReferenceTemplate) -> HttpResponse:
        with transaction.atomic():
            if template.archive():
                self.log_change(request, template, _("Archived"))
        words = _("“%(name)s” is archived, because checks have used it. No job gets it any more.")
        messages.success(request, words % {"name": template})
        return redirect("admin:templates_app_referencetemplate_changelist")

    @verb(
        gettext_lazy("Restore"),
        says=gettext_lazy("Jobs with its tag get it again."),
        when=lambda template: template.is_archived,
    )
    def restore(self, request: HttpRequest, template: ReferenceTemplate, now: datetime) -> str | None:
        if not template.restore():
            return None
        return _("“%(name)s” is back.") % {"name": template} + " " + saved_words(template)


def is_used(template: Any) -> bool:
    """Whether any check was ever made with it."""
    return bool(template.checks.exists())
