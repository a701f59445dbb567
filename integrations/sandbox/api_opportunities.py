"""The Data API, the candidates' part: opportunities, their tags, links, notes and files.

Each write answers with the whole opportunity, as recorded; Lever's documentation shows no answer for these.
"""

from django.http import HttpResponse

from .account import pick
from .answers import expand, gone, one, page, user_json
from .door import Refusal, acting, body_of, may_see, named, number, strings
from .filters import candidates, opportunity_filter
from .opportunity import Opportunity
from .records import File, Json, Note
from .state import SandboxRequest


def opportunity_json(request: SandboxRequest, each: Opportunity) -> Json:
    """As it is read: the answers to writes lack `opportunityLocation`."""
    world, owner = request.sandbox.world, each.owner
    shown = each.as_json() | {"opportunityLocation": "unspecified", "urls": urls(request, each)}
    if each.application:
        shown["opportunityLocation"] = each.application.posting.location
    table = {
        "applications": each.application_json,
        "contact": each.contact.as_json,
        "followers": lambda: [user_json(world, follower) for follower in each.following],
        "owner": lambda: user_json(world, owner),
        "sourcedBy": lambda: user_json(world, shown["sourcedBy"]),
        "stage": each.stage.as_json,
    }
    return expand(request, shown, table)


def urls(request: SandboxRequest, each: Opportunity) -> Json:
    """Of our own pages: who practises here must not end up in the real Lever."""
    pipeline = f"http://{request.META.get('HTTP_HOST', '')}/"
    return {"list": pipeline, "show": f"{pipeline}?person={each.id}#profile"}


def seen(request: SandboxRequest, opportunity_id: str) -> Opportunity:
    """The opportunity, if this key may see it."""
    found = request.sandbox.world.opportunity(opportunity_id)
    may_see(request, found.confidentiality)
    return found


def opportunities(request: SandboxRequest) -> HttpResponse:
    """In Lever's own order: by stage, the latest arrival first."""
    world = request.sandbox.world
    return page(
        request,
        filter(opportunity_filter(request), candidates(request)),
        lambda each: (world.rank(each.stage), -each.advanced_at, each.id),
        lambda each: opportunity_json(request, each),
    )


def deleted_opportunities(request: SandboxRequest) -> HttpResponse:
    found = filter(opportunity_filter(request), request.sandbox.world.deleted.values())
    return page(request, found, lambda each: (each.deleted_at or 0, each.id), Opportunity.as_json)


def opportunity(request: SandboxRequest, opportunity_id: str) -> HttpResponse:
    return one(request, opportunity_json(request, seen(request, opportunity_id)))


def applications(request: SandboxRequest, opportunity_id: str) -> HttpResponse:
    found = seen(request, opportunity_id).application_json()
    return page(request, found, lambda each: (each["id"],), lambda each: each)


def put_stage(request: SandboxRequest, opportunity_id: str) -> HttpResponse:
    found, wanted = seen(request, opportunity_id), body_of(request).get("stage")
    moved = named(lambda: request.sandbox.world.move(found.id, str(wanted), acting(request)))
    return one(request, moved.as_json())


def put_archived(request: SandboxRequest, opportunity_id: str) -> HttpResponse:
    found, body = seen(request, opportunity_id), body_of(request)
    if "reason" not in body:
        raise Refusal(400, "Missing required parameter: reason")
    changed = named(lambda: _archived(request, found, body["reason"]))
    return one(request, changed.as_json())


def _archived(request: SandboxRequest, found: Opportunity, reason_id: str | None) -> Opportunity:
    """Null takes it out of the archive. Nobody has recorded how Lever refuses a reason that is not in use any more."""
    world = request.sandbox.world
    if reason_id and pick(world.reasons, "archive_reasons", reason_id).status != "active":
        raise Refusal(400, f"archive_reasons {reason_id} is not active")
    return world.archive(found.id, reason_id, acting(request))


def add_tags(request: SandboxRequest, opportunity_id: str) -> HttpResponse:
    found, named = seen(request, opportunity_id), strings(body_of(request), "tags")
    return one(request, request.sandbox.world.retag(found.id, add=named).as_json())


def remove_tags(request: SandboxRequest, opportunity_id: str) -> HttpResponse:
    found, named = seen(request, opportunity_id), strings(body_of(request), "tags")
    return one(request, request.sandbox.world.retag(found.id, remove=named).as_json())


def add_links(request: SandboxRequest, opportunity_id: str) -> HttpResponse:
    found, named = seen(request, opportunity_id), strings(body_of(request), "links")
    return one(request, request.sandbox.world.relink(found.id, add=named).as_json())


def remove_links(request: SandboxRequest, opportunity_id: str) -> HttpResponse:
    found, named = seen(request, opportunity_id), strings(body_of(request), "links")
    return one(request, request.sandbox.world.relink(found.id, remove=named).as_json())


# Notes and files


def notes(request: SandboxRequest, opportunity_id: str) -> HttpResponse:
    found = seen(request, opportunity_id).notes
    return page(request, found, lambda each: (each.created_at, each.id), Note.as_json)


def note_of(request: SandboxRequest, opportunity_id: str, note_id: str) -> Note:
    return pick({each.id: each for each in seen(request, opportunity_id).notes}, "notes", note_id)


def note(request: SandboxRequest, opportunity_id: str, note_id: str) -> HttpResponse:
    return one(request, note_of(request, opportunity_id, note_id).as_json())


def create_note(request: SandboxRequest, opportunity_id: str) -> HttpResponse:
    """Recorded: the whole note, its id a second time as `noteId`. `note_id` makes it a comment there."""
    body, by, world = body_of(request), acting(request), request.sandbox.world
    value = body.get("value")
    if not isinstance(value, str) or not value:
        raise Refusal(400, "Missing required parameter: value")
    thread = request.GET.get("note_id")
    parent = note_of(request, opportunity_id, thread) if thread else None
    written = world.add_note(seen(request, opportunity_id).id, value, by, bool(body.get("secret", False)))
    if parent:
        seen(request, opportunity_id).notes.remove(written)
        parent.replies.append(written.comment())
        written = parent
    return one(request, written.as_json() | {"noteId": written.id}, status=201)


def delete_note(request: SandboxRequest, opportunity_id: str, note_id: str) -> HttpResponse:
    found = note_of(request, opportunity_id, note_id)
    if not found.by_api:
        raise Refusal(403, "Only notes made through the API can be deleted through the API")
    request.sandbox.world.delete_note(opportunity_id, found)
    return gone()


def files(request: SandboxRequest, opportunity_id: str) -> HttpResponse:
    found, since = seen(request, opportunity_id).files, number(request, "uploaded_at_start")
    recent = [each for each in found if since is None or each.uploaded_at >= since]
    return page(request, recent, lambda each: (each.uploaded_at, each.id), File.as_json)


def create_file(request: SandboxRequest, opportunity_id: str) -> HttpResponse:
    """Not recorded, and the documentation does not say with which code: 200 here, where notes are answered with 201."""
    found, by, sent = seen(request, opportunity_id), acting(request), request.FILES.get("file")
    if sent is None:
        raise Refusal(400, "Missing required parameter: file")
    world, kind = request.sandbox.world, sent.content_type or "application/octet-stream"
    return one(request, world.add_file(found.id, sent.name or "file", sent.read(), kind, by).as_json())
