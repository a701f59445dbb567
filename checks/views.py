"""The pages of candidates and references.

Each stands behind a door. The token in the mailed link goes into a cookie that the browser sends to that one page, and
the page's own address holds no secret: nothing to leak through history, logs or the Referer. Every request asks the
database anew whether the token is still good. A GET changes nothing, for mail scanners follow links too.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from checks import sheets
from checks.forms import DeclineForm, InsteadForm, Naming
from checks.models import Check, Reference, SelfAssessment
from checks.questionnaire import Questionnaire
from checks.standing import Standing
from notifications.tasks import wake_sender
from templates_app.effort import minutes

View = Callable[..., HttpResponse]

# A day: long enough for an answer with interruptions, short enough for a computer that others use.
COOKIE_AGE = 60 * 60 * 24
PAGES = {Check: "candidate", Reference: "reference"}
ENDINGS = {Reference.Status.SUBMITTED: "thanks", Reference.Status.DECLINED: "declined"}


def cookie_name() -> str:
    """Browsers take `__Secure-` over HTTPS only. (`__Host-` would forbid limiting the cookie to one page.)"""
    return "__Secure-door" if settings.HTTPS else "door"


def unlisted(view: View) -> View:
    """No cache keeps the page, and no search engine lists it."""

    @wraps(view)
    def page(*args: Any, **kwargs: Any) -> HttpResponse:
        response = view(*args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return page


def run_out(request: HttpRequest) -> HttpResponse:
    """One dead end for every link that opens nothing. It must not tell which was ever a real one."""
    response = render(request, "checks/run_out.html", status=404)
    response.headers["Referrer-Policy"] = "no-referrer"  # its address may be a token
    return response


@unlisted
@require_safe
def door(request: HttpRequest, token: str, model: type[Check] | type[Reference], page: str = "") -> HttpResponse:
    """The mailed link: leaves the token in a cookie and goes on to the row's page, or to `page` below it."""
    row = model.behind(token, timezone.now())
    if row is None:
        return run_out(request)
    response = HttpResponseRedirect(address_of(row, page))
    response.set_cookie(
        cookie_name(),
        token,
        max_age=COOKIE_AGE,
        path=address_of(row),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def behind_a_door(model: type[Check] | type[Reference]) -> Callable[[View], View]:
    """Give the view the row in place of its id, if the cookie's token opens just this row."""

    def decorate(view: View) -> View:
        @unlisted
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def page(request: HttpRequest, **parts: UUID) -> HttpResponse:
            row = model.behind(request.COOKIES.get(cookie_name(), ""), timezone.now())
            if row is None or row.public_id != parts.pop(str(model._meta.model_name)):
                return run_out(request)
            return view(request, row, **parts)

        return page

    return decorate


# --- candidates -----------------------------------------------------------------------------------------


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
        return _to(check) if request.method == "POST" else _show(request, "status", check, **context)
    naming = Naming(check, request.POST if request.method == "POST" else None)
    if request.method == "POST" and naming.is_valid():
        with transaction.atomic():
            if check.name_references(naming.named(), naming.terms, timezone.now()):
                wake_sender()
        return _to(check)
    return _show(request, "candidate", check, naming=naming)


@behind_a_door(Check)
def instead(request: HttpRequest, check: Check, reference: UUID) -> HttpResponse:
    """Name somebody else in the place of one who will not answer."""
    gone = check.references.counted().filter(public_id=reference).first()
    if gone is None or not gone.may_be_replaced(timezone.now()):
        return _to(check)
    form = InsteadForm(gone, check, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if gone.replace(form.named(), timezone.now()):
                wake_sender()
        return _to(check)
    return _show(request, "instead", check, gone=gone, form=form)


@behind_a_door(Check)
def self_assessment(request: HttpRequest, check: Check) -> HttpResponse:
    """The same questions about the candidate's own work: theirs to answer or not, as long as the check goes on."""
    own = _own_of(check)
    if own is None or not may_assess(check, own):
        return _to(check)
    sheet = sheets.of_candidate(own, own.given())
    if request.method != "POST":
        return _assess(request, check, Questionnaire(sheet))
    now, is_draft = timezone.now(), "save" in request.POST
    questionnaire = Questionnaire(sheet, request.POST, is_draft=is_draft)
    is_complete = questionnaire.is_valid() and not is_draft
    is_kept = SelfAssessment.keep(check, questionnaire.given(), now, submit=is_complete)
    if is_complete or not is_kept:
        return _to(check)
    return _assess(request, check, questionnaire, saved_at=now)


def _own_of(check: Check) -> SelfAssessment | None:
    """The candidate's own sheet, begun or not; None where the template asks for none."""
    if not check.frozen.asks_candidate:
        return None
    return SelfAssessment.objects.filter(for_check=check).first() or SelfAssessment(for_check=check)


def may_assess(check: Check, own: SelfAssessment) -> bool:
    return check.status == Check.Status.AWAITING and not own.submitted_at and bool(own.questions())


def _assess(request: HttpRequest, check: Check, questionnaire: Questionnaire, **context: Any) -> HttpResponse:
    return _show(request, "self", check, **filled_in(questionnaire), **context)


# --- references -----------------------------------------------------------------------------------------


@behind_a_door(Reference)
def reference(request: HttpRequest, reference: Reference) -> HttpResponse:
    """The questions; from then on, what became of them."""
    if not reference.is_open and request.method == "POST":
        return _to(reference)
    if not reference.is_open:
        ending = ENDINGS.get(Reference.Status(reference.status), "not_needed")
        return _show(request, ending, reference.for_check, reference=reference)
    if request.method == "POST":
        return _answer(request, reference)
    return _ask(request, reference, Questionnaire(sheets.of_reference(reference, reference.given())))


def _ask(request: HttpRequest, reference: Reference, questionnaire: Questionnaire, **context: Any) -> HttpResponse:
    context |= filled_in(questionnaire)
    return _show(request, "reference", reference.for_check, reference=reference, **context)


def filled_in(questionnaire: Questionnaire) -> dict[str, Any]:
    """What the page of a questionnaire shows."""
    asked = questionnaire.asked()
    fitting = [one for one in asked if one.is_fitting]
    return {
        "asked": asked,
        "answered": sum(one.is_answered for one in fitting),
        "total": len(fitting),
        "minutes": minutes(questionnaire.sheet.asked),
        "problems": questionnaire.problems(),
    }


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
        return _to(reference)
    return _ask(request, reference, questionnaire, saved_at=now)


@behind_a_door(Reference)
def decline(request: HttpRequest, reference: Reference) -> HttpResponse:
    """No is an answer, once it is said on this page."""
    if not reference.is_open:
        return _to(reference)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if reference.decline(form.cleaned_data["reason"], timezone.now()):
                wake_sender()
        return _to(reference)
    return _show(request, "decline", reference.for_check, reference=reference, form=form)


def _to(row: Check | Reference) -> HttpResponseRedirect:
    """On to the row's own page."""
    return HttpResponseRedirect(address_of(row))


def address_of(row: Check | Reference, page: str = "") -> str:
    """Where its own page is, or one of those below it."""
    return reverse(page or PAGES[type(row)], kwargs={str(row._meta.model_name): row.public_id})


def _show(request: HttpRequest, page: str, check: Check, **context: Any) -> HttpResponse:
    return render(request, f"checks/{page}.html", {"check": check, "organization": check.organization, **context})
