"""`manage.py rotate_encryption_keys`: a new key for everything that is encrypted, while everything else runs."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.utils import timezone

from accounts import rotation
from accounts.encryption import EncryptedTextField, encrypt, is_current
from accounts.models import Authenticator, SignedIn
from accounts.rotation import Cell, Column, columns
from checks.models import Share
from integrations.models import Connection, Webhook, WebhookToken
from notifications.letters import Letter, render
from notifications.models import Message
from prospects.models import Prospect, ProspectSettings
from tests.factories import make_awaiting_check, make_connection, make_user

pytestmark = pytest.mark.django_db

NEW = Fernet.generate_key().decode()


@pytest.fixture
def old_key(settings: Any) -> str:
    return str(settings.FIELD_ENCRYPTION_KEYS[0])


@pytest.fixture
def a_new_key(settings: Any, old_key: str) -> Callable[[], None]:
    """Call it, and the new key stands before the old one."""

    def put() -> None:
        settings.FIELD_ENCRYPTION_KEYS = [NEW, old_key]

    return put


def run(*options: str) -> str:
    said = StringIO()
    call_command("rotate_encryption_keys", *options, stdout=said, stderr=said)
    return said.getvalue()


def refused(*options: str) -> str:
    """All that was said by a run that ended with an error."""
    said = StringIO()
    with pytest.raises(CommandError) as raised:
        call_command("rotate_encryption_keys", *options, stdout=said, stderr=said)
    return f"{said.getvalue()}{raised.value}"


def test_what_no_key_decrypts_can_be_emptied_and_entered_again(settings: Any) -> None:
    lost, kept = make_connection(), make_connection()
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    kept.save(update_fields=["api_key"])
    assert f"Emptied integrations.Connection.api_key of id {lost.pk}." in run("--empty-unreadable")
    assert [Connection.objects.get(pk=each.pk).api_key for each in (lost, kept)] == ["", "lever-key"]


def stored() -> dict[str, str]:
    """Every encrypted cell, as the database holds it."""
    return {str(cell): cell.stored for column in columns() for cell in column.cells()}


def a_house() -> Connection:
    """A row of everything that holds something encrypted."""
    connection = make_connection(api_key="the-api-key")
    check = make_awaiting_check(connection.organization)
    letter = render(Letter(subject="Hello", heading="", opening=("Words.",)), connection.organization)
    to, now = ("Ruth", "ruth@northmoor.example"), timezone.now()
    message: dict[str, Any] = {"key": "1", "kind": "x", "topic": check.topic, "to": to, "letter": letter, "now": now}
    Message.queue(connection.organization, stop_url="https://vouch.example/stop/key/", **message)
    Share.objects.create(for_check=check, email="reader@northmoor.example", created_at=now)
    ProspectSettings.of(connection.organization)
    Prospect.objects.create(organization=connection.organization, months=6, agreed_at=now, created_at=now)
    user = make_user(connection.organization)
    Authenticator.objects.create(user=user, secret="a1b2", created_at=now)
    SignedIn.objects.create(user=user, session_key="key", key_digest="digest", began_at=now, seen_at=now)
    return connection


def test_it_finds_every_encrypted_field() -> None:
    found = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, EncryptedTextField)
    }
    assert {(column.model._meta.label, column.name) for column in columns()} == found
    assert ("integrations.Connection", "api_key") in found


def test_everything_is_brought_under_the_new_key_and_reads_as_before(
    a_new_key: Callable[[], None], settings: Any
) -> None:
    connection, before = a_house(), stored()
    tokens = connection.tokens_for(Webhook.HIRED)
    a_new_key()

    said = run()

    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert len(before) > 10
    assert {str(column) for column in columns()} == {cell.partition(" ")[0] for cell in before}
    assert all(map(is_current, stored().values()))
    assert Connection.objects.get(pk=connection.pk).api_key == "the-api-key"
    assert connection.tokens_for(Webhook.HIRED) == tokens
    assert "integrations.Connection.api_key: 1 encrypted anew" in said
    assert "Words." in Message.objects.get(key="1").text


def test_the_check_counts_changes_nothing_and_says_when_the_old_key_can_go(a_new_key: Callable[[], None]) -> None:
    a_house()
    assert "The older keys can go." in run("--check")
    a_new_key()
    before = stored()

    assert f"{len(before)} under them, 0 under none" in refused("--check")
    assert stored() == before
    run()
    assert "The older keys can go." in run("--check")


def test_a_second_run_has_nothing_to_do(a_new_key: Callable[[], None]) -> None:
    a_house()
    a_new_key()
    run()
    before = stored()

    assert "integrations.Connection.api_key: 0 encrypted anew" in run()
    assert stored() == before


def test_it_goes_through_more_than_one_batch(a_new_key: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    connection = make_connection()
    a_new_key()

    assert "integrations.WebhookToken.token: 5 encrypted anew" in run()
    assert len(connection.tokens_for(Webhook.HIRED)) == 1


def test_killed_half_way_it_goes_on_where_it_was(
    a_new_key: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_house()
    a_new_key()
    replace, left = Column.replace, iter(range(3))

    def until_killed(column: Column, cell: Cell, new: str) -> bool:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return replace(column, cell, new)

    monkeypatch.setattr(Column, "replace", until_killed)
    with pytest.raises(KeyboardInterrupt):
        run()
    monkeypatch.undo()
    assert sum(map(is_current, stored().values())) == 3

    run()
    assert all(map(is_current, stored().values()))


def test_what_somebody_writes_meanwhile_is_not_overwritten(
    a_new_key: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = make_connection(api_key="before")
    a_new_key()
    replace = Column.replace

    def just_after_somebody(column: Column, cell: Cell, new: str) -> bool:
        Connection.objects.filter(pk=connection.pk).update(api_key="meanwhile")
        return replace(column, cell, new)

    monkeypatch.setattr(Column, "replace", just_after_somebody)
    assert "integrations.Connection.api_key: 0 encrypted anew" in run()
    assert Connection.objects.get(pk=connection.pk).api_key == "meanwhile"


def test_a_row_that_is_deleted_meanwhile_is_no_trouble(a_new_key: Callable[[], None]) -> None:
    make_connection()
    cells = list(Column(WebhookToken, "token").cells())
    a_new_key()
    WebhookToken.objects.all().delete()

    assert [cell.rotate() for cell in cells] == [False] * 5


def test_a_cell_that_no_key_decrypts_is_named_and_keeps_nobody_from_the_rest(
    a_new_key: Callable[[], None], settings: Any, old_key: str
) -> None:
    connection = a_house()
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    lost = encrypt("lost-key")
    settings.FIELD_ENCRYPTION_KEYS = [old_key]
    with database.cursor() as cursor:
        cursor.execute("UPDATE integrations_connection SET api_key = %s", [lost])
    a_new_key()

    said = refused()

    assert f"No key of FIELD_ENCRYPTION_KEYS decrypts integrations.Connection.api_key of id {connection.pk}." in said
    assert "0 under them, 1 under none that is known" in said
    assert lost not in said
    assert sum(map(is_current, stored().values())) == len(stored()) - 1
    assert stored()[f"integrations.Connection.api_key of id {connection.pk}"] == lost


def test_a_cell_shows_neither_its_text_nor_what_is_stored(a_new_key: Callable[[], None]) -> None:
    make_connection(api_key="the-api-key")
    (cell,) = Column(Connection, "api_key").cells()

    assert repr(cell) == str(cell) == f"integrations.Connection.api_key of id {cell.pk}"


def test_empty_cells_stay_empty(a_new_key: Callable[[], None]) -> None:
    make_connection(api_key="")
    a_new_key()

    run()

    assert Connection.objects.get().api_key == ""
