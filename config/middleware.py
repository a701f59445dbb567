"""Small layers: ids for the log, sessions in use, and two headers that Django does not set."""

import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from accounts.sign_ins import keep_in_sight

GetResponse = Callable[[HttpRequest], HttpResponse]


def request_context(get_response: GetResponse) -> GetResponse:
    """Give each request an id that every log line of it carries, and that an error page can show."""

    def middleware(request: HttpRequest) -> HttpResponse:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=uuid.uuid4().hex[:8])
        return get_response(request)

    return middleware


def signed_in(get_response: GetResponse) -> GetResponse:
    """Note now and then that somebody's session is in use. A page that asks for no session costs nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_sound = response.status_code < 500  # else the database may be what is wrong
        if is_sound and request.session.accessed and request.user.is_authenticated:
            keep_in_sight(request, timezone.now())
        return response

    return middleware


def permissions_policy(get_response: GetResponse) -> GetResponse:
    """No page of ours needs a camera, a microphone or a place on the map."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        return response

    return middleware


def content_language(get_response: GetResponse) -> GetResponse:
    """Say in which language an answer is, where its view has not said it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Language", get_language() or settings.LANGUAGE_CODE)
        return response

    return middleware
