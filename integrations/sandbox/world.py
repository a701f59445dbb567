"""The practice Lever's memory: a small company, its candidates, and what happens to them.

Everything is kept in memory and guarded by one lock. What a webhook would tell goes to `listeners`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Unpack

from . import cast
from .account import Account, milliseconds, pick
from .contacts import Contact, Directory, Particulars
from .opportunity import Opportunity
from .records import ApiKey, Application, File, Json, Note, new_id

DEMO_API_KEY = "practice-key-which-is-no-secret-5a9d"


@dataclass(frozen=True)
class Event:
    """Something a webhook tells. `origin` is where the candidate came from; webhooks may filter by it."""

    name: str
    triggered_at: int
    data: Json
    origin: str | None


def without(present: Iterable[str], remove: Iterable[str], add: Iterable[str]) -> list[str]:
    """What is left of `present`, then what is new, in order and each once."""
    unwanted = set(remove)
    return list(dict.fromkeys([*(each for each in present if each not in unwanted), *add]))


class World(Account):
    """Verbs raise `Missing` for an unknown id. `by` is the id of the user who acts, or None."""

    def __init__(self, people: Iterable[cast.Role] = (), clock: Callable[[], int] = milliseconds) -> None:
        super().__init__(clock)
        self.keys[DEMO_API_KEY] = ApiKey(DEMO_API_KEY)
        self.listeners: list[Callable[[Event], None]] = []
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
        self.directory = Directory()
        self.opportunities: dict[str, Opportunity] = {}
        self.deleted: dict[str, Opportunity] = {}
        for role in self._people:
            cast.enter(self, role)

    # Looking up

    def opportunity(self, opportunity_id: str) -> Opportunity:
        return pick(self.opportunities, "opportunities", opportunity_id)

    def opportunities_of(self, contact: Contact) -> list[Opportunity]:
        return [each for each in contact.candidacies if each.id in self.opportunities]

    def known(self, emails: Iterable[str], contact: str | None = None) -> Contact | None:
        """Whom Lever ties a new opportunity to: the contact that is named, or the first with one of these addresses.

        Nothing can be tied to somebody who was anonymised (Lever's own words), so an address does not find them.
        """
        if contact:
            return pick(self.contacts, "contacts", contact)
        return next((each for each in self.directory.found(emails) if not each.is_anonymized), None)

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
        sources: Iterable[str] = (),
        contact: str | None = None,
        apart: bool = False,
        by: str | None = None,
        at: int | None = None,
        **more: Unpack[Particulars],
    ) -> Opportunity:
        """A known address, or `contact`, makes another opportunity of that person, whose own data wins.

        `apart`: somebody else with the same address, as there are in old accounts.
        """
        with self.lock:
            when = at or self.clock()
            applied_to = pick(self.postings, "postings", posting) if posting else None
            first = pick(self.stages, "stages", stage)
            person = None if apart else self.known(emails := list(emails), contact)
            if person:
                person.take(emails, more)
            else:
                person = self._met(name, emails, more)
            made = Opportunity(new_id(), person, first, when, origin)
            made.own_tags, made.sources = list(dict.fromkeys(tags)), list(dict.fromkeys(sources))
            made.owner = owner or (applied_to.owner if applied_to else None)
            made.enter(first, self.rank(first), when, by)
            self.opportunities[made.id] = made
            person.candidacies.append(made)
            if applied_to:
                made.application = Application(new_id(), applied_to, when)
                self._tell("applicationCreated", made, applicationId=made.application.id)
            return made

    def _met(self, name: str, emails: Iterable[str], more: Particulars) -> Contact:
        person = Contact(new_id(), name, list(emails))
        person.take((), more)
        self.contacts[person.id] = person
        self.directory.enter(person)
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
                self.directory.strike(gone.contact)
            self._tell("candidateDeleted", gone)

    def change_email(self, opportunity_id: str, email: str) -> Opportunity:
        with self.lock:
            changed = self.opportunity(opportunity_id)
            changed.contact.emails = [email] if email else []
            self._touch_all(changed.contact)
            self._announce("contactUpdated", {"contactId": changed.contact.id}, None)
            return changed

    def anonymize(self, opportunity_id: str, *, keeps_address: bool = False) -> Opportunity:
        """Somebody is forgotten, and what happened to them stays; `keeps_address`: it still finds them in the list."""
        with self.lock:
            changed = self.opportunity(opportunity_id)
            changed.contact.forget(keeps_address=keeps_address)
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
