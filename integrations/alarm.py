"""Telling people that a connection is in trouble, once, and once again when it is well."""

from dataclasses import replace
from datetime import datetime

import structlog
from django.db import transaction
from django.utils.translation import gettext as _

from integrations.doctor import troubles
from integrations.doctor.hearing import unheard_words
from integrations.letters import operators, send, super_admins, to_super_admins, to_the_operator
from integrations.managed import is_managed
from integrations.models import Connection
from integrations.querysets import WORKING, ConnectionQuerySet
from notifications.addresses import address_of
from notifications.letters import Letter, Link
from notifications.tasks import wake_sender

log = structlog.get_logger(__name__)


def watch(now: datetime) -> None:
    """Look at all connections, by our own tables alone: tell of those that have turned red, or are well again.

    A few questions for all of them, and none about keys: one that cannot be decrypted is in nobody's way.
    """
    red = _red(now)
    for connection in _rows().filter(red_since=None, pk__in=red):
        _turn_red(connection, red[connection.pk], now)
    for connection in _rows().exclude(red_since=None).exclude(pk__in=red):
        _turn_well(connection, now)


def _red(now: datetime) -> dict[int, str]:
    """Each connection that is in trouble, and why; of several reasons the last."""
    everywhere = Connection.objects.all()
    reasons = (
        (_given_up(), troubles.giving_up(everywhere)),
        (unheard_words(), troubles.unheard(everywhere, now)),
        ("", everywhere.filter(status=Connection.Status.FAILING)),  # it says itself what is wrong
    )
    return {pk: words for words, rows in reasons for pk in rows.values_list("pk", flat=True)}


def _given_up() -> str:
    return _(
        "The last five in a row were given up, of what came from Lever or of what was to be written there. The doctor "
        "shows them; each says why."
    )


def _rows() -> ConnectionQuerySet:
    return Connection.objects.select_related("organization").defer("api_key").order_by("pk")


def _turn_red(connection: Connection, reason: str, now: datetime) -> None:
    """Told and remembered in one transaction: two sweeps at once, or a crash, tell neither twice nor never."""
    with transaction.atomic():
        if Connection.objects.filter(pk=connection.pk, red_since=None).update(red_since=now):
            _tell(connection, _letter(connection, reason or connection.problem), "red", now, now)
            log.warning("connection turned red", connection=connection.pk)


def _turn_well(connection: Connection, now: datetime) -> None:
    """One that somebody has switched off or emptied meanwhile needs no letter: who did so knows."""
    since = connection.red_since
    with transaction.atomic():
        if since and Connection.objects.filter(pk=connection.pk, red_since=since).update(red_since=None):
            if connection.status in WORKING:
                _tell(connection, _good_letter(connection), "well", since, now)
            log.info("connection is well again", connection=connection.pk)


def _tell(connection: Connection, letter: Letter, kind: str, since: datetime, now: datetime) -> None:
    """Whoever can mend it; in managed mode the operator is one of them."""
    readers = [(super_admins(connection), to_super_admins(connection))]
    if is_managed():
        readers.append((operators(connection), to_the_operator()))
    key = f"connection-{kind}:{connection.pk}:{since:%Y%m%d%H%M%S%f}"
    for people, reason in readers:
        send(connection, replace(letter, footnote=reason), people, f"connection-{kind}", key, now)
    wake_sender()


def _letter(connection: Connection, reason: str) -> Letter:
    return Letter(
        subject=_("The connection to Lever needs a hand"),
        preheader=_("What is wrong, and what puts it right."),
        heading=_("The connection to Lever needs a hand"),
        opening=(
            _("Something stands between %(company)s’s Lever and Vouch:") % {"company": connection.organization},
            reason,
            _("Checks that are on their way go on, and what came in is kept."),
        ),
        action=Link(_("See what the doctor says"), _doctor(connection)),
        closing=(_("You get one more mail when it is well again, and none until then."),),
    )


def _good_letter(connection: Connection) -> Letter:
    return Letter(
        subject=_("The connection to Lever is well again"),
        heading=_("The connection to Lever is well again"),
        opening=(
            _("Lever and Vouch work together again for %(company)s.") % {"company": connection.organization},
            _("What had waited goes on by itself. There is nothing to do."),
        ),
        action=Link(_("See what the doctor says"), _doctor(connection)),
    )


def _doctor(connection: Connection) -> str:
    return address_of("admin:integrations_connection_doctor", object_id=connection.pk)
