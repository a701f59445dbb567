from contextlib import suppress
from typing import Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from rest_framework.exceptions import APIException, NotFound, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.encryption import digest
from integrations.lever import webhooks
from integrations.models import Connection, Delivery, Refusal, Webhook, WebhookToken
from integrations.tasks import wake_inbox

LARGEST = 256 * 1024  # bytes


class NotJson(APIException):
    status_code = 400
    default_detail = "The body is not JSON."


class TooLarge(APIException):
    status_code = 413
    default_detail = "The body is larger than 256 KiB."


class LeverWebhook(APIView):
    """Takes in what Lever tells: find the connection, check the signature, store, wake a worker, answer."""

    http_method_names = ["post"]
    parser_classes: list[Any] = []

    def post(self, request: Request, connection: UUID, webhook: str) -> Response:
        tokens = _tokens(connection, webhook)
        body = _body(request)
        envelope = _envelope(body)
        if not webhooks.is_signed_by(envelope, [each.token for each in tokens]):
            _count_refusal(connection, webhook)
            raise PermissionDenied("The signature is missing or wrong.")
        is_new = _store(tokens[0].connection_id, webhook, envelope.token, body)
        return Response({"stored": is_new})


def _tokens(connection: UUID, webhook: str) -> list[WebhookToken]:
    """Every token that may have signed. They name the connection, too, so one query is all there is to ask."""
    found = WebhookToken.objects.good_at(timezone.now()).filter(connection__uuid=connection, webhook=webhook)
    tokens = list(found)
    if not tokens and not (webhook in Webhook.values and Connection.objects.filter(uuid=connection).exists()):
        raise NotFound
    return tokens


def _count_refusal(connection: UUID, webhook: str) -> None:
    """For the doctor, and nothing of the request. Whether it can be counted changes nothing in the answer."""
    with suppress(DatabaseError):
        known = Connection.objects.filter(uuid=connection).values_list("pk", flat=True)
        for pk in known:
            Refusal.note(pk, webhook, timezone.now())


def _body(request: Request) -> bytes:
    """The raw body; nothing of a larger one is read."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > LARGEST:
        raise TooLarge
    try:
        body: bytes = request._request.body
    except RequestDataTooBig:
        raise TooLarge from None
    return body


def _envelope(body: bytes) -> webhooks.Envelope:
    try:
        return webhooks.read(body)
    except webhooks.NotJson:
        raise NotJson from None


def _store(connection: int, webhook: str, token: str, body: bytes) -> bool:
    """Durably, once per token; False for a repeat. The wake-up is in the same transaction."""
    now, key = timezone.now(), digest(token)
    try:
        with transaction.atomic():
            Delivery.objects.create(
                connection_id=connection, webhook=webhook, dedupe_key=key, body=body, created_at=now, next_at=now
            )
            wake_inbox()
    except IntegrityError:
        Delivery.objects.get(connection_id=connection, dedupe_key=key).note_repeat(body)
        return False
    return True
