"""A report as a file, who reads a private one, and with whom it is shared: signed in, each within what they may."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.cells import lines
from accounts.models import User
from checks import exports, pdf, readership, share_letters
from checks.models import Check, Share
from checks.reading import for_readers, refused, visible
from checks.sharing_forms import ReaderForm, ShareForm
from notifications.tasks import wake_sender

SHOWN = 50  # shares, newest first
MOST_OPEN = 20  # at a time


# --- files ------------------------------------------------------------------------------------------


@require_safe
@for_readers
def report_pdf(request: HttpRequest, check: Check) -> HttpResponse:
    """The PDF; where this machine cannot make one, a page that says so and offers the print view."""
    try:
        content = pdf.pdf_of(check, str(request.user), timezone.now())
    except pdf.CannotPrint:
        return render(request, "checks/report_no_pdf.html", {"check": check, "packages": pdf.PANGO}, status=503)
    _note(request, check)
    return _file(HttpResponse(content, content_type="application/pdf"), pdf.file_name(check, "pdf"))


@require_safe
@for_readers
def report_json(request: HttpRequest, check: Check) -> HttpResponse:
    _note(request, check)
    found = exports.as_json(check, timezone.now())
    return _file(
        JsonResponse(found, json_dumps_params={"indent": 2, "ensure_ascii": False}), pdf.file_name(check, "json")
    )


@require_safe
@for_readers
def report_csv(request: HttpRequest, check: Check) -> HttpResponse:
    _note(request, check)
    rows: Any = StreamingHttpResponse(lines(exports.as_rows(check)), content_type="text/csv; charset=utf-8")
    response: HttpResponse = rows
    return _file(response, pdf.file_name(check, "csv"))


def _file(response: HttpResponse, name: str) -> HttpResponse:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _note(request: HttpRequest, check: Check) -> None:
    """Whoever takes the file has read the report."""
    if isinstance(request.user, User) and check.status == Check.Status.COMPLETED and not check.erased_at:
        check.note_opening(request.user, timezone.now())


# --- who reads it -----------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report_readers(request: HttpRequest, check: UUID) -> HttpResponse:
    """Private or not, and the readers of a private report; also for admins who do not read it themselves."""
    found = visible(request, check)
    if not readership.may_change(request.user, found):
        raise PermissionDenied
    form = ReaderForm(found, request.POST if request.POST.get("do") == "name" else None)
    if request.method == "POST" and _change(request, found, form, timezone.now()):
        return HttpResponseRedirect(request.path)
    context = {
        "check": found,
        "form": form,
        "readers": found.readers.order_by("name", "email")[: readership.AT_MOST],
        "of_themselves": readership.of_themselves(found),
        "may_read": readership.may_read(request.user, found),
    }
    return render(request, "checks/report_readers.html", context)


def _change(request: HttpRequest, check: Check, form: ReaderForm, now: datetime) -> bool:
    """Do what was clicked; False where what was typed is to be put right."""
    by: Any = request.user
    plain: dict[str, Callable[[Check, datetime, User], bool]] = {
        "private": readership.make_private,
        "public": readership.make_public,
    }
    do = request.POST.get("do", "")
    if do == "name":
        if form.is_valid():
            readership.add_reader(check, form.cleaned_data["reader"], now, by)
        return form.is_valid()
    if do in plain:
        plain[do](check, now, by)
    elif do == "remove":
        readership.remove_reader(check, get_object_or_404(check.readers, pk=_number(request, "reader")), now, by)
    return True


def _number(request: HttpRequest, name: str) -> int:
    """What a form's hidden field says, 0 for what is no number."""
    value = request.POST.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 19 else 0


# --- with whom it is shared -------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def share_report(request: HttpRequest, check: Check) -> HttpResponse:
    """Give the report to somebody without an account, and take it back."""
    if not readership.may_change(request.user, check):
        return refused(request, check)
    is_sharing = request.POST.get("do") == "share"
    form, now = ShareForm(check, request.POST if is_sharing else None), timezone.now()
    if request.method == "POST" and (_share(request, check, form, now) if is_sharing else _end(request, check, now)):
        return HttpResponseRedirect(request.path)
    shares = list(check.shares.select_related("created_by").order_by("-created_at", "-pk")[:SHOWN])
    context = {
        "check": check,
        "form": form,
        "can_be_shared": _can_be_shared(check),
        "open": [share for share in shares if share.is_open(now)],
        "ended": [share for share in shares if not share.is_open(now)],
    }
    return render(request, "checks/share_report.html", context)


def _can_be_shared(check: Check) -> bool:
    return check.status == Check.Status.COMPLETED and not check.erased_at


def _share(request: HttpRequest, check: Check, form: ShareForm, now: datetime) -> bool:
    by: Any = request.user
    if not form.is_valid() or not _can_be_shared(check):
        return False
    data = form.cleaned_data
    with transaction.atomic():
        check.hold()  # a second click waits here, and finds what the first has done
        if obstacle := _obstacle(check, data["email"], now):
            form.add_error("email", obstacle)
            return False
        share = Share.make(check, data["name"], data["email"], data["days"], now, by)
        share_letters.send_link(share, now)
        wake_sender()
    messages.success(request, _("The link is on its way to %(email)s.") % {"email": share.email})
    return True


def _obstacle(check: Check, email: str, now: datetime) -> str:
    """Why it is not shared once more; empty where nothing is in the way."""
    shares = check.shares.open_at(now)
    if shares.filter(email__iexact=email).exists():
        return _("It is shared with %(email)s already. To send another link, end that first.") % {"email": email}
    if shares.count() >= MOST_OPEN:
        return _("It is shared with %(most)d people already. End one of these first.") % {"most": MOST_OPEN}
    return ""


def _end(request: HttpRequest, check: Check, now: datetime) -> bool:
    by: Any = request.user
    share = get_object_or_404(check.shares, pk=_number(request, "share"))
    if share.end(now, by):
        messages.success(request, _("%(who)s cannot read the report any more.") % {"who": share.who})
    return True
