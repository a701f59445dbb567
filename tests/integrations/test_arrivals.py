"""People who apply straight into the trigger stage: Lever tells of no move then."""

import pytest

from checks.models import Check
from integrations.models import Connection
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from tests.integrations.delivering import applied, moved

pytestmark = pytest.mark.django_db


def test_an_application_into_the_stage_starts_a_check(connection: Connection, marcus: Opportunity) -> None:
    delivery = applied(connection, marcus)

    assert (delivery.state, delivery.decision) == ("done", "started")
    assert Check.objects.live().get() == delivery.for_check


def test_an_application_into_another_stage_starts_none(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    lever.world.move(marcus.id, "applicant-new")

    delivery = applied(connection, marcus)

    assert (delivery.state, delivery.decision) == ("ignored", "other-stage")
    assert not Check.objects.exists()


def test_who_applied_and_is_archived_by_now_gets_none(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    lever.world.archive(marcus.id, next(iter(lever.world.reasons)))

    assert applied(connection, marcus).decision == "moved-on"
    assert not Check.objects.exists()


@pytest.mark.parametrize("tellings", [(applied, moved), (moved, applied), (applied, applied)])
def test_one_arrival_told_twice_starts_one_check(connection: Connection, marcus: Opportunity, tellings) -> None:
    first, second = (tell(connection, marcus) for tell in tellings)

    assert (first.decision, second.decision) == ("started", "not-again")
    assert Check.objects.count() == 1
