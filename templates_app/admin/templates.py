"""The template editor."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import quote
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_verbs import MenuLink, verb
from accounts.scoped_admin import ScopedTabularInline
from templates_app.admin.history import WithHistory
from templates_app.admin.packs import WithPacks
from templates_app.admin.tag_hints import TagHints, saved_words
from templates_app.admin.template_leaving import TemplateLeaving, is_used
from templates_app.admin.template_list import MANY, TemplateList, counted, survey_words
from templates_app.coherence import MOST, cautions
from templates_app.forms import Concludes, ReferenceTemplateForm, RequestedReferenceForm, RequestedReferences
from templates_app.models import ReferenceTemplate, RequestedReference, Survey

PAGE = "admin:templates_app_referencetemplate"
# What a menu leads to: the address by its name, and the words.
LINKS = {
    "preview-candidate": gettext_lazy("Preview as candidate"),
    "preview-reference": gettext_lazy("Preview as reference"),
    f"{PAGE}_export": gettext_lazy("Export"),
}


class RequestedReferenceInline(ScopedTabularInline):
    model = RequestedReference
    form = RequestedReferenceForm
    formset = RequestedReferences
    template = "admin/templates_app/referencetemplate/requests.html"
    heading = gettext_lazy("Whom we ask")
    one = gettext_lazy("reference")
    about = gettext_lazy(
        "Fix the relationship, or leave it to the candidate. People with unusual careers will thank you for one any. "
        "They may have worked together at any time, unless you say within how many years. A reference without a "
        "relationship is left out."
    )
    fields = ("position", "how_many", "relationship", "recent_years", "is_needed", "note")
    ordering = ("position", "pk")
    max_num = MOST

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj else 3


@admin.register(ReferenceTemplate)
class ReferenceTemplateAdmin(TagHints, WithPacks, TemplateLeaving, TemplateList, WithHistory):
    form = ReferenceTemplateForm
    inlines = (RequestedReferenceInline,)
    verbs = ("duplicate", "make_default", "restore")
    fieldsets = (
        (
            gettext_lazy("Name and tag"),
            {
                "fields": [("name", "ats_tag"), "description", "priority", "becomes_default"],
                "description": gettext_lazy(
                    "A job in Lever with the same tag gets this template. Capitals make no difference."
                ),
            },
        ),
        (
            gettext_lazy("What we ask"),
            {"fields": [("position", "survey"), "language", "asks_candidate"], "classes": ["before-rows"]},
        ),
        (
            gettext_lazy("How long we wait"),
            {
                "fields": [
                    "minimum",
                    ("concludes", "concludes_after_days"),
                    ("days_until_overdue", "days_until_expired"),
                ],
                "description": gettext_lazy(
                    "Overdue shows on the desk and in Lever. Nobody is written to for it, unless the owner is told: "
                    "see the last part of this page."
                ),
            },
        ),
        (
            gettext_lazy("Reminders"),
            {
                "fields": [
                    "reminders_at_most",
                    ("first_reminder_hours", "next_reminder_hours"),
                    "only_office_hours",
                    "sends_texts",
                ],
                "description": gettext_lazy(
                    "To those who have not answered. Each of them can choose later, or no more of them."
                ),
                "classes": ["before-messages"],
            },
        ),
        (
            gettext_lazy("Who is told"),
            {
                "fields": [
                    ("hiring_manager_name", "hiring_manager_email"),
                    "tells_hiring_manager",
                    "tells_owner",
                ],
                "description": gettext_lazy("Beside the recruiters, who see everything here and in Lever."),
            },
        ),
        (
            gettext_lazy("Who reads the answers"),
            {
                "fields": ["confidentiality", "candidate_reads", "is_private"],
                "description": gettext_lazy(
                    "Candidates and references are told before they write anything. So a check keeps what was "
                    "promised when it began, whatever is changed here."
                ),
            },
        ),
    )

    # --- the page ---------------------------------------------------------------------------------------

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A survey that was never published has nothing to ask."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "survey":
            field.queryset = field.queryset.published().order_by("name")
            field.label_from_instance = survey_words
        return field

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "ats_tag" and field:
            hints = {"list": "lever-tags", "data-tag": reverse(f"{PAGE}_tag"), "autocomplete": "off"}
            field.widget.attrs |= {**hints, "autocapitalize": "none", "spellcheck": "false"}
        return field

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        template = kwargs.get("obj")
        context["has_survey"] = Survey.objects.visible_to(request.user).published().exists()
        if template:
            context["used"] = counted(template.checks.values("pk")[:MANY].count())
            context["own_words"] = template.notifications.count()
            context["is_archived_when_deleted"] = is_used(template)
        return super().render_change_form(request, context, *args, **kwargs)

    def menu_links(self, request: HttpRequest, row: Any) -> Iterator[MenuLink]:
        for name, label in LINKS.items():
            yield MenuLink(label, reverse(name, args=[row.pk]))

    @admin.display(description=gettext_lazy("default"))
    def becomes_default(self, template: ReferenceTemplate) -> str:
        """For those who may only look."""
        return _("Yes") if template.is_default else _("No")

    @admin.display(description=gettext_lazy("once enough have answered"))
    def concludes(self, template: ReferenceTemplate) -> str:
        """For those who may only look."""
        return str(Concludes.of(template.concludes_after_days).label)

    # --- saving -----------------------------------------------------------------------------------------

    def save_model(self, request: HttpRequest, obj: ReferenceTemplate, form: Any, change: bool) -> None:
        before = None
        if form.cleaned_data["becomes_default"]:
            before = obj.take_over()
        obj.is_default = form.cleaned_data["becomes_default"]
        super().save_model(request, obj, form, change)
        if before:
            messages.info(request, _("It is the default now, instead of “%(name)s”.") % {"name": before})

    def response_add(
        self, request: HttpRequest, obj: ReferenceTemplate, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._saved(request, obj, _("“%(name)s” is created."))

    def response_change(self, request: HttpRequest, obj: ReferenceTemplate) -> HttpResponse:
        return self._saved(request, obj, _("“%(name)s” is saved. Checks that have begun stay as they are."))

    def _saved(self, request: HttpRequest, template: ReferenceTemplate, words: str) -> HttpResponse:
        """Say what follows from it."""
        messages.success(request, f"{words % {'name': template}} {saved_words(template)}")
        for caution in cautions(template):
            messages.warning(request, caution)
        if "_continue" in request.POST:
            return redirect(f"{PAGE}_change", quote(template.pk))
        return redirect(f"{PAGE}_changelist")

    # --- verbs ------------------------------------------------------------------------------------------

    @verb(
        gettext_lazy("Duplicate"),
        says=gettext_lazy("Makes a copy with the same survey and the same people to ask, and without the tag."),
        permission="add",
    )
    def duplicate(self, request: HttpRequest, template: ReferenceTemplate, now: datetime) -> str | None:
        copy = template.duplicate()
        url = reverse(f"{PAGE}_change", args=[copy.pk])
        return format_html(_('There is a copy now: <a href="{}">{}</a>. It has no tag yet.'), url, copy)

    @verb(
        gettext_lazy("Make default"),
        says=gettext_lazy("Jobs whose tags match no template get this one from now on, instead of the default before."),
        when=lambda template: not template.is_default and not template.is_archived,
    )
    def make_default(self, request: HttpRequest, template: ReferenceTemplate, now: datetime) -> str | None:
        template.make_default()
        return _("“%(name)s” is the default now.") % {"name": template}
