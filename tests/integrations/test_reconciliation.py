"""Candidates whose webhook was lost are found, and nobody is found twice."""

from datetime import timedelta

import pytest
from django.utils import timezone

from checks.models import Check
from integrations.models import Connection, Delivery
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.tasks import process_inbox, reconcile, sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def old_connection(connection: Connection) -> Connection:
    """Exists for a day already."""
    Connection.objects.update(created_at=timezone.now() - timedelta(days=1))
    connection.refresh_from_db()
    return connection


def test_it_finds_who_arrived_unannounced(old_connection: Connection, marcus: Opportunity) -> None:
    reconcile(old_connection.pk)
    process_inbox()

    assert Check.objects.get().opportunity_id == marcus.id
    assert Delivery.objects.get().source == "found"


def test_it_finds_nobody_twice(old_connection: Connection, marcus: Opportunity) -> None:
    for _ in range(3):
        reconcile(old_connection.pk)
        process_inbox()

    assert Check.objects.count() == Delivery.objects.count() == 1


def test_it_leaves_a_canceled_check_alone(old_connection: Connection, marcus: Opportunity) -> None:
    reconcile(old_connection.pk)
    process_inbox()
    Check.objects.get().cancel(timezone.now())

    reconcile(old_connection.pk)
    process_inbox()

    assert Check.objects.count() == 1


def test_who_was_there_before_the_connection_is_left_alone(connection: Connection, marcus: Opportunity) -> None:
    Connection.objects.update(created_at=timezone.now() + timedelta(seconds=5))

    reconcile(connection.pk)

    assert not Delivery.objects.exists()


def test_a_stage_that_no_longer_exists_is_said_aloud(old_connection: Connection, lever: SandboxServer) -> None:
    Connection.objects.update(stage_id="gone", stage_name="Reference check")

    reconcile(old_connection.pk)

    old_connection.refresh_from_db()
    assert old_connection.status == "failing"
    assert "no longer exists" in old_connection.problem


def test_the_sweep_asks_for_it_every_ten_minutes(old_connection: Connection) -> None:
    from django_q.models import OrmQ

    def asked() -> int:
        return sum(task.func() == "integrations.tasks.reconcile" for task in OrmQ.objects.all())

    sweep()
    assert asked() == 1
    reconcile(old_connection.pk)
    OrmQ.objects.all().delete()
    sweep()
    assert asked() == 0
    Connection.objects.update(reconciled_at=timezone.now() - timedelta(minutes=11))
    sweep()
    assert asked() == 1


def test_a_connection_that_lever_refused_goes_on_when_it_is_well_again(old_connection: Connection) -> None:
    old_connection.fail("Lever does not know this API key.")

    reconcile(old_connection.pk)

    old_connection.refresh_from_db()
    assert old_connection.is_active
    assert old_connection.problem == ""
