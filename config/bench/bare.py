"""The least that REST framework can be asked for."""

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class Alive(APIView):
    def get(self, request: Request) -> Response:
        return Response({"alive": True})


urlpatterns = [path("", Alive.as_view())]
