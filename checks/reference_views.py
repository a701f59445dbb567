"""The questions to a reference: answered, saved half-way, changed afterwards. Nothing that was typed is ever lost."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from checks import reference_page
from checks.doorways import address_of, to_page_of
from checks.models import Reference
from checks.reference_forms import InterestForm
from checks.reference_page import Page, draw, page_of_reference
from notifications.tasks import wake_sender

ENDINGS = {Reference.Status.SUBMITTED: "thanks", Reference.Status.DECLINED: "declined"}
# The buttons that keep what is there and ask for no more: save, save what was put right, and go elsewhere.
DRAFTS = {"save", "correct", "then"}
ELSEWHERE = {"later": "reference-pausing", "call": "reference-call", "decline": "reference-decline"}
HOW_MUCH = {"dates-only": Reference.give_dates_only, "in-full": Reference.answer_in_full}


@page_of_reference
def reference(request: HttpRequest, reference: Reference) -> HttpResponse:
    """The questions; from then on, what became of them."""
    if request.method == "POST":
        return _take(request, reference) if reference.is_open else _come_too_late(request, reference)
    return _ask(request, reference_page.empty(reference)) if reference.is_open else ending(request, reference)


def ending(request: HttpRequest, reference: Reference, interest: InterestForm | None = None) -> HttpResponse:
    """What is said when nothing is asked any more."""
    page = ENDINGS.get(Reference.Status(reference.status), "not_needed")
    changed = reference.events.filter(kind="changed").order_by("at").last()
    return draw(request, page, reference, interest=interest or InterestForm(reference), changed=changed)


def _ask(request: HttpRequest, page: Page, **context: Any) -> HttpResponse:
    return draw(request, "reference", **{**page.context(timezone.now()), **context})


def _take(request: HttpRequest, reference: Reference) -> HttpResponse:
    """Take the answers, or keep what is there of them."""
    now, is_draft = timezone.now(), not DRAFTS.isdisjoint(request.POST)
    reference.tell_zone(request.POST.get("time_zone", ""))
    page = reference_page.returned(reference, request.POST, now, is_draft=is_draft)
    given, is_complete = page.given(), page.is_fine and not is_draft
    with transaction.atomic():
        is_done = (reference.submit if is_complete else reference.keep)(given, now)
        if is_complete and is_done:
            wake_sender()
    if not is_done:
        reference.refresh_from_db()
        return _come_too_late(request, reference)
    if is_complete:
        return to_page_of(reference)
    if "X-Save" in request.headers:
        return render(request, "checks/saved_line.html", {"saved_at": now, **page.context(now)})
    return _go_on(page, request.POST.get("then", "")) or _ask(request, page, saved_at=now)


def _go_on(page: reference_page.Returned, then: str) -> HttpResponse | None:
    """To where the button leads; None where it leads nowhere, or something is to be corrected first."""
    if not page.is_fine and then != "decline":
        return None
    if then in HOW_MUCH:
        HOW_MUCH[then](page.reference, timezone.now())
        return to_page_of(page.reference)
    return HttpResponseRedirect(address_of(page.reference, ELSEWHERE[then])) if then in ELSEWHERE else None


# --- after sending --------------------------------------------------------------------------------------


@page_of_reference
def change(request: HttpRequest, reference: Reference) -> HttpResponse:
    """Read and change what was sent, until the check is concluded."""
    if request.method != "POST":
        is_possible = reference.may_change
        return _change(request, reference_page.empty(reference)) if is_possible else to_page_of(reference)
    if not reference.may_change:
        return _come_too_late(request, reference)
    now, is_only_right = timezone.now(), "correct" in request.POST
    page = reference_page.returned(reference, request.POST, now, is_draft=is_only_right)
    if is_only_right or not page.is_fine:
        return _change(request, page, is_put_right=page.right.is_fine and is_only_right)
    if not reference.change(page.given(), now):
        return _come_too_late(request, Reference.objects.get(pk=reference.pk))
    return to_page_of(reference)


def _change(request: HttpRequest, page: Page, *, status: int = 200, **context: Any) -> HttpResponse:
    found = page.context(timezone.now())
    return draw(request, "change", status=status, **{**found, "is_change": True, **context})


@page_of_reference
def withdraw(request: HttpRequest, reference: Reference) -> HttpResponse:
    """Take back what was sent, once that is said on this page."""
    if not reference.may_change:
        return to_page_of(reference)
    if request.method != "POST":
        return draw(request, "withdraw", reference)
    with transaction.atomic():
        if reference.withdraw(timezone.now()):
            wake_sender()
    return to_page_of(reference)


def _come_too_late(request: HttpRequest, reference: Reference) -> HttpResponse:
    """From a second click, an older window, or after the end. What was typed there is given back."""
    now = timezone.now()
    page = reference_page.returned(reference, request.POST, now, is_draft=True, is_too_late=True)
    if "X-Save" in request.headers:
        return render(request, "checks/too_late_line.html", {"reference": reference}, status=409)
    if not page.is_news:
        return to_page_of(reference)
    if reference.may_change:
        return _change(request, page, status=409, is_from_before=True)
    return draw(request, "too_late", reference, status=409, typed=page.typed())
