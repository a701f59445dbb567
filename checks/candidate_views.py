"""The pages of candidates, each behind its door."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from checks import sheets
from checks.doorways import behind_a_door, filled_in, show, to_page_of
from checks.forms import InsteadForm, Naming
from checks.models import Check, SelfAssessment
from checks.questionnaire import Questionnaire
from checks.standing import Standing
from notifications.tasks import wake_sender


@behind_a_door(Check)
def candidate(request: HttpRequest, check: Check) -> HttpResponse:
    """Agree, and name references; from then on, how far it is."""
    if check.status != Check.Status.SUBMITTED:
        own = _own_of(check)
        context = {
            "standing": Standing(check, timezone.now()),
            "own": own,
            "may_assess": own is not None and may_assess(check, own),
        }
        return to_page_of(check) if request.method == "POST" else show(request, "status", check, **context)
    naming = Naming(check, request.POST if request.method == "POST" else None)
    if request.method == "POST" and naming.is_valid():
        with transaction.atomic():
            if check.name_references(naming.named(), naming.terms, timezone.now()):
                wake_sender()
        return to_page_of(check)
    return show(request, "candidate", check, naming=naming)


@behind_a_door(Check)
def instead(request: HttpRequest, check: Check, reference: UUID) -> HttpResponse:
    """Name somebody else in the place of one who will not answer."""
    gone = check.references.counted().filter(public_id=reference).first()
    if gone is None or not gone.may_be_replaced(timezone.now()):
        return to_page_of(check)
    form = InsteadForm(gone, check, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if gone.replace(form.named(), timezone.now()):
                wake_sender()
        return to_page_of(check)
    return show(request, "instead", check, gone=gone, form=form)


@behind_a_door(Check)
def self_assessment(request: HttpRequest, check: Check) -> HttpResponse:
    """The same questions about the candidate's own work: theirs to answer or not, as long as the check goes on."""
    own = _own_of(check)
    if own is None or not may_assess(check, own):
        return to_page_of(check)
    sheet = sheets.of_candidate(own, own.given())
    if request.method != "POST":
        return _assess(request, check, Questionnaire(sheet))
    now, is_draft = timezone.now(), "save" in request.POST
    questionnaire = Questionnaire(sheet, request.POST, is_draft=is_draft)
    is_complete = questionnaire.is_valid() and not is_draft
    is_kept = SelfAssessment.keep(check, questionnaire.given(), now, submit=is_complete)
    if is_complete or not is_kept:
        return to_page_of(check)
    return _assess(request, check, questionnaire, saved_at=now)


def _own_of(check: Check) -> SelfAssessment | None:
    """The candidate's own sheet, begun or not; None where the template asks for none."""
    if not check.frozen.asks_candidate:
        return None
    return SelfAssessment.objects.filter(for_check=check).first() or SelfAssessment(for_check=check)


def may_assess(check: Check, own: SelfAssessment) -> bool:
    return check.status == Check.Status.AWAITING and not own.submitted_at and bool(own.questions())


def _assess(request: HttpRequest, check: Check, questionnaire: Questionnaire, **context: Any) -> HttpResponse:
    return show(request, "self", check, **filled_in(questionnaire), **context)
