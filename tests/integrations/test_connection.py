"""A connection's states and tokens."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.utils import timezone

from integrations.models import Connection, Webhook
from integrations.offers import MOST, Offer, remember, remembered
from tests.factories import make_connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection() -> Connection:
    return make_connection()


def test_what_is_switched_off_stays_off_when_lever_refuses_a_late_call(connection: Connection) -> None:
    at_the_worker = Connection.objects.get(pk=connection.pk)
    connection.disable()

    at_the_worker.fail("Lever does not know this API key.")

    connection.refresh_from_db()
    assert (connection.status, connection.problem) == ("disabled", "")


def test_what_is_switched_off_stays_off_when_lever_answers_again(connection: Connection) -> None:
    connection.fail("Lever does not know this API key.")
    at_the_worker = Connection.objects.get(pk=connection.pk)
    connection.disable()

    assert not at_the_worker.recover()

    connection.refresh_from_db()
    assert connection.status == "disabled"


def test_a_token_that_was_replaced_by_mistake_can_be_put_back(connection: Connection) -> None:
    now = timezone.now()
    for token in ("right", "wrong", "right"):
        connection.set_token(Webhook.HIRED, token, now)

    lasting = connection.webhook_tokens.good_at(now + timedelta(days=2)).filter(webhook=Webhook.HIRED)
    assert [row.token for row in lasting] == ["right"]


def test_the_same_token_again_changes_nothing(connection: Connection) -> None:
    before = set(connection.webhook_tokens.values_list("pk", flat=True))

    connection.set_token(Webhook.HIRED, connection.tokens_for(Webhook.HIRED)[0], timezone.now())

    assert set(connection.webhook_tokens.values_list("pk", flat=True)) == before


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ("production", "https://api.lever.co/v1"),
        ("eu", "https://api.eu.lever.co/v1"),
        ("sandbox", "https://api.sandbox.lever.co/v1"),
    ],
)
def test_each_environment_has_an_address_of_levers(settings: Any, environment: str, url: str) -> None:
    settings.LEVER_API_URL = "https://api.lever.co/v1"

    assert Connection(environment=environment).api_url == url


@pytest.mark.parametrize("environment", Connection.Environment.values)
def test_another_address_that_the_operator_has_set_holds_for_every_environment(settings: Any, environment: str) -> None:
    settings.LEVER_API_URL = "http://127.0.0.1:8001/v1"

    assert Connection(environment=environment).api_url == "http://127.0.0.1:8001/v1"


def test_an_operator_in_the_eu_sets_it_for_everybody(settings: Any) -> None:
    settings.LEVER_API_URL = "https://api.eu.lever.co/v1"

    assert Connection(environment="production").api_url == "https://api.eu.lever.co/v1"


def test_what_an_account_offers_is_not_kept_when_the_key_is_another_one_by_now(connection: Connection) -> None:
    beside_the_page = Connection.objects.get(pk=connection.pk)
    connection.api_key = "another-key"
    connection.save(update_fields=["api_key"])

    remember(beside_the_page, Offer(stages=(("s1", "Of the old account"),), people=()), timezone.now())

    connection.refresh_from_db()
    assert (connection.offer, connection.offered_at) == ({}, None)


def test_an_account_that_told_nothing_leaves_what_was_read_before(connection: Connection) -> None:
    remember(connection, Offer(stages=(("s1", "First"),), people=(), sees_confidential=True), timezone.now())
    remember(connection, Offer(problem="Lever is not available."), timezone.now())

    connection.refresh_from_db()
    assert remembered(connection) == Offer((("s1", "First"),), (), sees_confidential=True)


def test_of_a_very_large_account_only_so_much_is_kept(connection: Connection) -> None:
    many = tuple((str(number), f"Person {number}") for number in range(MOST + 5))
    remember(connection, Offer(stages=(), people=many), timezone.now())

    assert len(Connection.objects.get(pk=connection.pk).offer["people"]) == MOST


def test_disconnecting_forgets_what_the_account_offered(connection: Connection) -> None:
    remember(connection, Offer(stages=(("s1", "First"),), people=(("u1", "Ruth"),)), timezone.now())

    connection.forget()

    connection.refresh_from_db()
    assert (connection.api_key, connection.key_digest, connection.offer, connection.offered_at) == ("", "", {}, None)


def test_a_key_that_is_lost_keeps_nobody_from_upgrading(connection: Connection, settings: Any) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_ENCRYPTION_KEYS]
    lost = make_connection(api_key="lost")
    settings.FIELD_ENCRYPTION_KEYS = settings.FIELD_ENCRYPTION_KEYS[1:]
    Connection.objects.update(key_digest="")
    import_module("integrations.migrations.0004_digest_the_keys").digest(apps, None)
    digests = dict(Connection.objects.values_list("pk", "key_digest"))
    assert digests == {connection.pk: connection.budget_key, lost.pk: ""}
