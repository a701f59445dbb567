"""A connection's states and tokens."""

from datetime import timedelta

import pytest
from django.utils import timezone

from integrations.models import Connection, Webhook
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
