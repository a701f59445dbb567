"""The list of templates: what each asks, of whom, and whether it is used."""

from collections import Counter
from typing import Any

from django.contrib import admin
from django.db.models import IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_lists import choice_filter, state
from accounts.scoped_admin import ScopedAdmin, reader
from templates_app.models import ReferenceTemplate, RequestedReference

MANY = 1000  # checks of a template; how many more there are takes long to find out
CHECKS: Any = ReferenceTemplate._meta.get_field("checks")

KEPT = choice_filter(
    "kept",
    gettext_lazy("shown"),
    [("archived", gettext_lazy("archived"))],
    where=lambda value: Q(is_archived=True),
    first=(gettext_lazy("In use"), Q(is_archived=False)),
)


class HowMany(Subquery):
    """The number of rows that a query gives, with its limit."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS limited)"
    output_field = IntegerField()


class TemplateList(ScopedAdmin):
    about = gettext_lazy("What we ask, of whom, for which kind of job.")
    empty = gettext_lazy(
        "No template is in use, so no job gets a check. Create one, or choose from the packs of Vouch: each brings a "
        "survey and a template."
    )
    list_display = ("name", "tag", "survey_asked", "people", "live_checks", "last_used")
    list_filter = (KEPT,)
    list_select_related = ("survey",)
    search_fields = ("name", "ats_tag")
    search_help_text = gettext_lazy("Name or tag")
    ordering = ("priority", "name", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        made = CHECKS.related_model.objects.filter(template=OuterRef("pk"))
        rows: QuerySet[Any] = super().get_queryset(request)
        with_use: QuerySet[Any] = rows.annotate(
            checks_live=HowMany(made.live().values("pk")[:MANY]),
            used_at=Subquery(made.order_by("-created_at").values("created_at")[:1]),
        )
        asked = Prefetch("requests", RequestedReference.objects.order_by("position", "pk"))
        return with_use.prefetch_related(asked)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        has_default = reader(request).is_operator or self.get_queryset(request).filter(is_default=True).exists()
        return super().changelist_view(request, {"has_default": has_default, **(extra_context or {})})

    @admin.display(description=gettext_lazy("tag"))
    def tag(self, template: ReferenceTemplate) -> SafeString:
        if template.is_archived:
            return state("stopped", _("Archived"))
        if not template.ats_tag and not template.is_default:
            return format_html('<span class="soft">{}</span>', _("no tag"))
        tag = format_html('<span class="tag">{}</span>', template.ats_tag) if template.ats_tag else ""
        return format_html("{} {}", tag, _("default") if template.is_default else "")

    @admin.display(description=gettext_lazy("survey"))
    def survey_asked(self, template: ReferenceTemplate) -> str:
        return survey_words(template.survey)

    @admin.display(description=gettext_lazy("references"))
    def people(self, template: ReferenceTemplate) -> str:
        """Such as: 3: Manager (2) and Any."""
        counts: Counter[str] = Counter()
        for row in template.requests.all():
            counts[str(row.get_relationship_display()).partition(":")[0]] += row.how_many
        named = [name if count == 1 else f"{name} ({count})" for name, count in counts.items()]
        return f"{counts.total()}: {get_text_list(named, _('and'))}" if counts else _("nobody yet")

    @admin.display(description=gettext_lazy("live checks"))
    def live_checks(self, template: Any) -> str:
        return counted(template.checks_live)

    @admin.display(description=gettext_lazy("last used"))
    def last_used(self, template: Any) -> str:
        if not template.used_at:
            return _("not yet")
        return date_format(timezone.localtime(template.used_at), "DATE_FORMAT")


def counted(number: int) -> str:
    return f"{number}{'+' if number == MANY else ''}"


def survey_words(survey: Any) -> str:
    """Such as: Operations, version 3."""
    if not survey.version:
        return _("%(name)s, not published") % {"name": survey.name}
    return _("%(name)s, version %(version)d") % {"name": survey.name, "version": survey.version}
