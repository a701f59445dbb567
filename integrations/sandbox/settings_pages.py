"""The settings of the sandbox: API keys and webhooks, made by hand as a super admin makes them in Lever."""

from dataclasses import dataclass
from secrets import token_urlsafe

from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .account import pick
from .pages import Sent, last_sent
from .records import ApiKey, Webhook
from .state import Sandbox, SandboxRequest

# What a key can be allowed, by Lever's own headings; to write contains to read.
PERMISSIONS = (
    "applications:read",
    "archive_reasons:read",
    "contacts:read",
    "files:write",
    "notes:write",
    "opportunities:write",
    "postings:read",
    "stages:read",
    "tags:read",
    "users:read",
    "webhooks:write",
)
# The groups of events that Vouch can use, each under the words of its switch.
GROUPS = {
    "candidateStageChange": "Candidate Stage Change",
    "candidateHired": "Candidate Hired",
    "candidateArchiveChange": "Candidate Archive State Change",
    "candidateDeleted": "Candidate Deleted",
    "applicationCreated": "Application Created",
}


@dataclass(frozen=True)
class Group:
    event: str
    words: str
    is_on: bool
    webhooks: list[tuple[Webhook, Sent | None]]


@dataclass(frozen=True)
class Permission:
    name: str
    words: str

    @classmethod
    def of(cls, name: str) -> "Permission":
        thing, _colon, kind = name.partition(":")
        kinds = {"read": _("read"), "write": _("read and write")}
        return cls(name, f"{thing.replace('_', ' ').capitalize()}: {kinds[kind]}")


def settings(request: SandboxRequest, new_key: str = "", status: int = 200, problem: str = "") -> HttpResponse:
    """`new_key` is on the page that answers its making, and on no other."""
    world = request.sandbox.world
    with world.lock:
        context = {
            "sandbox": request.sandbox,
            "keys": [each for each in world.keys.values() if not each.revoked],
            "permissions": [Permission.of(name) for name in PERMISSIONS],
            "groups": [_group(request.sandbox, event) for event in GROUPS],
            "new_key": new_key,
            "problem": problem,
        }
        return HttpResponse(render_to_string("sandbox/settings.html", context), status=status)


def _group(sandbox: Sandbox, event: str) -> Group:
    found = [each for each in sandbox.world.webhooks.values() if each.event == event]
    sent = [(each, last_sent(sandbox, each)) for each in found]
    return Group(event, GROUPS[event], event in sandbox.world.switched_on, sent)


def _back(place: str) -> HttpResponse:
    return HttpResponseRedirect(f"/settings#{place}", status=303)


@require_POST
def make_key(request: SandboxRequest) -> HttpResponse:
    """Shown now, and never again. What it may do cannot be changed afterwards."""
    chosen = [name for name in PERMISSIONS if name in request.POST.getlist("permission")]
    made = request.sandbox.world.add_key(token_urlsafe(24), chosen, confidential="confidential" in request.POST)
    return settings(request, new_key=made.key)


@require_POST
def revoke_key(request: SandboxRequest, ending: str) -> HttpResponse:
    """By its last characters: the whole key stands in no address."""
    keys = {key.key[-4:]: key for key in request.sandbox.world.keys.values()}
    found: ApiKey = pick(keys, "keys", ending)
    found.revoked = True
    return _back("keys")


@require_POST
def switch(request: SandboxRequest, event: str) -> HttpResponse:
    """While a group is off, nothing of it is sent, whoever made the webhook."""
    world = request.sandbox.world
    pick(GROUPS, "events", event)
    with world.lock:
        world.switched_on ^= {event}
    return _back(event)


@require_POST
def add_webhook(request: SandboxRequest, event: str) -> HttpResponse:
    """The signature token is there at once, also before there is an address."""
    pick(GROUPS, "events", event)
    request.sandbox.world.add_webhook(event, "")
    return _back(event)


@require_POST
def save_webhook(request: SandboxRequest, webhook_id: str) -> HttpResponse:
    webhook = pick(request.sandbox.world.webhooks, "webhooks", webhook_id)
    if webhook.by_api:
        return settings(request, status=403, problem=_("A webhook made through the API can be changed there only."))
    url = request.POST.get("url", "").strip()
    if not url.startswith(("https://", "http://")):
        return settings(request, status=400, problem=_("This is no web address. It begins with https://."))
    webhook.url = url
    return _back(webhook.event)


@require_POST
def remove_webhook(request: SandboxRequest, webhook_id: str) -> HttpResponse:
    webhook = pick(request.sandbox.world.webhooks, "webhooks", webhook_id)
    del request.sandbox.world.webhooks[webhook.id]
    return _back(webhook.event)
