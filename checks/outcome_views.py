"""Where somebody says how it ended. The mailed link opens it, for one question; a GET changes nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial, wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Allowance
from checks.doorways import admit, cookie_name, run_out, unlisted
from checks.outcome_forms import AnswerForm, HandOnForm
from checks.outcome_letters import why
from checks.outcome_question import OutcomeQuestion, Standing
from checks.speaking import said_in
from notifications.tasks import wake_sender

View = Callable[[HttpRequest, OutcomeQuestion], HttpResponse]
CHOSEN = ("hired", "not-hired", "later")
HANDED_ON_A_DAY = 30  # questions of one organization: each is a mail to an address that anybody may type
A_DAY = timedelta(days=1)


@unlisted
@require_safe
def outcome_door(request: HttpRequest, token: str, chosen: str = "") -> HttpResponse:
    """The mailed links. What one has chosen beforehand is no secret, and stands in the page's address."""
    question = OutcomeQuestion.behind(token, timezone.now())
    if question is None:
        return run_out(request)
    page = _page_of(question)
    return admit(token, page=page, to=f"{page}?answer={chosen}" if chosen in CHOSEN else page)


def _behind_the_link(view: View) -> Callable[..., HttpResponse]:
    """Give the view the question in place of its id, if the cookie's token opens just this one."""

    @unlisted
    @require_http_methods(["GET", "HEAD", "POST"])
    @gzip_page
    @wraps(view)
    def page(request: HttpRequest, question: UUID) -> HttpResponse:
        found = OutcomeQuestion.behind(request.COOKIES.get(cookie_name(), ""), timezone.now())
        if found is None or found.public_id != question:
            return run_out(request)
        return said_in(found.outcome.for_check.frozen.language, partial(view, request, found))

    return page


@_behind_the_link
def outcome(request: HttpRequest, question: OutcomeQuestion) -> HttpResponse:
    now = timezone.now()
    data = request.POST if request.method == "POST" else None
    if data is not None and question.standing == Standing.ANSWERED and data.get("answer") == question.outcome.said:
        return HttpResponseRedirect(request.path)  # the button was pressed twice
    form = AnswerForm(question, now, data, chosen=request.GET.get("answer", ""))
    if data is not None and data.get("seen") == _seen(question) and form.is_valid():
        form.save()
        return HttpResponseRedirect(request.path)
    # What the ATS has said since the page was shown is shown first, and a click on the page before it saves nothing.
    is_news = data is not None and data.get("seen") != _seen(question)
    return _show(request, "outcome", question, form=form, problems=[] if is_news else form.problems(), is_news=is_news)


def _seen(question: OutcomeQuestion) -> str:
    """What the page tells as known: an answer is given by somebody who has read it."""
    return f"{question.standing}:{question.outcome.in_ats}:{question.outcome.said}"


@_behind_the_link
def hand_on(request: HttpRequest, question: OutcomeQuestion) -> HttpResponse:
    """To somebody who needs no account, only an address."""
    if not question.may_be_handed_on:
        return HttpResponseRedirect(_page_of(question))
    form = HandOnForm(question, request.POST if request.method == "POST" else None)
    if form.is_valid() and _may(question, form, timezone.now()):
        if question.hand_on(form.cleaned_data["name"], form.cleaned_data["email"], timezone.now()):
            wake_sender()
        return HttpResponseRedirect(_page_of(question))
    return _show(request, "outcome_hand_on", question, form=form, problems=form.problems())


def _may(question: OutcomeQuestion, form: HandOnForm, now: datetime) -> bool:
    whose = str(question.outcome.for_check.organization_id)
    if Allowance.take("outcome-handed-on", whose, HANDED_ON_A_DAY, A_DAY, now):
        return True
    form.add_error("email", _("As many questions as one day allows were handed on. Please try again tomorrow."))
    return False


def _page_of(question: OutcomeQuestion) -> str:
    return reverse("outcome", kwargs={"question": question.public_id})


def _show(request: HttpRequest, page: str, question: OutcomeQuestion, **context: Any) -> HttpResponse:
    check, standing = question.outcome.for_check, question.standing
    known = {
        "question": question,
        "outcome": question.outcome,
        "check": check,
        "name": check.candidate_name or _("the candidate"),
        "organization": check.organization,
        "standing": standing.value,
        "may_answer": standing in (Standing.OPEN, Standing.KNOWN, Standing.ANSWERED),
        "why": why(question),
        "seen": _seen(question),
        "said_by": question.outcome.who_said,
        "next_person": question.outcome.last_asked() if standing == Standing.HANDED_ON else None,
    }
    return render(request, f"checks/{page}.html", {**known, **context})
