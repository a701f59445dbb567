"""What can be done about one person of a check from its page: each a page that says what happens, with a button."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.scoped_admin import reader
from checks.desk_forms import AddressForm, InsteadForm
from checks.models import Check, Reference
from checks.nudging import Obstacle
from notifications.tasks import wake_sender

Row = Check | Reference


@dataclass(frozen=True)
class Help:
    """`deed` gives False when it came too late. `form` is made for the row, and its fields are for the deed."""

    label: str | Promise
    says: str | Promise
    done: str | Promise
    when: Callable[[Any, datetime], bool]
    deed: Callable[[Any, datetime, User, Any], object]
    form: Callable[..., forms.Form] | None = None


def _may_be_reminded(reference: Reference, now: datetime) -> bool:
    """As far as the row itself says; the rest is found out when somebody asks for it."""
    return reference.obstacle_by(now, lambda at: False, lambda at: False) is None


# What stands in the last part of an address -> what it does. `invite` is about the candidate.
HELPS = {
    "remind": Help(
        gettext_lazy("Remind now"),
        gettext_lazy(
            "%(name)s gets the next reminder now instead of later, in office hours where the template keeps to them. "
            "It counts as one of the reminders that they get at most."
        ),
        gettext_lazy("%(name)s is reminded."),
        _may_be_reminded,
        lambda reference, now, by, form: reference.nudge(now, by),
    ),
    "another": Help(
        gettext_lazy("Ask the candidate for somebody else"),
        gettext_lazy("%(candidate)s is asked by e-mail to name somebody else instead of %(name)s, or another address."),
        gettext_lazy("%(candidate)s is asked for somebody else."),
        lambda reference, now: reference.may_be_replaced(now),
        lambda reference, now, by, form: reference.ask_for_another(now, by),
    ),
    "replace": Help(
        gettext_lazy("Replace"),
        gettext_lazy(
            "For a person whom %(candidate)s has told you. They are asked at once, and %(name)s is not asked any more."
        ),
        gettext_lazy("Somebody else is asked instead of %(name)s."),
        lambda reference, now: reference.for_check.is_live and (reference.is_open or reference.is_gone),
        lambda reference, now, by, form: reference.replace(form.named(), now, by),
        InsteadForm,
    ),
    "invite": Help(
        gettext_lazy("Send the request again"),
        gettext_lazy(
            "%(name)s gets the link to name references once more, at this address from now on. What was sent before "
            "opens the same page."
        ),
        gettext_lazy("%(name)s is asked once more."),
        lambda check, now: check.may_be_invited,
        lambda check, now, by, form: check.invite_again(form.cleaned_data["email"], now, by),
        lambda check, **kwargs: AddressForm(initial={"email": check.candidate_email}, **kwargs),
    ),
}
OF_REFERENCES = ("remind", "another", "replace")
WHY_NOT = {
    Obstacle.OVER: gettext_lazy("%(name)s is not waited for any more, so nobody was reminded."),
    Obstacle.CALL: gettext_lazy("%(name)s would rather be called, so nobody was reminded."),
    Obstacle.QUIET: gettext_lazy("%(name)s wants no more reminders, so none was sent."),
    Obstacle.LATER: gettext_lazy("%(name)s has chosen the day of the next reminder, so none was sent now."),
    Obstacle.SOON: gettext_lazy("%(name)s was written to a short while ago, so nobody was reminded."),
    Obstacle.ENOUGH: gettext_lazy("%(name)s has had as many reminders this month as one person gets."),
}


class WithPeople:
    """The half of the checks' admin that does them."""

    admin_site: Any

    def people_urls(self) -> list[URLPattern]:
        """To stand before Django's own addresses, whose last one takes everything."""
        person, candidate = (self.admin_site.admin_view(view) for view in (self.person_view, self.invite_view))
        return [
            path("<int:object_id>/people/<uuid:person>/<slug:name>/", person, name="checks_check_person"),
            path("<int:object_id>/invite/", candidate, name="checks_check_invite"),
        ]

    def person_view(self, request: HttpRequest, object_id: int, person: UUID, name: str) -> HttpResponse:
        check = self._changeable(request, object_id)
        reference = check.references.filter(public_id=person).first()
        if reference is None or name not in OF_REFERENCES:
            raise Http404
        return self._help(request, check, reference, HELPS[name])

    def invite_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        check = self._changeable(request, object_id)
        return self._help(request, check, check, HELPS["invite"])

    def _changeable(self, request: HttpRequest, object_id: int) -> Check:
        page: Any = self
        check: Check | None = page.get_object(request, str(object_id))
        if check is None or not page.has_change_permission(request, check):
            raise PermissionDenied
        return check

    def _help(self, request: HttpRequest, check: Check, row: Row, kind: Help) -> HttpResponse:
        now = timezone.now()
        words = {"name": row.name if isinstance(row, Reference) else check.who, "candidate": check.first_name}
        form = kind.form(row, data=request.POST or None) if kind.form else None
        if request.method == "POST" and (form is None or form.is_valid()):
            self._do_it(request, row, kind, form, words, now)
            return redirect("admin:checks_check_change", check.pk)
        page: Any = self
        context = {
            **self.admin_site.each_context(request),
            "opts": page.opts,
            "original": check,
            "title": f"{kind.label}: {words['name']}",
            "says": kind.says % words,
            "label": kind.label,
            "possible": kind.when(row, now),
            "form": form,
        }
        return TemplateResponse(request, "admin/checks/check/person.html", context)

    def _do_it(
        self, request: HttpRequest, row: Row, kind: Help, form: Any, words: dict[str, str], now: datetime
    ) -> None:
        page: Any = self
        if kind.when(row, now) and kind.deed(row, now, reader(request), form):
            page.log_change(request, row.of_check, str(kind.label))
            wake_sender()
            messages.success(request, kind.done % words)
        else:
            messages.warning(request, _why_not(row, kind, now) % words)


def _why_not(row: Row, kind: Help, now: datetime) -> str:
    if kind is HELPS["remind"] and isinstance(row, Reference) and (obstacle := row.obstacle(now)):
        return str(WHY_NOT[obstacle])
    return _("Nothing was changed: things have moved on since the page was shown.")


def ways(check: Check, reference: Reference, now: datetime) -> list[tuple[str | Promise, str]]:
    """What can be done about a reference now: words and the page that does it."""
    return [
        (HELPS[name].label, reverse("admin:checks_check_person", args=[check.pk, reference.public_id, name]))
        for name in OF_REFERENCES
        if HELPS[name].when(reference, now)
    ]
