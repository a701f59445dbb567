"""Candidates who go: archived in Lever, hired, or deleted there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from checks.models import Check
from checks.timeline import lines
from integrations.models import Action, Connection, Delivery
from integrations.sandbox.faults import Fault
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.records import ApiKey
from integrations.sandbox.server import SandboxServer
from notifications.models import Message
from tests.factories import answers_for, make_check, make_named, make_organization
from tests.integrations.delivering import again, archived, deleted, hired, moved

pytestmark = pytest.mark.django_db


@pytest.fixture
def check(connection: Connection, marcus: Opportunity) -> Check:
    """Marcus has named three people, and they have been written to."""
    moved(connection, marcus)
    check = Check.objects.get()
    check.name_references([make_named(1), make_named(2), make_named(3)], "I agree.", timezone.now())
    Message.objects.update(state="done")
    return check


def answer(check: Check) -> None:
    first = check.references.in_order()[0]
    first.submit(answers_for(first), timezone.now())


def reason(lever: SandboxServer, kind: str = "non-hired") -> str:
    return next(each.id for each in lever.world.reasons.values() if each.type == kind)


# --- archived -------------------------------------------------------------------------------------------


def test_an_archived_candidate_stops_the_check(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    lever.world.archive(marcus.id, reason(lever))

    delivery = archived(connection, marcus)

    check.refresh_from_db()
    assert (delivery.state, delivery.decision, delivery.for_check) == ("done", "stopped", check)
    assert check.status == "canceled"
    assert Message.objects.filter(kind="reference-released").count() == 3


def test_the_check_says_why_it_was_stopped(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    lever.world.archive(marcus.id, reason(lever))
    archived(connection, marcus)

    last = lines(check)[-1]
    assert (last.words, last.note) == ("The check was canceled", "In Lever the candidate was archived.")


def test_nobody_is_written_to_who_had_not_been_asked_yet(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    moved(connection, marcus)
    lever.world.archive(marcus.id, reason(lever))

    archived(connection, marcus)

    assert Message.objects.get().state == "canceled"


@pytest.mark.parametrize(("kind", "status"), [("hired", "completed"), ("non-hired", "canceled")])
def test_a_hire_concludes_from_what_is_in_and_anything_else_cancels(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check, kind: str, status: str
) -> None:
    answer(check)
    lever.world.archive(marcus.id, reason(lever, kind))

    delivery = archived(connection, marcus)

    check.refresh_from_db()
    assert (check.status, delivery.decision) == (status, "stopped")
    assert bool(check.report_data) == (status == "completed")
    assert lines(check)[-1].note == "In Lever the candidate was archived."


def test_a_hire_without_an_answer_cancels(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    lever.world.archive(marcus.id, reason(lever, "hired"))

    hired(connection, marcus)

    check.refresh_from_db()
    assert check.status == "canceled"


@pytest.mark.parametrize("tellings", [(hired, archived), (archived, hired), (archived, archived, hired, hired)])
def test_both_events_of_a_hire_in_any_order_do_it_once(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check, tellings
) -> None:
    answer(check)
    lever.world.archive(marcus.id, reason(lever, "hired"))

    decisions = [tell(connection, marcus).decision for tell in tellings]

    assert decisions == ["stopped"] + ["no-check"] * (len(tellings) - 1)
    assert Check.objects.get().status == "completed"
    assert Message.objects.filter(kind="reference-released").count() == 2


@pytest.mark.parametrize(("tell", "status"), [(hired, "completed"), (archived, "canceled")])
def test_where_the_reasons_cannot_be_read_the_event_is_believed(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check, tell, status: str
) -> None:
    answer(check)
    lever.world.archive(marcus.id, reason(lever, "hired"))
    lever.faults.add(Fault("status", status=403, path="/archive_reasons"))

    tell(connection, marcus)

    assert Check.objects.get().status == status


def test_lever_is_believed_and_not_the_event(connection: Connection, marcus: Opportunity, check: Check) -> None:
    delivery = archived(connection, marcus)

    check.refresh_from_db()
    assert check.is_live
    assert (delivery.state, delivery.decision) == ("ignored", "no-check")
    assert "goes on" in delivery.verdict


def test_taken_out_of_the_archive_nothing_begins_by_itself(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    lever.world.archive(marcus.id, reason(lever))
    archived(connection, marcus)
    lever.world.archive(marcus.id, None)

    delivery = archived(connection, marcus)

    assert "“Try again”" in delivery.verdict
    assert not Check.objects.live().exists()


def test_moved_to_the_stage_again_after_that_a_new_one_begins(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    lever.world.archive(marcus.id, reason(lever))
    archived(connection, marcus)
    lever.world.archive(marcus.id, None)
    lever.world.move(marcus.id, "offer")
    lever.world.move(marcus.id, connection.stage_id)

    assert moved(connection, marcus).decision == "started"
    assert Check.objects.live().exists()


@pytest.mark.parametrize("tell", [archived, hired, deleted])
def test_lever_is_not_asked_about_candidates_without_a_check(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, tell
) -> None:
    """It tells of every candidate of the account."""
    make_check(make_organization(), opportunity_id=marcus.id)  # another organization's

    assert tell(connection, marcus).decision == "no-check"
    assert not lever.calls.last()


@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.parametrize("path", ["/opportunities/", "/archive_reasons"])
def test_what_passes_is_tried_again(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check, status: int, path: str
) -> None:
    answer(check)
    lever.world.archive(marcus.id, reason(lever, "hired"))
    lever.faults.add(Fault("status", status=status, path=path))
    delivery = archived(connection, marcus)
    assert (delivery.state, delivery.decision) == ("waiting", "")

    assert again(delivery).decision == "stopped"
    assert Check.objects.get().status == "completed"


# --- deleted --------------------------------------------------------------------------------------------


def test_a_deleted_candidate_is_erased(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    lever.world.delete(marcus.id)

    delivery = deleted(connection, marcus)

    check.refresh_from_db()
    assert (delivery.state, delivery.decision, delivery.for_check) == ("done", "erased", check)
    assert (check.candidate_name, check.status) == ("", "canceled")
    assert check.erased_at


def test_every_check_of_the_opportunity_is_erased(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    check.cancel(timezone.now())
    second = make_check(connection.organization, opportunity_id=marcus.id, entered_at_ms=lever.world.clock())
    others = [make_check(connection.organization), make_check(make_organization(), opportunity_id=marcus.id)]
    lever.world.delete(marcus.id)

    deleted(connection, marcus)

    assert set(Check.objects.exclude(erased_at=None)) == {check, second}
    assert all(Check.objects.get(pk=other.pk).is_live for other in others)


def test_who_is_still_in_lever_is_not_erased(connection: Connection, marcus: Opportunity, check: Check) -> None:
    """The signature does not cover the data: anybody who saw one delivery could have put this together."""
    delivery = deleted(connection, marcus)

    check.refresh_from_db()
    assert check.is_live
    assert delivery.decision == "no-check"
    assert "nothing was erased" in delivery.verdict


def test_who_is_only_hidden_from_the_key_is_not_erased(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    lever.faults.add(Fault("status", status=403, path=f"/opportunities/{marcus.id}"))

    delivery = deleted(connection, marcus)

    check.refresh_from_db()
    assert (delivery.state, delivery.decision, check.erased_at) == ("failed", "unseen", None)


def test_gone_and_not_listed_as_deleted_is_looked_at_again(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    gone = lever.world.opportunities.pop(marcus.id)
    delivery = deleted(connection, marcus)
    assert (delivery.state, check.erased_at) == ("waiting", None)
    assert delivery.next_at - timezone.now() > timedelta(minutes=4)

    gone.deleted_at = lever.world.clock()
    lever.world.deleted[gone.id] = gone

    assert again(delivery).decision == "erased"


def test_and_given_up_after_an_hour_with_what_can_be_done_by_hand(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    del lever.world.opportunities[marcus.id]
    delivery = deleted(connection, marcus)
    Delivery.objects.update(created_at=timezone.now() - timedelta(hours=2))

    delivery = again(delivery)

    check.refresh_from_db()
    assert (delivery.state, delivery.for_check, check.erased_at) == ("failed", check, None)
    assert "on the check’s page" in delivery.verdict


@pytest.mark.parametrize("status", [400, 403, 404])
def test_where_the_list_cannot_be_read_being_gone_is_enough(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check, status: int
) -> None:
    lever.world.delete(marcus.id)
    lever.faults.add(Fault("status", status=status, path="/opportunities/deleted"))

    assert deleted(connection, marcus).decision == "erased"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_list_that_fails_for_the_moment_is_asked_again(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check, status: int
) -> None:
    del lever.world.opportunities[marcus.id]
    lever.faults.add(Fault("status", status=status, path="/opportunities/deleted"))

    assert deleted(connection, marcus).state == "waiting"
    check.refresh_from_db()
    assert not check.erased_at


def test_a_confidential_one_is_found_among_the_deleted(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    lever.world.keys[connection.api_key] = ApiKey(connection.api_key, confidential=True)
    Connection.objects.update(sees_confidential=True)
    marcus.application.posting = lever.world.posting_named("Finance Director")
    lever.world.delete(marcus.id)

    assert deleted(connection, marcus).decision == "erased"


def test_told_twice_it_is_erased_once(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    lever.world.delete(marcus.id)
    deleted(connection, marcus)

    assert deleted(connection, marcus).decision == "no-check"
    assert check.events.filter(kind="erased").count() == 1


def test_erased_by_hand_lever_hears_that_the_check_is_canceled(check: Check) -> None:
    check.erase(timezone.now())
    waiting = Action.objects.filter(for_check=check, state="waiting").values_list("value", flat=True)
    assert list(waiting) == ["Vouch - Canceled"]


def test_nothing_more_is_written_in_lever_about_the_erased(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    lever.world.delete(marcus.id)
    deleted(connection, marcus)

    assert not Action.objects.waiting().exists()
    assert not Action.objects.filter(value__contains="Canceled").exists()


def test_news_from_before_is_no_trouble_after_the_deletion(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    lever.world.delete(marcus.id)
    deleted(connection, marcus)

    late = moved(connection, marcus)

    assert (late.state, late.decision) == ("ignored", "unseen")
    assert Check.objects.count() == 1


def test_a_delivery_whose_words_are_erased_says_so_when_processed_again(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    first = check.deliveries.get()
    lever.world.delete(marcus.id)
    deleted(connection, marcus)

    first = again(first)

    assert (first.state, first.decision, bytes(first.body)) == ("ignored", "erased", b"")
