"""scratch of the reviewer"""

from datetime import timedelta
import pytest
from django.utils import timezone
from checks.models import Check, Outcome, OutcomeQuestion
from integrations.asking import ask_how_it_ended
from integrations.models import Action, Connection, Delivery
from integrations.tasks import perform_actions
from tests.integrations.ending import *
from tests.integrations.delivering import archived
from tests.factories import make_completed_check, make_user, make_template

pytestmark = pytest.mark.django_db


def test_note_after_erase(connection, marcus, lever):
    check = completed(connection, marcus)
    outcome_of(check).say("hired", timezone.now(), name="Ruth Zanzibar", email="r@zanzibar.example")
    perform_actions()
    check.refresh_from_db()
    check.erase(timezone.now())
    assert [a.value for a in Action.objects.all() if "Zanzibar" in a.value or "Marcus" in a.value] == []


def test_verdict_after_erase(connection, marcus, lever):
    check = completed(connection, marcus)
    days_pass(check)
    a_round()
    check.refresh_from_db()
    check.erase(timezone.now())
    print([d.verdict for d in Delivery.objects.all()])
    assert not [d for d in Delivery.objects.all() if "Jonas" in d.verdict or "Ruth" in d.verdict]


def test_setting_none(connection, marcus, lever):
    check = completed(connection, marcus)
    days_pass(check)
    type(connection.organization).objects.update(asks_outcome_after=None)
    a_round()
    assert not OutcomeQuestion.objects.exists()


def test_two_checks(connection, marcus, lever):
    a = completed(connection, marcus)
    b = completed(connection, marcus)
    days_pass(a)
    days_pass(b)
    a_round()
    print(OutcomeQuestion.objects.values_list("email"))
    assert OutcomeQuestion.objects.count() == 1


def test_archived_anew_same_reason(connection, marcus, lever):
    check = completed(connection, marcus)
    lever.world.archive(marcus.id, reason(lever))
    archived(connection, marcus)
    marcus.archived["archivedAt"] += 86400000 * -3
    archived(connection, marcus)
    assert outcome_of(check).ats_since.timestamp() * 1000 == pytest.approx(marcus.archived["archivedAt"])


def test_erased_conflict(connection, marcus, lever):
    from config.outcome_troubles import differing

    check = completed(connection, marcus)
    outcome_of(check).say("hired", timezone.now(), name="x")
    outcome_of(check).hear("not-hired", "x", timezone.now(), timezone.now())
    check.refresh_from_db()
    check.erase(timezone.now())
    u = make_user(connection.organization)
    assert not list(differing(Check.objects.visible_to(u), u, timezone.now()))


@pytest.mark.parametrize("st", [500])
def test_500_after_ours(connection, marcus, lever, st):
    from integrations.sandbox.faults import Fault

    check = completed(connection, marcus)
    perform_actions()
    archives(connection, lever)
    lever.faults.add(Fault("status", status=st, path="/archived", method="PUT", after=True))
    outcome_of(check).say("hired", timezone.now(), name="x")
    perform_actions()
    Action.objects.waiting().update(next_at=timezone.now())
    perform_actions()
    assert "itself" in archived(connection, marcus).verdict
    outcome_of(check).say("not-hired", timezone.now(), name="x")
    perform_actions()
    assert marcus.archived["reason"] == reason(lever, "Position closed")
