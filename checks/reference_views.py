"""The pages of references, each behind its door."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from checks import sheets
from checks.doorways import behind_a_door, filled_in, show, to_page_of
from checks.forms import DeclineForm
from checks.models import Reference
from checks.questionnaire import Questionnaire
from notifications.tasks import wake_sender

ENDINGS = {Reference.Status.SUBMITTED: "thanks", Reference.Status.DECLINED: "declined"}


@behind_a_door(Reference)
def reference(request: HttpRequest, reference: Reference) -> HttpResponse:
    """The questions; from then on, what became of them."""
    if not reference.is_open and request.method == "POST":
        return to_page_of(reference)
    if not reference.is_open:
        ending = ENDINGS.get(Reference.Status(reference.status), "not_needed")
        return show(request, ending, reference.for_check, reference=reference)
    if request.method == "POST":
        return _answer(request, reference)
    return _ask(request, reference, Questionnaire(sheets.of_reference(reference, reference.given())))


def _ask(request: HttpRequest, reference: Reference, questionnaire: Questionnaire, **context: Any) -> HttpResponse:
    context |= filled_in(questionnaire)
    return show(request, "reference", reference.for_check, reference=reference, **context)


def _answer(request: HttpRequest, reference: Reference) -> HttpResponse:
    """Take the answers, or keep what is there of them."""
    now, is_draft = timezone.now(), "save" in request.POST
    reference.tell_zone(request.POST.get("time_zone", ""))
    sheet = sheets.of_reference(reference, reference.given())
    questionnaire = Questionnaire(sheet, request.POST, is_draft=is_draft)
    is_complete = questionnaire.is_valid() and not is_draft
    with transaction.atomic():
        is_done = (reference.submit if is_complete else reference.keep)(questionnaire.given(), now)
        if is_complete and is_done:
            wake_sender()
    if is_complete or not is_done:
        return to_page_of(reference)
    return _ask(request, reference, questionnaire, saved_at=now)


@behind_a_door(Reference)
def decline(request: HttpRequest, reference: Reference) -> HttpResponse:
    """No is an answer, once it is said on this page."""
    if not reference.is_open:
        return to_page_of(reference)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if reference.decline(form.cleaned_data["reason"], timezone.now()):
                wake_sender()
        return to_page_of(reference)
    return show(request, "decline", reference.for_check, reference=reference, form=form)
