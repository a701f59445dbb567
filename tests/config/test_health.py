"""Alive and ready."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from config.tasks import beat
from integrations.models import Heartbeat

pytestmark = pytest.mark.django_db


def test_healthz_touches_no_database(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_readyz_is_503_until_the_queue_moves(client: Client) -> None:
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {"database": True, "migrations": True, "queue": False}


def test_readyz_is_200_after_a_heartbeat(client: Client) -> None:
    beat()

    assert client.get("/readyz").status_code == 200


def test_readyz_is_503_when_the_heartbeat_is_old(client: Client) -> None:
    Heartbeat.beat(timezone.now() - timedelta(minutes=4))

    assert client.get("/readyz").json()["queue"] is False


def test_answers_carry_the_security_headers(client: Client) -> None:
    headers = client.get("/healthz").headers

    assert "'unsafe-inline'" not in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
