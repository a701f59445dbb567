"""Candidates whose webhook was lost are found, and nobody is found twice."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checks.models import Check
from checks.timeline import lines
from integrations.models import Connection, Delivery
from integrations.sandbox.faults import Fault
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.records import ApiKey
from integrations.sandbox.server import SandboxServer
from integrations.tasks import process_inbox, reconcile, sweep
from tests.factories import answers_for, make_check, make_named, make_template
from tests.integrations.delivering import PLACES, archived, deleted, moved

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


def test_who_came_before_it_was_activated_is_left_alone(old_connection: Connection, marcus: Opportunity) -> None:
    Connection.objects.update(status="incomplete")
    time.sleep(0.01)  # Lever's times are whole milliseconds
    old_connection.activate()
    compare(old_connection)
    assert not Delivery.objects.exists()


def test_who_stood_in_the_stage_before_it_was_chosen_is_left_alone(
    old_connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    lever.world.move(marcus.id, "offer")
    time.sleep(0.01)  # Lever's times are whole milliseconds
    old_connection.stage_id = "offer"
    old_connection.save(update_fields=["stage_id"])
    compare(old_connection)
    assert not Delivery.objects.exists()


def test_a_save_that_keeps_the_stage_loses_nobody(old_connection: Connection, marcus: Opportunity) -> None:
    old_connection.save(update_fields=["stage_id"])
    compare(old_connection)
    assert Delivery.objects.get().decision == "started"


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


# --- webhooks that were lost ----------------------------------------------------------------------------


def lose_webhooks(lever: SandboxServer, connection: Connection) -> None:
    """Lever has the addresses, and nothing that it sends arrives."""
    for event, webhook in PLACES.items():
        lever.world.add_webhook(event, f"http://127.0.0.1:9{connection.webhook_url(webhook)}")
        lever.faults.add(Fault("drop_webhook", times=100, path=event))


def compare(connection: Connection) -> None:
    reconcile(connection.pk)
    process_inbox()


def reason(lever: SandboxServer, kind: str = "non-hired") -> str:
    return next(each.id for each in lever.world.reasons.values() if each.type == kind)


def test_a_lost_stage_change_is_made_good(old_connection: Connection, lever: SandboxServer) -> None:
    lose_webhooks(lever, old_connection)
    posting = lever.world.posting_named("Chief Officer")
    tess = lever.world.add_person("Tess Amari", emails=["tess@post.example"], posting=posting.id)
    lever.world.move(tess.id, old_connection.stage_id)
    assert {attempt.error for attempt in lever.sender.attempts()} == {"dropped: a fault was asked for"}

    compare(old_connection)

    check = Check.objects.live().get()
    assert check.candidate_name == "Tess Amari"
    assert "Found by comparing with Lever: no webhook came" in [line.words for line in lines(check)]


def test_a_lost_archive_is_made_good(old_connection: Connection, lever: SandboxServer, marcus: Opportunity) -> None:
    lose_webhooks(lever, old_connection)
    moved(old_connection, marcus)
    lever.world.archive(marcus.id, reason(lever))

    compare(old_connection)

    check = Check.objects.get()
    assert check.status == "canceled"
    assert Delivery.objects.get(source="found").decision == "stopped"
    assert [line.words for line in lines(check)][-2:] == [
        "Found by comparing with Lever: no webhook came",
        "The check was canceled",
    ]


def test_a_lost_deletion_is_made_good(old_connection: Connection, lever: SandboxServer, marcus: Opportunity) -> None:
    lose_webhooks(lever, old_connection)
    moved(old_connection, marcus)
    Check.objects.get().cancel(timezone.now())
    lever.world.delete(marcus.id)

    compare(old_connection)

    check = Check.objects.get()
    assert (check.candidate_name, bool(check.erased_at)) == ("", True)
    assert Delivery.objects.get(source="found").decision == "erased"


def test_what_happened_is_found_once(old_connection: Connection, lever: SandboxServer) -> None:
    for name in ("archived", "deleted"):
        arrive(lever, old_connection, name)
    compare(old_connection)
    first, second = lever.world.opportunities
    lever.world.archive(first, reason(lever))
    lever.world.delete(second)

    for _ in range(3):
        compare(old_connection)

    assert sorted(Delivery.objects.values_list("webhook", flat=True)) == [
        "archived",
        "deleted",
        "stage-change",
        "stage-change",
    ]


@pytest.mark.parametrize("tell", [moved, archived, deleted])
def test_a_webhook_that_comes_late_after_all_changes_nothing(
    old_connection: Connection, lever: SandboxServer, marcus: Opportunity, tell
) -> None:
    compare(old_connection)
    happen = {
        moved: lambda: None,
        archived: lambda: lever.world.archive(marcus.id, reason(lever)),
        deleted: lambda: lever.world.delete(marcus.id),
    }
    happen[tell]()
    compare(old_connection)
    before = list(Check.objects.values())

    assert tell(old_connection, marcus).state == "ignored"
    assert list(Check.objects.values()) == before


def test_candidates_without_a_check_leave_no_trace(old_connection: Connection, lever: SandboxServer) -> None:
    for number in range(3):
        posting = lever.world.posting_named("Chief Officer")
        person = lever.world.add_person(f"Person {number}", emails=[f"p{number}@post.example"], posting=posting.id)
        if number:
            lever.world.archive(person.id, reason(lever))
        else:
            lever.world.delete(person.id)

    compare(old_connection)

    assert not Delivery.objects.exists()


def test_what_was_found_while_the_connection_was_off_is_looked_at_again(
    old_connection: Connection, marcus: Opportunity
) -> None:
    reconcile(old_connection.pk)
    old_connection.disable()
    process_inbox()
    assert Delivery.objects.get().decision == "off"
    old_connection.activate()

    compare(old_connection)

    assert Delivery.objects.get().decision == "started"


# --- Vouch switched off for a while ---------------------------------------------------------------------


def arrive(lever: SandboxServer, connection: Connection, name: str) -> Opportunity:
    return lever.world.add_person(
        name,
        emails=[f"{name.lower()}@post.example"],
        posting=lever.world.posting_named("Chief Officer").id,
        stage=connection.stage_id,
    )


def test_after_a_time_without_vouch_one_comparison_puts_everything_right(
    old_connection: Connection, lever: SandboxServer
) -> None:
    lose_webhooks(lever, old_connection)
    there = {name: arrive(lever, old_connection, name) for name in ("Stays", "Archived", "Hired", "Deleted")}
    compare(old_connection)
    hired = Check.objects.get(candidate_name="Hired")
    hired.name_references([make_named(1), make_named(2), make_named(3)], "I agree.", timezone.now())
    first = hired.references.in_order()[0]
    first.submit(answers_for(first), timezone.now())
    old_connection.disable()

    lever.world.archive(there["Archived"].id, reason(lever))
    lever.world.archive(there["Hired"].id, reason(lever, "hired"))
    lever.world.delete(there["Deleted"].id)
    for name, stages in {
        "Passed": ["offer"],
        "Returned": ["offer", old_connection.stage_id],
        "Came": [],
    }.items():
        person = arrive(lever, old_connection, name)
        for stage in stages:
            lever.world.move(person.id, stage)
    lever.world.archive(arrive(lever, old_connection, "Refused").id, reason(lever))
    lever.world.delete(arrive(lever, old_connection, "Vanished").id)
    old_connection.activate()
    compare(old_connection)

    found = dict(Check.objects.values_list("candidate_name", "status"))
    assert found == {
        "Stays": "submitted",
        "Archived": "canceled",
        "Hired": "completed",
        "": "canceled",
        "Returned": "submitted",
        "Came": "submitted",
    }
    assert not Delivery.objects.filter(state="failed").exists()


def test_more_than_one_page_and_batch_is_looked_through(old_connection: Connection, lever: SandboxServer) -> None:
    lever.sandbox.rate = lever.sandbox.burst = 1000
    people = [arrive(lever, old_connection, f"Person{number}") for number in range(130)]
    reconcile(old_connection.pk)
    assert Delivery.objects.count() == 130

    for person in people:
        make_check(old_connection.organization, opportunity_id=person.id)
        lever.world.archive(person.id, reason(lever))
    with CaptureQueriesContext(database) as captured:
        reconcile(old_connection.pk)

    assert Delivery.objects.filter(webhook="archived").count() == 130
    assert len([query for query in captured if "checks_check" in query["sql"]]) <= 5


# --- Lever fails meanwhile ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/stages", "/opportunities$", "/opportunities/deleted"])
@pytest.mark.parametrize(
    "fault",
    [{"status": 429}, {"status": 500}, {"status": 503}, {"kind": "reset"}, {"kind": "truncated"}],
    ids=lambda fault: str(*fault.values()),
)
def test_a_comparison_that_breaks_off_is_made_anew(
    old_connection: Connection, lever: SandboxServer, marcus: Opportunity, path: str, fault: dict[str, Any]
) -> None:
    lever.faults.add(Fault(**{"kind": "status", "path": path, **fault}))
    reconcile(old_connection.pk)
    assert not Connection.objects.filter(reconciled_at__isnull=False).exists()

    compare(old_connection)

    old_connection.refresh_from_db()
    assert old_connection.reconciled_at
    assert Check.objects.live().count() == Check.objects.count() == 1


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_list_of_deleted_ones_that_cannot_be_had_is_no_failure(
    old_connection: Connection, lever: SandboxServer, marcus: Opportunity, status: int
) -> None:
    lever.faults.add(Fault("status", status=status, path="/opportunities/deleted"))

    compare(old_connection)

    old_connection.refresh_from_db()
    assert old_connection.reconciled_at
    assert Check.objects.live().exists()


# --- confidential ones ----------------------------------------------------------------------------------


@pytest.fixture
def secret(old_connection: Connection, lever: SandboxServer) -> Opportunity:
    """Somebody who applied for a confidential job; there is a template for all jobs, and the key sees them all."""
    lever.world.keys[old_connection.api_key] = ApiKey(old_connection.api_key, confidential=True)
    make_template(old_connection.organization, is_default=True)
    posting = lever.world.posting_named("Finance Director")
    return lever.world.add_person(
        "Noor Haddad", emails=["noor@post.example"], posting=posting.id, stage=old_connection.stage_id
    )


@pytest.mark.parametrize(("sees", "count"), [(True, 1), (False, 0), (None, 0)])
def test_confidential_candidates_are_found_by_a_key_that_sees_them(
    old_connection: Connection, secret: Opportunity, sees: bool | None, count: int
) -> None:
    Connection.objects.update(sees_confidential=sees)

    compare(old_connection)

    assert Check.objects.count() == count


def test_confidential_candidates_are_missed_when_they_leave(
    old_connection: Connection, lever: SandboxServer, secret: Opportunity
) -> None:
    Connection.objects.update(sees_confidential=True)
    compare(old_connection)
    lever.world.archive(secret.id, reason(lever))
    compare(old_connection)
    assert Check.objects.get().status == "canceled"

    lever.world.delete(secret.id)
    compare(old_connection)

    assert Check.objects.get().erased_at


def test_a_key_that_sees_them_no_longer_finds_the_others(
    old_connection: Connection, lever: SandboxServer, secret: Opportunity, marcus: Opportunity
) -> None:
    lever.world.keys[old_connection.api_key] = ApiKey(old_connection.api_key, confidential=False)
    Connection.objects.update(sees_confidential=True)

    compare(old_connection)

    old_connection.refresh_from_db()
    assert Check.objects.get().candidate_name == "Marcus Webb"
    assert old_connection.sees_confidential is False
    assert old_connection.reconciled_at
