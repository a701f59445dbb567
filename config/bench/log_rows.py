"""A log of so many deliveries, and its pages: what one side of `deliveries` does, `manage.py bench --log ROWS`."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, LiteralString, TypeAlias

import psycopg
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from psycopg import sql

from accounts.roles import Role
from accounts.scoped_admin import ScopedAdmin
from config.bench.clients import delivery as body
from config.bench.rows import Page, signed_in
from integrations.models import Action, Connection, Delivery, LeverCall
from tests import factories

SQL: TypeAlias = LiteralString
PAGES = 200  # that a list has at most
TINY, IDLE = 40, 20_000  # deliveries of an organization that has few, and of one that has been idle since
LEAST = 15_000  # checks of the busy one: more than a search by name looks through

# As SQL, with n from 1 to count, the number of checks, and the ids of the rows that are copied. There are a quarter as
# many opportunities as deliveries, from that of the newest check down.
CHECKS: dict[str, SQL] = {
    "public_id": "gen_random_uuid()",
    "token_hash": "md5(gen_random_uuid()::text)",
    "opportunity_id": "'opportunity-' || n",
    "candidate_name": "(ARRAY['Marcus','Ada','Bao','Eileen','Tomás'])[1 + n %% 5] || ' ' || md5(n::text)",
    "status": "'canceled'",
    "ended_at": "now()",
}
DELIVERIES: dict[str, SQL] = {
    "dedupe_key": "md5('delivery' || n)",
    "opportunity_id": "'opportunity-' || (%(checks)s - n %% GREATEST(1, %(count)s / 4))",
    "webhook": "CASE WHEN n %% 10 = 0 THEN 'hired' ELSE 'stage-change' END",
    "decision": "CASE WHEN n > %(count)s - 3 THEN 'erased' WHEN n %% 10 = 1 THEN 'started' ELSE 'other-stage' END",
    "state": "CASE WHEN n %% 1000 = 0 THEN 'failed' WHEN n %% 10 = 1 THEN 'done' ELSE 'ignored' END",
    "source": "CASE WHEN n > %(count)s - 3 THEN 'desk' ELSE 'webhook' END",
    "created_at": "now() - (%(count)s - n) * interval '90 days' / %(count)s",
    "done_at": "now() - (%(count)s - n) * interval '90 days' / %(count)s",
}
ACTIONS: dict[str, SQL] = {
    "for_check_id": "%(check)s + %(checks)s - ((n - 1) / 5)",
    "mark": "'copy-' || n",
    "state": "CASE WHEN n %% 1000 = 0 THEN 'failed' ELSE 'done' END",
    "created_at": DELIVERIES["created_at"],
}
CALLS: dict[str, SQL] = {"delivery_id": "%(delivery)s + n"}

# Whose list of what is looked at, and how: busy, idle and few are super admins of organizations with so many.
LISTS = (
    ("busy", "delivery", "", ""),
    ("busy", "delivery", ", last page", "?p={last}"),
    ("busy", "delivery", ", one kind", "?webhook=hired"),
    ("busy", "delivery", ", a frequent verdict", "?decision=other-stage"),
    ("busy", "delivery", ", a rare verdict", "?decision=erased"),
    ("busy", "delivery", ", a verdict that none has", "?decision=unseen"),
    ("busy", "delivery", ", given up", "?state=failed"),
    ("busy", "delivery", ", a rare source", "?source=desk"),
    ("busy", "delivery", ", by name", "?q=Marcus"),
    ("busy", "delivery", ", by nobody’s name", "?q=Nobody+Known"),
    ("busy", "delivery", ", by address", "?q=https://hire.lever.co/candidates/{id}"),
    ("operator", "delivery", "", ""),
    ("operator", "delivery", ", last page", "?p={last}"),
    ("operator", "delivery", ", a rare verdict", "?decision=erased"),
    ("operator", "delivery", ", a verdict that none has", "?decision=unseen"),
    ("operator", "delivery", ", by name", "?q=Marcus"),
    ("few", "delivery", "", ""),
    ("few", "delivery", ", a verdict that none has", "?decision=unseen"),
    ("idle", "delivery", "", ""),
    ("idle", "delivery", ", a verdict that none has", "?decision=unseen"),
    ("busy", "action", "", ""),
    ("busy", "action", ", given up", "?state=failed"),
    ("busy", "action", ", by name", "?q=Marcus"),
    ("operator", "action", ", by opportunity", "?q={id}"),
)
COPIES = (CHECKS, DELIVERIES, ACTIONS, CALLS)
BODY = body("key")


@dataclass(frozen=True)
class Look:
    """What a page took once: queries, milliseconds, and those of its slowest statement."""

    page: str
    queries: int
    milliseconds: float
    slowest: float


class Stopwatch:
    """Times each statement of a block: `with connection.execute_wrapper(watch)`."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def __call__(self, execute: Any, *arguments: Any) -> Any:
        begun = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.times.append(1000 * (time.perf_counter() - begun))


def looks(rows: int, rounds: Iterator[str], database: str) -> Iterator[Look]:
    """On the empty database: fill it; then every page once for each round that is asked for."""
    call_command("migrate", verbosity=0)
    with override_settings(DEBUG=False):
        found = list(_pages(rows, database))
        for page in found:
            _look(page)
        yield Look("", 0, 0, 0)  # ready
        for _ in rounds:
            yield from map(_look, found)
            yield Look("", 0, 0, 0)


def _look(page: Page) -> Look:
    watch, begun = Stopwatch(), time.perf_counter()
    with connection.execute_wrapper(watch):
        answer = page.client.get(page.address)
    if answer.status_code != 200:
        raise RuntimeError(f"{page.name} answered {answer.status_code}")
    return Look(page.name, len(watch.times), 1000 * (time.perf_counter() - begun), max(watch.times))


def _pages(rows: int, database: str) -> Iterator[Page]:
    homes = [factories.make_connection() for _ in range(3)]
    _fill(homes, rows, database)
    people = {"operator": factories.make_operator()}
    for name, home in zip(("few", "idle", "busy"), homes, strict=True):
        people[name] = factories.make_user(home.organization, Role.SUPER_ADMIN)
    readers = {name: signed_in(user) for name, user in people.items()}
    newest = Delivery.objects.latest("pk")
    places = {"last": min(PAGES, -(-rows // ScopedAdmin.list_per_page)), "id": newest.opportunity_id}
    for reader, model, what, query in LISTS:
        address = reverse(f"admin:integrations_{model}_changelist") + query.format(**places)
        yield Page(f"{model} list, {reader}{what}", address, readers[reader])
    yield Page("a delivery, busy", reverse("admin:integrations_delivery_change", args=[newest.pk]), readers["busy"])
    for name in ("busy", "operator"):
        yield Page(f"desk, {name}", reverse("admin:index"), readers[name])


def _fill(homes: list[Connection], rows: int, database: str) -> None:
    """Those of the first two organizations are older than all of the busy one's."""
    with psycopg.connect(database, autocommit=True) as server:
        server.execute("SET synchronous_commit = off")
        server.execute("SET session_replication_role = replica")  # nothing asks whether the rows referred to exist
        for home, number in zip(homes, (TINY, min(IDLE, 2 * rows), rows), strict=True):
            checks = max(min(LEAST, 2 * rows) if home is homes[-1] else 0, number // 10)
            originals = _originals(home)
            numbers = {str(row._meta.model_name): row.pk for row in originals} | {"checks": checks}
            counts = (checks, number, number // 2, number // 10)
            for row, count, changes in zip(originals, counts, COPIES, strict=True):
                _copy(server, row, {"count": count, "id": row.pk, **numbers}, changes)
        server.execute("VACUUM ANALYZE")


def _originals(home: Connection) -> tuple[Model, ...]:
    """In the order of COPIES."""
    now, check = timezone.now(), factories.make_check(home.organization)
    delivery = Delivery.ask_for(home, check.opportunity_id, now)
    delivery.settle("done", now, body=BODY, event="candidateStageChange")
    action = Action.objects.filter(for_check=check).latest("pk")
    call = {"attempt": 1, "method": "GET", "path": "/v1/opportunities/1", "milliseconds": 30, "at": now}
    return check, delivery, action, LeverCall.objects.create(delivery=delivery, **call)


def _copy(server: psycopg.Connection[Any], row: Model, numbers: dict[str, int], changes: dict[str, SQL]) -> None:
    """So many more rows like this one, as fast as the server can write them."""
    columns = [str(field.column) for field in row._meta.concrete_fields if not field.primary_key]
    values = [sql.SQL(changes[each]) if each in changes else sql.Identifier(each) for each in columns]
    command = sql.SQL("INSERT INTO {0} ({1}) SELECT {2} FROM {0}, generate_series(1, %(count)s) n WHERE id = %(id)s")
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    table = sql.Identifier(row._meta.db_table)
    server.execute(command.format(table, names, sql.SQL(", ").join(values)), numbers)
