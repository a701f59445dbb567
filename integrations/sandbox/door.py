"""What every API call passes before its view: faults, the key, the rate limit, permissions, `perform_as`."""

import base64
import binascii
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from django.http import HttpResponse
from django.urls import Resolver404, get_resolver

from .account import Missing
from .faults import CALLS, NAMES, error, spoil
from .records import CONFIDENTIAL, ApiKey, Json
from .state import Call, SandboxRequest

T = TypeVar("T")

URLS = "integrations.sandbox.urls"
HEADERS = {
    "Server": "lever-data-api",
    "X-Lever-Region": "global",
    "X-Stream-Path": "dapi",
}


class Refusal(Exception):
    """An answer that is an error. `code` is the name Lever puts beside the message."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status, self.code = status, code or NAMES.get(status, "BadRequestError")


@dataclass(frozen=True)
class Endpoint:
    """permission: what the key must hold. acts: it writes on behalf of a user, named in `perform_as`."""

    permission: str
    view: Callable[..., HttpResponse]
    acts: bool = False


def answer(request: SandboxRequest) -> HttpResponse:
    """Answer an API call and write it in the log. Raises `Reset` when the connection is to be cut."""
    started, status = time.perf_counter(), 0
    sandbox, method = request.sandbox, str(request.method)
    fault = sandbox.faults.take(CALLS, request.path, method)
    try:
        proceed = partial(_carry_out, request)
        response = spoil(fault, proceed, sandbox.stopping.wait) if fault else proceed()
        status = response.status_code
    finally:
        ms = round((time.perf_counter() - started) * 1000)
        hint = _key_of(request)[-4:]
        sandbox.calls.add(Call(sandbox.world.clock(), method, request.path, status, ms, hint), request.route)
    if response.headers["Content-Type"] == "application/json":
        response.headers["Content-Type"] = "application/json; charset=utf-8"
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def follow(request: SandboxRequest) -> HttpResponse:
    """Answer with the view at this address. Raises `Resolver404`, and whatever the view raises."""
    match = get_resolver(URLS).resolve(request.path_info)
    request.route = match.route
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response


def _carry_out(request: SandboxRequest) -> HttpResponse:
    try:
        request.key = _admit(request)
        return follow(request)
    except Refusal as refusal:
        response = error(refusal.status, refusal.code, str(refusal))
        if refusal.status == 429 and request.sandbox.retry_after is not None:
            response.headers["Retry-After"] = str(request.sandbox.retry_after)
        return response
    except Missing as missing:
        return error(404, "ResourceNotFound", str(missing))
    except Resolver404:
        return error(404, "ResourceNotFound", f"{request.path} was not found")


def endpoint(request: SandboxRequest, calls: dict[str, Endpoint], **ids: str) -> HttpResponse:
    """The Django view behind every address of the API; `calls` has one endpoint for each method."""
    call = calls.get(str(request.method))
    if call is None:
        raise Resolver404
    if not request.key.may(call.permission):
        raise Refusal(403, "This API key has no permission for this. Talk to a Super Admin of the account.")
    with request.sandbox.world.lock:
        if call.acts:
            _check_perform_as(request)
        return call.view(request, **ids)


def _admit(request: SandboxRequest) -> ApiKey:
    key = request.sandbox.world.keys.get(_key_of(request))
    if key is None or key.revoked:
        raise Refusal(401, "No valid API key was given.")
    if not request.sandbox.within_rate(key):
        raise Refusal(429, "Too many requests.")
    return key


def _key_of(request: SandboxRequest) -> str:
    """HTTP Basic: the key is the user name, the password is empty."""
    scheme, _, value = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        name, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return name if colon and not password else ""


def _check_perform_as(request: SandboxRequest) -> None:
    """Documented as optional on most writes, yet clients have seen it demanded. Any active user will do."""
    by = request.GET.get("perform_as")
    if by is None and request.sandbox.perform_as_required:
        raise Refusal(400, "Missing required parameter: perform_as")
    if by is not None and not request.sandbox.world.is_at_work(by):
        raise Refusal(400, f"perform_as: user {by} was not found")


def acting(request: SandboxRequest) -> str | None:
    """The id of the user on whose behalf this is written."""
    return request.GET.get("perform_as")


def may_see(request: SandboxRequest, confidentiality: str) -> None:
    if confidentiality == CONFIDENTIAL and not request.key.confidential:
        raise Refusal(403, "This API key has no access to confidential data.")


def body_of(request: SandboxRequest) -> Json:
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refusal(400, "The body is not a JSON object.")
    return body


def strings(body: Json, name: str, default: list[str] | None = None) -> list[str]:
    """A list of strings; required, unless there is a default."""
    values = body.get(name, default)
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise Refusal(400, f"Missing or malformed parameter: {name}")
    return values


def named(change: Callable[[], T]) -> T:
    """An unknown id inside a body is a bad request; only one in the path is a 404."""
    try:
        return change()
    except Missing as missing:
        raise Refusal(400, str(missing)) from missing


def number(request: SandboxRequest, name: str) -> int | None:
    value = request.GET.get(name)
    if value is None:
        return None
    try:
        return int(value)
    except ValueError:
        raise Refusal(400, f"{name} must be a number") from None
