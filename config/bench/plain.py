"""What anybody would write first: a webhook view by the book of Django REST framework."""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.encryption import digest
from integrations.lever.webhooks import signature
from integrations.models import Connection, Delivery


class PlainWebhook(APIView):
    """Finds the connection, checks the signature and stores the delivery; wakes nobody."""

    def post(self, request: Request, connection: UUID, webhook: str) -> Response:
        found, sent = Connection.objects.get(uuid=connection), dict(request.data)
        keys = found.tokens_for(webhook)
        if sent["signature"] not in [signature(sent["token"], sent["triggeredAt"], key) for key in keys]:
            raise PermissionDenied
        now, body = timezone.now(), json.dumps(sent).encode()
        Delivery.objects.create(
            connection=found,
            webhook=webhook,
            dedupe_key=digest(sent["token"]),
            body=body,
            created_at=now,
            next_at=now,
        )
        return Response({"stored": True})


def here(request: HttpRequest) -> HttpResponse:
    return HttpResponse("The reference is running.")


urlpatterns = [
    path("", here),
    path("webhooks/lever/<uuid:connection>/<slug:webhook>/", PlainWebhook.as_view()),
]
