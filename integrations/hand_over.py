"""The managed way, walked: what each step changes beside its date, what taking it back undoes, and who is told."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from integrations import letters
from integrations.first_look import FirstLook
from integrations.lever.objects import Stage
from integrations.managed import OutOfOrder, Step, StepTaken, is_managed
from integrations.models import Connection, Webhook
from integrations.offers import snapshot
from integrations.querysets import WORKING
from notifications.models import Message
from notifications.tasks import wake_sender

CHOSEN = ("stage_id", "stage_name", "perform_as_id", "perform_as_name")


class Incomplete(Exception):
    """The connection cannot work yet; `missing` names what it lacks, in the words of `Connection.missing`."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(missing)
        self.missing = missing


def request(by: User, now: datetime) -> tuple[Connection, bool]:
    """Ask for a connection to one's organization, which is made when there is none. False when it was asked for before.

    Raises OutOfOrder when there is one that works.
    """
    with transaction.atomic():
        connection, _made = Connection.objects.get_or_create(organization=by.organization)
        if connection.is_active:
            raise OutOfOrder(_("The connection is active: there is nothing to request."))
        return connection, take(connection, Step.REQUEST, by, now)


def take(
    connection: Connection, step: str, by: User | None, now: datetime, effect: Callable[[], None] = lambda: None
) -> bool:
    """Take a step with its effect and its letters; False when it was taken before. Raises OutOfOrder."""
    with transaction.atomic():
        taken = StepTaken.take(connection.pk, step, by, now)
        if taken is None:
            return False
        effect()
        if letters.write(taken, connection, now):
            wake_sender()
    return True


def store_stage(connection: Connection, name: str, found: Stage | None, by: User, now: datetime) -> bool:
    """The stage as the customer names it; `found` is the account's own, once there is a key to ask with."""

    def effect() -> None:
        connection.stage_id, connection.stage_name = (found.id, found.text[:120]) if found else ("", name[:120])
        connection.save(update_fields=["stage_id", "stage_name"])

    return take(connection, Step.STAGE, by, now, effect)


def save_settings(
    connection: Connection, api_key: str, token: str, look: FirstLook | None, by: User, now: datetime
) -> None:
    """Store what the customer copied from Lever; empty keeps what is there. Again at any time: keys are replaced.

    `look` is what Lever showed with the new key; None when the key stays. Raises OutOfOrder.
    """

    def effect() -> None:
        connection.refresh_from_db(fields=["api_key", "status", *CHOSEN])  # Lever was asked in between
        connection.api_key = api_key or connection.api_key
        if token:
            connection.set_token(Webhook.STAGE_CHANGE, token, now)
        connection.saved_by, connection.saved_at = by, now
        connection.save(update_fields=["api_key", "saved_by", "saved_at"])
        if look:
            settle(connection, look, by.email, now)
        if connection.status in WORKING:
            connection.activate()

    with transaction.atomic():
        if not take(connection, Step.SETTINGS, by, now, effect):
            effect()
            letters.write_again(StepTaken.held(connection.pk)[Step.SETTINGS], connection, by, now)
            wake_sender()


def settle(connection: Connection, look: FirstLook, email: str, now: datetime) -> None:
    """Find in the account the stage that was named, and whom Vouch writes as: by default who saved the key.

    What was chosen before stays, if the account has it. Nothing changes when the account could not be asked.
    """
    if look.problem:
        return
    stage = look.stage_meant(connection.stage_id, connection.stage_name)
    person = look.person_meant(connection.perform_as_id, email)
    connection.stage_id = stage.id if stage else ""
    connection.stage_name = stage.text[:120] if stage else connection.stage_name
    connection.perform_as_id = person.id if person else ""
    connection.perform_as_name = person.name[:160] if person else ""
    kept = snapshot(look.offer, now)
    for name, value in kept.items():
        setattr(connection, name, value)
    connection.save(update_fields=[*kept, *CHOSEN])


def activate(connection: Connection, by: User | None, now: datetime) -> bool:
    """The last step. Raises OutOfOrder, or Incomplete when nothing could begin."""

    def effect() -> None:
        connection.refresh_from_db(fields=["api_key", "stage_id", "perform_as_id"])
        if missing := connection.missing():
            raise Incomplete(missing)
        connection.activate()

    return take(connection, Step.ACTIVATE, by, now, effect)


def note_first_event(connection: Connection, now: datetime) -> None:
    """Something signed has come from Lever. With the address handed out and nothing missing, that was the last step."""
    if not is_managed() or connection.status != Connection.Status.INCOMPLETE or connection.missing():
        return
    with suppress(OutOfOrder, Incomplete):
        activate(connection, None, now)
    connection.refresh_from_db(fields=["status", "problem"])


def take_back(connection: Connection, step: str, by: User, now: datetime) -> bool:
    """Undo a step; letters about it that are not sent yet stay here. False when it did not stand. Raises OutOfOrder."""
    with transaction.atomic():
        undone = StepTaken.take_back(connection.pk, step, by, now)
        if undone is None:
            return False
        if undo := UNDO.get(step):
            undo(connection)
        Message.objects.filter(key__startswith=f"{letters.key_of(undone)}:").cancel(now)
    return True


def _empty_stage(connection: Connection) -> None:
    connection.stage_id = connection.stage_name = ""
    connection.save(update_fields=["stage_id", "stage_name"])


def _erase_settings(connection: Connection) -> None:
    """Key and tokens, and what was found with them; the stage keeps the name that the customer gave."""
    connection.forget()
    connection.stage_id = connection.perform_as_id = connection.perform_as_name = ""
    connection.saved_by = connection.saved_at = connection.offered_at = None
    connection.offer = {}
    connection.save(update_fields=["saved_by", "saved_at", "offer", "offered_at", *CHOSEN])


UNDO: dict[str, Callable[[Connection], None]] = {
    Step.STAGE: _empty_stage,
    Step.SETTINGS: _erase_settings,
    Step.ACTIVATE: Connection.disable,
}
