"""The pages of candidates, each behind its door."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import get_language

from checks import sheets, watching
from checks.doorways import behind_a_door, filled_in, show, to_page_of
from checks.forms import PublicForm
from checks.models import Check, Reference, SelfAssessment
from checks.naming import Naming
from checks.person_form import InsteadForm
from checks.questionnaire import Questionnaire
from checks.reach_form import CorrectForm
from checks.standing import Standing
from notifications.tasks import wake_sender

TOO_LATE = 409  # what was sent meets something else than it was written for

# --- naming references ------------------------------------------------------------------------------


@behind_a_door(Check)
def candidate(request: HttpRequest, check: Check) -> HttpResponse:
    """Agree, and name references; from then on, how far it is."""
    watching.note(request, check, now=timezone.now())
    is_sent = request.method == "POST"
    if check.status != Check.Status.SUBMITTED:
        return _sent_before(request, check) if is_sent else _status(request, check)
    if not is_sent:
        return show(request, "candidate", check, naming=Naming(check, draft=check.draft), drafted_at=check.drafted_at)
    return (_save if "save" in request.POST else _send)(request, check)


def _send(request: HttpRequest, check: Check) -> HttpResponse:
    naming, now = Naming(check, request.POST), timezone.now()
    if not naming.is_valid():
        check.keep_draft(naming.kept(request.POST.dict()), now)
        return show(request, "candidate", check, naming=naming)
    with transaction.atomic():
        is_done = check.name_references(
            naming.named(),
            naming.terms,
            now,
            consent_language=get_language() or "",
            fewer_because=naming.fewer_because,
        )
        if is_done:
            wake_sender()
    return to_page_of(check) if is_done else _sent_before(request, check)


def _save(request: HttpRequest, check: Check) -> HttpResponse:
    """Keep what is typed. The script of the page wants to know when that was, and what is worth a second look."""
    kept, now = Naming(check).kept(request.POST.dict()), timezone.now()
    if not check.keep_draft(kept, now):
        return _sent_before(request, check)
    naming = Naming(check, draft=kept)
    if _is_script(request):
        return JsonResponse({"hints": dict(naming.hints())})
    return show(request, "candidate", check, naming=naming, saved_at=now)


def _sent_before(request: HttpRequest, check: Check) -> HttpResponse:
    """From another window, or at a second click. What was typed in this one is shown, as it cannot be sent any more."""
    check.refresh_from_db()
    unsent = Naming(check).unsent(request.POST.dict())
    if _is_script(request):
        return JsonResponse({}, status=TOO_LATE)
    return _unsent(request, check, unsent) if unsent else to_page_of(check)


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


# --- how far it is ----------------------------------------------------------------------------------


def _status(request: HttpRequest, check: Check, **context: Any) -> HttpResponse:
    own = _own_of(check)
    context |= {
        "standing": Standing(check, timezone.now()),
        "own": own,
        "may_assess": own is not None and may_assess(check, own),
    }
    return show(request, "status", check, **context)


def _unsent(request: HttpRequest, check: Check, unsent: list[tuple[str, list[tuple[str, str]]]]) -> HttpResponse:
    """The news, with what was typed and came too late: a heading, and labels with texts."""
    response = _status(request, check, unsent=unsent)
    response.status_code = TOO_LATE
    return response


def _came_too_late(request: HttpRequest, check: Check, name: str, form: PublicForm) -> HttpResponse:
    typed = form.typed() if request.method == "POST" else []
    return _unsent(request, check, [(name, typed)]) if typed else to_page_of(check)


def _counted(check: Check, public_id: UUID) -> Reference | None:
    return check.references.counted().filter(public_id=public_id).first()


@behind_a_door(Check)
def remind(request: HttpRequest, check: Check, reference: UUID) -> HttpResponse:
    """Have a reference reminded, by the button on the page above."""
    watching.note(request, check, now=timezone.now())
    found = _counted(check, reference)
    if request.method != "POST" or found is None:
        return to_page_of(check)
    with transaction.atomic():
        if found.nudge(timezone.now()):
            wake_sender()
            return to_page_of(check)
    return _status(request, check, not_reminded=found)


@behind_a_door(Check)
def correct(request: HttpRequest, check: Check, reference: UUID) -> HttpResponse:
    """Another address for the same person."""
    watching.note(request, check, now=timezone.now())
    data = request.POST if request.method == "POST" else None
    found = check.references.filter(public_id=reference).first()
    if found is None:
        return to_page_of(check)
    form = CorrectForm(found, check, data)
    if not found.may_be_readdressed:
        return _came_too_late(request, check, found.name, form)
    if data is not None and form.is_valid() and form.may_write_again(timezone.now()):
        with transaction.atomic():
            is_done = found.readdress(form.cleaned_data["email"], form.cleaned_data["phone"], timezone.now())
            if is_done:
                wake_sender()
        return to_page_of(check) if is_done else _came_too_late(request, check, found.name, form)
    return show(request, "correct", check, person=found, form=form)


@behind_a_door(Check)
def instead(request: HttpRequest, check: Check, reference: UUID) -> HttpResponse:
    """Name somebody else in the place of one who will not answer."""
    watching.note(request, check, now=timezone.now())
    data = request.POST if request.method == "POST" else None
    gone = check.references.filter(public_id=reference).first()
    if gone is None:
        return to_page_of(check)
    if not gone.may_be_replaced(timezone.now()):
        return _instead_too_late(request, check, data or {})
    form = InsteadForm(gone, check, data)
    if data is not None and form.is_valid():
        with transaction.atomic():
            is_done = gone.replace(form.only_named(), timezone.now()) is not None
            if is_done:
                wake_sender()
        return to_page_of(check) if is_done else _instead_too_late(request, check, data)
    return show(request, "instead", check, gone=gone, form=form)


def _instead_too_late(request: HttpRequest, check: Check, data: Mapping[str, Any]) -> HttpResponse:
    """A second click is no news; other words are shown, as they cannot be sent any more."""
    name = " ".join(str(data.get("name", "")).split())
    if check.references.filter(name=name).exists():
        return to_page_of(check)
    return _came_too_late(request, check, name, InsteadForm.of_what_was_typed(check, data))


# --- their own view ---------------------------------------------------------------------------------


@behind_a_door(Check)
def self_assessment(request: HttpRequest, check: Check) -> HttpResponse:
    """The same questions about the candidate's own work: theirs to answer or not, as long as the check goes on."""
    watching.note(request, check, now=timezone.now())
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
