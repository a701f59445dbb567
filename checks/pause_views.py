"""The page for "later", "no more" and "dates only", and the button of mail programs for "no more of these"."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from checks.doorways import address_of, behind_a_door, door, run_out, unlisted
from checks.models import Check, Reference
from checks.pause_form import LaterForm, day_of
from checks.pausing import Pausing
from checks.reference_page import page_of_reference

PAGES: dict[type[Pausing], str] = {Check: "candidate-pausing", Reference: "reference-pausing"}
OF_ALL: Mapping[str, Callable[[Any, datetime], object]] = {"stop": Pausing.stop, "resume": Pausing.resume}
CHOICES: dict[type[Pausing], Mapping[str, Callable[[Any, datetime], object]]] = {
    Check: OF_ALL,
    Reference: {**OF_ALL, "dates-only": Reference.give_dates_only, "in-full": Reference.answer_in_full},
}


@behind_a_door(Check)
def candidate_pausing(request: HttpRequest, check: Check) -> HttpResponse:
    return _pausing(request, check)


@page_of_reference
def reference_pausing(request: HttpRequest, reference: Reference) -> HttpResponse:
    reference.tell_zone(request.POST.get("time_zone", ""))
    return _pausing(request, reference)


def _pausing(request: HttpRequest, row: Check | Reference) -> HttpResponse:
    now, choice = timezone.now(), request.POST.get("choice", "")
    if not row.may_be_reminded:
        return HttpResponseRedirect(address_of(row))
    if chosen := CHOICES[type(row)].get(choice):
        chosen(row, now)
        return HttpResponseRedirect(request.path)
    form = LaterForm(row, now, request.POST if choice == "later" else None)
    if form.is_valid() and row.later(form.cleaned_data["day"], now):
        return HttpResponseRedirect(request.path)
    return _show(request, row, form, now)


def _show(request: HttpRequest, row: Check | Reference, form: LaterForm, now: datetime) -> HttpResponse:
    check = row.of_check
    is_to_come = row.remind_at and not row.has_had_the_last
    context = {
        "check": check,
        "organization": check.organization,
        "reference": row.as_reference,
        "form": form,
        "is_quiet": row.is_quiet(now),
        "next": day_of(row.remind_at.astimezone(row.zone)) if row.remind_at and is_to_come else "",
        "until": day_of(check.expires_at.astimezone(row.zone)),
        "home": address_of(row),
    }
    return render(request, "checks/pause.html", context)


@csrf_exempt
@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def stop_reminders(request: HttpRequest, token: str) -> HttpResponse:
    """What a mail program posts to when its reader wants no more of these (RFC 8058), without cookies, and maybe twice.

    Whoever follows the address as a link comes to the page, where it is one of the choices.
    """
    now = timezone.now()
    row = Reference.behind(token, now) or Check.behind(token, now)
    if row is None:
        return run_out(request)
    if request.method != "POST":
        return door(request, token, type(row), PAGES[type(row)])
    row.stop(now)
    return HttpResponse("No more reminders.", content_type="text/plain")
