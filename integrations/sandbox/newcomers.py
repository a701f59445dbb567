"""`POST /opportunities`: somebody is made known to Lever."""

from django.http import HttpResponse, JsonResponse

from .account import pick
from .contacts import Contact, Particulars
from .door import Refusal, acting, body_of, may_see, named, strings
from .opportunity import Opportunity
from .records import ORIGINS, Json
from .state import SandboxRequest

# Which answers carry `deduped`. Recorded is a true one; whether a false one is ever said, nobody knows.
DEDUPED = {"true": (True,), "always": (True, False), "never": ()}


def create_opportunity(request: SandboxRequest) -> HttpResponse:
    """A known address, or the contact named, makes another opportunity of that person."""
    body, sandbox, by = body_of(request), request.sandbox, acting(request)
    if by is None:
        raise Refusal(400, "Missing required parameter: perform_as")
    emails, posting = _emails(body), _posting(request, body)
    known = named(lambda: sandbox.world.known(emails, body.get("contact")))
    _check(request, body, known)
    made = named(
        lambda: sandbox.world.add_person(
            str(body.get("name", "")),
            emails=emails,
            posting=posting,
            stage=str(body.get("stage", "lead-new")),
            origin=body.get("origin", "sourced"),
            owner=body.get("owner", by),
            tags=strings(body, "tags", []),
            sources=strings(body, "sources", []),
            contact=body.get("contact"),
            by=by,
            **_particulars(body),
        )
    )
    deduped = {"deduped": bool(known)} if bool(known) in DEDUPED[sandbox.deduped] else {}
    return JsonResponse(deduped | {"data": _as_created(made)}, status=201)


def _as_created(made: Opportunity) -> Json:
    """Recorded: in this answer the posting's tags come after those that were sent."""
    return made.as_json() | {"tags": list(dict.fromkeys([*made.own_tags, *made.tags]))}


def _check(request: SandboxRequest, body: Json, known: Contact | None) -> None:
    if known and known.is_anonymized:
        raise Refusal(400, "Anonymized contacts cannot be linked to new opportunities")
    if body.get("origin", "sourced") not in ORIGINS:
        raise Refusal(400, "origin is not valid")
    if "owner" in body and not request.sandbox.world.is_at_work(body["owner"]):
        raise Refusal(400, f"users {body['owner']} was not found")


def _posting(request: SandboxRequest, body: Json) -> str | None:
    """One at most. That a closed one is refused is our guess: Lever says nothing of it."""
    asked = strings(body, "postings", [])
    if len(asked) > 1:
        raise Refusal(400, "An opportunity can have at most one posting")
    if not asked:
        return None
    posting = named(lambda: pick(request.sandbox.world.postings, "postings", asked[0]))
    may_see(request, posting.confidentiality)
    if posting.state == "closed":
        raise Refusal(400, f"postings {posting.id} is closed")
    return posting.id


def _emails(body: Json) -> list[str]:
    """Lever refuses an address without an @ in its filter; here it is refused likewise."""
    emails = strings(body, "emails", [])
    if not all("@" in email for email in emails):
        raise Refusal(400, "Email address is not valid")
    return emails


def _particulars(body: Json) -> Particulars:
    phones = body.get("phones", [])
    if not isinstance(phones, list) or not all(isinstance(each, dict) and each.get("value") for each in phones):
        raise Refusal(400, "Missing or malformed parameter: phones")
    return {
        "headline": str(body.get("headline") or ""),
        "location": str(body.get("location") or ""),
        "phones": [{"type": each.get("type"), "value": str(each["value"])} for each in phones],
        "links": strings(body, "links", []),
    }
