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

from accounts.backends import visitors_address
from accounts.forms import CodeForm, LinkForm, PasswordForm
from accounts.models import Allowance, Authenticator, Organization, SignedIn, SignInLink, User

LINKS_PER_PLACE, AN_HOUR = 20, timedelta(hours=1)  # from one IP address, whoever they are for
HALF_WAY = "half_way"  # in the session: who has shown the first factor, how, where to, and when
PATIENCE = timedelta(minutes=10)
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

    def form_valid(self, form: Any) -> HttpResponse:
        return arrive(self.request, form.get_user(), "password", self.get_redirect_url())

    def _ask_for_link(self) -> HttpResponse:
        form = LinkForm(self.request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=PasswordForm(), link_form=form))
        place = visitors_address(self.request)  # None where a proxy in front does not tell
        if place and not Allowance.take("link", place, LINKS_PER_PLACE, AN_HOUR, timezone.now()):
            return render(self.request, "accounts/too_many_links.html", status=429)
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
        return arrive(request, link.user, "link", link.next_url)
    usable = link and request.method != "POST"
    if usable:
        response = render(request, "accounts/open_link.html")
    else:
        response = render(request, "accounts/link_over.html", {"link_form": LinkForm(), "minutes": MINUTES}, status=404)
    # The address holds the token: no other page is to be told it. (`no-referrer` would also hide from us that our
    # own form comes from here, and it would be refused as a forgery.)
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def arrive(request: HttpRequest, user: User, way: str, next_url: str) -> HttpResponse:
    """Let somebody in who has shown a password or a mailed link, or ask for the second factor where they have one."""
    if Authenticator.of(user) is None:
        return _let_in(request, user, way, next_url)
    request.session.flush()
    request.session[HALF_WAY] = [user.pk, way, next_url, timezone.now().timestamp()]
    return redirect("sign-in-code")


def _let_in(request: HttpRequest, user: User, way: str, next_url: str) -> HttpResponse:
    request.session.pop(HALF_WAY, None)
    login(request, user, backend=BACKEND)
    SignedIn.begin(request, user, way, timezone.now())
    return redirect(_safe(next_url, request) or settings.LOGIN_REDIRECT_URL)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The code of the app, or one from paper."""
    now = timezone.now()
    pk, way, next_url, since = request.session.get(HALF_WAY, (None, "", "", 0.0))
    user = User.objects.active().filter(pk=pk).first() if pk else None
    authenticator = Authenticator.of(user) if user else None
    if user is None or authenticator is None or now.timestamp() - since > PATIENCE.total_seconds():
        return redirect("sign-in")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if authenticator.accepts(form.cleaned_data["code"], now):
            return _let_in(request, user, way, next_url)
        form.refuse()
    return render(request, "accounts/second_step.html", {"form": form})


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
