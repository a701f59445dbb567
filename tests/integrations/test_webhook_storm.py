"""The same delivery, fifty times at once, over real sockets."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from pytest_django.live_server_helper import LiveServer

from integrations.models import Connection, Delivery
from tests.factories import make_connection
from tests.integrations.signing import address, payload, signed


@pytest.fixture
def connection(transactional_db: None) -> Connection:
    return make_connection()


def test_fifty_copies_at_once_are_stored_once_and_all_answered_200(
    live_server: LiveServer, connection: Connection
) -> None:
    raw = json.dumps(signed(payload("candidateStageChange")))
    url = live_server.url + address(connection)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: requests.post(url, raw, timeout=60).status_code, range(50)))

    assert answers == [200] * 50
    assert Delivery.objects.get().repeats == 49


def test_fifty_different_ones_at_once_are_all_stored(live_server: LiveServer, connection: Connection) -> None:
    bodies = [json.dumps(signed(payload("candidateStageChange"))) for _ in range(50)]
    url = live_server.url + address(connection)

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda raw: requests.post(url, raw, timeout=60).status_code, bodies))

    assert answers == [200] * 50
    assert {bytes(row.body).decode() for row in Delivery.objects.all()} == set(bodies)
