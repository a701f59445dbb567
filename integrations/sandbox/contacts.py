"""People as the practice Lever knows them, and who is found under an address."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypedDict

from .records import Json

if TYPE_CHECKING:
    from .opportunity import Opportunity


class Particulars(TypedDict, total=False):
    """What may be said of a person beside name and addresses."""

    headline: str
    location: str
    phones: Sequence[Json]
    links: Sequence[str]


def canonical(address: str) -> str:
    """Two spellings with the same result are one address.

    Lever calls the address that its list is filtered by "canonicalised", and does not say how. Small letters and no
    blanks around are sure enough; whether dots or what follows a plus are taken away, as Gmail does, nobody knows, and
    here they stay.
    """
    return address.strip().lower()


@dataclass
class Contact:
    """A person. Name, addresses and links are theirs, and show on every opportunity they have."""

    id: str
    name: str
    emails: list[str]
    headline: str = ""
    location: str = ""
    phones: list[Json] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    may_contact: bool | None = None
    is_anonymized: bool = False
    candidacies: "list[Opportunity]" = field(default_factory=list, repr=False, compare=False)
    directory: "Directory | None" = field(default=None, repr=False, compare=False)

    def __setattr__(self, name: str, value: object) -> None:
        """Whoever gets other addresses is found under them from then on."""
        super().__setattr__(name, value)
        if name == "emails" and self.directory is not None:
            self.directory.enter(self)

    def take(self, emails: Iterable[str], more: Particulars) -> None:
        """What was sent about somebody who is known: it is added where there is room, and what is known wins."""
        known = {canonical(email) for email in self.emails}
        self.emails = [*self.emails, *(email for email in emails if canonical(email) not in known)]
        self.phones += [phone for phone in more.get("phones", []) if phone not in self.phones]
        self.links += [link for link in more.get("links", []) if link not in self.links]
        self.headline = self.headline or more.get("headline", "")
        self.location = self.location or more.get("location", "")

    def forget(self, *, keeps_address: bool) -> None:
        """Anonymised. What Lever leaves of somebody then is not documented, nor whether their address finds them."""
        self.name, self.headline, self.location, self.is_anonymized = "Anonymized Candidate", "", "", True
        self.phones, self.links = [], []
        if not keeps_address:
            self.emails = []

    def data_protection(self) -> Json | None:
        if self.may_contact is None:
            return None
        return {
            "store": {"allowed": True, "expiresAt": None},
            "contact": {"allowed": self.may_contact, "expiresAt": None},
        }

    def as_json(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "headline": self.headline,
            "isAnonymized": self.is_anonymized,
            "location": {"name": self.location},
            "emails": self.emails,
            "phones": self.phones,
            "dataProtection": {"interviewIntelligence": {"allowed": True, "expiresAt": None}},
        }


class Directory:
    """Who is found under an address: one may belong to several people, and a person may have several.

    Looked up and not searched for, because thousands of people are looked for one after the other.
    """

    def __init__(self) -> None:
        self._people: dict[str, dict[str, Contact]] = {}
        self._entries: dict[str, list[str]] = {}

    def enter(self, person: Contact) -> None:
        """Under their present addresses, and no longer under earlier ones."""
        self.strike(person)
        person.directory = self
        self._entries[person.id] = [canonical(email) for email in person.emails]
        for address in self._entries[person.id]:
            self._people.setdefault(address, {})[person.id] = person

    def strike(self, person: Contact) -> None:
        for address in self._entries.pop(person.id, []):
            self._people[address].pop(person.id, None)

    def found(self, addresses: Iterable[str]) -> Iterator[Contact]:
        """Everybody, each once, in the order in which they were entered."""
        found = {who.id: who for address in addresses for who in self._people.get(canonical(address), {}).values()}
        yield from found.values()
