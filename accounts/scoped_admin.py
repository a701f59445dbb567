"""The one place where the portal's rows, choices and saves are limited to what the person at the screen may see."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import quote, unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.admin_verbs import WithVerbs, Words
from accounts.models import User

if TYPE_CHECKING:  # only the type checker knows them as generics
    BaseModelAdmin = admin.options.BaseModelAdmin[Any]
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    StackedInline = admin.StackedInline[Any, Any]
    _Paginator = Paginator[Any]
else:
    BaseModelAdmin = admin.options.BaseModelAdmin
    ModelAdmin, TabularInline, StackedInline = admin.ModelAdmin, admin.TabularInline, admin.StackedInline
    _Paginator = Paginator


def reader(request: HttpRequest) -> User:
    """Who is at the screen. Every page of the portal asks for sign-in first."""
    assert isinstance(request.user, User)
    return request.user


def state(shape: str, words: Words) -> SafeString:
    """A state as the design shows it: a shape and a word. Shapes: "", moving, done, warn, bad, stopped."""
    return format_html('<span class="state {}">{}</span>', shape, words)


def choice_filter(
    name: str, title: Words, choices: Iterable[tuple[str, Words]], where: Callable[[str], models.Q] | None = None
) -> type[admin.SimpleListFilter]:
    """A list's filter with fixed choices. Django's own, for text columns, reads every row to find what there is.

    `where` says what a choice means; without it, the column `name` holds it.
    """
    fixed = tuple(choices)

    class ChoiceFilter(admin.SimpleListFilter):
        parameter_name = name

        def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, Words]]:
            return fixed

        def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
            value = self.value()
            if value not in dict(fixed):
                return queryset
            return queryset.filter(where(value) if where else models.Q(**{name: value}))

    ChoiceFilter.title = title  # type: ignore[assignment]  # the stubs know no lazy titles
    return ChoiceFilter


class Scoped(BaseModelAdmin):
    """Rows and choices of related rows, limited by `visible_to`. A model without it cannot be shown."""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = super().get_queryset(request).visible_to(request.user)  # type: ignore[attr-defined]
        return rows

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = db_field.remote_field.model._default_manager.visible_to(request.user)
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "organization" and not reader(request).is_operator:
            # Not a question for staff. The field stays in the form, so that rules about the organization hold,
            # but what a browser sends for it is not read.
            field.disabled, field.initial = True, reader(request).organization_id
            field.widget = forms.HiddenInput()
        return field

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = db_field.remote_field.model._default_manager.visible_to(request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget  # no pop-up windows beside a choice
        return field


class CountedUpTo(_Paginator):
    """Pages of a list that may be very long: nobody counts a million rows, or turns two hundred pages."""

    MOST = 10_000

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[: self.MOST].count()  # type: ignore[union-attr]  # a queryset, always


class ScopedAdmin(WithVerbs, Scoped, ModelAdmin):
    """What every ModelAdmin of the portal inherits. `about` is the sentence under its list's title."""

    about: Words = ""
    keeps: Words = ""  # what stays when a row is deleted
    empty: Words = _("Nothing here yet.")
    empty_value_display = ""
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by: Sequence[str] | None = ()
    list_per_page = 50
    paginator = CountedUpTo
    actions = None

    @property
    def media(self) -> forms.Media:
        """Django's scripts for its own look are not needed."""
        return forms.Media()

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [*self.verb_urls(), *super().get_urls()]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only the list's filters. Django would let anyone ask any column of the row's, secret ones too."""
        return lookup in {getattr(item, "parameter_name", item) for item in self.get_list_filter(request)}

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The operator chooses an organization first; for staff the field is there, and hidden."""
        fieldsets = super().get_fieldsets(request, obj)
        may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if may and any(field.name == "organization" for field in self.opts.fields):
            return [(_("Whose"), {"fields": ["organization"]}), *fieldsets]
        return fieldsets

    def get_list_display(self, request: HttpRequest) -> Sequence[Any]:
        return [*super().get_list_display(request), *(["whose"] if reader(request).is_operator else [])]

    def get_list_select_related(self, request: HttpRequest) -> Any:
        return [
            *(super().get_list_select_related(request) or ()),
            *([self._way] if self._way != "pk" else []),
        ]

    @property
    def _way(self) -> str:
        """The path from a row to its organization."""
        return str(self.model._default_manager.all().to_organization)  # type: ignore[attr-defined]

    @admin.display(description=_("organization"))
    def whose(self, row: Any) -> Any:
        for step in self._way.split("__"):
            row = getattr(row, step)
        return row

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        titles = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, {**titles, **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and take it back if it has become a row that this person could not see."""
        super().save_model(request, obj, form, change)
        if not self.get_queryset(request).filter(pk=obj.pk).exists():
            raise PermissionDenied


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
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
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

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        link = self.get_list_link(request)
        return redirect(link) if link else super().changelist_view(request, extra_context)


class ScopedTabularInline(Scoped, TabularInline):
    """Rows of a form that belong to the row above them, in a table."""


class ScopedStackedInline(Scoped, StackedInline):
    """The same, one under the other."""


class OperatorsAdmin(ScopedAdmin):
    """Rows that belong to no organization, such as the queue's: for the operator, who may look and delete."""

    list_filter = ()
    date_hierarchy = None

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = super(Scoped, self).get_queryset(request)
        return rows if reader(request).is_operator else rows.none()

    def get_list_display(self, request: HttpRequest) -> Sequence[Any]:
        return list(self.list_display)

    def get_list_select_related(self, request: HttpRequest) -> Any:
        return self.list_select_related

    def has_module_permission(self, request: HttpRequest) -> bool:
        return reader(request).is_operator

    has_view_permission = has_delete_permission = lambda self, request, obj=None: reader(request).is_operator

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
