"""Lever's objects as Vouch uses them.

Each `from_json` takes what Lever sent, or only an id, and raises `NoId` if there is none; everything else may
be missing. Optional ids and times are None then, texts are "". Where Lever's documentation and its real
answers differ (archived, the managers of an application, the id of a new note), both spellings are read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self, TypeVar

from .reading import address, exact, identifier, items, mapping, milliseconds, text, texts

Shape = TypeVar("Shape")


class NoId(ValueError):
    """Lever sent an object without an id."""


@dataclass(frozen=True)
class Stage:
    id: str
    text: str

    @classmethod
    def from_json(cls, value: object) -> Self:
        return cls(_id_of(value), text(mapping(value).get("text")))


@dataclass(frozen=True)
class ArchiveReason:
    """Why an opportunity was archived. Hired is not a stage in Lever but a reason of this type."""

    id: str
    text: str
    is_hired: bool
    is_active: bool

    @classmethod
    def from_json(cls, value: object) -> Self:
        json = mapping(value)
        return cls(
            id=_id_of(value),
            text=text(json.get("text")),
            is_hired=json.get("type") == "hired",
            is_active=json.get("status") != "inactive",
        )


@dataclass(frozen=True)
class Person:
    """A user of Lever. `role` is Lever's own word, such as "super admin", or the id of a custom role."""

    id: str
    name: str
    email: str
    role: str
    is_active: bool

    @classmethod
    def from_json(cls, value: object) -> Self:
        json = mapping(value)
        return cls(
            id=_id_of(value),
            name=text(json.get("name")),
            email=text(json.get("email")),
            role=text(json.get("accessRole")),
            is_active=milliseconds(json.get("deactivatedAt")) is None,
        )


@dataclass(frozen=True)
class Application:
    """What ties an opportunity to a posting."""

    id: str
    posting_id: str | None
    posting_owner_id: str | None
    hiring_manager_id: str | None
    created_at_ms: int | None
    is_archived: bool

    @classmethod
    def from_json(cls, value: object) -> Self:
        json = mapping(value)
        return cls(
            id=_id_of(value),
            posting_id=identifier(json.get("posting")),
            posting_owner_id=identifier(json.get("postingOwner")) or identifier(json.get("ownerId")),
            hiring_manager_id=(identifier(json.get("postingHiringManager")) or identifier(json.get("hiringManager"))),
            created_at_ms=milliseconds(json.get("createdAt")),
            is_archived=_archived(json)[0],
        )


@dataclass(frozen=True)
class Opportunity:
    """One candidacy of one person. Name, emails, phones and links are the person's, and the same on all of theirs."""

    id: str
    contact_id: str | None
    name: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    tags: tuple[str, ...]
    links: tuple[str, ...]
    stage_id: str | None
    stage_entered_at_ms: int | None
    is_archived: bool
    archived_at_ms: int | None
    archive_reason_id: str | None
    owner: Person | None
    followers: tuple[Person, ...]
    application: Application | None
    may_contact: bool
    is_anonymized: bool
    url: str

    @classmethod
    def from_json(cls, value: object) -> Self:
        json = mapping(value)
        is_archived, archive_reason_id = _archived(json)
        return cls(
            id=_id_of(value),
            contact_id=identifier(json.get("contact")),
            name=text(json.get("name")),
            emails=texts(json.get("emails")),
            phones=texts([mapping(each).get("value") for each in _mobiles_first(json.get("phones"))]),
            tags=texts(json.get("tags")),
            links=texts(json.get("links")),
            stage_id=identifier(json.get("stage")),
            stage_entered_at_ms=_stage_entered_at(json),
            is_archived=is_archived,
            archived_at_ms=_archived_at(json),
            archive_reason_id=archive_reason_id,
            owner=_optional(Person.from_json, json.get("owner")),
            followers=tuple(Person.from_json(each) for each in items(json.get("followers")) if identifier(each)),
            application=_application(json),
            may_contact=_may_contact(json),
            is_anonymized=json.get("isAnonymized") is True,
            url=address(mapping(json.get("urls")).get("show")),
        )


@dataclass(frozen=True)
class NewOpportunity:
    """Somebody to be made known to Lever. `posting_id` and `stage_id` may be empty: no job, Lever's first stage."""

    name: str
    email: str
    phone: str = ""
    headline: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    posting_id: str = ""
    stage_id: str = ""
    origin: str = "sourced"

    def as_json(self) -> dict[str, object]:
        """What is empty is left out: Lever then takes its own default."""
        phones = [{"type": "mobile", "value": self.phone}] if self.phone else []
        json: dict[str, object] = {
            "name": self.name,
            "headline": self.headline,
            "emails": [self.email],
            "phones": phones,
            "links": list(self.links),
            "tags": list(self.tags),
            "sources": [self.source] if self.source else [],
            "origin": self.origin,
            "stage": self.stage_id,
            "postings": [self.posting_id] if self.posting_id else [],
        }
        return {name: value for name, value in json.items() if value}


@dataclass(frozen=True)
class Created:
    """A new opportunity. `was_deduped`: whether Lever knew the person before; None when it does not say."""

    opportunity: Opportunity
    was_deduped: bool | None

    @classmethod
    def from_json(cls, value: object) -> Self:
        deduped = mapping(value).get("deduped")
        return cls(Opportunity.from_json(mapping(value).get("data")), deduped if isinstance(deduped, bool) else None)


@dataclass(frozen=True)
class Posting:
    """A job. `state` is Lever's own word: published, internal, closed, draft, pending, rejected or new.

    `categories` are its team, department, place and kind of work, as far as they are filled in.
    """

    id: str
    title: str
    tags: tuple[str, ...]
    owner_id: str | None
    hiring_manager_id: str | None
    state: str
    url: str
    categories: tuple[str, ...] = ()

    @property
    def inherited_tags(self) -> tuple[str, ...]:
        """What Lever makes tags of on the posting's opportunities, beside its own tags: Lever's help on tags."""
        return tuple(filter(None, (self.title, *self.categories)))

    @classmethod
    def from_json(cls, value: object) -> Self:
        json = mapping(value)
        categories = mapping(json.get("categories"))
        return cls(
            id=_id_of(value),
            title=text(json.get("text")),
            tags=texts(json.get("tags")),
            owner_id=identifier(json.get("owner")),
            hiring_manager_id=identifier(json.get("hiringManager")),
            state=text(json.get("state")),
            url=address(mapping(json.get("urls")).get("show")),
            categories=texts([categories.get(name) for name in ("team", "department", "location", "commitment")]),
        )


@dataclass(frozen=True)
class Hook:
    """A webhook as Lever lists it, and its signature token, which Lever tells once, when it is made."""

    id: str
    event: str
    url: str
    token: str

    @classmethod
    def from_json(cls, value: object) -> Self:
        json = mapping(value)
        if "data" in json:  # Lever's documentation wraps the answer to a new one twice, its real answers once
            json = mapping(json["data"])
        return cls(
            id=_id_of(json),
            event=text(json.get("event")),
            url=text(json.get("url")),
            token=exact(mapping(json.get("configuration")).get("signatureToken")),
        )


@dataclass(frozen=True)
class Note:
    """A note on an opportunity; `text` holds every comment of its thread, one per line."""

    id: str
    text: str

    @classmethod
    def from_json(cls, value: object) -> Self:
        json = mapping(value)
        comments = (text(mapping(field).get("value")) for field in items(json.get("fields")))
        return cls(
            id=identifier(json.get("noteId")) or _id_of(value),
            text="\n".join(comment for comment in comments if comment),
        )


@dataclass(frozen=True)
class File:
    """A file on an opportunity, by the name that it was given."""

    id: str
    name: str

    @classmethod
    def from_json(cls, value: object) -> Self:
        return cls(_id_of(value), text(mapping(value).get("name")))


def _id_of(value: object) -> str:
    found = identifier(value)
    if found is None:
        raise NoId("Lever sent an object without an id.")
    return found


def _optional(from_json: Callable[[object], Shape], value: object) -> Shape | None:
    return from_json(value) if identifier(value) else None


def _archived(json: dict[str, object]) -> tuple[bool, str | None]:
    """Whether, and for which reason. Examples in Lever's documentation still have the two older fields."""
    archived = mapping(json.get("archived"))
    reason_id = identifier(archived.get("reason")) or identifier(json.get("archiveReason"))
    return bool(reason_id or _archived_at(json)), reason_id


def _archived_at(json: dict[str, object]) -> int | None:
    return milliseconds(mapping(json.get("archived")).get("archivedAt")) or milliseconds(json.get("archivedAt"))


def _stage_entered_at(json: dict[str, object]) -> int | None:
    """When it came to its present stage, for the last time if it has been there before."""
    stage_id = identifier(json.get("stage"))
    changes = [mapping(each) for each in items(json.get("stageChanges"))]
    arrivals = [each for each in changes if stage_id and identifier(each.get("toStageId")) == stage_id]
    times = [milliseconds(each.get("updatedAt")) for each in arrivals]
    known = [time for time in times if time is not None]
    return max(known) if known else milliseconds(json.get("lastAdvancedAt"))


def _application(json: dict[str, object]) -> Application | None:
    """Lever lists one at most; should there be more, the one that is not archived."""
    found = [Application.from_json(each) for each in items(json.get("applications")) if identifier(each)]
    return min(found, key=lambda application: application.is_archived, default=None)


def _mobiles_first(value: object) -> list[object]:
    """Lever's types are free words, such as mobile, work and home, or null. A text message wants a mobile."""
    return sorted(items(value), key=lambda each: text(mapping(each).get("type")).lower() not in ("mobile", "cell"))


def _may_contact(json: dict[str, object]) -> bool:
    """No entry means that the account does not ask for consent, not that it was refused."""
    consent = mapping(mapping(json.get("dataProtection")).get("contact"))
    return consent.get("allowed") is not False
