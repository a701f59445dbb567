"""What is refused at a webhook's door is counted, and nothing of it is kept."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.models import Connection, Refusal, Webhook
from tests.factories import make_connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient() -> Connection:
    return make_connection()


def test_it_counts_for_the_webhook_that_was_called(patient: Connection, client: Any) -> None:
    assert post(client, patient) == 403
    assert list(Refusal.objects.values_list("connection", "webhook", "count")) == [(patient.pk, "hired", 1)]


def post(client: Any, connection: Connection, **body: Any) -> int:
    url = f"/webhooks/lever/{connection.uuid}/{Webhook.HIRED}/"
    status: int = client.post(url, json.dumps(body), content_type="application/json").status_code
    return status


def test_many_refusals_in_a_minute_are_written_once(patient: Connection, client: Any) -> None:
    assert [post(client, patient, token="t", signature="s", triggeredAt=1) for _ in range(5)] == [403] * 5
    assert Refusal.objects.get().count == 1
    with CaptureQueriesContext(database) as captured:
        post(client, patient)
    assert not [query for query in captured if not query["sql"].startswith("SELECT")]


def test_a_minute_later_it_counts_again(patient: Connection, client: Any) -> None:
    post(client, patient)
    Refusal.objects.update(last_at=timezone.now() - timedelta(seconds=61))
    post(client, patient)
    assert Refusal.objects.get().count == 2


def test_refusals_are_counted_where_no_token_is_known(patient: Connection, client: Any) -> None:
    patient.webhook_tokens.all().delete()
    assert post(client, patient) == 403
    assert Refusal.objects.get().webhook == "hired"


def test_a_refusal_that_cannot_be_counted_is_a_403_all_the_same(patient: Connection, client: Any) -> None:
    with database.execute_wrapper(_fail_on_refusals):
        assert post(client, patient) == 403


def _fail_on_refusals(execute: Any, sql: str, *rest: Any) -> Any:
    if "refusal" in sql:
        raise OperationalError("database is locked")
    return execute(sql, *rest)


@pytest.mark.parametrize("url", ["/webhooks/lever/00000000-0000-0000-0000-000000000000/hired/"])
def test_nothing_is_counted_for_an_unknown_connection(patient: Connection, client: Any, url: str) -> None:
    assert client.post(url, "{}", content_type="application/json").status_code == 404
    assert not Refusal.objects.exists()


def test_a_new_token_makes_refusals_forgotten(patient: Connection, client: Any) -> None:
    post(client, patient)
    patient.set_token(Webhook.HIRED, "new-token", timezone.now())
    assert not Refusal.objects.exists()
