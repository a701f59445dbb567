from django.urls import path

from integrations import views

urlpatterns = [
    path("webhooks/lever/<uuid:connection>/<slug:webhook>/", views.LeverWebhook.as_view(), name="lever-webhook"),
]
