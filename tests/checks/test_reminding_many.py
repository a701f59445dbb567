"""A hundred thousand references who are waited for: a run finds the few who are due, and keeps nobody in memory."""

import gc
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checks.models import Check, Reference
from checks.tasks import remind_due
from notifications.models import Quiet
from tests.factories import make_awaiting_check, make_organization, make_template

pytestmark = pytest.mark.django_db

NOW = timezone.now()
OWN = {"postgresql": "md5('r' || i)::uuid", "sqlite": "printf('%%032x', i)"}


@pytest.fixture
def reference() -> Reference:
    made = make_template(make_organization(time_zone="UTC"), ("manager",), only_office_hours=False)
    return make_awaiting_check(template=made, now=NOW).references.get()


def multiply(row: Check | Reference, count: int, **changes: str) -> None:
    """As many more rows like this one, made by the database itself. A change is SQL, of the row's number `i`."""
    fields = {field.column: f't."{field.column}"' for field in row._meta.concrete_fields if not field.primary_key}
    fields |= {"public_id": OWN[connection.vendor], "token_hash": "'hash ' || i", **changes}
    table, columns = row._meta.db_table, ", ".join(f'"{name}"' for name in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {count}) "  # noqa: S608  (names of our models)
            f"INSERT INTO {table} ({columns}) SELECT {', '.join(fields.values())} "
            f"FROM {table} t CROSS JOIN numbers WHERE t.id = %s",
            [row.pk],
        )
        cursor.execute(f"ANALYZE {table}")


def in_hours(row: Check | Reference, column: str, hours: int) -> Any:
    """That column, so much later, in the words of the database."""
    if connection.vendor == "postgresql":
        return f"t.\"{column}\" + interval '{hours} hours'"
    return f"strftime('%%Y-%%m-%%d %%H:%%M:%%f', t.\"{column}\", '+{hours} hours')"


def is_found_by(column: str, rows: QuerySet[Any]) -> bool:
    """Whether the database goes by an index of that column, and does not read the whole table."""
    plan = rows.values_list("pk", flat=True)[:200].explain()
    return bool(re.search(rf"(SEARCH .* INDEX|Index Cond:).*\b{column}\b", plan)) and "Seq Scan" not in plan


def test_those_who_are_due_are_found_through_the_index(reference: Reference) -> None:
    multiply(reference, 100_000, remind_at=in_hours(reference, "remind_at", 1))
    due = Reference.objects.to_remind(reference.remind_at)

    assert list(due) == [reference]
    assert is_found_by("remind_at", due.order_by("remind_at"))


def test_candidates_and_days_are_found_through_theirs(reference: Reference) -> None:
    check = reference.for_check
    Check.objects.update(remind_at=NOW, conclude_at=NOW)
    later = {name: in_hours(check, name, 1) for name in ("remind_at", "conclude_at")}
    multiply(check, 50_000, opportunity_id="'x' || i", **later)

    assert is_found_by("remind_at", Check.objects.to_remind(NOW))
    assert is_found_by("conclude_at", Check.objects.to_conclude(NOW))


def test_a_run_keeps_nobody_in_memory(reference: Reference, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many references there are in memory each time that one has its turn."""
    monkeypatch.setattr("checks.tasks.AT_ONCE", 3)
    Quiet.ask(reference.for_check.organization, reference.email, NOW)  # so that nothing is written
    multiply(reference, 11)
    known, take_turn = [], Reference.take_turn

    def counted(row: Reference, **changes: Any) -> bool:
        gc.collect()
        known.append(sum(type(each) is Reference for each in gc.get_objects()))
        return take_turn(row, **changes)

    monkeypatch.setattr(Reference, "take_turn", counted)
    assert remind_due(reference.remind_at) == len(known) == 12
    assert known[-1] == known[0]


def test_each_takes_as_many_queries_as_the_others(reference: Reference) -> None:
    multiply(reference, 4)
    with CaptureQueriesContext(connection) as five:
        assert remind_due(reference.remind_at) == 5
    again = Reference.objects.get(pk=reference.pk)
    Reference.objects.exclude(pk=again.pk).update(remind_at=None)
    with CaptureQueriesContext(connection) as one:
        assert remind_due(again.remind_at) == 1
    assert len(five) <= 5 * len(one)


def test_the_next_sweep_has_nothing_to_do(reference: Reference) -> None:
    remind_due(reference.remind_at)
    with CaptureQueriesContext(connection) as captured:
        remind_due(reference.remind_at + timedelta(minutes=1))
    assert len(captured) == 2
