"""How another process turns the sandbox: JSON in, JSON out, under `/sandbox/`. Lever has nothing like it."""

import re
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import Resolver404

from .account import Missing, pick
from .door import Refusal, body_of, follow
from .faults import Fault, error
from .newcomers import DEDUPED
from .records import EVENTS, ApiKey, Json
from .state import SandboxRequest
from .world import World

# What `/sandbox/settings` takes: on whom it is set, and of what type it is.
SETTINGS: dict[str, tuple[str, tuple[type, ...]]] = {
    "burst": ("sandbox", (int, float)),
    "clock_ahead": ("sandbox", (int, float)),
    "deduped": ("sandbox", (str,)),
    "perform_as_required": ("sandbox", (bool,)),
    "rate": ("sandbox", (int, float)),
    "retry_after": ("sandbox", (int, type(None))),
    "retry_keeps_token": ("sender", (bool,)),
    "retry_wait": ("sender", (int, float)),
    "timeout": ("sender", (int, float)),
}


def answer(request: SandboxRequest) -> HttpResponse:
    try:
        return follow(request)
    except Refusal as refusal:
        return error(refusal.status, refusal.code, str(refusal))
    except (Missing, Resolver404) as missing:
        return error(404, "ResourceNotFound", str(missing))


def state(request: SandboxRequest) -> HttpResponse:
    """Everything there is to know, the webhooks' tokens too."""
    sandbox, world = request.sandbox, request.sandbox.world
    with world.lock:
        shown: Json = {
            "stages": [each.as_json() for each in world.stages.values()],
            "archiveReasons": [each.as_json() for each in world.reasons.values()],
            "users": [each.as_json() for each in world.users.values()],
            "postings": [each.as_json() for each in world.postings.values()],
            "opportunities": [
                each.as_json() | {"notes": [note.as_json() for note in each.notes]}
                for each in world.opportunities.values()
            ],
            "deleted": list(world.deleted),
            "webhooks": [each.as_json_with_token() for each in world.webhooks.values()],
            "faults": sandbox.faults.as_json(),
        }
    shown |= {
        "deliveries": [each.as_json() for each in sandbox.sender.attempts()],
        "calls": sandbox.calls.as_json(),
    }
    return JsonResponse(shown)


def reset(request: SandboxRequest) -> HttpResponse:
    request.sandbox.reset()
    return JsonResponse({})


def faults(request: SandboxRequest) -> HttpResponse:
    """POST adds one (see `Fault`), DELETE forgets them all."""
    waiting = request.sandbox.faults
    if request.method == "DELETE":
        waiting.clear()
    if request.method == "POST":
        try:
            waiting.add(Fault(**body_of(request)))
        except (TypeError, ValueError, re.error) as problem:
            raise Refusal(400, str(problem)) from problem
    return JsonResponse({"faults": waiting.as_json()})


def settings(request: SandboxRequest) -> HttpResponse:
    owners = {"sandbox": request.sandbox, "sender": request.sandbox.sender}
    for name, value in body_of(request).items():
        if name not in SETTINGS:
            raise Refusal(400, f"{name} is no setting")
        owner, kinds = SETTINGS[name]
        if not isinstance(value, kinds) or (name == "deduped" and value not in DEDUPED):
            raise Refusal(400, f"{name} cannot be {value}")
        setattr(owners[owner], name, value)
    return JsonResponse({name: getattr(owners[owner], name) for name, (owner, _) in SETTINGS.items()})


def webhooks(request: SandboxRequest) -> HttpResponse:
    """Register a webhook as an administrator does in Lever's settings, where the signature token is shown."""
    body = body_of(request)
    if body.get("event") not in EVENTS or not body.get("url"):
        raise Refusal(400, "event and url are needed")
    made = request.sandbox.world.add_webhook(body["event"], body["url"], body.get("signatureToken"))
    return JsonResponse(made.as_json_with_token(), status=201)


def verify(request: SandboxRequest, webhook_id: str) -> HttpResponse:
    webhook = pick(request.sandbox.world.webhooks, "webhooks", webhook_id)
    return JsonResponse(request.sandbox.sender.verify(webhook).as_json())


def keys(request: SandboxRequest) -> HttpResponse:
    """Make or change a key: `{key, permissions: [..] or null, confidential, revoked}`."""
    body = body_of(request)
    allowed = body.get("permissions")
    key = ApiKey(
        str(body.get("key", "")),
        None if allowed is None else frozenset(allowed),
        bool(body.get("confidential", False)),
        bool(body.get("revoked", False)),
    )
    request.sandbox.world.keys[key.key] = key
    return JsonResponse({})


def people(request: SandboxRequest) -> HttpResponse:
    """Add someone: `{name, email, posting, stage, tags, ..}`; posting and stage by id or by name.

    Beside these: sources, origin, headline, links; `apart` for somebody else with the same address.
    """
    body, world = body_of(request), request.sandbox.world
    posting = body.get("posting")
    more = {name: body[name] for name in ("tags", "sources", "origin", "headline", "links", "apart") if name in body}
    made = world.add_person(
        body.get("name", ""),
        emails=[body["email"]] if body.get("email") else [],
        posting=by_name(world, ("postings",), posting) if posting else None,
        stage=by_name(world, ("stages",), body.get("stage", "applicant-new")),
        **more,
    )
    return JsonResponse(made.as_json(), status=201)


def anonymize(request: SandboxRequest) -> HttpResponse:
    """`{opportunity, keeps_address}`; whether it still finds them in Lever nobody knows: not, unless given."""
    body = body_of(request)
    keeps = bool(body.get("keeps_address", False))
    return JsonResponse(request.sandbox.world.anonymize(str(body.get("opportunity")), keeps_address=keeps).as_json())


def users(request: SandboxRequest) -> HttpResponse:
    """`{user, active, email}`: somebody leaves, comes back, or gets another address or none; by id, name or address."""
    body, world = body_of(request), request.sandbox.world
    wanted = body.get("user")
    found = next((each for each in world.users.values() if wanted in (each.id, each.name, each.email)), None)
    if found is None:
        raise Missing("users", str(wanted))
    if "active" in body:
        world.deactivate(found.id, active=bool(body["active"]))
    found.email = str(body.get("email", found.email))
    return JsonResponse(found.as_json())


def reasons(request: SandboxRequest) -> HttpResponse:
    """`{reason, active}`, by id or by name; DELETE takes it away altogether."""
    body, world = body_of(request), request.sandbox.world
    reason_id = by_name(world, ("reasons",), body.get("reason"))
    if request.method == "DELETE":
        world.remove_reason(reason_id)
    else:
        world.retire_reason(reason_id, active=bool(body.get("active", False)))
    return JsonResponse({"archiveReasons": [each.as_json() for each in world.reasons.values()]})


def postings(request: SandboxRequest) -> HttpResponse:
    """`{posting, state, confidentiality}`: a job is closed, or hidden; by id or by name."""
    body, world = body_of(request), request.sandbox.world
    posting = world.postings[by_name(world, ("postings",), body.get("posting"))]
    posting.state = body.get("state", posting.state)
    posting.confidentiality = body.get("confidentiality", posting.confidentiality)
    return JsonResponse(posting.as_json())


def calls(request: SandboxRequest) -> HttpResponse:
    """How many of each kind, and what each key did; quick, however many people there are."""
    return JsonResponse(request.sandbox.calls.added_up())


def move(request: SandboxRequest) -> HttpResponse:
    """`{opportunity, to}`; `to` is a stage or an archive reason, by id or by name."""
    body, world = body_of(request), request.sandbox.world
    target = by_name(world, ("stages", "reasons"), body.get("to"))
    return JsonResponse(world.place(str(body.get("opportunity")), target, body.get("by")).as_json())


def delete(request: SandboxRequest) -> HttpResponse:
    request.sandbox.world.delete(str(body_of(request).get("opportunity")))
    return JsonResponse({})


def by_name(world: World, shelves: tuple[str, ...], wanted: Any) -> str:
    """The id of whatever on these shelves has this id or this name."""
    for shelf in shelves:
        for name, each in getattr(world, shelf).items():
            if wanted in (name, each.text):
                return str(name)
    raise Missing(" or ".join(shelves), str(wanted))
