"""The portal's menu: where one can go, by what one may see. One table."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.scoped_admin import OperatorsAdmin


@dataclass(frozen=True)
class Place:
    """An entry of the menu: the list of a model, or several such lists side by side."""

    label: str | Promise
    model: str = ""  # such as "checks.check"; whoever may view it sees the entry
    pages: tuple[str, ...] = ()  # addresses by name that belong here, too
    children: tuple["Place", ...] = ()

    @property
    def names(self) -> str:
        """How the names of the model's admin pages begin."""
        return f"{self.model.replace('.', '_')}_"


PLACES = (
    Place(_("Desk"), pages=("index",)),
    Place(_("Checks"), "checks.check", pages=("report",)),
    Place(
        _("Templates"),
        children=(
            Place(_("Templates"), "templates_app.referencetemplate"),
            Place(_("Surveys"), "templates_app.survey"),
            Place(_("Messages in own words"), "templates_app.customnotification"),
        ),
    ),
    Place(_("Prospects"), "prospects.prospect"),
    Place(_("Messages"), "notifications.message"),
    Place(
        _("Organization settings"),
        children=(
            Place(_("Connections"), "integrations.connection"),
            Place(_("Deliveries"), "integrations.delivery"),
            Place(_("Actions"), "integrations.action"),
            Place(_("People"), "accounts.user"),
            Place(_("Organization"), "accounts.organization"),
        ),
    ),
)


@dataclass(frozen=True)
class Entry:
    """A Place as one person sees it on one page."""

    label: str
    url: str
    is_here: bool
    children: list["Entry"] = field(default_factory=list)


def menu(request: HttpRequest) -> list[Entry]:
    return list(_entries((*PLACES, _machinery()), request))


def _machinery() -> Place:
    """What the packages under Vouch keep, for the operator."""
    models = [model for model, page in admin.site._registry.items() if isinstance(page, OperatorsAdmin)]
    places = (Place(str(m._meta.verbose_name_plural).capitalize(), m._meta.label_lower) for m in models)
    return Place(_("Machinery"), children=tuple(places))


def _entries(places: tuple[Place, ...], request: HttpRequest) -> Iterator[Entry]:
    here = request.resolver_match.url_name or "" if request.resolver_match else ""
    for place in places:
        children = list(_entries(place.children, request))
        if children:
            yield Entry(str(place.label), children[0].url, any(child.is_here for child in children), children)
        elif not place.children and _may_see(place, request.user):
            is_here = here in place.pages or (bool(place.model) and here.startswith(place.names))
            yield Entry(str(place.label), _url(place), is_here)


def _may_see(place: Place, user: Any) -> bool:
    app_label, _dot, model = place.model.partition(".")
    return not place.model or user.has_perm(f"{app_label}.view_{model}")


def _url(place: Place) -> str:
    return reverse(f"admin:{place.names}changelist" if place.model else "admin:index")
