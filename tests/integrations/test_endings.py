"""How a candidacy ended, as Lever says it: whichever events tell of it, and in whichever order."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from checks.models import Check, Outcome
from integrations.endings import ending_of
from integrations.models import Connection, Delivery
from integrations.sandbox.faults import Fault
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.records import ApiKey
from integrations.sandbox.server import SandboxServer
from integrations.tasks import process_inbox, reconcile
from tests.factories import make_check
from tests.integrations.delivering import again, archived, hired, moved
from tests.integrations.ending import completed, heard, outcome_of, reason

pytestmark = pytest.mark.django_db

Tell = Callable[[Connection, Opportunity], Delivery]
NO_REASONS = ("opportunities:read", "opportunities:write", "users:read", "stages:read", "postings:read")


@pytest.fixture
def check(connection: Connection, marcus: Opportunity) -> Check:
    return completed(connection, marcus)


def may_not_read_reasons(connection: Connection, lever: SandboxServer) -> None:
    lever.world.keys[connection.api_key] = ApiKey(connection.api_key, frozenset(NO_REASONS))


@pytest.mark.parametrize(("text", "ended"), [("Hired", "hired"), ("Withdrew", "not-hired")])
def test_the_archive_reasons_type_says_how_it_ended(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check, text: str, ended: str
) -> None:
    lever.world.archive(marcus.id, reason(lever, text))
    delivery = archived(connection, marcus)

    assert heard(check) == (ended, text)
    assert outcome_of(check).ats_since.timestamp() * 1000 == pytest.approx(marcus.archived["archivedAt"])
    assert (delivery.state, delivery.decision, delivery.for_check) == ("done", "ended", check)
    assert f"“{text}”" in delivery.verdict


@pytest.mark.parametrize(
    ("reads_reasons", "tellings"),
    [
        (True, (hired,)),
        (True, (archived,)),
        (True, (hired, archived)),
        (True, (archived, hired, hired)),
        (False, (hired, archived)),
        (False, (archived, hired, archived)),
        (False, (archived,)),
    ],
)
def test_one_event_or_both_in_any_order_and_number_end_the_same(
    connection: Connection,
    lever: SandboxServer,
    marcus: Opportunity,
    check: Check,
    reads_reasons: bool,
    tellings: tuple[Tell, ...],
) -> None:
    if not reads_reasons:
        may_not_read_reasons(connection, lever)
    lever.world.archive(marcus.id, reason(lever))
    decisions = [tell(connection, marcus).decision for tell in tellings]

    is_known = reads_reasons or hired in tellings
    assert outcome_of(check).in_ats == ("hired" if is_known else "")
    assert decisions.count("ended") == is_known
    assert check.events.filter(kind="lever-hired").count() == is_known


def test_what_was_read_before_another_worker_wrote_is_read_anew(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One worker reads that they are archived; before it writes, they are not any more, and another notes that."""

    def slowly(*given: Any, **more: Any) -> Any:
        ending = ending_of(*given, **more)
        monkeypatch.setattr("integrations.departures.ending_of", ending_of)
        lever.world.archive(marcus.id, None)
        archived(connection, marcus)
        return ending

    lever.world.archive(marcus.id, reason(lever))
    monkeypatch.setattr("integrations.departures.ending_of", slowly)
    delivery = hired(connection, marcus)
    assert (delivery.state, outcome_of(check).in_ats) == ("waiting", "")

    Delivery.objects.update(next_at=timezone.now())
    process_inbox()
    delivery.refresh_from_db()
    assert (delivery.state, outcome_of(check).in_ats) == ("ignored", "")


def test_every_check_of_the_opportunity_hears_of_it(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    template = connection.organization.reference_templates.get()
    first, of_others = make_check(template=template, opportunity_id=marcus.id), make_check(opportunity_id=marcus.id)
    first.cancel(timezone.now())
    second = completed(connection, marcus)
    lever.world.archive(marcus.id, reason(lever))
    assert archived(connection, marcus).for_check == second
    assert heard(first) == heard(second) == ("hired", "Hired")
    assert not Outcome.objects.filter(for_check=of_others).exclude(in_ats="").exists()


def test_a_check_on_its_way_hears_of_it_and_ends(
    connection: Connection, lever: SandboxServer, marcus: Opportunity
) -> None:
    moved(connection, marcus)
    lever.world.archive(marcus.id, reason(lever, "Withdrew"))
    delivery = archived(connection, marcus)
    assert (heard(Check.objects.get()), delivery.decision) == (("not-hired", "Withdrew"), "stopped")
    assert "The check was canceled. It was no hire: “Withdrew”." in delivery.verdict


def test_taken_out_of_the_archive_it_is_open_again(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    lever.world.archive(marcus.id, reason(lever))
    archived(connection, marcus)
    lever.world.archive(marcus.id, None)
    delivery = archived(connection, marcus)

    assert heard(check) == ("", "")
    assert (delivery.state, delivery.decision) == ("done", "ended")
    assert "open again" in delivery.verdict
    late = hired(connection, marcus)  # the event of the hire, which took its time
    assert (heard(check), late.decision) == (("", ""), "no-check")


def test_archived_anew_where_the_reasons_cannot_be_read_the_old_word_no_longer_counts(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    may_not_read_reasons(connection, lever)
    lever.world.archive(marcus.id, reason(lever))
    hired(connection, marcus)
    lever.world.archive(marcus.id, None)
    Outcome.objects.update(ats_since=timezone.now() - timedelta(days=1))
    lever.world.archive(marcus.id, reason(lever, "Withdrew"))
    delivery = archived(connection, marcus)

    assert heard(check) == ("", "")
    assert "not known: Lever does not show the API key the archive reason" in delivery.verdict


def test_another_reason_of_the_same_type_is_taken_over(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    for text in ("Withdrew", "Underqualified"):
        lever.world.archive(marcus.id, reason(lever, text))
        archived(connection, marcus)
    assert heard(check) == ("not-hired", "Underqualified")


def test_a_reason_that_is_gone_from_the_account_leaves_it_open(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    lever.world.archive(marcus.id, reason(lever))
    del lever.world.reasons[reason(lever)]
    assert archived(connection, marcus).decision == "no-check"
    assert outcome_of(check).in_ats == ""


@pytest.mark.parametrize("status", [429, 500])
def test_while_lever_fails_nothing_is_noted_and_it_is_tried_again(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check, status: int
) -> None:
    lever.world.archive(marcus.id, reason(lever))
    lever.faults.add(Fault("status", status=status, path="/archive_reasons"))
    delivery = archived(connection, marcus)
    assert (delivery.state, outcome_of(check).in_ats) == ("waiting", "")

    assert again(delivery).decision == "ended"
    assert heard(check) == ("hired", "Hired")


# --- when no event comes ----------------------------------------------------------------------------------


def compare(connection: Connection) -> None:
    Connection.objects.update(reconciled_at=timezone.now() - timedelta(minutes=11))
    connection.refresh_from_db()
    reconcile(connection.pk)
    process_inbox()


def test_comparing_finds_how_it_ended_for_checks_that_are_over(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    lever.world.move(marcus.id, "offer")
    lever.world.archive(marcus.id, reason(lever))
    compare(connection)

    assert heard(check) == ("hired", "Hired")
    assert Delivery.objects.get().decision == "ended"


def test_what_an_event_has_told_is_not_found_again(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    lever.world.archive(marcus.id, reason(lever))
    told = archived(connection, marcus)
    compare(connection)
    assert Delivery.objects.get() == told


def test_what_stays_unclear_is_looked_at_once(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    may_not_read_reasons(connection, lever)
    lever.world.archive(marcus.id, reason(lever))
    for _ in range(3):
        compare(connection)
    assert Delivery.objects.get().decision == "no-check"


def test_back_in_the_stage_the_old_word_is_taken_back_although_that_event_was_lost(
    connection: Connection, lever: SandboxServer, marcus: Opportunity, check: Check
) -> None:
    lever.world.archive(marcus.id, reason(lever, "Withdrew"))
    archived(connection, marcus)
    lever.world.archive(marcus.id, None)
    moved(connection, marcus)
    assert heard(check) == ("", "")
