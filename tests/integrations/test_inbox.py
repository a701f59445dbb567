"""What becomes of a delivery."""

import json

import pytest
from django.db import connection as database
from django.utils import timezone

from accounts.encryption import DecryptionError
from checks.models import Check
from integrations.models import Connection, Delivery, Webhook
from integrations.sandbox.faults import Fault
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.records import ApiKey
from integrations.sandbox.server import SandboxServer
from integrations.tasks import process_inbox
from notifications.models import Message
from templates_app.models import ReferenceTemplate
from tests.factories import make_connection
from tests.integrations.delivering import PLACES, again, deliver, moved, our_test, put
from tests.integrations.signing import payload, signed

pytestmark = pytest.mark.django_db


def test_it_starts_a_check_with_the_template_of_the_postings_tag(connection: Connection, marcus: Opportunity) -> None:
    delivery = moved(connection, marcus)

    check = Check.objects.get()
    assert delivery.state == "done"
    assert delivery.for_check == check
    assert (check.candidate_name, check.position, check.status) == (
        "Marcus Webb",
        "Chief Officer",
        "submitted",
    )
    assert check.template is not None
    assert check.template.name == "Deck officers"


def test_it_mails_the_candidate(connection: Connection, marcus: Opportunity) -> None:
    moved(connection, marcus)

    message = Message.objects.get()
    assert message.to_address == "marcus.webb@post.example"
    assert "/c/" in message.text


def test_it_ignores_a_stage_change_to_another_stage(connection: Connection, marcus: Opportunity) -> None:
    delivery = deliver(connection, opportunityId=marcus.id, toStageId="offer")

    assert delivery.state == "ignored"
    assert "another stage" in delivery.verdict
    assert not Check.objects.exists()


def test_it_believes_lever_and_not_the_payload(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    """The signature does not cover the data: a payload that says *trigger stage* proves nothing."""
    lever.world.move(marcus.id, "offer")

    delivery = moved(connection, marcus)

    assert delivery.state == "ignored"
    assert not Check.objects.exists()


def test_it_ignores_an_archived_candidate(connection: Connection, lever: SandboxServer, marcus: Opportunity) -> None:
    lever.world.archive(marcus.id, next(iter(lever.world.reasons)))

    assert "archived" in moved(connection, marcus).verdict
    assert not Check.objects.exists()


def test_a_second_telling_of_the_same_move_starts_nothing(connection: Connection, marcus: Opportunity) -> None:
    moved(connection, marcus)

    second = moved(connection, marcus)

    assert second.state == "ignored"
    assert Check.objects.count() == 1
    assert Message.objects.count() == 1


def test_a_second_telling_starts_nothing_even_after_the_check_was_canceled(
    connection: Connection, marcus: Opportunity
) -> None:
    moved(connection, marcus)
    Check.objects.get().cancel(timezone.now())

    assert moved(connection, marcus).state == "ignored"


def test_coming_to_the_stage_again_after_a_cancel_starts_a_new_one(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    moved(connection, marcus)
    Check.objects.get().cancel(timezone.now())
    lever.world.move(marcus.id, "offer")
    lever.world.move(marcus.id, connection.stage_id)

    assert moved(connection, marcus).state == "done"
    assert sorted(Check.objects.values_list("status", flat=True)) == ["canceled", "submitted"]


@pytest.mark.parametrize(("allowed", "count"), [(False, 1), (True, 2)])
def test_after_completion_the_connection_decides(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, allowed: bool, count: int
) -> None:
    Connection.objects.update(starts_after_completion=allowed)
    moved(connection, marcus)
    Check.objects.update(status="completed")
    lever.world.move(marcus.id, "offer")
    lever.world.move(marcus.id, connection.stage_id)

    moved(connection, marcus)

    assert Check.objects.count() == count


def test_without_an_address_it_writes_down_an_error(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    lever.world.change_email(marcus.id, "")

    delivery = moved(connection, marcus)

    assert Check.objects.get().problem == "no email"
    assert delivery.decision == "cannot-start"
    assert "No e-mail" in delivery.verdict
    assert not Message.objects.exists()


def test_it_starts_when_the_address_was_added_and_the_candidate_moved_again(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    lever.world.change_email(marcus.id, "")
    moved(connection, marcus)
    lever.world.change_email(marcus.id, "marcus@post.example")
    lever.world.move(marcus.id, "offer")
    lever.world.move(marcus.id, connection.stage_id)

    moved(connection, marcus)

    assert Check.objects.live().count() == 1
    assert not Check.objects.with_problem().exists()


def test_retry_at_the_desk_starts_it_without_another_move(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    lever.world.change_email(marcus.id, "")
    moved(connection, marcus)
    lever.world.change_email(marcus.id, "marcus@post.example")
    now = timezone.now()
    Delivery.objects.create(
        connection=connection,
        source=Delivery.Source.DESK,
        opportunity_id=marcus.id,
        dedupe_key="desk-1",
        created_at=now,
        next_at=now,
    )

    process_inbox()

    assert Check.objects.live().get().candidate_email == "marcus@post.example"


def test_it_does_not_write_to_who_must_not_be_contacted(connection: Connection, marcus: Opportunity) -> None:
    marcus.contact.may_contact = False

    moved(connection, marcus)

    assert Check.objects.get().problem == "no contact"
    assert not Message.objects.exists()


def test_without_template_and_default_it_says_why(connection: Connection, marcus: Opportunity) -> None:
    ReferenceTemplate.objects.update(ats_tag="something-else")

    moved(connection, marcus)

    check = Check.objects.get()
    assert (check.status, check.problem) == ("error", "no template")
    assert "match no template" in check.match_reason


def test_a_posting_without_tags_gets_the_default(connection: Connection, lever: SandboxServer) -> None:
    ReferenceTemplate.objects.update(is_default=True)
    tess = lever.world.add_person(
        "Tess Amari",
        emails=["tess@post.example"],
        posting=lever.world.posting_named("Deckhand").id,
        stage=connection.stage_id,
    )

    moved(connection, tess)

    assert "the default" in Check.objects.get().match_reason


def test_an_unknown_opportunity_ends_in_words(connection: Connection) -> None:
    delivery = deliver(connection, opportunityId="nobody", toStageId=connection.stage_id)

    assert delivery.state == "failed"
    assert "does not show this opportunity" in delivery.verdict


def test_a_revoked_key_stops_the_connection_and_loses_nothing(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    lever.world.keys[connection.api_key] = ApiKey(connection.api_key, revoked=True)
    delivery = moved(connection, marcus)
    connection.refresh_from_db()
    assert (delivery.state, connection.status) == ("waiting", "failing")
    assert "API key" in connection.problem

    lever.world.keys[connection.api_key] = ApiKey(connection.api_key)
    connection.activate()
    Delivery.objects.update(next_at=timezone.now())
    process_inbox()

    assert Check.objects.live().exists()


@pytest.mark.parametrize(
    "fault",
    [
        Fault("status", status=429),
        Fault("status", status=500),
        Fault("status", status=503),
        Fault("reset"),
        Fault("html"),
        Fault("truncated"),
    ],
    ids=lambda fault: f"{fault.kind} {fault.status}",
)
def test_what_passes_is_tried_again_later(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, fault: Fault
) -> None:
    lever.faults.add(fault)
    delivery = moved(connection, marcus)
    assert delivery.state == "waiting"
    assert delivery.next_at > timezone.now()
    assert delivery.error

    Delivery.objects.update(next_at=timezone.now())
    process_inbox()

    assert Check.objects.live().count() == 1


def test_it_gives_up_in_the_end_and_says_so(connection: Connection, lever: SandboxServer, marcus: Opportunity) -> None:
    lever.faults.add(Fault("status", status=503))
    Delivery.objects.all().delete()
    delivery = moved(connection, marcus)
    Delivery.objects.update(attempts=Delivery.MAX_ATTEMPTS - 1, next_at=timezone.now())
    lever.faults.add(Fault("status", status=503))

    process_inbox()

    delivery.refresh_from_db()
    assert delivery.state == "failed"
    assert "503" in delivery.error


def test_a_test_from_lever_is_recorded(connection: Connection) -> None:
    delivery = deliver(connection, "ping")

    assert delivery.state == "ignored"
    assert "signature is right" in delivery.verdict


def test_our_own_test_is_recorded_as_such(connection: Connection) -> None:
    delivery = our_test(connection, Webhook.HIRED)

    assert (delivery.state, delivery.source, delivery.decision) == ("ignored", "test", "test")
    assert "Vouch sent itself" in delivery.verdict


@pytest.mark.parametrize("status", ["incomplete", "disabled"])
def test_tests_are_settled_whatever_the_connection_is(connection: Connection, status: str) -> None:
    Connection.objects.update(status=status)

    assert our_test(connection).decision == "test"
    assert deliver(connection, "ping").decision == "test"


def test_a_test_processed_again_is_still_one(connection: Connection, lever: SandboxServer) -> None:
    delivery = again(our_test(connection))

    assert (delivery.decision, delivery.source) == ("test", "test")
    assert not lever.calls.last()


@pytest.mark.parametrize(("event", "place"), [(event, webhook) for event in PLACES for webhook in Webhook])
def test_each_event_is_acted_on_at_its_own_address_only(
    connection: Connection, marcus: Opportunity, event: str, place: Webhook
) -> None:
    delivery = deliver(connection, event, place, opportunityId=marcus.id, toStageId=connection.stage_id)

    assert (delivery.decision == "wrong-address") == (place != PLACES[event])
    assert Check.objects.exists() == (delivery.decision == "started")


def test_an_event_at_the_wrong_address_is_told_where_it_belongs(connection: Connection, marcus: Opportunity) -> None:
    delivery = deliver(connection, webhook=Webhook.HIRED, opportunityId=marcus.id, toStageId=connection.stage_id)

    assert delivery.state == "ignored"
    assert "came to the address for “Candidate hired”" in delivery.verdict
    assert "shows for “Candidate stage change”" in delivery.verdict


def test_what_comes_while_the_connection_is_off_is_put_down_to_that(
    connection: Connection, marcus: Opportunity
) -> None:
    connection.disable()

    assert moved(connection, marcus).decision == "off"


def test_an_event_of_another_kind_is_recorded(connection: Connection) -> None:
    delivery = put(connection, signed({"event": "contactUpdated", "data": {"contactId": "somebody"}}))

    assert (delivery.state, delivery.decision) == ("ignored", "unknown")
    assert "contactUpdated" in delivery.verdict


def test_every_decision_is_written_beside_its_sentence(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    found = [moved(connection, marcus).decision, moved(connection, marcus).decision]
    found.append(deliver(connection, opportunityId=marcus.id, toStageId="offer").decision)
    lever.world.move(marcus.id, "offer")
    found.append(moved(connection, marcus).decision)
    lever.world.delete(marcus.id)
    found.append(moved(connection, marcus).decision)

    assert found == ["started", "not-again", "other-stage", "moved-on", "unseen"]
    assert all(Delivery.objects.values_list("verdict", flat=True))


@pytest.mark.parametrize("odd", ['"\\u0000"', '"\\ud800"', "1e400000", "9" * 5000, "[[[[]]]]"])
def test_odd_bodies_harm_nobody(connection: Connection, marcus: Opportunity, odd: str) -> None:
    body = signed(payload("candidateStageChange", opportunityId="HERE", toStageId="HERE"))
    now = timezone.now()
    Delivery.objects.create(
        connection=connection,
        dedupe_key="odd",
        body=json.dumps(body).replace('"HERE"', odd).encode(),
        created_at=now,
        next_at=now,
    )
    moved(connection, marcus)

    assert Check.objects.live().count() == 1
    assert not Delivery.objects.waiting().exists()


def test_processing_a_delivery_asks_lever_twice(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    before = sum(lever.calls.as_json()["counts"].values())

    moved(connection, marcus)

    assert sum(lever.calls.as_json()["counts"].values()) - before == 2


def test_asked_for_at_the_desk_and_processed_again_begins_nothing_twice(
    connection: Connection, marcus: Opportunity
) -> None:
    delivery = Delivery.ask_for(connection, marcus.id, timezone.now())
    process_inbox()
    Check.objects.get().cancel(timezone.now())

    delivery.refresh_from_db()
    assert delivery.process_again(timezone.now())
    process_inbox()

    assert Check.objects.count() == 1


def test_an_address_longer_than_any_mail_server_takes_is_none(connection: Connection, marcus: Opportunity) -> None:
    marcus.contact.emails = [f"marcus@{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.example"]

    moved(connection, marcus)

    assert Check.objects.get().problem == "no email"


def test_a_name_of_two_lines_becomes_one_that_a_mail_can_bear(connection: Connection, marcus: Opportunity) -> None:
    marcus.contact.name = "Marcus\r\n  Webb "

    moved(connection, marcus)

    assert Check.objects.get().candidate_name == "Marcus Webb"


def test_one_key_that_cannot_be_decrypted_does_not_stop_the_others(connection: Connection, marcus: Opportunity) -> None:
    other = make_connection()
    stuck = Delivery.ask_for(other, "any", timezone.now())
    with database.cursor() as cursor:
        cursor.execute("UPDATE integrations_connection SET api_key = 'unreadable' WHERE id = %s", [other.pk])
    fine = Delivery.ask_for(connection, marcus.id, timezone.now())

    with pytest.raises(DecryptionError):
        process_inbox()
    process_inbox()

    fine.refresh_from_db()
    assert fine.state == "done"
    assert Delivery.objects.filter(pk=stuck.pk, state="waiting", error__contains="decrypts").exists()
