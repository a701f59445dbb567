"""The pages of somebody who has no account, and with whom a report is shared.

As with other doors the link leaves its token in a cookie and shows nothing. Whoever holds it can have a code sent, to
the address that the report is shared with and to no other; the code opens the report in that browser for a day, and
only as long as it is shared. Whatever is asked or typed, the answers are the same, so that they tell nothing.
"""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods

from checks import share_letters
from checks.doorways import address_of, admit, cookie_name, run_out, unlisted
from checks.models import Check
from checks.report_parts import report_for
from checks.shares import CODE_LIFETIME, CODES_PER_DAY, TRIES, Share
from checks.speaking import asked_for, said_in

View = Callable[[HttpRequest, Share], HttpResponse]
ABOUT = {"minutes": CODE_LIFETIME.seconds // 60, "tries": TRIES, "codes": CODES_PER_DAY}


def key_name() -> str:
    return "__Secure-key" if settings.HTTPS else "key"


def _behind_the_link(view: View) -> Callable[..., HttpResponse]:
    """Give the view the share in place of its id, if the cookie's token opens just this one, and it can be read."""

    @unlisted
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def page(request: HttpRequest, share: UUID) -> HttpResponse:
        found = Share.behind(request.COOKIES.get(cookie_name(), ""), timezone.now())
        if found is None or found.public_id != share or not _can_be_read(found.for_check):
            return run_out(request)
        response = said_in(asked_for(request), lambda: view(request, found))
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    return page


def _can_be_read(check: Check) -> bool:
    return check.status == Check.Status.COMPLETED and not check.erased_at


@_behind_the_link
def shared(request: HttpRequest, share: Share) -> HttpResponse:
    """The report for whoever has given the code; else the way to it."""
    if request.method == "POST":
        return _send(request, share) if "send" in request.POST else _take(request, share)
    if share.is_opened_by(request.COOKIES.get(key_name(), ""), timezone.now()):
        return said_in("en", lambda: _report(request, share))
    return _ask(request, share)


def _send(request: HttpRequest, share: Share) -> HttpResponse:
    share_letters.send_code(share, timezone.now())
    return HttpResponseRedirect(f"{request.path}?code")


def _take(request: HttpRequest, share: Share) -> HttpResponse:
    key = share.redeem("".join(request.POST.get("code", "").split()), timezone.now())
    if not key:
        return _ask(request, share, is_wrong=True)
    return admit(key, page=address_of(share), to=request.path, name=key_name())


def _ask(request: HttpRequest, share: Share, *, is_wrong: bool = False) -> HttpResponse:
    """Before the code nothing is told: not about whom the report is, nor to which address codes go."""
    is_sent = is_wrong or "code" in request.GET
    context = {**ABOUT, "organization": share.for_check.organization, "is_wrong": is_wrong, "is_sent": is_sent}
    return render(request, "checks/share_code.html", context)


def _report(request: HttpRequest, share: Share) -> HttpResponse:
    now = timezone.now()
    share.note_opening(now)
    context = {**report_for(share.for_check, now, is_outside=True), "share": share}
    return render(request, "checks/report_shared.html", context)
