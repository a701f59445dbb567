"""The operator's steps of the managed way. Lever is asked before the step is taken, outside its transaction."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.scoped_admin import reader
from integrations import hand_over
from integrations.admin.steps import no_such_stage
from integrations.first_look import first_look
from integrations.lever.objects import Stage
from integrations.managed import Step
from integrations.models import Connection
from integrations.tasks import wake_inbox, wake_outbox


class Refused(Exception):
    """Nothing was changed; the text says why, and what to do."""


def _store_stage(request: HttpRequest, connection: Connection) -> bool:
    name = " ".join(request.POST.get("stage", "").split())
    if not name:
        raise Refused(_("Write the stage as the customer names it."))
    found = _found(connection, name) if connection.api_key else None
    return hand_over.store_stage(connection, name, found, reader(request), timezone.now())


def _found(connection: Connection, name: str) -> Stage | None:
    """The account's own; None when Lever cannot be asked now. A name that it does not have is refused."""
    look = first_look(connection, connection.api_key)
    found = look.stage_meant(name)
    if look.stages and not found:
        raise Refused(no_such_stage(name, [stage.text for stage in look.stages]))
    return found


def _enable(request: HttpRequest, connection: Connection) -> bool:
    return hand_over.take(connection, Step.ENABLE, reader(request), timezone.now())


def _hand_out(request: HttpRequest, connection: Connection) -> bool:
    _ask_again(connection)
    return hand_over.take(connection, Step.ADDRESS, reader(request), timezone.now())


def _activate(request: HttpRequest, connection: Connection) -> bool:
    _ask_again(connection)
    if not hand_over.activate(connection, reader(request), timezone.now()):
        return False
    wake_inbox()
    wake_outbox()
    return True


def _ask_again(connection: Connection) -> None:
    """What could not be found out when the key was saved, because Lever did not answer."""
    if connection.api_key and not (connection.stage_id and connection.perform_as_id):
        saved_by = connection.saved_by.email if connection.saved_by else ""
        hand_over.settle(connection, first_look(connection, connection.api_key), saved_by, timezone.now())


DEEDS: dict[str, Callable[[HttpRequest, Connection], bool]] = {
    Step.STAGE: _store_stage,
    Step.ENABLE: _enable,
    Step.ADDRESS: _hand_out,
    Step.ACTIVATE: _activate,
}
