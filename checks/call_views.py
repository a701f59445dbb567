"""Somebody who hires calls a reference, reads the questions out, and writes down what is said: the same form."""

from uuid import UUID

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
from checks import reference_page
from checks.models import Reference
from checks.reference_page import Page
from notifications.tasks import wake_sender


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def call_reference(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Whom to call, when, what to say first, and the questions."""
    if not reader(request).has_perm("checks.change_check"):
        raise PermissionDenied
    rows = Reference.objects.visible_to(request.user).select_related("for_check__organization")
    called = get_object_or_404(rows, public_id=reference)
    if request.method != "POST" and called.may_be_called:
        return _show(request, reference_page.empty(called))
    return _write_down(request, called) if request.method == "POST" else _show_why_not(request, called)


def _write_down(request: HttpRequest, called: Reference) -> HttpResponse:
    if not called.may_be_called:
        return _show_why_not(request, called)
    now, is_draft = timezone.now(), "save" in request.POST or "correct" in request.POST
    page = reference_page.returned(called, request.POST, now, is_draft=is_draft)
    given, is_complete = page.given(), page.is_fine and not is_draft
    with transaction.atomic():
        is_done = (called.submit if is_complete else called.keep)(given, now, by=reader(request))
        if is_complete and is_done:
            wake_sender()
    if not is_done:
        return _show_why_not(request, Reference.objects.get(pk=called.pk))
    if not is_complete:
        return _show(request, page, saved_at=now)
    messages.success(request, _("What %(name)s said is written down and sent.") % {"name": called.name})
    return redirect("admin:checks_check_change", called.for_check_id)


def _show(request: HttpRequest, page: Page, **context: object) -> HttpResponse:
    check, found = page.reference.for_check, page.context(timezone.now())
    context = {"check": check, "organization": check.organization, "is_call": True, **found, **context}
    return render(request, "checks/call_reference.html", context)


def _show_why_not(request: HttpRequest, called: Reference) -> HttpResponse:
    """What was typed meanwhile is given back, so that it can be told on."""
    typed = []
    if request.method == "POST":
        page = reference_page.returned(called, request.POST, timezone.now(), is_draft=True, is_too_late=True)
        typed = page.typed()
    context = {"check": called.for_check, "reference": called, "typed": typed}
    return render(request, "checks/not_to_be_called.html", context, status=409 if typed else 200)
