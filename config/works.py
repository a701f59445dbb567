"""Does it work here? Each question and competency against who was hired and who stayed; the day on which one looks
back; and how often each of several groups was hired. For those who may read all reports of their organization.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Organization, User
from accounts.scoped_admin import reader
from checks.impact import SMALLEST as SMALLEST_GROUP
from checks.kept import to_look_back_at
from checks.models import Outcome
from checks.validity import ENOUGH, RETIRE_FROM, SMALLEST
from checks.validity_marks import MOST, Choice, count, gather
from config.works_forms import ChoiceForm, GroupsForm
from config.works_impact import look
from config.works_table import HIRED, KEPT, MOST_COMPETENCIES, MOST_QUESTIONS, Table

LISTED = 100  # people to look back at
UNDONE = 20  # that were said last, and can be taken back
SAID = {"yes": True, "no": False, "undo": None}


def may_open(user: User) -> bool:
    """The operator belongs to no organization whose figures these would be."""
    return user.organization_id is not None and not user.is_limited


def may_look_back(user: User) -> bool:
    return user.organization_id is not None and user.has_perm("checks.change_check")


class Works:
    """The figures for one person, of the checks that they chose."""

    def __init__(self, user: User, choice: Choice) -> None:
        self.user, self.choice = user, choice

    @cached_property
    def counts(self) -> Any:
        return count(self.user, self.choice)

    @cached_property
    def tables(self) -> list[Table]:
        found = gather(self.user, self.choice)
        return [Table(found, KEPT), Table(found, HIRED)]

    @property
    def sentences(self) -> Iterator[str]:
        """What is looked at, and what is not."""
        counts = self.counts
        yield ngettext(
            "%(known)d completed check is looked at: %(hired)d hired, %(not_hired)d not.",
            "%(known)d completed checks are looked at: %(hired)d hired, %(not_hired)d not.",
            counts.known,
        ) % {"known": counts.known, "hired": counts.hired, "not_hired": counts.not_hired}
        if counts.hired:
            yield _(
                "Of those hired, %(kept)d are still employed, %(left)d are not, and of the others it is not said."
            ) % {
                "kept": counts.kept,
                "left": counts.left,
            }
        if counts.is_cut:
            yield _("There are more than %(most)d; the figures are of the newest.") % {"most": MOST}
        yield from self._left_out()

    def _left_out(self) -> Iterator[str]:
        counts = self.counts
        words = {"unknown": counts.unknown, "conflicts": counts.conflicts, "private": counts.private}
        if counts.unknown:
            yield (
                ngettext(
                    "Left out: %(unknown)d check of which it is not known how it ended.",
                    "Left out: %(unknown)d checks of which it is not known how it ended.",
                    counts.unknown,
                )
                % words
            )
        if counts.conflicts:
            yield (
                ngettext(
                    "Left out: %(conflicts)d check of which Lever says one thing and somebody the other.",
                    "Left out: %(conflicts)d checks of which Lever says one thing and somebody the other.",
                    counts.conflicts,
                )
                % words
            )
        if counts.private:
            yield (
                ngettext(
                    "Left out: %(private)d private report that you may not read.",
                    "Left out: %(private)d private reports that you may not read.",
                    counts.private,
                )
                % words
            )


class LookingBack:
    """The people whose day has come, for one person at one moment."""

    def __init__(self, user: User, now: datetime) -> None:
        self.organization = _organization(user)
        self.months = self.organization.looks_back_after
        self.all = Outcome.objects.visible_to(user)
        self.due = to_look_back_at(self.all, self.organization, now)

    @cached_property
    def count(self) -> int:
        return int(self.due.count())

    @property
    def listed(self) -> list[Outcome]:
        """The longest overdue first, as the ATS dates them."""
        return list(_with_checks(self.due).order_by("ats_since", "said_at", "pk")[:LISTED])

    @property
    def said_last(self) -> list[Outcome]:
        said = self.all.filter(is_kept__isnull=False, for_check__erased_at=None)
        return list(_with_checks(said).order_by("-kept_said_at", "-pk")[:UNDONE])

    @property
    def erased_before(self) -> bool:
        """What is erased by then tells nothing any more."""
        keeps = self.organization.keeps_months
        return bool(keeps and self.months and keeps <= self.months)


def _with_checks(rows: Any) -> Any:
    unread = ("for_check__token", "for_check__report_data", "for_check__frozen_template", "for_check__consent_text")
    return rows.select_related("for_check", "kept_said_by").defer(*unread)


def _organization(user: User) -> Organization:
    if user.organization is None:
        raise PermissionDenied
    return user.organization


class WorksPages:
    def __init__(self, site: AdminSite) -> None:
        self.site = site

    @property
    def urls(self) -> list[URLPattern]:
        view = self.site.admin_view
        return [
            path("works/", view(require_GET(self.works)), name="works"),
            path("works/kept/", view(require_GET(self.kept)), name="works-kept"),
            path("works/kept/<uuid:check>/", view(require_POST(self.keep)), name="works-keep"),
            path(
                "works/groups/",
                view(csrf_exempt(require_http_methods(["GET", "POST"])(self.groups))),
                name="works-groups",
            ),
        ]

    def _show(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        return TemplateResponse(request, f"admin/desk/{template}.html", {**self.site.each_context(request), **context})

    # --- the figures ----------------------------------------------------------------------------------

    def works(self, request: HttpRequest) -> HttpResponse:
        user = _who_may(request, may_open)
        form = ChoiceForm(user, request.GET)
        found = Works(user, form.choice if form.is_valid() else Choice())
        due = LookingBack(user, timezone.now()) if may_look_back(user) else None
        limits = {"smallest": SMALLEST, "enough": ENOUGH, "retire_from": RETIRE_FROM}
        most = {"most": MOST, "most_questions": MOST_QUESTIONS, "most_competencies": MOST_COMPETENCIES}
        context = {"title": _("Does it work here?"), "form": form, "works": found, "back": due, **limits, **most}
        return self._show(request, "works", **context)

    # --- looking back ---------------------------------------------------------------------------------

    def kept(self, request: HttpRequest) -> HttpResponse:
        found = LookingBack(_who_may(request, may_look_back), timezone.now())
        words = {"count": found.count}
        title = _("Nobody’s day has come") if not found.count else _title(found.count) % words
        return self._show(request, "works_kept", title=title, back=found, most=LISTED)

    def keep(self, request: HttpRequest, check: UUID) -> HttpResponse:
        user, now = _who_may(request, may_look_back), timezone.now()
        rows = Outcome.objects.visible_to(user).select_related("for_check__organization")
        outcome = get_object_or_404(rows, for_check__public_id=check)
        said = request.POST.get("employed", "")
        if said in SAID and outcome.keep(SAID[said], user, now):
            messages.success(request, _told(said) % {"name": outcome.for_check.who})
        else:
            messages.warning(request, _("Nothing was changed: things have moved on."))
        return redirect("admin:works-kept")

    # --- groups ---------------------------------------------------------------------------------------

    def groups(self, request: HttpRequest) -> HttpResponse:
        """The file stays in memory: what is larger than fits there is not read at all, and nothing goes to the disk."""
        request.upload_handlers = [MemoryFileUploadHandler(request)]
        return csrf_protect(self._groups)(request)

    def _groups(self, request: HttpRequest) -> HttpResponse:
        user = _who_may(request, may_open)
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = GroupsForm(user, *sent)
        found = look(user, form.choice, form.cleaned_data["file"]) if form.is_valid() else None
        context = {"title": _("Adverse impact"), "form": form, "found": found, "smallest": SMALLEST_GROUP}
        return self._show(request, "works_groups", **context)


def _who_may(request: HttpRequest, may: Any) -> User:
    user = reader(request)
    if not may(user):
        raise PermissionDenied
    return user


def _title(count: int) -> str:
    return ngettext("Is %(count)d person still employed?", "Are %(count)d people still employed?", count)


def _told(said: str) -> str:
    words = {
        "yes": _("Put down: %(name)s is still employed."),
        "no": _("Put down: %(name)s is not employed any more."),
        "undo": _("Taken back: of %(name)s it is not said any more."),
    }
    return words[said]
