"""The report as recruiters read it: signed in, and among those that they may read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from checks.models import Check
from checks.reading import for_readers
from checks.report_parts import report_for


@require_safe
@for_readers
def report_page(request: HttpRequest, check: Check) -> HttpResponse:
    now = timezone.now()
    is_readable = check.status == Check.Status.COMPLETED and not check.erased_at
    if is_readable and request.user.is_authenticated:
        check.note_opening(request.user, now)
    context = report_for(check, now, by_reference=request.GET.get("by") == "reference")
    return render(request, "checks/report.html", context)
