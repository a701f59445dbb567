"""The page of a prospect, behind the link in every mail to them: was it you, what is held, and how to end it.

A GET changes nothing, for mail scanners follow links, too. The link opens the page for ever, also when nothing is held
any more: then that is what it says.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from checks.doorways import admit, cookie_name, run_out, unlisted
from checks.keeping import months_from
from checks.speaking import Frame, said_in
from prospects.details_form import DetailsForm
from prospects.holding import facts
from prospects.models import Prospect
from prospects.tasks import wake_export
from templates_app.kinds import Language

View = Callable[[HttpRequest, Prospect], HttpResponse]


@unlisted
@require_safe
def door(request: HttpRequest, token: str) -> HttpResponse:
    """The mailed link: leaves the token in a cookie and goes on to the page."""
    prospect = Prospect.behind(token, timezone.now())
    if prospect is None:
        return run_out(request)
    here = _page_of(prospect)
    return admit(token, page=here, to=here)


@csrf_exempt
@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """What a mail program posts to when its reader wants no more of these (RFC 8058), without cookies, and maybe twice.

    Whoever follows the address as a link comes to the page, where it is one of the choices.
    """
    if request.method != "POST":
        return door(request, token)
    prospect = Prospect.behind(token, timezone.now())
    if prospect is None:
        return run_out(request)
    _withdraw(prospect)
    return HttpResponse("No more mails about jobs.", content_type="text/plain")


def _withdraw(prospect: Prospect) -> None:
    with transaction.atomic():
        prospect.withdraw(timezone.now())
        wake_export()


def _behind_the_door(view: View) -> Callable[..., HttpResponse]:
    """Give the view the prospect in place of their id, if the cookie's token opens just this one.

    Sent compressed, as safely as the pages of references are (`checks.doorways`).
    """

    @unlisted
    @require_http_methods(["GET", "HEAD", "POST"])
    @gzip_page
    @wraps(view)
    def page(request: HttpRequest, prospect: UUID) -> HttpResponse:
        found = Prospect.behind(request.COOKIES.get(cookie_name(), ""), timezone.now())
        if found is None or found.public_id != prospect:
            return run_out(request)
        visit: Any = request
        here = _page_of(found)
        visit.frame = Frame(reverse("prospect-language", args=[prospect]), back=here, rights=f"{here}#held")
        return said_in(found.language, partial(view, request, found))

    return page


@_behind_the_door
def prospect(request: HttpRequest, prospect: Prospect) -> HttpResponse:
    """Yes, no, and what is held, by where they stand."""
    now, choice = timezone.now(), request.POST.get("choice", "")
    form = DetailsForm(prospect, request.POST if choice == "yes" else None)
    if choice == "yes" and form.is_valid():
        with transaction.atomic():
            prospect.confirm(now, **form.cleaned_data)
            wake_export()
        return HttpResponseRedirect(request.path)
    if choice == "no":
        _withdraw(prospect)
        return HttpResponseRedirect(request.path)
    context = {
        "prospect": prospect,
        "organization": prospect.organization,
        "form": form,
        "facts": facts(prospect),
        "until": prospect.ends_at if prospect.is_willing else months_from(now, prospect.months),
    }
    return render(request, f"prospects/{_template(prospect)}.html", context)


def _template(prospect: Prospect) -> str:
    if prospect.state == Prospect.State.UNCONFIRMED:
        return "was_it_you"
    return "willing" if prospect.is_willing else "nothing_held"


@_behind_the_door
def language(request: HttpRequest, prospect: Prospect) -> HttpResponse:
    """Chosen with the buttons of the page's frame; then back to the page."""
    chosen = request.POST.get("language", "")
    if chosen in Language.values:
        prospect.speak(chosen)
    return HttpResponseRedirect(_page_of(prospect))


def _page_of(prospect: Prospect) -> str:
    return reverse("prospect", args=[prospect.public_id])
