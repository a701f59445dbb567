from django.urls import path

from checks import report_page, views
from checks.models import Check, Reference

urlpatterns = [
    path("c/<str:token>/", views.door, {"model": Check}, name="candidate-door"),
    path("candidate/<uuid:check>/", views.candidate, name="candidate"),
    path("candidate/<uuid:check>/instead-of/<uuid:reference>/", views.instead, name="candidate-instead"),
    path("r/<str:token>/", views.door, {"model": Reference}, name="reference-door"),
    path("reference/<uuid:reference>/", views.reference, name="reference"),
    path("reference/<uuid:reference>/decline/", views.decline, name="reference-decline"),
    path("reports/<uuid:check>/", report_page.report_page, name="report"),
]
