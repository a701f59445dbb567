"""B2, as far as the doctor goes: a wrong set-up shows itself, with what puts it right."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from integrations.models import Connection, Delivery, Webhook
from integrations.sandbox.server import SandboxServer
from integrations.tasks import process_inbox, reconcile, sweep
from notifications.models import Message
from tests.factories import make_connection, make_user

pytestmark = pytest.mark.django_db


def lines_of(client: Any, connection: Connection) -> dict[str, str]:
    """What the doctor says to its super admin, line by line, each with its level."""
    client.force_login(make_user(connection.organization, Role.SUPER_ADMIN))
    page = client.get(reverse("admin:integrations_connection_doctor", args=[connection.pk]), {"ask": 1})
    found = BeautifulSoup(page.text, "html.parser").select("[data-line]")
    return {str(line["id"]): " ".join(line.get_text(" ").split()) for line in found}


def test_b2_a_permission_that_the_key_lacks_is_named(client: Any, connection: Connection, lever: SandboxServer) -> None:
    lever.world.add_key("narrow", {"stages:read", "users:read", "opportunities:write", "notes:read"})
    connection.api_key = "narrow"
    connection.save()
    seen = lines_of(client, connection)
    assert seen["line-notes-read"].startswith("Well: ")
    assert seen["line-notes-write"].startswith("Broken: Write notes Enter a new key : Write notes Not allowed")
    assert seen["line-confidential"].startswith("Look: ")


def test_b2_a_stage_that_was_deleted_in_lever_is_seen(
    client: Any, connection: Connection, lever: SandboxServer
) -> None:
    del lever.world.stages[connection.stage_id]
    assert lines_of(client, connection)["line-stage"].startswith("Broken: Stage that starts checks Choose the stage")


def test_b2_each_webhooks_last_delivery_and_verdict_are_told(
    client: Any, connection: Connection, lever: SandboxServer, live_server: Any, settings: Any
) -> None:
    settings.SITE_URL = live_server.url
    hired, deleted = (
        lever.world.add_webhook(event, connection.webhook_url(webhook), connection.tokens_for(webhook)[0])
        for event, webhook in (("candidateHired", Webhook.HIRED), ("candidateDeleted", Webhook.DELETED))
    )
    deleted.token = "another"
    assert (lever.sender.verify(hired).status, lever.sender.verify(deleted).status) == (200, 403)
    process_inbox()
    seen = lines_of(client, connection)
    assert "Lever’s own test arrived a moment ago, with a good signature." in seen["line-hired"]
    assert "The signature does not match the token stored here." in seen["line-deleted"]


def test_b2_a_signed_test_event_takes_the_whole_way_in_without_lever(
    client: Any, live_server: Any, settings: Any
) -> None:
    """Lever is not there at all."""
    settings.SITE_URL = live_server.url
    connection = make_connection()
    client.force_login(make_user(connection.organization, Role.SUPER_ADMIN))
    url = reverse("admin:integrations_connection_doctor_test", args=[connection.pk])
    client.post(url)
    process_inbox()
    assert client.get(url).text.count("processed after") == len(Webhook)
    assert set(Delivery.objects.values_list("source", flat=True)) == {Delivery.Source.TEST}


def test_b2_webhooks_that_do_not_arrive_are_noticed_and_told_once(
    client: Any, connection: Connection, lever: SandboxServer, marcus: Any
) -> None:
    """Nobody ever pasted the address into Lever. Vouch finds the candidate by asking, and says that it had to."""
    make_user(connection.organization, Role.SUPER_ADMIN)
    Connection.objects.update(created_at=timezone.now() - timedelta(days=1))
    reconcile(connection.pk)
    Delivery.objects.update(created_at=timezone.now() - timedelta(minutes=6))
    for _ in range(2):
        sweep()
    assert Message.objects.filter(kind="connection-red").count() == 1
    assert lines_of(client, connection)["line-stage-change"].startswith("Broken: ")
    assert "Not heard" in client.get("/admin/").text


def test_b2_the_doctor_also_comes_as_a_command(connection: Connection, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:  # no worker runs
        call_command("doctor", "--organization", connection.organization.name)
    assert end.value.code == 1
    assert "Broken  Queue: No worker has been seen yet." in capsys.readouterr().out
