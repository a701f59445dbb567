"""A person's own page about signing in: the second factor, and where they are signed in."""

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import CodeForm
from accounts.models import Authenticator, RecoveryCode, SignedIn
from accounts.scoped_admin import reader


@never_cache
@require_safe
@login_required
def page(request: HttpRequest) -> HttpResponse:
    return _show(request)


def _show(request: HttpRequest, **context: Any) -> HttpResponse:
    user, now = reader(request), timezone.now()
    browsers = [(row, row.is_of(request)) for row in SignedIn.of(user, now)]
    unused = RecoveryCode.objects.filter(user=user, used_at=None).count()
    about = {"authenticator": Authenticator.of(user), "unused": unused, "browsers": browsers, "code_form": CodeForm()}
    return render(request, "accounts/security.html", {**about, **context})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def app(request: HttpRequest) -> HttpResponse:
    """Set up the app: read the QR code, and enter one code to show that it works."""
    user, now = reader(request), timezone.now()
    if Authenticator.of(user):
        return redirect("security")
    authenticator = Authenticator.begin(user, now)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if codes := authenticator.confirm(form.cleaned_data["code"], now):
            return render(request, "accounts/recovery_codes.html", {"codes": codes, "is_new": True})
        form.refuse()
    return render(
        request, "accounts/app.html", {"form": form, "key": _spelled(authenticator.key), "qr": _qr(authenticator)}
    )


@never_cache
@require_POST
@login_required
def codes(request: HttpRequest) -> HttpResponse:
    """Other codes for paper. Asks for a code, for whoever finds the screen unlocked must not get them."""
    if not _is_right(form := CodeForm(request.POST), request):
        return _show(request, code_form=form)
    fresh = RecoveryCode.anew(reader(request))
    return render(request, "accounts/recovery_codes.html", {"codes": fresh})


@never_cache
@require_POST
@login_required
def off(request: HttpRequest) -> HttpResponse:
    """Sign in without the app again."""
    if not _is_right(form := CodeForm(request.POST), request):
        return _show(request, code_form=form)
    Authenticator.forget(reader(request))
    messages.success(request, _("Signing in asks for no second code any more."))
    return redirect("security")


def _is_right(form: CodeForm, request: HttpRequest) -> bool:
    authenticator = Authenticator.of(reader(request))
    if authenticator is None or not form.is_valid():
        return False
    if not authenticator.accepts(form.cleaned_data["code"], timezone.now()):
        form.refuse()
    return form.is_valid()


@never_cache
@require_POST
@login_required
def end(request: HttpRequest) -> HttpResponse:
    """Sign out elsewhere: one browser, or all but this one."""
    rows = SignedIn.of(reader(request), timezone.now())
    if chosen := request.POST.get("sign_in", ""):
        mine = SignedIn.objects.filter(user=reader(request))
        is_number = chosen.isascii() and chosen.isdecimal() and len(chosen) < 19
        rows = [get_object_or_404(mine, pk=int(chosen) if is_number else 0)]
    others = [row for row in rows if not row.is_of(request)]
    for row in others:
        row.end()
    messages.success(request, _("Signed out there.") if others else _("There was nowhere else to sign out."))
    return redirect("security")


def _spelled(key: str) -> str:
    """In groups of four, as people type it."""
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def _qr(authenticator: Authenticator) -> SafeString:
    """A drawing: squares, and no text."""
    drawn = segno.make(authenticator.address, error="m")
    return mark_safe(drawn.svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=False))  # noqa: S308  (nothing in it is anybody's text)
