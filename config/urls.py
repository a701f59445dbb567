"""Every address. The rooms have their own; what belongs to none is here."""

from django.contrib import admin
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.views import SignIn, logo, open_link
from config import converters, views  # noqa: F401  (registers `colour`)
from notifications.sign_in import send_link

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("brand/<colour:colour>.css", views.brand, name="brand"),
    path("logo/<int:organization>-<str:version>.png", logo, name="logo"),
    path("sign-in/", SignIn.as_view(send=send_link), name="sign-in"),
    path("sign-in/<str:token>/", open_link, name="sign-in-link"),
    path("sign-out/", LogoutView.as_view(next_page="sign-in"), name="sign-out"),
    path("", include("notifications.urls")),
    path("", include("checks.urls")),
    path("", include("integrations.urls")),
    path("admin/", admin.site.urls),
]

handler500 = views.server_error
