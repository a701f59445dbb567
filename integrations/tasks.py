"""Work that a queue wakes: the inbox, the outbox, and the sweep that finds what was left behind."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from accounts.models import User
from checks.tasks import tend_checks
from integrations import alarm, asking, inbox, outbox
from integrations.account import lever
from integrations.lever.errors import LeverError
from integrations.models import Action, Connection, Delivery
from integrations.reconciliation import find_missed
from notifications.addresses import LONGEST_ADDRESS
from notifications.models import Message
from notifications.tasks import wake_sender
from notifications.waking import wake

log = structlog.get_logger(__name__)

RECONCILE_EVERY = timedelta(minutes=10)
READ_PEOPLE_EVERY = timedelta(hours=12)


def wake_inbox() -> None:
    """Ask a worker to look into the inbox; inside a transaction the request is part of it."""
    wake("integrations.tasks.process_inbox")


def wake_outbox() -> None:
    wake("integrations.tasks.perform_actions")


def process_inbox() -> None:
    if Delivery.objects.select_related("connection__organization").work_off(inbox.process):
        wake_inbox()
    wake_followers()


def perform_actions() -> None:
    if Action.objects.select_related("connection", "for_check").work_off(outbox.perform):
        wake_outbox()


def wake_followers() -> None:
    """Wake whoever has work now: called when something was written, and every second by `manage.py worker`."""
    now = timezone.now()
    if Message.objects.due(now).exists():
        wake_sender()
    if Action.objects.due(now).exists():
        wake_outbox()


def wake_all() -> None:
    if Delivery.objects.due(timezone.now()).exists():
        wake_inbox()
    wake_followers()


def sweep() -> None:
    """Every minute: what a crash left behind, whose time has come, what Lever did not tell us."""
    tend_checks()
    wake_all()
    now = timezone.now()
    # Ids only: a connection whose key cannot be decrypted must not keep the others from being looked after.
    for pk in Connection.objects.to_reconcile(now, RECONCILE_EVERY).values_list("pk", flat=True):
        async_task("integrations.tasks.reconcile", pk)
    unread = Connection.objects.active().exclude(people_read_at__gt=now - READ_PEOPLE_EVERY)
    for pk in unread.values_list("pk", flat=True):
        async_task("integrations.tasks.read_people", pk)
    alarm.watch(now)
    if asking.ask_how_it_ended(now):
        wake_inbox()


def reconcile(connection_id: int) -> None:
    """Ask Lever who sits in the trigger stage, in case webhooks were lost."""
    connection = Connection.objects.select_related("organization").filter(pk=connection_id).first()
    if connection and find_missed(connection, timezone.now()):
        wake_inbox()


def read_people(connection_id: int) -> None:
    """Let Lever's users sign in here, and those who left no longer."""
    connection = Connection.objects.active().select_related("organization").filter(pk=connection_id).first()
    if connection is None:
        return
    try:
        with lever(connection) as account:
            people = account.users()
    except LeverError as error:
        log.warning("could not read Lever's users", connection=connection_id, error=str(error.kind))
        return
    with transaction.atomic():
        if people:  # no account is without any: an empty list is a mistake of somebody's, and locks nobody out
            User.objects.lock_out_who_left_lever(connection.organization, [person.email for person in people])
        for person in people:
            if person.email and len(person.email) <= LONGEST_ADDRESS:
                User.objects.take_from_lever(
                    connection.organization, person.email, person.name, person.role, person.is_active
                )
        Connection.objects.filter(pk=connection_id).update(people_read_at=timezone.now())
