"""The Data API, the account's part: stages, archive reasons, users, tags, postings, contacts, webhooks."""

from collections import Counter
from collections.abc import Callable

from django.http import HttpResponse, JsonResponse

from .account import pick
from .answers import expand, gone, one, page, user_json
from .door import Refusal, body_of, may_see, strings
from .filters import posting_filter
from .records import EVENTS, ORIGINS, Json, Posting, User
from .state import SandboxRequest


def stages(request: SandboxRequest) -> HttpResponse:
    world = request.sandbox.world
    return page(request, world.stages.values(), lambda each: (world.rank(each), each.id), lambda each: each.as_json())


def stage(request: SandboxRequest, stage_id: str) -> HttpResponse:
    return one(request, pick(request.sandbox.world.stages, "stages", stage_id).as_json())


def archive_reasons(request: SandboxRequest) -> HttpResponse:
    wanted = request.GET.get("type")
    found = [each for each in request.sandbox.world.reasons.values() if wanted in (None, each.type)]
    return page(request, found, lambda each: (each.text, each.id), lambda each: each.as_json())


def archive_reason(request: SandboxRequest, reason_id: str) -> HttpResponse:
    return one(request, pick(request.sandbox.world.reasons, "archive_reasons", reason_id).as_json())


def users(request: SandboxRequest) -> HttpResponse:
    """Active ones, unless `includeDeactivated=true`."""
    email, everyone = request.GET.get("email"), request.GET.get("includeDeactivated") == "true"

    def fits(user: User) -> bool:
        return (everyone or user.deactivated_at is None) and (email is None or user.email == email.lower())

    found = filter(fits, request.sandbox.world.users.values())
    return page(request, found, lambda each: (each.created_at, each.id), User.as_json)


def user(request: SandboxRequest, user_id: str) -> HttpResponse:
    return one(request, pick(request.sandbox.world.users, "users", user_id).as_json())


def tags(request: SandboxRequest) -> HttpResponse:
    counts = Counter(tag for each in request.sandbox.world.opportunities.values() for tag in each.tags)
    return page(request, counts.items(), lambda each: each, lambda each: {"text": each[0], "count": each[1]})


def postings(request: SandboxRequest) -> HttpResponse:
    found = filter(posting_filter(request), request.sandbox.world.postings.values())
    return page(request, found, lambda each: (each.created_at, each.id), lambda each: posting_json(request, each))


def posting(request: SandboxRequest, posting_id: str) -> HttpResponse:
    found = pick(request.sandbox.world.postings, "postings", posting_id)
    may_see(request, found.confidentiality)
    return one(request, posting_json(request, found))


def posting_json(request: SandboxRequest, each: Posting) -> Json:
    world = request.sandbox.world
    table: dict[str, Callable[[], object]] = {
        "user": lambda: user_json(world, each.owner),
        "owner": lambda: user_json(world, each.owner),
        "hiringManager": lambda: user_json(world, each.hiring_manager),
        "followers": list,
    }
    return expand(request, each.as_json(), table)


def contact(request: SandboxRequest, contact_id: str) -> HttpResponse:
    return one(request, pick(request.sandbox.world.contacts, "contacts", contact_id).as_json())


def webhooks(request: SandboxRequest) -> HttpResponse:
    """Recorded: no paging and no signature token."""
    return JsonResponse({"data": [each.as_json() for each in request.sandbox.world.webhooks.values()]})


def create_webhook(request: SandboxRequest) -> HttpResponse:
    """The signature token is told here and never again. Plain http will do here; Lever wants https."""
    body = body_of(request)
    event, url = body.get("event"), str(body.get("url", ""))
    if event not in EVENTS:
        raise Refusal(400, f"{event} is not a valid event")
    if not url.startswith(("https://", "http://")):
        raise Refusal(400, "url is not valid")
    conditions = (body.get("configuration") or {}).get("conditions") or {}
    origins = strings(conditions, "origins", list(ORIGINS))
    made = request.sandbox.world.add_webhook(event, url, by_api=True)
    made.origins = tuple(origins)
    return one(request, made.as_json_with_token(), status=201)


def delete_webhook(request: SandboxRequest, webhook_id: str) -> HttpResponse:
    found = pick(request.sandbox.world.webhooks, "webhooks", webhook_id)
    if not found.by_api:
        raise Refusal(403, "Webhooks made in Lever's settings can only be changed there")
    del request.sandbox.world.webhooks[found.id]
    return gone()
