"""What the portal's templates need beside Django's own tags."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from django import forms, template
from django.conf import settings
from django.contrib.admin.helpers import AdminReadonlyField, Fieldset, InlineAdminForm
from django.contrib.admin.templatetags.admin_list import result_headers, results
from django.contrib.admin.utils import quote
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.admin_pages import LogAdmin
from accounts.admin_verbs import Button, MenuLink, Verb
from checks.models import Check
from config.check_troubles import troubles_of
from config.places import Entry, menu
from config.troubles import Trouble

register = template.Library()

# The design's class for each kind of control. What is not here is text to type.
CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.RadioSelect, ""),
    (forms.Textarea, "area"),
    (forms.Select, "select"),
    (forms.NumberInput, "input short num"),
)


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> list[Entry]:
    return menu(context["request"])


@register.simple_tag
def version() -> str:
    return settings.VERSION


@register.simple_tag(takes_context=True)
def troubles(context: template.Context, check: Check) -> list[Trouble]:
    """What stands in the way of a check; a remedy that only leads to its page is none on that page."""
    found = troubles_of(check, context["request"].user, timezone.now())
    return [replace(one, remedy=None) if one.remedy and one.remedy.url == one.url else one for one in found]


@register.filter
def since(moment: datetime, now: datetime) -> str:
    """Such as: for 2 days."""
    minutes = max(1, int((now - moment).total_seconds() // 60))
    if minutes < 60:
        return ngettext("for %(n)d minute", "for %(n)d minutes", minutes) % {"n": minutes}
    if minutes < 60 * 24:
        return ngettext("for %(n)d hour", "for %(n)d hours", minutes // 60) % {"n": minutes // 60}
    days = minutes // (60 * 24)
    return ngettext("for %(n)d day", "for %(n)d days", days) % {"n": days}


@register.filter
def fact(value: Any) -> Any:
    """A value as people read it."""
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    return linebreaksbr(value) if isinstance(value, str) else value


@register.filter
def contents(field: AdminReadonlyField) -> Any:
    """What a field holds, for those who may only look."""
    value = getattr(field.form.instance, str(field.field["field"]), None)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return field.contents() or "–"


@register.filter
def times(value: float, factor: float) -> int:
    """Whole units of a drawing."""
    return round(value * factor)


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's control, dressed."""
    widget = field.field.widget
    look = next((look for kind, look in CLASSES if isinstance(widget, kind)), "input")
    own = str(widget.attrs.get("class", ""))
    return field.as_widget(attrs={"class": f"{look} {own}".strip()} if look else None)


@register.filter
def is_switch(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_group(field: BoundField) -> bool:
    """Several controls under one name: a fieldset, with a legend in the label's place."""
    return bool(field.field.widget.use_fieldset)


@register.filter
def is_visible(fieldset: Fieldset) -> bool:
    """Whether there is anything to see in it."""
    return any(line.has_visible_field for line in fieldset)


@register.filter
def form_fields(inline_form: InlineAdminForm) -> list[Any]:
    """All fields of a form within a form, in one line."""
    return [field for fieldset in inline_form for line in fieldset for field in line]


class Menu(NamedTuple):
    """What this person can do to a row: the three dots in a list, and on the row's page."""

    item: Any
    edit_url: str  # empty: not for this person
    links: list[MenuLink]
    buttons: list[Button]
    delete_url: str

    def __bool__(self) -> bool:
        return any(self[1:])


class Row(NamedTuple):
    cells: list[SafeString]
    menu: Menu


@register.simple_tag
def headers(cl: ChangeList) -> list[dict[str, Any]]:
    return list(result_headers(cl))


@register.simple_tag(takes_context=True)
def rows(context: template.Context, cl: ChangeList) -> Iterator[Row]:
    """The list's rows. Each cell carries its column's name, for phones, where a row is a small card."""
    request: HttpRequest = context["request"]
    page: Any = cl.model_admin
    labels = [str(header["text"]) for header in result_headers(cl)]
    for item, cells in zip(cl.result_list, results(cl), strict=True):
        labelled = [_labelled(cell, label) for cell, label in zip(cells, labels, strict=True)]
        yield Row(labelled, _menu(request, page, item))


@register.simple_tag(takes_context=True)
def for_many(context: template.Context, cl: ChangeList) -> list[tuple[Verb, str]]:
    """What can be done to all rows that are ticked, and where that leads."""
    page: Any = cl.model_admin
    return list(page.for_many(context["request"]))


@register.simple_tag(takes_context=True)
def menu_of(context: template.Context, page: Any, item: Any) -> Menu:
    """For the row's own page, to which it need not lead."""
    return _menu(context["request"], page, item)._replace(edit_url="")


def _menu(request: HttpRequest, page: Any, item: Any) -> Menu:
    name, key = f"admin:{page.opts.app_label}_{page.opts.model_name}", [quote(item.pk)]
    return Menu(
        item=item,
        edit_url=reverse(f"{name}_change", args=key) if _may_edit(page, request, item) else "",
        links=list(page.menu_links(request, item)),
        buttons=list(page.buttons(request, item)),
        delete_url=reverse(f"{name}_delete", args=key) if page.has_delete_permission(request, item) else "",
    )


def _may_edit(page: Any, request: HttpRequest, item: Any) -> bool:
    return not isinstance(page, LogAdmin) and bool(page.has_change_permission(request, item))


def _labelled(cell: str, label: str) -> SafeString:
    """Django writes the cell; the name of its column is put into the tag that opens it."""
    named = cell.replace("<td", f'<td data-label="{escape(capfirst(label))}"', 1)
    return mark_safe(named.replace("<th", '<th scope="row"', 1))  # noqa: S308  (escaped above, and by Django)


@register.simple_tag
def csv_url(cl: ChangeList) -> str:
    """The list as it is filtered and searched, as a file."""
    name = f"admin:{cl.opts.app_label}_{cl.opts.model_name}_csv"
    return reverse(name) + cl.get_query_string(remove=[PAGE_VAR])


@register.simple_tag
def other_page(cl: ChangeList, step: int) -> str:
    """The query of the page before (-1) or after (1); empty when there is none."""
    number = cl.page_num + step
    return cl.get_query_string({PAGE_VAR: number}) if 1 <= number <= cl.paginator.num_pages else ""
