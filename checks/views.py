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

from checks.forms import DeclineForm, InsteadForm, Naming
from checks.letters import minutes
from checks.models import Check, Reference
from checks.questionnaire import Questionnaire
from checks.standing import Standing
from notifications.tasks import wake_sender

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
def door(request: HttpRequest, token: str, model: type[Check] | type[Reference]) -> HttpResponse:
    """The mailed link: leaves the token in a cookie and goes on to the page."""
    row = model.behind(token, timezone.now())
    if row is None:
        return run_out(request)
    response = _to(row)
    response.set_cookie(
        cookie_name(),
        token,
        max_age=COOKIE_AGE,
        path=response.url,
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
        return _to(check) if request.method == "POST" else _show(request, "status", check, standing=Standing(check))
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
    gone = check.references.gone().filter(public_id=reference).first()
    if gone is None or not check.is_live:
        return _to(check)
    form = InsteadForm(gone, check, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if gone.replace(form.named(), timezone.now()):
                wake_sender()
        return _to(check)
    return _show(request, "instead", check, gone=gone, form=form)


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
    return _ask(request, reference, Questionnaire(reference))


def _ask(request: HttpRequest, reference: Reference, questionnaire: Questionnaire, **context: Any) -> HttpResponse:
    asked = questionnaire.asked()
    context |= {
        "asked": asked,
        "answered": sum(one.is_answered for one in asked),
        "minutes": minutes(questionnaire.questions),
        "problems": questionnaire.problems(),
    }
    return _show(request, "reference", reference.for_check, reference=reference, **context)


def _answer(request: HttpRequest, reference: Reference) -> HttpResponse:
    """Take the answers, or keep what is there of them."""
    now, is_draft = timezone.now(), "save" in request.POST
    questionnaire = Questionnaire(reference, request.POST, is_draft=is_draft)
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
    parts = {str(row._meta.model_name): row.public_id}
    return HttpResponseRedirect(reverse(PAGES[type(row)], kwargs=parts))


def _show(request: HttpRequest, page: str, check: Check, **context: Any) -> HttpResponse:
    return render(request, f"checks/{page}.html", {"check": check, "organization": check.organization, **context})
