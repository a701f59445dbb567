"""The page on which somebody who reads a report clears a signal, with a reason that stays beside it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.scoped_admin import reader
from checks.integrity import IntegritySignal
from checks.models import Check
from checks.reading import for_readers
from checks.reasons import reason_of


class ClearingForm(forms.Form):
    because = forms.CharField(
        label=gettext_lazy("What did you find out?"),
        help_text=gettext_lazy(
            "One sentence is enough. Everybody who may read this report reads it, for good, and so do the people whom "
            "it is about, among what is held of them."
        ),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "area"}),
        error_messages={"required": gettext_lazy("Say what makes it harmless. Without a reason it stays as it is.")},
    )


@for_readers
@require_http_methods(["GET", "HEAD", "POST"])
def clear_signal(request: HttpRequest, check: Check, signal: int) -> HttpResponse:
    if not reader(request).has_perm("checks.change_check"):
        raise PermissionDenied
    found = get_object_or_404(check.integrity_signals.select_related("reference", "other"), pk=signal)
    form = ClearingForm(request.POST if request.method == "POST" else None)
    if found.cleared_at:
        messages.info(request, _("It was cleared before. The reason stands beside it."))
    elif form.is_valid():
        _clear(request, found, form.cleaned_data["because"])
    else:
        return _ask(request, check, found, form)
    return redirect("report", check.public_id)


def _clear(request: HttpRequest, signal: IntegritySignal, because: str) -> None:
    if signal.clear(reader(request), because, timezone.now()):
        messages.success(request, _("It is cleared. Your name and your reason stand beside it."))


def _ask(request: HttpRequest, check: Check, signal: IntegritySignal, form: ClearingForm) -> HttpResponse:
    signal.reference.for_check = check
    context: dict[str, Any] = {
        "check": check,
        "signal": signal,
        "reason": reason_of(signal, signal.reference, signal.other),
        "form": form,
    }
    return render(request, "checks/clear_signal.html", context)
