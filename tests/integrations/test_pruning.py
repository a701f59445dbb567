"""What the log keeps, and what it does not."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.models import Model
from django.utils import timezone
from django_q.models import Schedule, Task

from checks.models import Check
from integrations import pruning
from integrations.models import Action, Connection, Delivery, LeverCall
from integrations.outbox import _tags_perhaps_there
from tests.factories import make_check, make_connection
from tests.portal.world import make_delivery

NOW = timezone.now()
OLD, YOUNG = NOW - timedelta(days=91), NOW - timedelta(days=89)


@pytest.fixture
def home(db: None) -> Connection:
    return make_connection()


def delivery(home: Connection, **fields: Any) -> Delivery:
    return make_delivery(home, **{"state": "ignored", "source": "found", "created_at": OLD, "done_at": OLD, **fields})


def an_ended_check(home: Connection, opportunity: str = "opportunity-a") -> Check:
    """Canceled; what that wrote in the outbox is put away, so that a test has only what it makes."""
    check = make_check(home.organization, opportunity_id=opportunity)
    check.cancel(OLD)
    Action.objects.filter(for_check=check).delete()
    return check


def action(check: Check, kind: str = "note", **fields: Any) -> Action:
    values = {"state": "done", "attempts": 1, "created_at": OLD, "done_at": OLD, "next_at": OLD, "value": "", **fields}
    home, mark = Connection.objects.get(organization=check.organization), f"mark-{Action.objects.count()}"
    return Action.objects.create(connection=home, for_check=check, kind=kind, mark=mark, **values)


def called(cause: Model) -> LeverCall:
    about = {cause._meta.model_name: cause}
    return LeverCall.objects.create(attempt=1, method="GET", path="/", milliseconds=1, at=OLD, **about)


def stays(row: Model) -> bool:
    pruning.prune_at(NOW)
    return type(row)._base_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("state", ["done", "ignored", "failed"])
def test_an_old_delivery_goes_once_it_is_settled(home: Connection, state: str) -> None:
    assert not stays(delivery(home, state=state))


def test_its_calls_go_with_it(home: Connection) -> None:
    ours, other = called(delivery(home)), called(delivery(home, created_at=YOUNG))
    assert not stays(ours)
    assert stays(other)


def test_a_delivery_that_waits_stays_however_old_it_is(home: Connection) -> None:
    assert stays(delivery(home, state="waiting", done_at=None))


def test_a_younger_delivery_stays(home: Connection) -> None:
    assert stays(delivery(home, created_at=YOUNG, done_at=YOUNG))


def test_an_old_delivery_that_was_processed_again_lately_stays(home: Connection) -> None:
    assert stays(delivery(home, done_at=YOUNG))


def test_when_a_webhook_was_last_heard_is_not_forgotten(home: Connection) -> None:
    first, last = (delivery(home, source="webhook", webhook="hired") for _ in range(2))
    pruning.prune_at(timezone.now())
    assert (stays(first), stays(last)) == (False, True)


def test_how_long_is_a_setting(home: Connection, settings: Any) -> None:
    settings.KEEP_DELIVERIES_DAYS = 92
    assert stays(delivery(home))


@pytest.mark.parametrize("kind", ["note", "link"])
def test_old_notes_and_links_of_a_check_that_has_ended_go(home: Connection, kind: str) -> None:
    gone = action(an_ended_check(home), kind)
    call = called(gone)
    assert not stays(gone)
    assert not LeverCall.objects.filter(pk=call.pk).exists()


@pytest.mark.parametrize("fields", [{"state": "waiting", "done_at": None}, {"created_at": YOUNG}, {"done_at": YOUNG}])
def test_an_action_that_waits_or_is_young_stays(home: Connection, fields: dict[str, Any]) -> None:
    assert stays(action(an_ended_check(home), **fields))


def test_what_belongs_to_a_live_check_stays(home: Connection) -> None:
    assert stays(action(make_check(home.organization)))


def test_of_each_opportunity_the_newest_done_tag_stays(home: Connection) -> None:
    first, again, other = an_ended_check(home), an_ended_check(home), an_ended_check(home, "opportunity-b")
    old, newest, others = (action(check, "tag") for check in (first, again, other))
    assert not stays(old)
    assert stays(newest)
    assert stays(others)


def test_tags_that_may_stand_in_lever_all_the_same_stay(home: Connection) -> None:
    """Begun after the last that is done: Lever may have them although its answer was lost."""
    check = an_ended_check(home)
    action(check, "tag", value="Done")
    begun, never = action(check, "tag", state="failed"), action(check, "tag", state="superseded", attempts=0)
    assert stays(begun)
    assert not stays(never)


def test_when_the_candidate_comes_again_the_same_tags_are_taken_away(home: Connection) -> None:
    check = an_ended_check(home)
    for value, state in [("One", "done"), ("Two", "done"), ("Three", "failed"), ("Four", "superseded")]:
        action(check, "tag", value=value, state=state)
    pruning.prune_at(NOW)
    newest = action(an_ended_check(home), "tag", value="Five", created_at=NOW)
    assert _tags_perhaps_there(newest) == ["Four", "Three", "Two"]


def test_another_organizations_tag_of_the_same_name_is_no_reason_to_forget_ours(home: Connection) -> None:
    ours = action(an_ended_check(home), "tag")
    action(an_ended_check(make_connection()), "tag")
    assert stays(ours)


def test_old_failures_of_the_queue_go(db: None) -> None:
    task = {"func": "integrations.tasks.sweep", "started": OLD, "name": "sweep"}
    old = Task.objects.create(id="a" * 32, success=False, stopped=OLD, **task)
    assert stays(Task.objects.create(id="b" * 32, success=False, stopped=YOUNG, **task))
    assert not stays(old)


def test_other_connections_and_many_batches_make_no_difference(home: Connection, monkeypatch: Any) -> None:
    monkeypatch.setattr(pruning, "BATCH", 3)
    homes = [home, make_connection(), make_connection()]
    for number in range(20):
        delivery(homes[number % 3], created_at=OLD + timedelta(minutes=number))
    kept = [delivery(homes[number % 3], created_at=YOUNG) for number in range(5)]
    assert pruning.prune_at(NOW)["deliveries"] == 20
    assert list(Delivery.objects.order_by("pk")) == kept


def test_a_run_that_has_had_its_time_leaves_the_rest_to_the_next(home: Connection) -> None:
    delivery(home)
    assert pruning.prune_at(NOW, longest=0)["deliveries"] == 0
    assert pruning.prune_at(NOW)["deliveries"] == 1


def killing_at(statement: int) -> Callable[..., Any]:
    """Lets the database break at the n-th DELETE."""
    seen = 0

    def execute(go_on: Any, sql: str, *arguments: Any) -> Any:
        nonlocal seen
        seen += sql.startswith("DELETE")
        if seen == statement:
            raise DatabaseError("killed")
        return go_on(sql, *arguments)

    return execute


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", range(1, 9))
def test_killed_half_way_nothing_is_half_gone(monkeypatch: Any, statement: int) -> None:
    monkeypatch.setattr(pruning, "BATCH", 2)
    home = make_connection()
    check = an_ended_check(home)
    for row in [*(delivery(home) for _ in range(4)), *(action(check) for _ in range(4))]:
        called(row)
    with connection.execute_wrapper(killing_at(statement)), pytest.raises(DatabaseError):
        pruning.prune_at(NOW)
    rows = Delivery.objects.count() + Action.objects.count()
    assert LeverCall.objects.count() == rows > 0
    pruning.prune_at(NOW)
    assert not Delivery.objects.exists()
    assert not Action.objects.exists()


def test_it_is_on_the_timetable_at_night(db: None) -> None:
    import_module("integrations.migrations.0005_schedule_the_pruning").add(apps, None)
    schedule = Schedule.objects.get(name="prune")
    assert (schedule.func, schedule.schedule_type, schedule.repeats) == ("integrations.pruning.prune", "D", -1)
    assert schedule.next_run.hour == 2
    assert schedule.calculate_next_run(schedule.next_run) - schedule.next_run == timedelta(days=1)


def test_the_timetable_s_task_does_it(home: Connection) -> None:
    old = delivery(home)
    pruning.prune()
    assert not Delivery.objects.filter(pk=old.pk).exists()


def test_the_command_says_what_went(home: Connection, capsys: Any) -> None:
    delivery(home)
    call_command("prune")
    said = "Removed what is older than 90 days: 1 deliveries, 0 actions, 0 failures.\n"
    assert capsys.readouterr().out == said
