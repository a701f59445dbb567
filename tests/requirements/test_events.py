"""What comes in from Lever, each as a signed webhook at the door: D2, D5 and D10."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from checks.models import Check
from integrations.models import Connection, Delivery
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.tasks import process_inbox
from notifications.models import Message
from notifications.tasks import send_due
from tests.factories import TOKEN, answers_for, make_named
from tests.integrations.delivering import PLACES
from tests.integrations.signing import address, payload, signed

pytestmark = pytest.mark.django_db


def tell(connection: Connection, event: str, opportunity: Opportunity, **data: Any) -> Delivery:
    """Lever posts it, and a worker looks."""
    webhook = PLACES[event]
    body = payload(event, opportunityId=opportunity.id, **data)
    body |= {"token": f"{opportunity.id}-{Delivery.objects.count()}"}
    answer = Client().post(
        address(connection, webhook),
        json.dumps(signed(body, f"{TOKEN}-{webhook}")),
        content_type="application/json",
    )
    assert answer.status_code == 200
    process_inbox()
    return Delivery.objects.latest("pk")


def enter(connection: Connection, lever: SandboxServer, marcus: Opportunity) -> Delivery:
    """Marcus is moved to the trigger stage; into it again, if he was there."""
    lever.world.move(marcus.id, "offer")
    lever.world.move(marcus.id, connection.stage_id)
    return tell(connection, "candidateStageChange", marcus, toStageId=connection.stage_id)


def is_archived(connection: Connection, lever: SandboxServer, marcus: Opportunity) -> Delivery:
    rejected = next(each.id for each in lever.world.reasons.values() if each.type != "hired")
    lever.world.archive(marcus.id, rejected)
    return tell(connection, "candidateArchiveChange", marcus)


def is_deleted(connection: Connection, lever: SandboxServer, marcus: Opportunity) -> Delivery:
    lever.world.delete(marcus.id)
    return tell(connection, "candidateDeleted", marcus)


def the_check() -> Check:
    return Check.objects.latest("pk")


def named() -> Check:
    """Marcus names three people, and they are written to."""
    check = the_check()
    check.name_references([make_named(1), make_named(2), make_named(3)], "I agree.", timezone.now())
    send_due()
    return check


def answered() -> Check:
    check = named()
    for reference in check.references.in_order():
        reference.submit(answers_for(reference), timezone.now())
    return the_check()


# --- D2 -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", list(PLACES))
def test_d2_a_webhook_is_a_hint_and_lever_decides(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, event: str
) -> None:
    """Each event is told of somebody to whom it did not happen."""
    enter(connection, lever, marcus)
    lever.world.move(marcus.id, "offer")

    delivery = tell(connection, event, marcus, toStageId=connection.stage_id)

    assert delivery.state == "ignored"
    assert the_check().is_live
    assert Check.objects.count() == 1


# --- D5 -------------------------------------------------------------------------------------------------


def test_d5_there_is_one_live_check_per_opportunity(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    enter(connection, lever, marcus)
    tell(connection, "applicationCreated", marcus)

    assert Check.objects.live().count() == Check.objects.count() == 1


def test_d5_entering_the_stage_again_while_it_is_live_does_nothing(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    enter(connection, lever, marcus)
    letters = Message.objects.count()

    delivery = enter(connection, lever, marcus)

    assert (delivery.state, delivery.decision) == ("ignored", "not-again")
    assert Check.objects.count() == 1
    assert Message.objects.count() == letters


@pytest.mark.parametrize("end", ["cancel", "expire"])
def test_d5_after_cancel_and_expiry_it_starts_a_new_one(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, end: str
) -> None:
    enter(connection, lever, marcus)
    getattr(the_check(), end)(timezone.now())

    assert enter(connection, lever, marcus).decision == "started"
    assert Check.objects.count() == 2


def test_d5_after_an_error_it_starts_a_new_one(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    lever.world.change_email(marcus.id, "")
    assert enter(connection, lever, marcus).decision == "cannot-start"
    lever.world.change_email(marcus.id, "marcus@post.example")

    assert enter(connection, lever, marcus).decision == "started"
    assert the_check().is_live


@pytest.mark.parametrize(("allowed", "decision"), [(False, "not-again"), (True, "started")])
def test_d5_after_completion_the_connection_decides(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, allowed: bool, decision: str
) -> None:
    Connection.objects.update(starts_after_completion=allowed)
    enter(connection, lever, marcus)
    assert answered().status == "completed"

    assert enter(connection, lever, marcus).decision == decision


# --- D10 ------------------------------------------------------------------------------------------------


def test_d10_the_candidate_is_archived_and_outstanding_references_are_told(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    enter(connection, lever, marcus)
    check = named()
    first = check.references.in_order()[0]
    first.submit(answers_for(first), timezone.now())

    is_archived(connection, lever, marcus)

    assert the_check().status == "canceled"
    told = Message.objects.filter(kind="reference-released").values_list("to_name", flat=True)
    assert set(told) == {"Bao Nguyen", "Margit Larsen"}


def test_d10_the_candidate_is_archived_and_nobody_is_reminded_any_more(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    enter(connection, lever, marcus)
    named()
    is_archived(connection, lever, marcus)
    send_due()
    check = the_check()

    check.become_overdue(check.due_at)
    check.expire(check.expires_at)

    assert not Message.objects.waiting().exists()
    assert not the_check().is_overdue


def test_d10_the_check_is_canceled_and_outstanding_references_are_told(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    enter(connection, lever, marcus)
    named().cancel(timezone.now())

    assert Message.objects.filter(kind="reference-released").count() == 3
    assert not Message.objects.waiting().exclude(kind="reference-released").exists()


def test_d10_the_candidate_is_deleted_and_the_personal_data_is_erased(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    enter(connection, lever, marcus)
    answered()

    is_deleted(connection, lever, marcus)
    send_due()

    check = the_check()
    assert (check.candidate_name, check.candidate_email, check.report_data) == ("", "", None)
    assert {(each.name, each.email, each.answers.count()) for each in check.references.all()} == {("", "", 0)}
    assert not Message.objects.exclude(to_address="").exists()


def test_d10_the_candidate_is_deleted_and_those_asked_are_told_first(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, mailoutbox: list[Any]
) -> None:
    enter(connection, lever, marcus)
    named()
    mailoutbox.clear()

    is_deleted(connection, lever, marcus)
    send_due()

    assert the_check().status == "canceled"
    assert [len(letter.to) for letter in mailoutbox] == [1, 1, 1]
    assert all("needed" in letter.body for letter in mailoutbox)
