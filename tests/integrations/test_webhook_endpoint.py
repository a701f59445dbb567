"""The contract of `POST /webhooks/lever/<connection>/<webhook>/`."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from integrations.models import Connection, Delivery, Webhook
from tests.factories import TOKEN, make_connection
from tests.integrations.signing import address, payload, signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    return make_connection()


def post(url: str, body: Any) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client(enforce_csrf_checks=True).post(url, raw, content_type="application/json")


def test_it_stores_a_signed_delivery_and_answers_200(connection: Connection) -> None:
    raw = json.dumps(signed(payload("candidateStageChange"))).encode()

    response = post(address(connection), raw)

    assert response.status_code == 200
    assert bytes(Delivery.objects.get().body) == raw


def test_it_wakes_a_worker_in_the_same_transaction(connection: Connection) -> None:
    post(address(connection), signed(payload("candidateStageChange")))

    assert [task.func() for task in OrmQ.objects.all()] == ["integrations.tasks.process_inbox"]


def test_it_answers_200_to_a_repeat_and_stores_it_once(connection: Connection) -> None:
    body = signed(payload("candidateStageChange"))

    answers = [post(address(connection), body).status_code for _ in range(3)]

    assert answers == [200, 200, 200]
    assert Delivery.objects.get().repeats == 2


def test_it_flags_a_signature_that_was_used_again_around_other_words(connection: Connection) -> None:
    body = signed(payload("candidateStageChange"))
    post(address(connection), body)

    response = post(address(connection), body | {"data": {"opportunityId": "somebody-else"}})

    assert response.status_code == 200
    delivery = Delivery.objects.get()
    assert delivery.altered_repeats == 1
    assert b"somebody-else" not in bytes(delivery.body)


@pytest.mark.parametrize("webhook", Webhook.values)
def test_it_answers_200_to_a_signed_test_with_empty_data(connection: Connection, webhook: str) -> None:
    body = signed(payload("ping"), f"{TOKEN}-{webhook}")

    assert post(address(connection, webhook), body).status_code == 200
    assert Delivery.objects.get().webhook == webhook


def _without(name: str) -> Any:
    return lambda body: {key: value for key, value in body.items() if key != name}


REFUSED = {
    "no signature": _without("signature"),
    "no token": _without("token"),
    "no triggeredAt": _without("triggeredAt"),
    "an empty signature": lambda body: body | {"signature": ""},
    "a signature that is no text": lambda body: body | {"signature": 5},
    "a signature in other letters": lambda body: body | {"signature": body["signature"].upper()},
    "a signature outside ASCII": lambda body: body | {"signature": "ä" * 64},
    "another token": lambda body: body | {"token": "f" * 48},
    "another time": lambda body: body | {"triggeredAt": body["triggeredAt"] + 1},
    "a time that is true": lambda body: body | {"triggeredAt": True},
    "a token that is a list": lambda body: body | {"token": [body["token"]]},
    "a list around it": lambda body: [body],
    "nothing but null": lambda body: None,
}


@pytest.mark.parametrize("case", REFUSED)
def test_it_answers_403_and_stores_nothing_for(connection: Connection, case: str) -> None:
    body = REFUSED[case](signed(payload("candidateStageChange")))

    assert post(address(connection), body).status_code == 403
    assert not Delivery.objects.exists()
    assert not OrmQ.objects.exists()


def test_each_address_is_verified_with_its_own_token(connection: Connection) -> None:
    body = signed(payload("candidateHired"), f"{TOKEN}-{Webhook.HIRED}")

    assert post(address(connection, Webhook.STAGE_CHANGE), body).status_code == 403
    assert post(address(connection, Webhook.HIRED), body).status_code == 200


def test_the_token_of_another_connection_is_refused(connection: Connection) -> None:
    connection.webhook_tokens.all().delete()
    make_connection()

    assert post(address(connection), signed(payload("candidateStageChange"))).status_code == 403


def test_the_old_token_is_good_for_a_while_after_a_new_one_was_entered(connection: Connection) -> None:
    connection.set_token(Webhook.STAGE_CHANGE, "new-token", timezone.now())

    assert post(address(connection), signed(payload("candidateStageChange"))).status_code == 200
    assert post(address(connection), signed(payload("candidateStageChange"), "new-token")).status_code == 200


def test_the_old_token_is_refused_a_day_later(connection: Connection) -> None:
    connection.set_token(Webhook.STAGE_CHANGE, "new-token", timezone.now() - timedelta(days=1, minutes=1))

    assert post(address(connection), signed(payload("candidateStageChange"))).status_code == 403
    assert post(address(connection), signed(payload("candidateStageChange"), "new-token")).status_code == 200


@pytest.mark.parametrize("body", [b"", b"not json", b"{", b"\xff\xfe", b'{"a": "\xe9"}', b"[" * 20_000])
def test_it_answers_400_to_what_is_not_json(connection: Connection, body: bytes) -> None:
    assert post(address(connection), body).status_code == 400
    assert not Delivery.objects.exists()


ODD = {
    "a NUL": '"\\u0000"',
    "half a surrogate pair": '"\\ud800"',
    "a number out of range": "1e400000",
    "not a number": "NaN",
    "a very long number": "9" * 140_000,
    "emoji": '"\\ud83d\\ude00"',
}


@pytest.mark.parametrize("case", ODD)
def test_it_keeps_every_byte_of_a_signed_delivery_with(connection: Connection, case: str) -> None:
    text = json.dumps(signed(payload("candidateStageChange", extra="HERE"))).replace('"HERE"', ODD[case])

    assert post(address(connection), text.encode()).status_code == 200
    assert bytes(Delivery.objects.get().body) == text.encode()


def test_it_answers_404_for_an_unknown_connection(connection: Connection) -> None:
    url = f"/webhooks/lever/{uuid.uuid4()}/stage-change/"

    assert post(url, signed(payload("candidateStageChange"))).status_code == 404


@pytest.mark.parametrize("url", ["/webhooks/lever/no-uuid/stage-change/", "/webhooks/lever/{}/interviews/"])
def test_it_answers_404_for_an_address_that_does_not_exist(connection: Connection, url: str) -> None:
    assert post(url.format(connection.uuid), signed(payload("candidateStageChange"))).status_code == 404


def test_it_answers_413_above_256_kib(connection: Connection) -> None:
    body = signed(payload("candidateStageChange", padding="x" * 256 * 1024))

    assert post(address(connection), body).status_code == 413
    assert not Delivery.objects.exists()


def test_it_takes_what_is_just_below_256_kib(connection: Connection) -> None:
    body = signed(payload("candidateStageChange", padding="x" * 255 * 1024))

    assert post(address(connection), body).status_code == 200


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_it_answers_405_to_other_methods(connection: Connection, method: str) -> None:
    assert getattr(Client(), method)(address(connection)).status_code == 405


def test_the_intake_asks_the_database_little(connection: Connection, django_assert_max_num_queries: Any) -> None:
    body = signed(payload("candidateStageChange"))

    with django_assert_max_num_queries(5):  # tokens, begin, delivery, task, commit
        post(address(connection), body)
