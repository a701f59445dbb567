"""What a reference may do instead of answering, or beside it: say no, be called, hear of jobs."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from checks.doorways import to_page_of
from checks.interest import JobInterest
from checks.models import Reference
from checks.reference_forms import CallForm, DeclineForm, InterestForm
from checks.reference_page import draw, page_of_reference
from checks.reference_views import ending
from notifications.tasks import wake_sender


@page_of_reference
def decline(request: HttpRequest, reference: Reference) -> HttpResponse:
    """No is an answer, once it is said on this page."""
    if not reference.is_open:
        return to_page_of(reference)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if reference.decline(form.cleaned_data["reason"], timezone.now(), form.cleaned_data["kind"]):
                wake_sender()
        return to_page_of(reference)
    return draw(request, "decline", reference, form=form)


@page_of_reference
def call(request: HttpRequest, reference: Reference) -> HttpResponse:
    """They would rather talk: where, and when. It may be taken back."""
    if not reference.is_open:
        return to_page_of(reference)
    now, is_taken_back = timezone.now(), request.POST.get("choice") == "write"
    form = CallForm(reference, request.POST if request.method == "POST" and not is_taken_back else None)
    if is_taken_back:
        reference.need_no_call(now)
        return to_page_of(reference)
    if form.is_valid():
        reference.tell_zone(request.POST.get("time_zone", ""))
        reference.ask_for_call(form.cleaned_data["number"], form.cleaned_data["when"], now)
        return HttpResponseRedirect(request.path)
    return draw(request, "call", reference, form=form)


@page_of_reference
def interest(request: HttpRequest, reference: Reference) -> HttpResponse:
    """Yes to hearing of jobs, said after sending, changed, or taken back."""
    if request.method != "POST":
        return to_page_of(reference)
    form, now = InterestForm(reference, request.POST), timezone.now()
    if not form.is_valid():
        return ending(request, reference, form)
    said = form.cleaned_data
    if said["agrees"] and reference.email:
        JobInterest.give(reference, months=said["months"], topics=said["topics"], consent_text=form.consent(), now=now)
    elif not said["agrees"]:
        JobInterest.take_back(reference, now)
    return to_page_of(reference)
