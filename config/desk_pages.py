"""Pages beside the desk: a check begun by hand, two candidates side by side, and numbers over time."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.scoped_admin import reader
from checks.comparing import LOOKED_AT, Comparison, Side, others, readable
from checks.desk_forms import StartForm
from checks.inviting import by_hand, new_number
from checks.models import Check, NotStarted
from config.numbers import ENOUGH, MOST, Numbers
from config.works import may_open
from notifications.tasks import wake_sender


class DeskPages:
    def __init__(self, site: AdminSite) -> None:
        self.site = site

    @property
    def urls(self) -> list[URLPattern]:
        return [
            path("start-check/", self.site.admin_view(self.start_check), name="start-check"),
            path("compare/", self.site.admin_view(self.compare), name="compare"),
            path("numbers/", self.site.admin_view(self.numbers), name="numbers"),
        ]

    def _show(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        return TemplateResponse(request, f"admin/desk/{template}.html", {**self.site.each_context(request), **context})

    # --- by hand --------------------------------------------------------------------------------------

    def start_check(self, request: HttpRequest) -> HttpResponse:
        user = reader(request)
        if not may_start(user):
            raise PermissionDenied
        form = StartForm(user, data=request.POST or None, initial={"number": new_number()})
        if request.method == "POST" and form.is_valid():
            return _start(request, user, form.cleaned_data)
        return self._show(request, "start", title=_("Start a check by hand"), form=form)

    # --- side by side ---------------------------------------------------------------------------------

    def compare(self, request: HttpRequest) -> HttpResponse:
        """With `a` and `b`, the public ids of two checks; with `a` alone, the choice of the other."""
        user = reader(request)
        one, other = (_asked_for(request, user, name) for name in ("a", "b"))
        if one is None:
            messages.warning(request, _("Choose a completed check whose report you may read, and compare from there."))
            return redirect(f"{reverse('admin:checks_check_changelist')}?status=completed")
        found = others(one, user)
        if other is None or other.pk == one.pk or other.pk not in {each.pk for each in found}:
            context = {"one": one, "others": found, "looked_at": LOOKED_AT}
            return self._show(request, "compare_with", title=_("Compare %(name)s with") % {"name": one.who}, **context)
        names = {"one": one.who, "other": other.who}
        title = _("%(one)s and %(other)s side by side") % names
        return self._show(request, "compare", title=title, comparison=Comparison((Side(one), Side(other))), one=one)

    # --- over time ------------------------------------------------------------------------------------

    def numbers(self, request: HttpRequest) -> HttpResponse:
        user = reader(request)
        found = {"numbers": Numbers(user, timezone.now()), "may_open_works": may_open(user)}
        return self._show(request, "numbers", title=_("Numbers over time"), **found, most=MOST, enough=ENOUGH)


def may_start(user: User) -> bool:
    """The operator belongs to no organization for which one could begin."""
    return user.organization_id is not None and user.has_perm("checks.change_check")


def _start(request: HttpRequest, user: User, said: dict[str, Any]) -> HttpResponse:
    begun = by_hand(
        said["number"], said["name"], said["email"], said["phone"], said["position"], said["template"], user
    )
    organization: Any = user.organization
    try:
        check = Check.start(organization, *begun, timezone.now())
    except NotStarted:  # the form was sent twice
        check = Check.objects.visible_to(user).of(said["number"]).latest("pk")
    else:
        wake_sender()
        messages.success(request, _("%(name)s is asked to name references.") % {"name": check.first_name})
    return redirect("admin:checks_check_change", check.pk)


def _asked_for(request: HttpRequest, user: User, name: str) -> Check | None:
    try:
        return readable(user).filter(public_id=UUID(request.GET.get(name, ""))).first()
    except ValueError:
        return None
