"""The list of templates, and the template editor."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import IntegerField, OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_verbs import verb
from accounts.scoped_admin import ScopedAdmin, ScopedTabularInline, reader
from templates_app.forms import InOrder, RequestedReferenceForm
from templates_app.models import ReferenceTemplate, RequestedReference

MANY = 1000  # checks of a template; how many more there are takes long to find out


class HowMany(Subquery):
    """The number of rows that a query gives, with its limit."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS limited)"
    output_field = IntegerField()


class RequestedReferenceInline(ScopedTabularInline):
    model = RequestedReference
    form = RequestedReferenceForm
    formset = InOrder
    heading = gettext_lazy("Whom we ask")
    one = gettext_lazy("reference")
    about = gettext_lazy(
        "Fix the relationship, or leave it to the candidate. People with unusual careers will thank you for one any. "
        "A line without a relationship is left out."
    )
    fields = ("position", "relationship", "note")
    ordering = ("position", "pk")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj else 3


@admin.register(ReferenceTemplate)
class ReferenceTemplateAdmin(ScopedAdmin):
    about = gettext_lazy("What we ask, of whom, for which kind of job.")
    empty = gettext_lazy("There is no template yet, so no job gets a check.")
    keeps = gettext_lazy("Its survey, and all checks and reports, with the questions as they were asked.")
    list_display = ("name", "tag", "people", "survey", "check_count")
    list_select_related = ("survey",)
    search_fields = ("name", "ats_tag")
    search_help_text = gettext_lazy("Name or tag")
    ordering = ("priority", "name", "pk")
    inlines = (RequestedReferenceInline,)
    verbs = ("duplicate", "make_default")
    fieldsets = (
        (
            gettext_lazy("Name and tag"),
            {
                "fields": [("name", "ats_tag"), "description", "is_default", "priority"],
                "description": gettext_lazy("A job in Lever with the same tag gets this template."),
            },
        ),
        (gettext_lazy("What we ask"), {"fields": [("position", "survey")], "classes": ["before-rows"]}),
        (
            gettext_lazy("How long we wait"),
            {
                "fields": ["minimum", ("days_until_overdue", "days_until_expired")],
                "description": gettext_lazy("Overdue shows on the desk and in Lever. Nobody is written to for it."),
            },
        ),
        (gettext_lazy("Hiring manager"), {"fields": [("hiring_manager_name", "hiring_manager_email")]}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        made: Any = ReferenceTemplate._meta.get_field("checks").related_model
        counted = HowMany(made.objects.filter(template=OuterRef("pk")).values("pk")[:MANY])
        asked = Prefetch("requests", RequestedReference.objects.order_by("position", "pk"))
        rows: QuerySet[Any] = super().get_queryset(request).annotate(checks_made=counted)
        return rows.prefetch_related(asked)

    @admin.display(description=gettext_lazy("tag"))
    def tag(self, template: ReferenceTemplate) -> SafeString:
        if not template.ats_tag and not template.is_default:
            return format_html('<span class="soft">{}</span>', _("no tag"))
        tag = format_html('<span class="tag">{}</span>', template.ats_tag) if template.ats_tag else ""
        return format_html("{} {}", tag, _("default") if template.is_default else "")

    @admin.display(description=gettext_lazy("whom we ask"))
    def people(self, template: ReferenceTemplate) -> str:
        """Such as: Manager (2), Colleague and Any."""
        asked = template.requests.all()
        names = Counter(str(request.get_relationship_display()).partition(":")[0] for request in asked)
        counted = [name if count == 1 else f"{name} ({count})" for name, count in names.items()]
        return get_text_list(counted, _("and")) or _("nobody yet")

    @admin.display(description=gettext_lazy("checks"))
    def check_count(self, template: Any) -> str:
        return f"{template.checks_made}{'+' if template.checks_made == MANY else ''}"

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        template = kwargs.get("obj")
        context["used"] = self.check_count(template) if template else ""
        return super().render_change_form(request, context, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        has_default = reader(request).is_operator or self.get_queryset(request).filter(is_default=True).exists()
        return super().changelist_view(request, {"has_default": has_default, **(extra_context or {})})

    @verb(
        gettext_lazy("Duplicate"),
        says=gettext_lazy("Makes a copy with the same survey and the same people to ask, and without the tag."),
        permission="add",
    )
    def duplicate(self, request: HttpRequest, template: ReferenceTemplate, now: datetime) -> str | None:
        copy = template.duplicate()
        url = reverse("admin:templates_app_referencetemplate_change", args=[copy.pk])
        return format_html(_('There is a copy now: <a href="{}">{}</a>. It has no tag yet.'), url, copy)

    @verb(
        gettext_lazy("Make default"),
        says=gettext_lazy("Jobs whose tags match no template get this one from now on, instead of the default before."),
        when=lambda template: not template.is_default,
    )
    def make_default(self, request: HttpRequest, template: ReferenceTemplate, now: datetime) -> str | None:
        template.make_default()
        return _("“%(name)s” is the default now.") % {"name": template}
