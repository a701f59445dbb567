"""A connection that turns red is told once, and once more when it is well."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_q.models import OrmQ

from accounts.roles import Role
from integrations import alarm
from integrations.models import Action, Connection, Delivery
from integrations.tasks import sweep
from notifications.models import Message
from tests.factories import make_check, make_connection, make_operator, make_user


@pytest.fixture
def connection(db: None) -> Connection:
    """With two super admins, and others who cannot mend it."""
    connection = make_connection()
    for role in (Role.SUPER_ADMIN, Role.SUPER_ADMIN, Role.ADMIN, Role.TEAM_MEMBER):
        make_user(connection.organization, role)
    make_user(connection.organization, Role.SUPER_ADMIN, is_active=False)
    make_user(role=Role.SUPER_ADMIN)  # of another organization
    make_operator()
    return connection


def key_refused(connection: Connection) -> None:
    connection.fail("Lever does not know this API key.")


def came(connection: Connection, **fields: Any) -> None:
    at = timezone.now() - timedelta(minutes=10 * (1 + Delivery.objects.count()))
    key = f"{fields}{Delivery.objects.count()}"
    Delivery.objects.create(connection=connection, dedupe_key=key[-64:], created_at=at, next_at=at, **fields)


def not_heard(connection: Connection) -> None:
    for _ in range(2):
        came(connection, state="done", source="found")


def deliveries_given_up(connection: Connection) -> None:
    for _ in range(5):
        came(connection, state="failed", event="candidateStageChange")


def actions_given_up(connection: Connection) -> None:
    check, now = make_check(connection.organization), timezone.now()
    Action.objects.all().delete()
    for mark in "abcde":
        values = {"kind": "tag", "mark": mark, "value": "Vouch", "created_at": now, "next_at": now, "state": "failed"}
        Action.objects.create(connection=connection, for_check=check, **values)


# What turns it red, what the mail says, and what makes it well again.
REASONS: dict[str, tuple[Callable[[Connection], None], str, Callable[[Connection], object]]] = {
    "key refused": (key_refused, "Lever does not know this API key.", Connection.recover),
    "not heard": (not_heard, "Lever does not tell", lambda c: came(c, state="ignored", event="candidateStageChange")),
    "deliveries given up": (deliveries_given_up, "last five in a row", lambda c: came(c, state="done")),
    "actions given up": (
        actions_given_up,
        "last five in a row",
        lambda c: Action.objects.filter(connection=c, mark="e").update(state="done"),
    ),
}


def mails(kind: str = "connection-red") -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("pk"))


@pytest.mark.parametrize("reason", REASONS)
def test_both_super_admins_are_told_once(connection: Connection, reason: str) -> None:
    turn_red, words, _mend = REASONS[reason]
    turn_red(connection)
    for _ in range(3):
        alarm.watch(timezone.now())
    assert len(mails()) == 2
    assert {words in " ".join(mail.text.split()) for mail in mails()} == {True}
    assert Connection.objects.get(pk=connection.pk).red_since


@pytest.mark.parametrize("reason", REASONS)
def test_they_are_told_once_more_when_it_is_well(connection: Connection, reason: str) -> None:
    turn_red, _words, mend = REASONS[reason]
    turn_red(connection)
    alarm.watch(timezone.now())
    mend(connection)
    for _ in range(3):
        alarm.watch(timezone.now())
    assert (len(mails()), len(mails("connection-well"))) == (2, 2)
    assert Connection.objects.get(pk=connection.pk).red_since is None


def test_the_next_time_they_are_told_again(connection: Connection) -> None:
    for _ in range(2):
        key_refused(connection)
        alarm.watch(timezone.now())
        connection.recover()
        alarm.watch(timezone.now())
    assert (len(mails()), len(mails("connection-well"))) == (4, 4)


def test_nobody_is_told_while_all_is_well(connection: Connection) -> None:
    came(connection, state="failed")
    alarm.watch(timezone.now())
    assert not Message.objects.exists()


@pytest.mark.parametrize("end", [Connection.disable, Connection.forget])
def test_who_switches_it_off_gets_no_good_news(connection: Connection, end: Callable[[Connection], None]) -> None:
    key_refused(connection)
    alarm.watch(timezone.now())
    end(connection)
    alarm.watch(timezone.now())
    assert not mails("connection-well")
    assert Connection.objects.get(pk=connection.pk).red_since is None


def test_what_is_switched_off_turns_nobody_red(connection: Connection) -> None:
    deliveries_given_up(connection)
    not_heard(connection)
    connection.disable()
    alarm.watch(timezone.now())
    assert not Message.objects.exists()


def test_in_managed_mode_the_operator_is_told_too(connection: Connection, settings: Any) -> None:
    settings.CONNECTION_MODE = "managed"
    key_refused(connection)
    alarm.watch(timezone.now())
    assert len(mails()) == 3
    assert "because you run this installation" in mails()[-1].text


def test_the_mail_leads_to_the_doctor_and_holds_no_secret(connection: Connection) -> None:
    key_refused(connection)
    alarm.watch(timezone.now())
    mail = mails()[0]
    assert f"http://testserver/admin/integrations/connection/{connection.pk}/doctor/" in mail.text
    assert connection.api_key not in mail.text + mail.html + mail.subject
    assert len(mail.subject) < 60


def test_a_crash_on_the_way_tells_later_and_not_twice(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker dies after the first letter is written: neither that nor the mark stays."""
    key_refused(connection)
    with monkeypatch.context() as patch:
        patch.setattr(alarm, "wake_sender", _die)
        with pytest.raises(SystemExit):
            alarm.watch(timezone.now())
    assert not Message.objects.exists()
    assert Connection.objects.get(pk=connection.pk).red_since is None
    alarm.watch(timezone.now())
    assert len(mails()) == 2


def _die() -> None:
    raise SystemExit


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_tell_once() -> None:
    connection = make_connection()
    make_user(connection.organization, Role.SUPER_ADMIN)
    key_refused(connection)
    gate = threading.Barrier(4)

    def look() -> None:
        gate.wait()
        alarm.watch(timezone.now())
        connections.close_all()

    _at_once(look)
    assert len(mails()) == 1
    connection.recover()
    _at_once(look)
    assert len(mails("connection-well")) == 1


def _at_once(look: Callable[[], None]) -> None:
    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_sweep_looks_and_wakes_the_sender(connection: Connection) -> None:
    key_refused(connection)
    sweep()
    assert len(mails()) == 2
    assert "notifications.tasks.send_due" in [task.func() for task in OrmQ.objects.all()]


def test_a_key_that_cannot_be_decrypted_keeps_nobody_from_being_told(connection: Connection, settings: Any) -> None:
    key_refused(connection)
    with database.cursor() as cursor:
        cursor.execute("UPDATE integrations_connection SET api_key = 'not to be decrypted'")
    alarm.watch(timezone.now())
    assert len(mails()) == 2


def test_many_connections_are_looked_at_with_a_few_questions(connection: Connection) -> None:
    def asked() -> int:
        with CaptureQueriesContext(database) as captured:
            alarm.watch(timezone.now())
        return len(captured)

    few = asked()
    for _ in range(10):
        other = make_connection()
        came(other, state="failed")
        came(other, state="done", event="candidateStageChange")
    assert asked() == few <= 5
