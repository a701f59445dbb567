"""Lever's users as people who may sign in here."""

import pytest
from django.utils import timezone

from accounts.models import User
from integrations.models import Connection
from integrations.sandbox.server import SandboxServer
from integrations.tasks import read_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(lever: SandboxServer, connection: Connection) -> User:
    """Somebody whom Lever named."""
    read_people(connection.pk)
    return User.objects.active().exclude(name="Ruth Adeyemi").order_by("pk")[0]


def leave(lever: SandboxServer, person: User) -> None:
    known = next(user for user in lever.world.users.values() if user.email == person.email)
    known.deactivated_at = int(timezone.now().timestamp() * 1000)


def test_who_left_lever_signs_in_no_more(lever: SandboxServer, connection: Connection, colleague: User) -> None:
    leave(lever, colleague)

    read_people(connection.pk)

    colleague.refresh_from_db()
    assert not colleague.is_active
    assert User.objects.get(name="Ruth Adeyemi").is_active


def test_who_did_not_come_from_lever_stays(connection: Connection) -> None:
    manager = User.objects.create_user("anna@northmoor.example", organization=connection.organization)

    read_people(connection.pk)

    manager.refresh_from_db()
    assert manager.is_active


def test_an_empty_list_shuts_nobody_out(lever: SandboxServer, connection: Connection, colleague: User) -> None:
    for user in lever.world.users.values():
        user.deactivated_at = 1

    read_people(connection.pk)

    colleague.refresh_from_db()
    assert colleague.is_active


def test_an_address_too_long_for_a_mail_keeps_nobody_else_out(lever: SandboxServer, connection: Connection) -> None:
    ruth, other = list(lever.world.users.values())[:2]
    other.email = f"{'a' * 250}@northmoor.example"

    read_people(connection.pk)

    assert User.objects.filter(email=ruth.email).exists()
    assert not User.objects.filter(email__startswith="aaa").exists()
