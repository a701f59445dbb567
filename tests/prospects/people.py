"""Prospects who are on their way to a practice Lever, and what is found of them there."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from integrations.models import Connection
from integrations.sandbox.faults import Fault
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from prospects import tasks
from prospects.models import Errand, Prospect, ProspectSettings

_numbers = count(1)


def make_prospect(connection: Connection, **fields: Any) -> Prospect:
    """One who has confirmed it a minute ago, with the errand that comes of it."""
    number, now = next(_numbers), timezone.now()
    values: dict[str, Any] = {
        "organization": connection.organization,
        "state": "waiting",
        "name": f"Eileen Farrow {number}",
        "email": f"eileen{number}@solent.example",
        "phone": "+441632960123",
        "company": "Solent Ferries",
        "title": "Chief Officer",
        "months": 12,
        "topics": "Deck",
        "consent_text": "You may write to me about jobs.",
        "agreed_at": now - timedelta(hours=1),
        "confirmed_at": now - timedelta(minutes=1),
        "ends_at": now + timedelta(days=365),
        "created_at": now - timedelta(hours=1),
        **fields,
    }
    prospect = Prospect.objects.create(**values)
    Errand.objects.create(prospect=prospect, connection=connection, kind="export", next_at=now, created_at=now)
    return prospect


@dataclass
class Export:
    """An organization's way to Lever. `go` does what a worker would."""

    connection: Connection
    lever: SandboxServer

    def add(self, **fields: Any) -> Prospect:
        return make_prospect(self.connection, **fields)

    def fault(self, kind: str, **fields: Any) -> None:
        self.lever.sandbox.faults.add(Fault(kind, **fields))

    def go(self) -> None:
        tasks.export()

    def go_again(self) -> None:
        """Whatever was put off is due now."""
        Errand.objects.waiting().update(next_at=timezone.now(), leased_until=None)
        self.go()

    def there(self, prospect: Prospect) -> list[Opportunity]:
        """What Lever has under the prospect's address."""
        found = self.lever.world.opportunities.values()
        return [each for each in found if prospect.email in each.contact.emails]

    def calls(self) -> int:
        return sum(self.lever.calls.as_json()["counts"].values())

    @property
    def settings(self) -> ProspectSettings:
        return ProspectSettings.of(self.connection.organization)

    def choose(self, **fields: Any) -> None:
        settings = self.settings
        ProspectSettings.objects.filter(pk=settings.pk).update(**fields)
