"""A hundred thousand checks: the desk, its lists and its numbers ask as much as for ten, and read no table whole."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from checks.models import Check, SearchWord
from tests.checks.test_reminding_many import in_hours, multiply
from tests.factories import make_awaiting_check, make_check, make_completed_check, make_connection, make_user

NOW = timezone.now()
MANY = 20_000
LARGE = ("checks_check", "checks_reference", "checks_searchword")
# A whole table read: in SQLite's words, and in PostgreSQL's.
WHOLE = re.compile(rf"SCAN (?:{'|'.join(LARGE)}|[UVW]\d)\b(?! USING)|Seq Scan on (?:{'|'.join(LARGE)})\b")


@pytest.fixture
def ruth(db: None) -> User:
    """In her house: many checks on their way, completed or in error, their people, and the words they are found by."""
    user = make_user(role=Role.SUPER_ADMIN)
    assert user.organization is not None
    make_connection(user.organization)
    done = make_completed_check(user.organization, now=NOW)
    ways: list[tuple[Check, int]] = [
        (done, MANY * 9 // 10),
        (make_awaiting_check(template=done.template, now=NOW), MANY // 20),
        (make_check(template=done.template, candidate_email="", now=NOW), MANY // 20),
    ]
    for check, count in ways:
        own = dict.fromkeys(("opportunity_id", "token_hash"), f"'{check.pk}-' || i")
        light = {"frozen_template": "'{}'", "report_data": "NULL", "public_id": another_id(check.pk)}
        multiply(check, count, **own, **light, ended_at=in_hours(check, "created_at", 1))
    add_words(user)
    multiply(ways[1][0].references.in_order()[0], MANY, for_check_id=f"{ways[-1][0].pk} + i")
    return user


def another_id(number: int) -> str:
    """A UUID for each row, in the words of the database; of no other check's rows."""
    ways = {"postgresql": f"md5('{number} ' || i)::uuid", "sqlite": f"printf('%%032x', {number}000000 + i)"}
    return ways[connection.vendor]


def add_words(user: User) -> None:
    """Each check is found by its number, too; the newest is the one that somebody looks for."""
    last = Check.objects.latest("pk")
    pks = Check.objects.values_list("pk", flat=True).iterator()
    rows = (SearchWord(organization=user.organization, for_check_id=pk, word=f"n{pk}".encode()) for pk in pks)
    SearchWord.objects.bulk_create(rows, batch_size=5_000)
    SearchWord.objects.create(organization=user.organization, for_check=last, word=b"zebedee")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def watched() -> Iterator[list[tuple[str, Any]]]:
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


def plan(sql: str, params: Any) -> str:
    how = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
    with connection.cursor() as cursor:
        cursor.execute(f"{how} {sql}", params)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_no_page_of_the_desk_reads_a_table_whole(ruth: User) -> None:
    browser, limited = Client(), Client()
    browser.force_login(ruth)
    limited.force_login(make_user(ruth.organization, Role.LIMITED))
    lists = reverse("admin:checks_check_changelist")
    queries = ("", "?q=zebe", "?status=error", "?owner=me")
    pages = ["/admin/", reverse("admin:numbers"), *(f"{lists}{query}" for query in queries)]
    found: dict[str, list[str]] = {}
    for who in (browser, limited):
        for page in pages:
            with watched() as asked:
                assert who.get(page).status_code == 200
            plans = [(sql, plan(sql, params)) for sql, params in asked if sql.startswith("SELECT")]
            found[page] = [f"{sql}\n{how}" for sql, how in plans if WHOLE.search(how)]
            assert len(asked) < 40
    assert {page: plans for page, plans in found.items() if plans} == {}
    assert Check.objects.count() > MANY
