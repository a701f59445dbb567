"""What Lever posts to Vouch, and how to know that it was Lever.

The signature covers `token` and `triggeredAt` only, neither the event nor its data. So an event is a hint:
Vouch reads the opportunity from Lever before it acts.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .reading import exact, identifier, mapping, milliseconds, text


class NotJson(ValueError):
    """The body is not JSON in UTF-8, or nested too deeply to be read."""


@dataclass(frozen=True)
class Envelope:
    """One delivery. `token` is random and new for each event; whether a retry keeps it is not documented."""

    event: str
    token: str
    triggered_at: int | None  # milliseconds since 1970 UTC
    signature: str
    data: dict[str, object]


@dataclass(frozen=True)
class StageChanged:
    opportunity_id: str
    to_stage_id: str | None
    from_stage_id: str | None


@dataclass(frozen=True)
class Hired:
    opportunity_id: str


@dataclass(frozen=True)
class Archived:
    """Archived, or no longer archived: then there is no reason. A hire is announced this way as well."""

    opportunity_id: str
    to_reason_id: str | None
    from_reason_id: str | None


@dataclass(frozen=True)
class Deleted:
    opportunity_id: str


@dataclass(frozen=True)
class Applied:
    """Somebody applied, was referred, or was added to a job by hand; perhaps straight into the trigger stage."""

    opportunity_id: str


@dataclass(frozen=True)
class Ping:
    """Somebody pressed "Verify connection" in Lever: any event, with empty data."""


@dataclass(frozen=True)
class Unknown:
    """An event that Vouch does nothing with, or that names no opportunity."""

    event: str


Event = StageChanged | Hired | Archived | Deleted | Applied | Ping | Unknown
Data = dict[str, object]


def _stage_changed(opportunity_id: str, data: Data) -> StageChanged:
    to_stage_id, from_stage_id = identifier(data.get("toStageId")), identifier(data.get("fromStageId"))
    return StageChanged(opportunity_id, to_stage_id, from_stage_id)


def _archived(opportunity_id: str, data: Data) -> Archived:
    return Archived(opportunity_id, _reason(data.get("toArchived")), _reason(data.get("fromArchived")))


def _reason(archived: object) -> str | None:
    return identifier(mapping(archived).get("reason"))


EVENTS: dict[str, Callable[[str, Data], Event]] = {
    "candidateStageChange": _stage_changed,
    "candidateHired": lambda opportunity_id, data: Hired(opportunity_id),
    "candidateArchiveChange": _archived,
    "candidateDeleted": lambda opportunity_id, data: Deleted(opportunity_id),
    "applicationCreated": lambda opportunity_id, data: Applied(opportunity_id),
}


def read(body: bytes) -> Envelope:
    """Reads the body of a delivery. JSON of any other shape gives an envelope that nobody can have signed."""
    try:
        value = json.loads(body.decode("utf-8-sig"), parse_int=_whole_number)
    except (ValueError, RecursionError) as error:
        raise NotJson("The body is not JSON.") from error
    envelope = mapping(value)
    return Envelope(
        event=text(envelope.get("event")),
        token=exact(envelope.get("token")),
        triggered_at=milliseconds(envelope.get("triggeredAt")),
        signature=exact(envelope.get("signature")),
        data=mapping(envelope.get("data")),
    )


def signature(token: str, triggered_at: int | str, key: str) -> str:
    """Lever's signature in lower-case hex. The key is used as the text that Lever shows, not decoded."""
    return hmac.new(_bytes(key), _bytes(f"{token}{triggered_at}"), hashlib.sha256).hexdigest()


def is_signed_by(envelope: Envelope, keys: Iterable[str]) -> bool:
    """Whether one of the keys made the signature. All are compared, so that the time taken tells nothing."""
    if not envelope.token or not envelope.signature or envelope.triggered_at is None:
        return False
    expected = [signature(envelope.token, envelope.triggered_at, key) for key in keys if key]
    matches = [hmac.compare_digest(_bytes(envelope.signature), _bytes(each)) for each in expected]
    return any(matches)


def event_of(envelope: Envelope) -> Event:
    """What happened, in Vouch's words. Old webhooks may send `candidateId` only, which is the same id."""
    data = envelope.data
    opportunity_id = identifier(data.get("opportunityId")) or identifier(data.get("candidateId"))
    translate = EVENTS.get(envelope.event)
    if not data:
        return Ping()
    return translate(opportunity_id, data) if translate and opportunity_id else Unknown(envelope.event)


def _whole_number(digits: str) -> int | None:
    """None for what is no time in milliseconds; Python raises an error above 4,300 digits."""
    return int(digits) if len(digits) < 20 else None


def _bytes(value: str) -> bytes:
    """Constant-time comparison takes no text outside ASCII, and UTF-8 no halves of surrogate pairs."""
    return value.encode("utf-8", "surrogatepass")
