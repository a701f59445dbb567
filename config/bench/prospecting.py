"""Organizations with prospects that wait for the switch: `manage.py bench --prospects JOBS`, a list in JSON."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.encryption import digest
from integrations.models import Connection
from integrations.sandbox import cast
from prospects.models import Errand, Prospect, ProspectSettings
from tests import factories

BATCH = 500
CONSENT = (
    "I agree that {organization} keeps my name, address and job for twelve months, to tell me of jobs that fit me."
)


@dataclass(frozen=True)
class Job:
    """An organization for each API key, and in each so many prospects."""

    keys: list[str]
    prospects: int


@dataclass(frozen=True)
class Filled:
    """An organization that is ready; `connection` is what its switch hangs on."""

    key: str
    connection: int


def address(key: str, number: int) -> str:
    return f"prospect-{number}@{key}.example"


def fill(jobs: str) -> Iterator[Filled]:
    for asked in (Job(**each) for each in json.loads(jobs)):
        for key in asked.keys:
            connection = _connection(key)
            _write(connection, key, asked.prospects, timezone.now())
            yield Filled(key, connection.pk)


def _connection(key: str) -> Connection:
    """Set up, and asked by no round for a while: only the export is to call Lever."""
    now = timezone.now()
    organization = factories.make_organization(name=f"Organization of {key}")
    ProspectSettings.objects.create(organization=organization)
    return factories.make_connection(
        organization, api_key=key, perform_as_id=cast.RUTH, reconciled_at=now, people_read_at=now
    )


def _write(connection: Connection, key: str, count: int, now: datetime) -> None:
    made = Prospect.objects.bulk_create(
        (_prospect(connection, address(key, number), number, now) for number in range(count)), batch_size=BATCH
    )
    errands = (
        Errand(prospect=each, connection=connection, kind=Errand.Kind.EXPORT, next_at=now, created_at=now)
        for each in made
    )
    Errand.objects.bulk_create(errands, batch_size=BATCH)


def _prospect(connection: Connection, email: str, number: int, now: datetime) -> Prospect:
    made = Prospect(
        organization=connection.organization,
        state=Prospect.State.WAITING,
        name=f"Bao Nguyen {number}",
        email=email,
        phone="+4799199042",
        company="Solent Lines",
        title="Fleet manager",
        months=12,
        topics="Bridge, Crewing",
        consent_text=CONSENT,
        agreed_at=now,
        confirmed_at=now,
        ends_at=now + timedelta(days=365),
        created_at=now,
    )
    made.token_hash = digest(made.token)  # `save` would; many are made at once
    return made
