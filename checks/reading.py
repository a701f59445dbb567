"""Who may read a report, asked by every page and file of one; and what others are told."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from checks import readership
from checks.models import Check

View = Callable[..., HttpResponse]


def for_readers(view: View) -> View:
    """Give the view the check in place of its id, if this person may read its report; else say whom to ask.

    Of another organization's checks nothing is told, not even that there is one.
    """

    @never_cache
    @login_required
    @wraps(view)
    def page(request: HttpRequest, check: UUID, **parts: Any) -> HttpResponse:
        found = visible(request, check)
        if not readership.may_read(request.user, found):
            return refused(request, found)
        return view(request, found, **parts)

    return page


def visible(request: HttpRequest, check: UUID) -> Check:
    """The check itself, whose report may be for others; 404 where this person sees no such check."""
    rows = Check.objects.visible_to(request.user).select_related("organization", "outcome")
    return get_object_or_404(rows, public_id=check)


def refused(request: HttpRequest, check: Check) -> HttpResponse:
    """Nothing of the report, and the names of those who can change that."""
    context = {
        "check": check,
        "organization": check.organization,
        "whom": readership.whom_to_ask(check),
        "may_change": readership.may_change(request.user, check),
    }
    return render(request, "checks/report_private.html", context, status=403)
