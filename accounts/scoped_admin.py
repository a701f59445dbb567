"""The one place where the portal's rows, choices and saves are limited to what the person at the screen may see."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.admin_lists import BoundedList, CountedUpTo, Words
from accounts.admin_many import WithMany
from accounts.admin_verbs import WithVerbs
from accounts.exporting import Exported
from accounts.models import User

if TYPE_CHECKING:  # only the type checker knows them as generics
    BaseModelAdmin = admin.options.BaseModelAdmin[Any]
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
    StackedInline = admin.StackedInline[Any, Any]
else:
    BaseModelAdmin = admin.options.BaseModelAdmin
    ModelAdmin, TabularInline, StackedInline = admin.ModelAdmin, admin.TabularInline, admin.StackedInline


def reader(request: HttpRequest) -> User:
    """Who is at the screen. Every page of the portal asks for sign-in first."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class Scoped(BaseModelAdmin):
    """Rows and choices of related rows, limited by `visible_to`. A model without it cannot be shown."""

    formfield_overrides: ClassVar[Mapping[type[models.Field[Any, Any]], Mapping[str, Any]]] = {
        models.TextField: {"widget": forms.Textarea(attrs={"rows": 3})}
    }

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        visible: models.QuerySet[Any] = rows.visible_to(request.user)
        return visible

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


class ScopedAdmin(WithVerbs, WithMany, Exported, Scoped, ModelAdmin):
    """What every ModelAdmin of the portal inherits. `about` is the sentence under its list's title."""

    about: Words = ""
    keeps: Words = ""  # what stays when a row is deleted
    empty: Words = _("Nothing here yet.")
    empty_value_display = ""
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()
    list_per_page = 50
    paginator = CountedUpTo
    actions = None

    @property
    def media(self) -> forms.Media:
        """Django's scripts for its own look are not needed."""
        return forms.Media()

    def get_urls(self) -> list[Any]:
        return [*self.verb_urls(), *self.many_urls(), *self.csv_urls(), *super().get_urls()]

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only the list's filters. Django would let anyone ask any column of the row's, secret ones too."""
        return lookup in {getattr(item, "parameter_name", item) for item in self.get_list_filter(request)}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[BoundedList]:
        return BoundedList

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The operator chooses an organization first; for staff the field is there, and hidden."""
        fieldsets = super().get_fieldsets(request, obj)
        may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        if may and any(field.name == "organization" for field in self.opts.fields):
            return [(_("Whose"), {"fields": ["organization"]}), *fieldsets]
        return fieldsets

    def get_list_display(self, request: HttpRequest) -> Any:
        """The operator sees whose each row is."""
        is_said = reader(request).is_operator and self._way != "pk"
        return [*super().get_list_display(request), *(["whose"] if is_said else [])]

    def get_list_select_related(self, request: HttpRequest) -> Any:
        named: Any = super().get_list_select_related(request) or ()
        return [*named, *([self._way] if self._way != "pk" else [])]

    @property
    def _way(self) -> str:
        """The path from a row to its organization."""
        rows: Any = self.model._default_manager.all()
        return str(rows.to_organization)

    @admin.display(description=_("organization"))
    def whose(self, row: Any) -> Any:
        for step in self._way.split("__"):
            row = getattr(row, step)
        return row

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        titles = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, {**titles, **(extra_context or {})})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        row = kwargs.get("obj")
        context["buttons"] = list(self.buttons(request, row)) if row else []
        return super().render_change_form(request, context, *args, **kwargs)

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        """Django counts in the plural only."""
        singular = {model._meta.verbose_name_plural: model._meta.verbose_name for model in apps.get_models()}
        counted = [(singular.get(name, name) if n == 1 else name, n) for name, n in context["model_count"]]
        return super().render_delete_form(request, {**context, "goes": counted, "keeps": self.keeps})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and take it back if it has become a row that this person could not see."""
        super().save_model(request, obj, form, change)
        if not self.get_queryset(request).filter(pk=obj.pk).exists():
            raise PermissionDenied


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

    def get_list_display(self, request: HttpRequest) -> Any:
        return list(self.list_display)

    def get_list_select_related(self, request: HttpRequest) -> Any:
        return self.list_select_related

    def has_module_permission(self, request: HttpRequest) -> bool:
        return reader(request).is_operator

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return reader(request).is_operator

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return reader(request).is_operator

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
