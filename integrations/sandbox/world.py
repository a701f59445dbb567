"""The practice Lever's memory: a small company, its candidates, and what happens to them.

Everything is kept in memory and guarded by one lock. What a webhook would tell goes to `listeners`.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from secrets import token_hex
from typing import TypeVar

from . import cast
from .opportunity import Opportunity
from .records import EVENTS, ApiKey, Application, Contact, File, Json, Note, Posting, Stage, Webhook, new_id

DEMO_API_KEY = "practice-key-which-is-no-secret-5a9d"

T = TypeVar("T")


def milliseconds() -> int:
    return time.time_ns() // 1_000_000


class Missing(LookupError):
    """Nothing of this kind has this id. Worded as Lever words it."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"{kind} {name} was not found")


@dataclass(frozen=True)
class Event:
    """Something a webhook tells. `origin` is where the candidate came from; webhooks may filter by it."""

    name: str
    triggered_at: int
    data: Json
    origin: str | None


def pick(shelf: dict[str, T], kind: str, name: str) -> T:
    try:
        return shelf[name]
    except KeyError:
        raise Missing(kind, name) from None


def without(present: Iterable[str], remove: Iterable[str], add: Iterable[str]) -> list[str]:
    """What is left of `present`, then what is new, in order and each once."""
    unwanted = set(remove)
    return list(dict.fromkeys([*(each for each in present if each not in unwanted), *add]))


class World:
    """Verbs raise `Missing` for an unknown id. `by` is the id of the user who acts, or None."""

    def __init__(self, people: Iterable[cast.Role] = (), clock: Callable[[], int] = milliseconds) -> None:
        self.clock = clock
        self.lock = threading.RLock()
        self.listeners: list[Callable[[Event], None]] = []
        now = clock()
        self.stages = {stage.id: stage for stage in cast.STAGES}
        self.reasons = {reason.id: reason for reason in cast.REASONS}
        self.users = {user.id: user for user in cast.users(now)}
        self.postings = {posting.id: posting for posting in cast.postings(now)}
        self.keys = {DEMO_API_KEY: ApiKey(DEMO_API_KEY)}
        self.webhooks: dict[str, Webhook] = {}
        self.switched_on = set(EVENTS)  # in Lever every group is off until a super admin switches it on
        self._people = tuple(people)
        self._fill()

    @classmethod
    def demo(cls) -> "World":
        return cls(cast.CANDIDATES)

    @classmethod
    def empty(cls) -> "World":
        return cls()

    def reset(self) -> None:
        """The first people again, under new ids, and silently. Users, postings, keys and webhooks stay."""
        with self.lock:
            listeners, self.listeners = self.listeners, []
            self._fill()
            self.listeners = listeners

    def start_over(self) -> None:
        """As `reset`, but whoever listens hears that the present people were deleted."""
        with self.lock:
            for opportunity_id in list(self.opportunities):
                self.delete(opportunity_id)
            self.reset()

    def _fill(self) -> None:
        self.contacts: dict[str, Contact] = {}
        self.opportunities: dict[str, Opportunity] = {}
        self.deleted: dict[str, Opportunity] = {}
        for role in self._people:
            cast.enter(self, role)

    # Looking up

    def opportunity(self, opportunity_id: str) -> Opportunity:
        return pick(self.opportunities, "opportunities", opportunity_id)

    def opportunities_of(self, contact: Contact) -> list[Opportunity]:
        return [each for each in self.opportunities.values() if each.contact is contact]

    def stage_named(self, text: str) -> Stage:
        return pick({stage.text: stage for stage in self.stages.values()}, "stages", text)

    def posting_named(self, text: str) -> Posting:
        return pick({posting.text: posting for posting in self.postings.values()}, "postings", text)

    def rank(self, stage: Stage) -> int:
        return list(self.stages).index(stage.id)

    # What happens to people

    def add_person(
        self,
        name: str,
        *,
        emails: Iterable[str] = (),
        posting: str | None = None,
        stage: str = "applicant-new",
        origin: str = "applied",
        owner: str | None = None,
        tags: Iterable[str] = (),
        links: Iterable[str] = (),
        contact: str | None = None,
        by: str | None = None,
        at: int | None = None,
    ) -> Opportunity:
        """A known address, or `contact`, makes another opportunity of that person, whose own data wins."""
        with self.lock:
            when = at or self.clock()
            applied_to = pick(self.postings, "postings", posting) if posting else None
            first = pick(self.stages, "stages", stage)
            person = self._contact(name, list(emails), contact)
            person.links += [link for link in links if link not in person.links]
            made = Opportunity(new_id(), person, first, when, origin, own_tags=list(dict.fromkeys(tags)))
            made.owner = owner or (applied_to.owner if applied_to else None)
            made.enter(first, self.rank(first), when, by)
            self.opportunities[made.id] = made
            if applied_to:
                made.application = Application(new_id(), applied_to, when)
                self._tell("applicationCreated", made, applicationId=made.application.id)
            return made

    def _contact(self, name: str, emails: list[str], contact: str | None) -> Contact:
        if contact:
            return pick(self.contacts, "contacts", contact)
        known = {email.lower(): person for person in self.contacts.values() for email in person.emails}
        for email in emails:
            if email.lower() in known:
                return known[email.lower()]
        person = Contact(new_id(), name, emails)
        self.contacts[person.id] = person
        self._announce("contactCreated", {"contactId": person.id}, None)
        return person

    def move(self, opportunity_id: str, stage_id: str, by: str | None = None) -> Opportunity:
        """To the present stage is no move. An archived opportunity moves and stays archived (recorded)."""
        with self.lock:
            moved, stage = self.opportunity(opportunity_id), pick(self.stages, "stages", stage_id)
            if moved.stage != stage:
                left = moved.stage.id
                moved.enter(stage, self.rank(stage), self._touch(moved), by)
                self._tell("candidateStageChange", moved, toStageId=stage.id, fromStageId=left)
            return moved

    def archive(self, opportunity_id: str, reason_id: str | None, by: str | None = None) -> Opportunity:
        """None takes it out of the archive. A hire tells two events; nobody documents which comes first."""
        with self.lock:
            changed, was = self.opportunity(opportunity_id), self.opportunity(opportunity_id).archived
            reason = pick(self.reasons, "archive_reasons", reason_id) if reason_id else None
            if (was or {}).get("reason") == reason_id:
                return changed
            at = self._touch(changed)
            changed.archived = {"reason": reason.id, "archivedAt": at} if reason else None
            if reason and reason.type == "hired":
                self._tell("candidateHired", changed)
            self._tell("candidateArchiveChange", changed, fromArchived=was, toArchived=changed.archived)
            return changed

    def place(self, opportunity_id: str, target: str, by: str | None = None) -> Opportunity:
        """What a mouse does: `target` is an archive reason, or a stage, which also ends an archive."""
        with self.lock:
            if target in self.reasons:
                return self.archive(opportunity_id, target, by)
            moved = self.move(opportunity_id, target, by)
            return self.archive(opportunity_id, None, by) if moved.archived else moved

    def delete(self, opportunity_id: str, by: str | None = None) -> None:
        with self.lock:
            gone = self.opportunity(opportunity_id)
            del self.opportunities[opportunity_id]
            gone.deleted_at, gone.deleted_by = self.clock(), by
            self.deleted[gone.id] = gone
            if not self.opportunities_of(gone.contact):
                del self.contacts[gone.contact.id]
            self._tell("candidateDeleted", gone)

    def change_email(self, opportunity_id: str, email: str) -> Opportunity:
        with self.lock:
            changed = self.opportunity(opportunity_id)
            changed.contact.emails = [email] if email else []
            self._touch_all(changed.contact)
            self._announce("contactUpdated", {"contactId": changed.contact.id}, None)
            return changed

    def retag(self, opportunity_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Opportunity:
        """Tags that come from the posting stay: they are not the opportunity's to lose."""
        with self.lock:
            changed = self.opportunity(opportunity_id)
            changed.own_tags = without(changed.own_tags, remove, add)
            self._touch(changed)
            return changed

    def relink(self, opportunity_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()) -> Opportunity:
        """Links are the person's, so every opportunity of theirs shows the change."""
        with self.lock:
            changed = self.opportunity(opportunity_id)
            changed.contact.links = without(changed.contact.links, remove, add)
            self._touch_all(changed.contact)
            return changed

    def add_note(self, opportunity_id: str, value: str, by: str | None = None, secret: bool = False) -> Note:
        with self.lock:
            noted = self.opportunity(opportunity_id)
            note = Note(new_id(), value, noted.stage.id, by, secret, self._touch(noted), by_api=True)
            noted.notes.append(note)
            return note

    def delete_note(self, opportunity_id: str, note: Note) -> None:
        with self.lock:
            noted = self.opportunity(opportunity_id)
            noted.notes.remove(note)
            self._touch(noted)

    def add_file(self, opportunity_id: str, name: str, content: bytes, kind: str, by: str | None = None) -> File:
        with self.lock:
            owner = self.opportunity(opportunity_id)
            file = File(new_id(), name, content, kind, self._touch(owner), by)
            owner.files.append(file)
            return file

    # Settings of the account

    def add_webhook(self, event: str, url: str, token: str | None = None, *, by_api: bool = False) -> Webhook:
        """The same event and address twice is accepted, as Lever does, and is then sent twice."""
        with self.lock:
            webhook = Webhook(new_id(), event, url, token or token_hex(24), self.clock(), by_api)
            self.webhooks[webhook.id] = webhook
            return webhook

    def add_key(self, key: str, permissions: Iterable[str] | None = None, *, confidential: bool = False) -> ApiKey:
        with self.lock:
            allowed = None if permissions is None else frozenset(permissions)
            self.keys[key] = ApiKey(key, allowed, confidential)
            return self.keys[key]

    # Telling

    def _touch(self, changed: Opportunity) -> int:
        changed.updated_at = self.clock()
        return changed.updated_at

    def _touch_all(self, contact: Contact) -> None:
        for each in self.opportunities_of(contact):
            self._touch(each)

    def _tell(self, name: str, about: Opportunity, **more: object) -> None:
        """In Lever's API the candidate id is the opportunity id; names and addresses are never told."""
        ids = {"opportunityId": about.id, "candidateId": about.id, "contactId": about.contact.id}
        self._announce(name, ids | more, about.origin)

    def _announce(self, name: str, data: Json, origin: str | None) -> None:
        event = Event(name, self.clock(), data, origin)
        for listener in self.listeners:
            listener(event)
