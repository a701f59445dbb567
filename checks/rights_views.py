"""What candidates and references may do about their data, behind their doors."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone

from checks import held
from checks.doorways import PAGES, address_of, behind_a_door, show, to_page_of
from checks.models import Check, JobInterest, Reference, RightsRequest
from checks.rights import AT_MOST
from checks.rights_form import FORMS, AskForm
from notifications.tasks import wake_sender

Kind = RightsRequest.Kind
Row = Check | Reference


@behind_a_door(Check)
def candidate_rights(request: HttpRequest, check: Check) -> HttpResponse:
    return _rights(request, check)


@behind_a_door(Reference)
def reference_rights(request: HttpRequest, reference: Reference) -> HttpResponse:
    return _rights(request, reference)


def _rights(request: HttpRequest, row: Row) -> HttpResponse:
    """What is held, what was asked for, and a form for each thing that somebody who hires has to answer."""
    kind = request.POST.get("kind", "")
    forms = {name: form(request.POST if name == kind else None) for name, form in FORMS.items()}
    if kind in forms and forms[kind].is_valid():
        _ask(row, kind, forms[kind])
        return HttpResponseRedirect(f"{request.path}#asked")
    problems = [problem for form in forms.values() for problem in form.problems()]
    return _page(request, row, "rights", parts=held.about(row), requests=_requests(row), forms=forms, problems=problems)


def _ask(row: Row, kind: str, form: AskForm) -> None:
    with transaction.atomic():
        if RightsRequest.ask(row, kind, form.cleaned_data["words"], timezone.now()):
            wake_sender()


def _requests(row: Row) -> list[RightsRequest]:
    return list(RightsRequest.objects.of(row)[:AT_MOST])


@behind_a_door(Check)
def candidate_data(request: HttpRequest, check: Check) -> HttpResponse:
    return _data(check)


@behind_a_door(Reference)
def reference_data(request: HttpRequest, reference: Reference) -> HttpResponse:
    return _data(reference)


def _data(row: Row) -> HttpResponse:
    """The same to take along, for people and programs."""
    found = {"organization": row.of_check.organization.name, "held": held.as_json(held.about(row))}
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = 'attachment; filename="data.json"'
    return response


@behind_a_door(Check)
def candidate_withdraw(request: HttpRequest, check: Check) -> HttpResponse:
    """Take the agreement back. What has been answered stays, unless it is deleted as well."""
    if not check.is_live:
        return to_page_of(check)
    if request.method != "POST":
        return _page(request, check, "withdraw_agreement")
    with transaction.atomic():
        if check.withdraw(timezone.now()):
            wake_sender()
    return to_page_of(check)


@behind_a_door(Check)
def candidate_delete(request: HttpRequest, check: Check) -> HttpResponse:
    return _delete(request, check)


@behind_a_door(Reference)
def reference_delete(request: HttpRequest, reference: Reference) -> HttpResponse:
    return _delete(request, reference)


def _delete(request: HttpRequest, row: Row) -> HttpResponse:
    """At once as long as the check goes on; afterwards somebody who hires is asked, for decisions hang on it."""
    form = FORMS[Kind.DELETE](request.POST if request.method == "POST" else None)
    jobs = _interest(row)
    if request.method != "POST" or not form.is_valid():
        is_asked = RightsRequest.objects.of(row).open().filter(kind=Kind.DELETE).exists()
        return _page(request, row, "delete", form=form, problems=form.problems(), is_asked=is_asked, jobs=jobs)
    organization, is_done, now = row.of_check.organization, False, timezone.now()
    with transaction.atomic():
        row.of_check.hold()
        if jobs and form.cleaned_data["ends_jobs"]:
            JobInterest.take_back(jobs.reference, now)
            jobs = None
        if row.of_check.is_live:
            is_done = row.leave(now)
            wake_sender()
    if is_done:  # no address of theirs opens anything any more, so this is said in answer to the click
        return show(request, "deleted", Check(organization=organization), jobs=jobs)
    _ask(row, Kind.DELETE, form)
    return HttpResponseRedirect(f"{address_of(row, _name(row, 'rights'))}#asked")


def _interest(row: Row) -> JobInterest | None:
    """Their yes to hearing of jobs: a choice of its own, which does not go with the rest unless they say so."""
    return JobInterest.of(row.as_reference) if row.as_reference else None


def _name(row: Row, page: str) -> str:
    return f"{PAGES[type(row)]}-{page}"


def _page(request: HttpRequest, row: Row, page: str, **context: Any) -> HttpResponse:
    ways = {name: address_of(row, _name(row, name)) for name in ("rights", "data", "delete")}
    known = {"row": row, "reference": row.as_reference, "home": address_of(row), **ways}
    return show(request, page, row.of_check, **known, **context)
