"""Every address. The rooms have their own; what belongs to none is here."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.generic import RedirectView

from accounts import security
from accounts.views import SignIn, logo, open_link, second_step
from config import views
from notifications.sign_in import send_link

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("logo/<int:organization>-<str:version>.png", logo, name="logo"),
    path("sign-in/", SignIn.as_view(send=send_link), name="sign-in"),
    path("sign-in/code/", second_step, name="sign-in-code"),
    path("sign-in/<str:token>/", open_link, name="sign-in-link"),
    path("signing-in/", security.page, name="security"),
    path("signing-in/app/", security.app, name="security-app"),
    path("signing-in/codes/", security.codes, name="security-codes"),
    path("signing-in/off/", security.off, name="security-off"),
    path("signing-in/end/", security.end, name="security-end"),
    path("sign-out/", LogoutView.as_view(next_page="sign-in"), name="sign-out"),
    path("", include("notifications.urls")),
    path("", include("checks.urls")),
    path("", include("integrations.urls")),
    path("", include("prospects.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "config.dead_ends.unreadable"
handler403 = "config.dead_ends.refused"
handler404 = "config.dead_ends.nowhere"
handler500 = "config.dead_ends.broken"
