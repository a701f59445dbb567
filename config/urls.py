"""Every address. The rooms have their own; what belongs to none is here."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config import converters, views  # noqa: F401  (registers `colour`)

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("brand/<colour:colour>.css", views.brand, name="brand"),
    path("", include("accounts.urls")),
    path("", include("checks.urls")),
    path("", include("integrations.urls")),
    path("admin/", admin.site.urls),
]
