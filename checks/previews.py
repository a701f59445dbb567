"""What candidates and references will see, with people who do not exist. Nothing is written, and nothing can be sent.

A page of the portal holds the real page in a frame. That one is made by the same templates and forms as for real
people, from rows that are never saved. It is the only page that may be framed, and by ourselves alone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from accounts.scoped_admin import reader
from checks import reference_page
from checks.models import Check, Reference
from checks.naming import Naming
from checks.speaking import said_in
from templates_app.builtin.samples import samples
from templates_app.frozen import FrozenTemplate
from templates_app.kinds import Language, Relationship
from templates_app.models import ReferenceTemplate, Survey

WIDTHS = {"phone": gettext_lazy("Telephone"), "wide": gettext_lazy("Wide screen")}
A_WEEK, A_MONTH = timedelta(days=7), timedelta(days=30)

framed_by_us: Callable[[Any], Any] = csp_replace({"frame-ancestors": ["'self'"]})


@dataclass(frozen=True)
class Look:
    """How somebody wants to look at a page: as whom, in which language, how wide."""

    relationship: str
    language: str
    width: str

    @classmethod
    def of(cls, request: HttpRequest, language: str) -> "Look":
        """As the address says; what it says wrongly or not at all is the first there is."""
        return cls(
            _chosen(request, "as", dict(Relationship.named()), Relationship.MANAGER),
            _chosen(request, "language", dict(Language.choices), language),
            _chosen(request, "width", WIDTHS, "phone"),
        )

    def query(self, **other: str) -> str:
        return urlencode({"as": self.relationship, "language": self.language, "width": self.width, **other})


def _chosen(request: HttpRequest, name: str, known: Mapping[str, Any], otherwise: str) -> str:
    found = request.GET.get(name, "")
    return found if found in known else otherwise


@dataclass(frozen=True)
class Kind:
    """What can be looked at: the model of its rows, a title, and how the page is drawn. `ways` are links to offer."""

    model: Any
    title: Any
    draw: Callable[[HttpRequest, Any, Look], HttpResponse]
    ways: tuple[str, ...] = ("as", "language", "width")


# --- the page in the portal, and the page in its frame ----------------------------------------------------


@never_cache
@require_safe
@login_required
def preview(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    kind, row = _found(request, what, pk)
    look = Look.of(request, row.language)
    survey = row if isinstance(row, Survey) else row.survey
    context = {
        "title": kind.title % {"name": row},
        "row": row,
        "back": f"admin:{row._meta.app_label}_{row._meta.model_name}_change",
        "what": what,
        "look": look,
        "query": look.query(),
        "ways": [way for way in _ways(look) if way[0] in kind.ways],
        "is_unpublished": row is not survey and not survey.version,
    }
    return render(request, "checks/preview.html", context)


@xframe_options_sameorigin
@framed_by_us
@never_cache
@require_safe
@login_required
def page(request: HttpRequest, what: str, pk: int) -> HttpResponse:
    kind, row = _found(request, what, pk)
    look = Look.of(request, row.language)
    return said_in(look.language, lambda: kind.draw(request, row, look))


def _found(request: HttpRequest, what: str, pk: int) -> tuple[Kind, Any]:
    if what not in KINDS:
        raise Http404
    kind, options = KINDS[what], KINDS[what].model._meta
    if not reader(request).has_perm(f"{options.app_label}.view_{options.model_name}"):
        raise PermissionDenied
    rows = kind.model.objects.visible_to(request.user).select_related("organization")
    return kind, get_object_or_404(rows, pk=pk)


def _ways(look: Look) -> Iterator[tuple[str, str, list[tuple[str, str, bool]]]]:
    """What can be chosen: its short name, its name, and for each choice its label, its query, and whether it is it."""
    choices: Mapping[str, tuple[str, Mapping[str, Any], str]] = {
        "as": (_("Read as"), dict(Relationship.named()), look.relationship),
        "language": (_("Language"), dict(Language.choices), look.language),
        "width": (_("Width"), WIDTHS, look.width),
    }
    for name, (label, known, taken) in choices.items():
        yield name, label, [(str(said), look.query(**{name: value}), value == taken) for value, said in known.items()]


# --- people who do not exist ------------------------------------------------------------------------------


def _check(organization: Any, frozen: FrozenTemplate) -> Check:
    now, who = timezone.now(), samples(organization)
    return Check(
        organization=organization,
        candidate_name=who["candidate"],
        position=frozen.position,
        owner_name=who["reader"],
        frozen_template=frozen.as_json(),
        language=frozen.language,
        status=Check.Status.SUBMITTED,
        due_at=now + A_WEEK,
        expires_at=now + A_MONTH,
    )


def _reference(check: Check, look: Look) -> Reference:
    return Reference(
        for_check=check,
        name=samples(check.organization)["reference"],
        relationship=look.relationship,
        language=look.language,
        title=_("Title as the candidate gave it"),
        worked_from=date(2020, 4, 1),
        worked_until=date(2023, 5, 1),
        status=Reference.Status.ASKED,
    )


# --- drawing ----------------------------------------------------------------------------------------------


def _survey(request: HttpRequest, survey: Survey, look: Look) -> HttpResponse:
    """The draft, whether it was published or not."""
    frozen = FrozenTemplate(survey=survey.name, survey_language=survey.language, questions=survey.drafted())
    return _questions(request, _check(survey.organization, frozen), look)


def _for_reference(request: HttpRequest, template: ReferenceTemplate, look: Look) -> HttpResponse:
    return _questions(request, _check(template.organization, template.freeze()), look)


def _questions(request: HttpRequest, check: Check, look: Look) -> HttpResponse:
    page = reference_page.empty(_reference(check, look))
    return _draw(request, "reference", check, **page.context(timezone.now()))


def _for_candidate(request: HttpRequest, template: ReferenceTemplate, look: Look) -> HttpResponse:
    frozen = replace(template.freeze(), language=look.language)
    check = _check(template.organization, frozen)
    return _draw(request, "candidate", check, naming=Naming(check))


def _draw(request: HttpRequest, template: str, check: Check, **context: Any) -> HttpResponse:
    context |= {"check": check, "organization": check.organization, "is_preview": True}
    return render(request, f"checks/{template}.html", context)


KINDS = {
    "survey": Kind(Survey, gettext_lazy("Preview of the survey “%(name)s”"), _survey),
    "reference": Kind(ReferenceTemplate, gettext_lazy("What a reference sees: “%(name)s”"), _for_reference),
    "candidate": Kind(
        ReferenceTemplate,
        gettext_lazy("What the candidate sees: “%(name)s”"),
        _for_candidate,
        ways=("language", "width"),
    ),
}
