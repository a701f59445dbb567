from django.urls import path

from prospects import views
from prospects.record_views import record

urlpatterns = [
    path("p/<str:token>/", views.door, name="prospect-door"),
    path("p/<str:token>/stop/", views.stop, name="stop-prospect"),
    path("prospect/<uuid:prospect>/", views.prospect, name="prospect"),
    path("prospects/<uuid:prospect>/", record, name="prospect-record"),
    path("prospect/<uuid:prospect>/language/", views.language, name="prospect-language"),
]
