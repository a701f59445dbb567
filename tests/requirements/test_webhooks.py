"""Webhooks made through Lever's API, as a super admin has them made."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from integrations.models import Connection, Delivery
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import World
from tests.factories import make_connection, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def lever(settings: Any) -> Iterator[SandboxServer]:
    with SandboxServer(World.empty()) as server:
        settings.LEVER_API_URL = server.api_url
        yield server


@pytest.fixture
def connection(lever: SandboxServer) -> Connection:
    connection = make_connection(api_key="northmoor")
    connection.webhook_tokens.all().delete()
    return connection


def press(connection: Connection) -> str:
    browser = Client()
    browser.force_login(make_user(connection.organization, Role.SUPER_ADMIN))
    url = reverse("admin:integrations_connection_verb", args=[connection.pk, "make-webhooks"])
    return str(browser.post(url, follow=True).text)


def test_b2_webhooks_are_made_through_levers_api_where_the_key_allows_it(
    lever: SandboxServer, connection: Connection, live_server: Any, settings: Any
) -> None:
    settings.SITE_URL = live_server.url
    lever.world.add_key("northmoor", ["webhooks:write"])

    assert "Made in Lever." in press(connection)

    sent = [lever.sender.verify(made) for made in lever.world.webhooks.values()]
    assert [attempt.status for attempt in sent] == [200] * 5
    assert Delivery.objects.filter(connection=connection).count() == 5


def test_b2_where_the_key_does_not_allow_it_the_page_says_what_to_do(
    lever: SandboxServer, connection: Connection
) -> None:
    lever.world.add_key("northmoor", ["stages:read"])

    assert "Enter a key that may, or paste the addresses into Lever by hand." in press(connection)
    assert not lever.world.webhooks
