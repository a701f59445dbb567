"""Signing in: with a mailed link, or with a password for those who have one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.views import LoginView
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms import LinkForm, PasswordForm
from accounts.models import Organization, SignInLink, User

BACKEND = "accounts.backends.RoleBackend"
MINUTES = SignInLink.LIFETIME // timedelta(minutes=1)
SendLink = Callable[[int | None, str], None]


def _nobody_sends(user_id: int | None, next_url: str) -> None:
    raise ImproperlyConfigured("SignIn.as_view(send=...) is told in config/urls.py how to send a link.")


class SignIn(LoginView):
    """One page, two forms: a password, or an address to send a link to.

    `send` is given the person's id (None: nobody has this address) and where they want to go. Whoever asks for a
    link reads the same after the same work, so that nobody learns who has an account.
    """

    template_name = "accounts/sign_in.html"
    authentication_form = PasswordForm
    send: SendLink = staticmethod(_nobody_sends)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"link_form": LinkForm(), "minutes": MINUTES, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().post(request, *args, **kwargs) if "password" in request.POST else self._ask_for_link()

    def _ask_for_link(self) -> HttpResponse:
        form = LinkForm(self.request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=PasswordForm(), link_form=form))
        user = User.objects.active().filter(email__iexact=form.cleaned_data["email"]).first()
        self.send(user.pk if user else None, self.get_redirect_url())
        return render(self.request, "accounts/link_sent.html", {"minutes": MINUTES})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """A button behind the mailed link. Mail scanners follow links, too, so that looking at it uses nothing up."""
    now = timezone.now()
    link = SignInLink.find(token, now)
    if link and request.method == "POST" and link.redeem(now):
        login(request, link.user, backend=BACKEND)
        return redirect(_safe(link.next_url, request) or settings.LOGIN_REDIRECT_URL)
    usable = link and request.method != "POST"
    if usable:
        response = render(request, "accounts/open_link.html")
    else:
        response = render(request, "accounts/link_over.html", {"link_form": LinkForm(), "minutes": MINUTES}, status=404)
    # The address holds the token: no other page is to be told it. (`no-referrer` would also hide from us that our
    # own form comes from here, and it would be refused as a forgery.)
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


@cache_control(public=True, max_age=31_536_000, immutable=True)
def logo(request: HttpRequest, organization: int, version: str) -> HttpResponse:
    """An organization's logo, for everybody. Another logo has another address, so this one never changes."""
    found = Organization.objects.filter(pk=organization).exclude(logo=None).first()
    if found is None or found.logo_version != version:
        raise Http404
    return HttpResponse(bytes(found.logo or b""), content_type="image/png")


def _safe(url: str, request: HttpRequest) -> str:
    """The address if it is one of ours, else nothing."""
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if is_ours else ""
