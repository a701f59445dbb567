"""`manage.py doctor`."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.utils import timezone

from integrations.doctor.examination import QUESTIONS
from integrations.models import Connection, Heartbeat
from integrations.sandbox.server import SandboxServer
from tests.factories import TOKEN, make_connection, make_organization

pytestmark = pytest.mark.django_db


def doctor(*options: str) -> tuple[str, int]:
    """What it printed, and the code it ended with."""
    output = StringIO()
    try:
        call_command("doctor", *options, stdout=output)
    except SystemExit as end:
        return output.getvalue(), int(end.code)
    return output.getvalue(), 0


def test_it_says_every_line_of_every_connection(connection: Connection) -> None:
    other = make_connection(organization=make_organization(name="Kestrel Line"))
    said, _code = doctor()
    assert [said.count(f"{question.title}: ") for question in QUESTIONS.values()] == [2] * len(QUESTIONS)
    assert connection.organization.name in said
    assert other.organization.name in said


def test_it_ends_with_0_when_nothing_is_broken(connection: Connection) -> None:
    Heartbeat.beat(timezone.now())
    said, code = doctor()
    assert code == 0
    assert "    Well    Key: Accepted by Lever. The account of northmoor.example answers.\n" in said
    assert "    Look    Candidate stage change: Nothing has come yet." in said
    assert said.endswith("deserve a look.\n")


def test_it_ends_with_1_when_something_is_broken(connection: Connection, lever: SandboxServer) -> None:
    Heartbeat.beat(timezone.now())
    del lever.world.stages[connection.stage_id]
    said, code = doctor()
    assert code == 1
    assert "    Broken  Stage that starts checks: “Reference check” no longer exists" in said


def test_it_looks_at_one_organization_alone_when_asked(connection: Connection) -> None:
    other = make_connection(organization=make_organization(name="Kestrel Line"), api_key="wrong")
    said, code = doctor("--organization", "Kestrel Line")
    assert code == 1
    assert other.organization.name in said
    assert connection.organization.name not in said


def test_an_organization_that_it_does_not_know_is_an_error(connection: Connection) -> None:
    with pytest.raises(CommandError, match="no connection of an organization “Nobody”"):
        doctor("--organization", "Nobody")


def test_without_any_connection_it_says_so() -> None:
    assert doctor() == ("Nothing is connected.\n", 0)


def test_a_key_that_cannot_be_decrypted_is_one_broken_line_and_the_others_are_seen(connection: Connection) -> None:
    make_connection(organization=make_organization(name="A first one"))
    with database.cursor() as cursor:
        cursor.execute("UPDATE integrations_connection SET api_key = 'no' WHERE id <> %s", [connection.pk])
    said, code = doctor()
    assert code == 1
    assert "A first one\n    Broken  Key: No key of FIELD_ENCRYPTION_KEYS decrypts a stored value." in said
    assert "Key: Accepted by Lever." in said


def test_it_prints_no_secret(connection: Connection, settings: Any) -> None:
    said, _code = doctor()
    assert connection.api_key not in said
    assert TOKEN not in said
    assert settings.SECRET_KEY not in said
