"""Several organizations, and several workers: none waits for another, and nobody is exported twice."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from django_q.models import OrmQ

from integrations.models import CallBudget, Connection
from integrations.sandbox.server import SandboxServer
from prospects import alone, tasks
from prospects.models import Errand, Prospect
from tests.factories import make_connection
from tests.integrations.conftest import lever
from tests.prospects.people import Export

__all__ = ["lever"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def exports(lever: SandboxServer) -> list[Export]:
    """Three organizations with keys of their own, and both switches on."""
    since = timezone.now() - timedelta(days=1)
    found = []
    for number in range(3):
        lever.world.add_key(f"key-{number}")
        connection = make_connection(
            api_key=f"key-{number}",
            perform_as_id=next(iter(lever.world.users)),
            exports_existing_prospects=True,
            exports_existing_since=since,
            exports_new_prospects=True,
            exports_new_since=since,
        )
        found.append(Export(connection, lever))
    return found


def states(export: Export) -> set[str]:
    return set(Prospect.objects.filter(organization=export.connection.organization).values_list("state", flat=True))


def test_one_whom_lever_holds_back_does_not_hold_back_the_others(exports: list[Export]) -> None:
    for export in exports:
        for _number in range(3):
            export.add()
    CallBudget.slow_down(exports[0].connection.budget_key, timezone.now(), timedelta(minutes=1))

    tasks.export()

    assert [states(export) for export in exports] == [{"waiting"}, {"exported"}, {"exported"}]


def test_one_whose_lever_hangs_does_not_hold_back_the_others(exports: list[Export]) -> None:
    for export in exports:
        export.add()
    begun = timezone.now()
    exports[0].fault("hang", seconds=2, path="/opportunities", method="GET")

    tasks.export()

    took = sorted((each.exported_at - begun).total_seconds() for each in Prospect.objects.all() if each.exported_at)
    assert len(took) == 3
    assert took[1] < 2 < took[2]


def test_two_workers_at_once_export_each_prospect_once(exports: list[Export], monkeypatch: pytest.MonkeyPatch) -> None:
    """As two clusters do: within one, only one exports at a time."""
    monkeypatch.setattr(alone, "_locked", lambda handle: True)
    prospects = [exports[0].add() for _number in range(12)]

    workers = [threading.Thread(target=_work) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert [len(exports[0].there(each)) for each in prospects] == [1] * 12
    assert set(Errand.objects.values_list("state", flat=True)) == {"done"}


def _work() -> None:
    try:
        tasks.export()
    finally:
        connections.close_all()


def test_one_of_a_cluster_leaves_it_to_the_other(exports: list[Export], monkeypatch: pytest.MonkeyPatch) -> None:
    exports[0].add()
    monkeypatch.setattr(alone, "_locked", lambda handle: False)

    tasks.export()

    assert states(exports[0]) == {"waiting"}


def test_where_nothing_can_be_locked_it_exports_all_the_same(
    exports: list[Export], monkeypatch: pytest.MonkeyPatch
) -> None:
    exports[0].add()
    monkeypatch.setattr(alone, "gettempdir", lambda: "/nowhere")

    tasks.export()

    assert states(exports[0]) == {"exported"}


def test_a_task_that_has_had_its_time_asks_for_another(exports: list[Export], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "LONGEST_TASK", 0.0)
    for _number in range(2):
        exports[0].add()

    tasks.export()

    assert Errand.objects.filter(kind="export", state="waiting").exists()
    assert [row.func() for row in OrmQ.objects.all()] == ["prospects.tasks.export"]


def test_a_switch_that_is_turned_off_stops_the_next_one(exports: list[Export], settings: Any) -> None:
    """While the first is on its way, somebody switches off."""
    first, second = (exports[0].add() for _number in range(2))
    exports[0].fault("hang", seconds=0.7, path="/opportunities", method="POST")
    switch = threading.Timer(0.3, _switch_off, [exports[0].connection.pk])
    switch.start()

    tasks.export()
    switch.join()

    assert len(exports[0].there(first)) == 1
    assert not exports[0].there(second)


def _switch_off(pk: int) -> None:
    try:
        Connection.objects.filter(pk=pk).update(exports_existing_prospects=False, exports_new_prospects=False)
    finally:
        connections.close_all()
