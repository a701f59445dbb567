"""One candidacy of one person, as the practice Lever keeps it."""

from dataclasses import dataclass, field

from .contacts import Contact
from .records import CONFIDENTIAL, OPEN, Application, File, Json, Note, Stage


@dataclass
class Opportunity:
    """Links and addresses are the contact's; tags, stage, notes, files and the archive state are its own."""

    id: str
    contact: Contact
    stage: Stage
    created_at: int
    origin: str = "applied"
    owner: str | None = None
    followers: list[str] = field(default_factory=list)  # beside the owner, who always follows
    application: Application | None = None
    own_tags: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    stage_changes: list[Json] = field(default_factory=list)
    archived: Json | None = None
    advanced_at: int = 0
    updated_at: int | None = None
    deleted_at: int | None = None
    deleted_by: str | None = None

    @property
    def active_posting(self) -> str | None:
        return self.application.posting.id if self.application and not self.archived else None

    @property
    def archived_posting(self) -> str | None:
        return self.application.posting.id if self.application and self.archived else None

    @property
    def following(self) -> list[str]:
        return list(dict.fromkeys([*filter(None, [self.owner]), *self.followers]))

    @property
    def confidentiality(self) -> str:
        """Lever: confidential only through a confidential posting."""
        hidden = self.application and self.application.posting.confidentiality == CONFIDENTIAL
        return CONFIDENTIAL if hidden else OPEN

    @property
    def tags(self) -> list[str]:
        """The posting's come first and follow it when it is renamed; in the list nothing tells them apart."""
        posting = self.application.posting if self.application and not self.archived else None
        return list(dict.fromkeys([*(posting.surfaced_tags() if posting else []), *self.own_tags]))

    def enter(self, stage: Stage, index: int, at: int, by: str | None) -> None:
        """Recorded answers leave `userId` out where nobody is known to have done it."""
        change: Json = {"toStageId": stage.id, "toStageIndex": index, "updatedAt": at}
        self.stage_changes.append(change | ({"userId": by} if by else {}))
        self.stage = stage
        self.advanced_at = at

    def as_json(self) -> Json:
        person, application = self.contact, self.application
        shown = {
            "id": self.id,
            "name": person.name,
            "headline": person.headline,
            "contact": person.id,
            "stage": self.stage.id,
            "stageChanges": self.stage_changes,
            "confidentiality": self.confidentiality,
            "location": person.location,
            "phones": person.phones,
            "emails": person.emails,
            "links": person.links,
            "archived": self.archived,
            "tags": self.tags,
            "sources": self.sources,
            "sourcedBy": self.owner if self.origin == "sourced" else None,
            "origin": self.origin,
            "owner": self.owner,
            "followers": self.following,
            "applications": [application.id] if application else [],
            "createdAt": self.created_at,
            "updatedAt": self.updated_at,
            "lastInteractionAt": self.updated_at or self.created_at,
            "lastAdvancedAt": self.advanced_at,
            "snoozedUntil": None,
            "urls": {
                "list": "https://hire.lever.co/candidates",
                "show": f"https://hire.lever.co/candidates/{self.id}",
            },
            "isAnonymized": person.is_anonymized,
            "dataProtection": person.data_protection(),
        }
        if self.deleted_at:
            shown |= {"deletedAt": self.deleted_at, "deletedBy": self.deleted_by}
        return shown

    def application_json(self) -> list[Json]:
        """Empty for a lead who has not applied. Manager fields carry the names seen in recorded answers."""
        if not self.application:
            return []
        posting, person = self.application.posting, self.contact
        return [
            {
                "id": self.application.id,
                "opportunityId": self.id,
                "candidateId": self.id,
                "createdAt": self.application.created_at,
                "type": "posting",
                "posting": posting.id,
                "postingOwner": posting.owner,
                "postingHiringManager": posting.hiring_manager,
                "user": self.owner,
                "name": person.name,
                "email": person.emails[0] if person.emails else None,
                "phone": person.phones[0] if person.phones else None,
                "company": None,
                "links": person.links,
                "comments": "",
                "customQuestions": [],
                "archived": self.archived,
                "requisitionForHire": None,
            }
        ]
