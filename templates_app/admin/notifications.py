"""Messages in own words: the table of what is said when, and the editor of one of them."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.scoped_admin import reader
from templates_app.admin.history import WithHistory
from templates_app.kinds import Language
from templates_app.merging import FIELDS
from templates_app.models import CustomNotification, ReferenceTemplate
from templates_app.notification_forms import NumberForm, WhoseForm, WordingForm, WordsForm
from templates_app.wordings import Wording, table

AT_MOST = 100  # templates to choose from; the others lead here from their own pages


@admin.register(CustomNotification)
class CustomNotificationAdmin(WithHistory):
    form = WordsForm
    about = gettext_lazy("What we write in your own words. Everything else is written in ours.")
    empty = gettext_lazy("Nobody has written own words yet.")
    list_display = ("moment", "channel", "language", "template")
    list_select_related = ("template",)
    ordering = ("moment", "channel", "language", "pk")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.words_view)
        at = "words/<int:organization>/<slug:moment>/<slug:channel>/<slug:language>/"
        return [path(at, view, name="templates_app_customnotification_words"), *super().get_urls()]

    # --- the table ------------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Of one organization. The operator, who has none, chooses one by its rows or its templates."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        whose = WhoseForm(reader(request), request.GET)
        if not whose.is_valid():
            return redirect(request.path)
        organization, template = whose.cleaned_data["organization"], whose.cleaned_data["template"]
        if organization is None:
            return super().changelist_view(request, extra_context)
        templates = ReferenceTemplate.objects.filter(organization=organization).in_use().in_order()[:AT_MOST]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Messages in own words"),
            "organization": organization,
            "template": template,
            "templates": templates,
            "languages": Language.labels,
            "groups": table(organization, template),
            "may_change": self.has_change_permission(request),
            "deleted_url": reverse("admin:templates_app_customnotification_deleted"),
        }
        return TemplateResponse(request, "admin/templates_app/customnotification/table.html", context)

    # --- the editor -----------------------------------------------------------------------------------

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Own words begin at their place in the table."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("admin:templates_app_customnotification_changelist")

    def words_view(self, request: HttpRequest, **parts: Any) -> HttpResponse:
        """The editor of one place, whether there are own words yet or not."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        wanted = WordingForm(reader(request), {**parts, "template": request.GET.get("template", "")})
        if not wanted.is_valid():
            raise Http404
        own = wanted.wording.own
        request.wording = wanted.wording  # type: ignore[attr-defined]  # read by _wording
        return self.changeform_view(request, str(own.pk) if own else None)

    def _wording(self, request: HttpRequest, row: Any) -> Wording:
        found: Wording = Wording.of(row) if row else request.wording  # type: ignore[attr-defined]  # by words_view
        return found

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        is_text = self._wording(request, obj).is_text
        return [(_("Words"), {"fields": ["text"] if is_text else ["subject", "text"]})]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.wording = self._wording(request, obj)
        return form

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        row = kwargs.get("obj")
        wording = self._wording(request, row)
        values = wording.samples()
        context.update(
            title=wording,
            wording=wording,
            number=NumberForm(auto_id="%s")["number"] if wording.is_text else None,
            own_fields=[(name, f"{{{name}}}", FIELDS[name], values[name]) for name in wording.about.fields],
        )
        return super().render_change_form(request, context, *args, **kwargs)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return redirect(Wording.of(obj).overview_url)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return redirect(Wording.of(obj).overview_url)
