"""What is said beside a tag while it is typed: how it is kept, and which other template has it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.scoped_admin import ScopedAdmin, reader
from templates_app.matching import contest
from templates_app.models import ReferenceTemplate
from templates_app.tags import kept

LONGEST = ReferenceTemplate._meta.get_field("ats_tag").max_length or 0
HIGHEST = 32_767  # of a priority


class TagHints(ScopedAdmin):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_safe(self.tag_view))
        return [path("tag/", view, name="templates_app_referencetemplate_tag"), *super().get_urls()]

    def tag_view(self, request: HttpRequest) -> HttpResponse:
        """Of the template `template`, if there is one already, with the `tag`, `name` and `priority` of the form."""
        if not (self.has_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        typed = request.GET.get("tag", "").replace("\0", "")
        tag = kept(typed)
        context: dict[str, Any] = {"typed": typed, "kept": tag, "is_long": len(tag) > LONGEST, "longest": LONGEST}
        if not context["is_long"]:
            context["contest"] = contest(self._as_typed(request, tag))
        return TemplateResponse(request, "admin/templates_app/referencetemplate/tag.html", context)

    def _as_typed(self, request: HttpRequest, tag: str) -> ReferenceTemplate:
        template = self._named(request) or ReferenceTemplate(organization=reader(request).organization)
        template.ats_tag, template.name = tag, request.GET.get("name", "").replace("\0", "")
        priority = request.GET.get("priority", "")
        if priority.isdecimal() and len(priority) < 6:
            template.priority = min(int(priority), HIGHEST)
        return template

    def _named(self, request: HttpRequest) -> ReferenceTemplate | None:
        pk = request.GET.get("template", "")
        found: ReferenceTemplate | None = self.get_object(request, pk) if pk else None
        return found


def saved_words(template: ReferenceTemplate) -> str:
    """Which jobs get a template that was just saved."""
    rival = contest(template)
    if template.is_archived:
        return _("It is archived, so no job gets it.")
    if rival and rival.is_lost:
        return rival.words
    if template.ats_tag:
        words = _("Jobs tagged %(tag)s in Lever get it from now on.") % {"tag": template.ats_tag}
        return f"{words} {rival.words}" if rival else words
    if template.is_default:
        return _("Jobs whose tags match no template get it from now on.")
    return _("It has no tag and is not the default, so no job gets it yet.")
