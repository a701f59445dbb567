"""What the practice Lever remembers, and how each thing looks as JSON.

Shapes follow answers recorded from Lever's live API where they differ from its documentation's examples:
`archived` is an object, built-in stages have slugs for ids, `updatedAt` is null until something changes,
empty text is "" rather than null. Times are integers, milliseconds since 1970 UTC.
"""

import uuid
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

EVENTS = (
    "applicationCreated",
    "candidateArchiveChange",
    "candidateDeleted",
    "candidateHired",
    "candidateStageChange",
    "contactCreated",
    "contactUpdated",
    "interviewCreated",
    "interviewUpdated",
    "interviewDeleted",
)
ORIGINS = ("agency", "applied", "internal", "referred", "sourced", "university")
OPEN, CONFIDENTIAL = "non-confidential", "confidential"


def new_id() -> str:
    return str(uuid.uuid4())


@dataclass(frozen=True)
class Stage:
    id: str
    text: str

    def as_json(self) -> Json:
        return {"id": self.id, "text": self.text}


@dataclass(frozen=True)
class ArchiveReason:
    """Hired is no stage in Lever: it is an archive reason of type `hired`. `status` is active or inactive."""

    id: str
    text: str
    type: str
    status: str = "active"

    def as_json(self) -> Json:
        return {"id": self.id, "text": self.text, "status": self.status, "type": self.type}


@dataclass
class User:
    id: str
    name: str
    email: str
    access_role: str
    job_title: str | None
    created_at: int
    deactivated_at: int | None = None

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "username": self.email.partition("@")[0],
            "email": self.email,
            "accessRole": self.access_role,
            "photo": None,
            "createdAt": self.created_at,
            "deactivatedAt": self.deactivated_at,
            "externalDirectoryId": None,
            "linkedContactIds": None,
            "jobTitle": self.job_title,
            "managerId": None,
        }


@dataclass
class Posting:
    id: str
    text: str
    team: str
    department: str | None
    location: str
    commitment: str | None
    tags: list[str]
    owner: str | None
    hiring_manager: str | None
    created_at: int
    state: str = "published"
    confidentiality: str = OPEN
    channels: tuple[str, ...] = ("public", "internal")

    def surfaced_tags(self) -> list[str]:
        """What Lever shows as tags on every opportunity of this posting."""
        named = [self.text, self.team, self.department, self.location, self.commitment]
        return [*filter(None, named), *self.tags]

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "text": self.text,
            "createdAt": self.created_at,
            "updatedAt": self.created_at,
            "state": self.state,
            "distributionChannels": list(self.channels) or None,
            "confidentiality": self.confidentiality,
            "user": self.owner,
            "owner": self.owner,
            "hiringManager": self.hiring_manager,
            "categories": {
                "team": self.team,
                "department": self.department,
                "location": self.location,
                "allLocations": [self.location],
                "commitment": self.commitment,
                "level": None,
            },
            "tags": self.tags,
            "content": {"description": "", "lists": [], "closing": ""},
            "country": None,
            "followers": [],
            "reqCode": "",
            "requisitionCodes": [],
            "urls": self._urls(),
            "workplaceType": "unspecified",
        }

    def _urls(self) -> Json | None:
        if self.state == "draft":  # recorded: a draft has no addresses
            return None
        site = f"https://jobs.lever.co/northmoor/{self.id}"
        return {"list": "https://jobs.lever.co/northmoor", "show": site, "apply": f"{site}/apply"}


@dataclass
class Application:
    id: str
    posting: Posting
    created_at: int


@dataclass
class Note:
    id: str
    value: str
    stage: str
    user: str | None
    secret: bool
    created_at: int
    by_api: bool
    replies: list[Json] = field(default_factory=list)
    score: int | None = None

    def comment(self) -> Json:
        return {
            "type": "note",
            "text": "Comment",
            "value": self.value,
            "user": self.user,
            "score": self.score,
            "stage": self.stage,
            "createdAt": self.created_at,
        }

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "text": "Note",
            "fields": [self.comment(), *self.replies],
            "user": self.user,
            "secret": self.secret,
            "createdAt": self.created_at,
            "completedAt": self.created_at,
            "deletedAt": None,
        }


@dataclass(frozen=True)
class File:
    """As in Lever's documentation; no answer with a file in it has been recorded."""

    id: str
    name: str
    content: bytes
    kind: str
    uploaded_at: int
    user: str | None

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "downloadUrl": f"https://api.lever.co/v1/files/{self.id}/download",
            "ext": f".{self.name.rpartition('.')[2]}",
            "name": self.name,
            "uploadedAt": self.uploaded_at,
            "status": "processed",
            "size": len(self.content),
        }


@dataclass
class Webhook:
    """`by_api` tells who made it: Lever lets the API change only what the API made."""

    id: str
    event: str
    url: str
    token: str
    created_at: int
    by_api: bool = True
    origins: tuple[str, ...] = ORIGINS

    def as_json(self) -> Json:
        """As Lever lists it: without the signature token, which is told once, at creation."""
        return {
            "id": self.id,
            "event": self.event,
            "url": self.url,
            "configuration": {"conditions": {"origins": list(self.origins)}},
            "createdAt": self.created_at,
            "updatedAt": self.created_at,
        }

    def as_json_with_token(self) -> Json:
        shown = self.as_json()
        shown["configuration"]["signatureToken"] = self.token
        return shown


@dataclass
class ApiKey:
    """Permissions are `stages:read`, `notes:write` and so on; to write contains to read. None means all."""

    key: str
    permissions: frozenset[str] | None = None
    confidential: bool = True
    revoked: bool = False

    @property
    def ending(self) -> str:
        return self.key[-4:]

    def may(self, permission: str) -> bool:
        if self.permissions is None:
            return True
        return permission in self.permissions or permission.replace(":read", ":write") in self.permissions
