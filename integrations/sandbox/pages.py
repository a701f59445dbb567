"""The pages of the sandbox: the pipeline, one profile, and buttons that do what a recruiter does."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import Resolver404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from . import cast
from .account import Missing, pick
from .door import follow
from .opportunity import Opportunity
from .records import Webhook
from .state import Sandbox, SandboxRequest
from .webhooks import Attempt
from .world import World

STATIC = Path(__file__).resolve().parents[2] / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
CALLS_SHOWN, ATTEMPTS_SHOWN, CARDS_SHOWN = 15, 8, 50


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Card:
    opportunity: Opportunity
    job: str
    choices: list[Choice]


@dataclass(frozen=True)
class Lane:
    id: str
    title: str
    trigger: bool
    cards: list[Card]
    count: int  # of the people who stand here; cards are there for those who came last

    @property
    def people(self) -> str:
        """Who stands here; the page's script compares it to see whether someone came or went."""
        return " ".join(card.opportunity.id for card in self.cards)


@dataclass(frozen=True)
class Sent:
    """A try to deliver a webhook, with its time as a time."""

    attempt: Attempt

    @property
    def at(self) -> datetime:
        return moment(self.attempt.at)


def moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def answer(request: SandboxRequest) -> HttpResponse:
    try:
        response = follow(request)
    except (Resolver404, Missing):
        response = HttpResponse(render_to_string("sandbox/missing.html", {"sandbox": request.sandbox}), status=404)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def static(request: SandboxRequest, name: str) -> HttpResponse:
    path = (STATIC / name).resolve()
    if not path.is_relative_to(STATIC) or path.suffix not in KINDS or not path.is_file():
        raise Missing("files", name)
    return HttpResponse(path.read_bytes(), content_type=f"{KINDS[path.suffix]}; charset=utf-8")


def file(request: SandboxRequest, file_id: str) -> HttpResponse:
    for person in list(request.sandbox.world.opportunities.values()):
        for found in person.files:
            if found.id == file_id:
                return HttpResponse(found.content, content_type=found.kind)
    raise Missing("files", file_id)


def pipeline(request: SandboxRequest) -> HttpResponse:
    return _page(request.sandbox, request.GET.get("person"))


def _page(sandbox: Sandbox, person_id: str | None, status: int = 200, **more: Any) -> HttpResponse:
    world = sandbox.world
    with world.lock:
        person = world.opportunities.get(person_id or "") or _latest(world)
        context = {
            "sandbox": sandbox,
            "trigger": cast.TRIGGER,
            "lanes": _lanes(world),
            "person": person,
            "webhooks": [(each, last_sent(sandbox, each)) for each in world.webhooks.values()],
            "calls": [(call, moment(call.at)) for call in sandbox.calls.last(CALLS_SHOWN)],
            **(_profile(sandbox, person) if person else {}),
            **more,
        }
        return HttpResponse(render_to_string("sandbox/pipeline.html", context), status=status)


def _latest(world: World) -> Opportunity | None:
    """Whoever changed last, so that the profile shown is the one where something happens."""
    return max(world.opportunities.values(), key=lambda each: each.updated_at or 0, default=None)


def _lanes(world: World) -> list[Lane]:
    people = list(world.opportunities.values())
    lanes = [
        _lane(
            world,
            stage.id,
            stage.text,
            [each for each in people if each.stage == stage and not each.archived],
        )
        for stage in world.stages.values()
    ]
    return [*lanes, _lane(world, "archived", _("Archived"), [each for each in people if each.archived])]


def _lane(world: World, lane_id: str, title: str, people: list[Opportunity]) -> Lane:
    cards = [Card(each, _job(each), _choices(world, each)) for each in people[-CARDS_SHOWN:]]
    return Lane(lane_id, title, title == cast.TRIGGER, cards, len(people))


def _job(each: Opportunity) -> str:
    return each.application.posting.text if each.application else _("No posting yet")


def _choices(world: World, each: Opportunity) -> list[Choice]:
    """Where someone can go from here, with the likely next step chosen."""
    likely = _next_step(world, each)
    stages = [stage for stage in world.stages.values() if each.archived or stage != each.stage]
    here = (each.archived or {}).get("reason")
    reasons = [reason for reason in world.reasons.values() if reason.id != here and reason.status == "active"]
    return [Choice(stage.id, stage.text, stage.id == likely) for stage in stages] + [
        Choice(reason.id, _("Archive: %(reason)s") % {"reason": reason.text}, reason.id == likely) for reason in reasons
    ]


def _next_step(world: World, each: Opportunity) -> str:
    trigger = world.stage_named(cast.TRIGGER)
    if each.archived:
        return each.stage.id
    if world.rank(each.stage) < world.rank(trigger):
        return trigger.id
    hired = (reason.id for reason in world.reasons.values() if reason.type == "hired")
    return "offer" if each.stage == trigger else next(hired, "")


def _profile(sandbox: Sandbox, person: Opportunity) -> dict[str, Any]:
    attempts = [Sent(each) for each in sandbox.sender.attempts() if each.opportunity == person.id]
    posting = person.application.posting if person.application else None
    others = [each for each in sandbox.world.opportunities_of(person.contact) if each is not person]
    return {
        "job": _job(person),
        "posting": posting,
        "inherited": posting.surfaced_tags() if posting and not person.archived else [],
        "notes": [(note, _author(sandbox.world, note.user), moment(note.created_at)) for note in person.notes[::-1]],
        "files": [(file, _author(sandbox.world, file.user), moment(file.uploaded_at)) for file in person.files[::-1]],
        "attempts": attempts[::-1][:ATTEMPTS_SHOWN],
        "others": [(each, _job(each)) for each in others],
        "reason": _reason(sandbox.world, person),
    }


def _reason(world: World, person: Opportunity) -> str:
    """Of one that was removed since, its id is all that is left."""
    if not person.archived:
        return ""
    reason = world.reasons.get(person.archived["reason"])
    return reason.text if reason else str(person.archived["reason"])


def _author(world: World, user_id: str | None) -> str:
    return world.users[user_id].name if user_id in world.users else ""


def last_sent(sandbox: Sandbox, webhook: Webhook) -> Sent | None:
    return next((Sent(each) for each in reversed(sandbox.sender.attempts()) if each.webhook == webhook.id), None)


# What the buttons do. Ruth sits at this desk.


def _back_to(person_id: str) -> HttpResponse:
    return HttpResponseRedirect(f"/?person={person_id}#profile", status=303)


@require_POST
def move(request: SandboxRequest) -> HttpResponse:
    moved = request.sandbox.world.place(request.POST.get("opportunity", ""), request.POST.get("to", ""), by=cast.RUTH)
    return _back_to(moved.id)


@require_POST
def change_email(request: SandboxRequest) -> HttpResponse:
    person_id, email = request.POST.get("opportunity", ""), request.POST.get("email", "").strip()
    try:
        if email:
            validate_email(email)
    except ValidationError:
        said = _("This is no e-mail address. Leave the field empty to take the address away.")
        return _page(request.sandbox, person_id, status=400, typed=email, email_error=said)
    return _back_to(request.sandbox.world.change_email(person_id, email).id)


@require_POST
def delete(request: SandboxRequest) -> HttpResponse:
    request.sandbox.world.delete(request.POST.get("opportunity", ""), by=cast.RUTH)
    return HttpResponseRedirect("/", status=303)


@require_POST
def start_over(request: SandboxRequest) -> HttpResponse:
    request.sandbox.world.start_over()
    return HttpResponseRedirect("/", status=303)


@require_POST
def test_webhook(request: SandboxRequest, webhook_id: str) -> HttpResponse:
    webhook = pick(request.sandbox.world.webhooks, "webhooks", webhook_id)
    request.sandbox.sender.verify(webhook)
    back = f"/settings#{webhook.event}" if "settings" in request.POST else "/#webhooks"
    return HttpResponseRedirect(back, status=303)
