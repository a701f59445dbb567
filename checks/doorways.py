"""The way to the pages of candidates and references.

Each stands behind a door. The token in the mailed link goes into a cookie that the browser sends to that one page, and
the page's own address holds no secret: nothing to leak through history, logs or the Referer. Every request asks the
database anew whether the token is still good. A GET changes nothing, for mail scanners follow links too.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from checks.models import Check, Reference, Share
from checks.questionnaire import Questionnaire
from checks.speaking import Frame, asked_for, said_in
from templates_app.effort import minutes

View = Callable[..., HttpResponse]

# A day: long enough for an answer with interruptions, short enough for a computer that others use.
COOKIE_AGE = 60 * 60 * 24
PAGES = {Check: "candidate", Reference: "reference", Share: "shared"}


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


@gzip_page
def run_out(request: HttpRequest) -> HttpResponse:
    """One dead end for every link that opens nothing. It must not tell which was ever a real one."""
    response = said_in(asked_for(request), lambda: render(request, "checks/run_out.html", status=404))
    patch_vary_headers(response, ["Accept-Language"])
    response.headers["Referrer-Policy"] = "no-referrer"  # its address may be a token
    return response


@unlisted
@require_safe
def door(
    request: HttpRequest, token: str, model: type[Check] | type[Reference] | type[Share], page: str = ""
) -> HttpResponse:
    """The mailed link: leaves the token in a cookie and goes on to the row's page, or to `page` below it."""
    row = model.behind(token, timezone.now())
    if row is None:
        return run_out(request)
    return admit(token, page=address_of(row), to=address_of(row, page))


def admit(token: str, *, page: str, to: str, name: str = "") -> HttpResponseRedirect:
    """On to an address, with the token in a cookie that the browser sends to `page` and what is below it.

    `name` is the cookie's, if it is not the door's.
    """
    response = HttpResponseRedirect(to)
    response.set_cookie(
        name or cookie_name(),
        token,
        max_age=COOKIE_AGE,
        path=page,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return response


def behind_a_door(model: type[Check] | type[Reference]) -> Callable[[View], View]:
    """Give the view the row in place of its id, if the cookie's token opens just this row.

    The page is said in the row's language, and sent compressed. (Compressing tells a secret only where a stranger can
    have it stand beside words of theirs (BREACH). Here nothing that a GET brings is repeated, a POST needs the CSRF
    token, which is masked anew each time, and Django adds random bytes. The portal, with its searches, is left out.)
    """

    def decorate(view: View) -> View:
        @unlisted
        @require_http_methods(["GET", "HEAD", "POST"])
        @gzip_page
        @wraps(view)
        def page(request: HttpRequest, **parts: UUID) -> HttpResponse:
            row = model.behind(request.COOKIES.get(cookie_name(), ""), timezone.now())
            if row is None or row.public_id != parts.pop(str(model._meta.model_name)):
                return run_out(request)
            visit: Any = request
            visit.frame = _frame(row, request.path)
            return said_in(row.spoken, partial(view, request, row, **parts))

        return page

    return decorate


def _frame(row: Check | Reference, here: str) -> Frame:
    kind = PAGES[type(row)]
    return Frame(address_of(row, f"{kind}-language"), back=here, rights=address_of(row, f"{kind}-rights"))


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


def to_page_of(row: Check | Reference) -> HttpResponseRedirect:
    """On to the row's own page."""
    return HttpResponseRedirect(address_of(row))


def address_of(row: Check | Reference | Share, page: str = "") -> str:
    """Where its own page is, or one of those below it."""
    return reverse(page or PAGES[type(row)], kwargs={str(row._meta.model_name): row.public_id})


def show(request: HttpRequest, page: str, check: Check, **context: Any) -> HttpResponse:
    return render(request, f"checks/{page}.html", {"check": check, "organization": check.organization, **context})
