"""Where somebody who hires answers what a candidate or a reference has asked for, with the right to erase."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.scoped_admin import reader
from checks.models import RightsRequest
from checks.rights import MAY_SETTLE
from checks.rights_form import SettleForm
from notifications.tasks import wake_sender


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    rows = RightsRequest.objects.visible_to(request.user)
    asked = get_object_or_404(rows.select_related("for_check__organization", "reference__for_check"), pk=pk)
    if not reader(request).has_perm(MAY_SETTLE):
        raise PermissionDenied
    form = SettleForm(asked, request.POST if request.method == "POST" and not asked.settled_at else None)
    if request.method == "POST" and (asked.settled_at or form.is_valid()):
        _settle(request, asked, form)
        return redirect("admin:checks_check_change", asked.for_check_id)
    return render(request, "checks/settle.html", {"asked": asked, "check": asked.for_check, "form": form})


def _settle(request: HttpRequest, asked: RightsRequest, form: SettleForm) -> None:
    if asked.settled_at:
        messages.info(request, _("This has been answered before."))
        return
    is_granted = form.cleaned_data["is_granted"] == "yes"
    with transaction.atomic():
        is_settled = asked.settle(
            timezone.now(),
            reader(request),
            is_granted=is_granted,
            answer=form.cleaned_data["answer"],
            **form.put_right,
        )
        if is_settled:
            wake_sender()
    if is_settled:
        messages.success(request, _("It is answered, and they get a mail that says so."))
    else:
        messages.info(request, _("This has been answered before."))
