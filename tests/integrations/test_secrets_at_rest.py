"""Keys, tokens and the links in mails: in no cell of the database in clear, and in no line of the log."""

import logging
import queue
from io import StringIO
from multiprocessing import Value
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ, Task
from django_q.monitor import monitor
from django_q.tasks import async_task
from django_q.worker import worker
from structlog.stdlib import ProcessorFormatter

from accounts.models import User
from checks.models import Check, Reference
from config.logs import configuration
from integrations import hooks
from integrations.models import Connection, Delivery, LeverCall, WebhookToken
from integrations.sandbox.faults import Fault
from integrations.sandbox.opportunity import Opportunity
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import DEMO_API_KEY
from integrations.tasks import process_inbox, reconcile
from notifications.models import Message
from notifications.sign_in import write_link
from notifications.tasks import send_due
from tests.factories import make_template

pytestmark = pytest.mark.django_db

ENTERED = "a-signature-token-entered-by-hand"


def connect(*more: str, key: str = DEMO_API_KEY) -> None:
    options = ("--stage", "Reference check", "--perform-as", "ruth@northmoor.example", *more)
    command = ("connect_lever", "--organization", "Northmoor Ferries", "--api-key", key, *options)
    call_command(*command, stdout=StringIO(), stderr=StringIO())


def begin_a_check(connection: Connection, marcus: Opportunity) -> Check:
    """Asks Lever, writes a mail with a door in it, and has a tag waiting for the outbox."""
    make_template(connection.organization, ats_tag="deck-officer")
    Delivery.ask_for(connection, marcus.id, timezone.now())
    process_inbox()
    return Check.objects.get()


def a_sign_in_link() -> str:
    """The token in the mail that `write_link` wrote."""
    write_link(User.objects.get(email="ruth@northmoor.example").pk, "/admin/")
    letter = Message.objects.get(kind="sign-in").text
    return letter.partition("/sign-in/")[2].partition("/")[0]


def carry_out_the_queue() -> None:
    """What waits in the queue goes through a worker of django-q, which opens the database anew, and is stored."""
    tasks: Any = queue.Queue()
    results: Any = queue.Queue()
    for waiting in OrmQ.objects.all():
        tasks.put(waiting.task)
    tasks.put("STOP")
    worker(tasks, results, Value("d", -1), timeout=30)
    results.put("STOP")
    monitor(results)


def everything_stored() -> str:
    """All cells of all tables as text, and what the queue's own tables hold pickled."""
    cells: list[Any] = []
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            name = database.ops.quote_name(table)
            cursor.execute(f"SELECT * FROM {name}")  # noqa: S608  # the database's own word for it
            cells += [cell for row in cursor.fetchall() for cell in row]
    texts = [bytes(cell).decode(errors="replace") if isinstance(cell, bytes | memoryview) else cell for cell in cells]
    pickled = [waiting.task for waiting in OrmQ.objects.all()]
    pickled += [(done.args, done.kwargs, done.result) for done in Task.objects.all()]
    return "\n".join(map(str, [*texts, *pickled]))


def secrets() -> set[str]:
    doors = [*Check.objects.all(), *Reference.objects.all()]
    tokens = {row.token for row in WebhookToken.objects.all()}
    return {DEMO_API_KEY, ENTERED, *tokens, *(door.token for door in doors)}


@pytest.mark.django_db(transaction=True)
def test_a_dump_of_the_whole_database_holds_no_secret(lever: SandboxServer, marcus: Opportunity, settings: Any) -> None:
    connect("--hired-token", ENTERED, "--make-webhooks")
    connection = Connection.objects.get()
    check, link = begin_a_check(connection, marcus), a_sign_in_link()
    waiting = OrmQ.objects.count()
    carry_out_the_queue()

    hidden, stored = secrets() | {link}, everything_stored()

    assert (len(hidden), waiting > 2) == (9, True)  # the key, six signature tokens, the candidate's door, the link
    assert "Northmoor Ferries" in stored
    assert check.candidate_name in stored
    assert {secret for secret in hidden if secret in stored} == set()


@pytest.mark.django_db(transaction=True)
def test_what_a_failed_task_leaves_behind_holds_no_secret(lever: SandboxServer, settings: Any) -> None:
    """A key that cannot be decrypted is the one failure that comes close to it."""
    connect("--make-webhooks")
    hidden, connection = secrets(), Connection.objects.get()
    OrmQ.objects.all().delete()
    async_task("integrations.tasks.reconcile", connection.pk)
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    carry_out_the_queue()

    (failed,) = Task.objects.filter(success=False)
    assert "DecryptionError" in failed.result
    stored = everything_stored()
    assert {secret for secret in hidden if secret in stored} == set()


def test_no_line_of_the_log_holds_a_secret(
    lever: SandboxServer, marcus: Opportunity, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(CommandError):
        connect(key="a-key-that-lever-does-not-know")
    connect("--hired-token", ENTERED, "--make-webhooks")
    connection = Connection.objects.get()
    for fault in ("reset", "html", "truncated", "status"):
        lever.faults.add(Fault(fault, path="/webhooks"))
        hooks.make(connection, timezone.now())
    begin_a_check(connection, marcus)
    link = a_sign_in_link()
    Client().get(reverse("sign-in-link", args=[link]))
    send_due()
    lever.world.keys[DEMO_API_KEY].revoked = True
    reconcile(connection.pk)

    hidden = secrets() | {link, "a-key-that-lever-does-not-know"}
    lines = written(caplog)

    assert Connection.objects.get().status == Connection.Status.FAILING
    assert "/v1/webhooks" in lines
    assert {secret for secret in hidden if secret in lines} == set()


def written(caplog: pytest.LogCaptureFixture) -> str:
    """The lines as they leave the process, in both shapes."""
    shapes = [configuration(json=json, level="DEBUG")["formatters"]["lines"] for json in (True, False)]
    formatters = [
        ProcessorFormatter(processors=shape["processors"], foreign_pre_chain=shape["foreign_pre_chain"])
        for shape in shapes
    ]
    return "\n".join(formatter.format(record) for record in caplog.records for formatter in formatters)


def test_the_calls_that_a_page_shows_hold_no_key(lever: SandboxServer, marcus: Opportunity) -> None:
    connect("--make-webhooks")
    begin_a_check(Connection.objects.get(), marcus)

    calls = "\n".join(str(call) for call in LeverCall.objects.values_list())

    assert "/v1/opportunities/" in calls
    assert {secret for secret in secrets() if secret in calls} == set()
