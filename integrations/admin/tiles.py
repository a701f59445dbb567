"""The tiles of the page Connections: what each says, and the one thing that one can do there."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.managed import Step, StepTaken
from integrations.models import Connection, Webhook
from integrations.signs import CONNECTION_SHAPES

PAGE = "admin:integrations_connection"
SETTINGS = "lever-settings"  # the id of the dialog
Status = Connection.Status


@dataclass(frozen=True)
class Button:
    """A link; with `is_post` a button that does it; with `opens` the button of a dialog in the page."""

    label: str
    url: str
    is_post: bool = False
    is_quiet: bool = True
    opens: str = ""


@dataclass(frozen=True)
class Tile:
    name: str
    words: str
    shape: str = ""
    state: str = ""
    buttons: tuple[Button, ...] = ()
    address: str = ""  # to be pasted into Lever


def practice() -> Tile | None:
    """The practice Lever, when the one that Vouch talks to runs on this machine."""
    parts = urlsplit(settings.LEVER_API_URL)
    if not _is_this_machine(parts.hostname or ""):
        return None
    return Tile(
        _("Practice Lever"),
        _("A pipeline to practise with, on this machine. The people in it are made up."),
        "done",
        _("On this machine"),
        (Button(_("Open"), f"{parts.scheme}://{parts.netloc}/"),),
    )


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


# --- self-service -------------------------------------------------------------------------------------------


def self_service(connection: Connection | None, may_change: bool) -> Tile:
    words = _("Start a check when a candidate reaches a stage; see its progress as tags, a link and a note.")
    shape, state = _state(connection)
    if connection and connection.problem:
        words = connection.problem
    return Tile(_("Lever"), words, shape, state, _manage(connection, may_change))


def _manage(connection: Connection | None, may_change: bool) -> tuple[Button, ...]:
    if connection is None:
        return (Button(_("Manage"), reverse(f"{PAGE}_manage"), is_post=True),) if may_change else ()
    return (_look(connection, _("Manage") if may_change else _("Look")),)


def _look(connection: Connection, label: str) -> Button:
    return Button(label, reverse(f"{PAGE}_change", args=[connection.pk]))


def _state(connection: Connection | None) -> tuple[str, str]:
    if connection is None:
        return "", _("Not connected")
    if connection.status == Status.INCOMPLETE:
        return "warn", _missing(len(connection.missing()))
    return CONNECTION_SHAPES[connection.status], connection.get_status_display()


def _missing(count: int) -> str:
    if not count:
        return _("Ready, not active yet")
    return ngettext("%(n)d thing missing", "%(n)d things missing", count) % {"n": count}


# --- managed ------------------------------------------------------------------------------------------------


def managed(connection: Connection | None, taken: StepTaken | None, may_change: bool) -> Tile:
    """`taken` is the step that the connection has come to, None when it has not been asked for."""
    if connection and not _is_walking(connection, taken):
        return _working(connection, taken, may_change)
    describe = MOMENTS[taken.step if taken else ""]
    tile = describe(connection, taken)
    return tile if may_change else Tile(tile.name, tile.words, tile.shape, tile.state, _seen(connection))


def _is_walking(connection: Connection, taken: StepTaken | None) -> bool:
    """Whether the steps say more than the connection's own state."""
    if connection.is_active or _is(taken, Step.ACTIVATE):
        return False
    return connection.status == Status.INCOMPLETE or _is(taken, Step.REQUEST, Step.STAGE, Step.ENABLE)


def _is(taken: StepTaken | None, *steps: str) -> bool:
    return taken is not None and taken.step in steps


def _seen(connection: Connection | None) -> tuple[Button, ...]:
    return (_look(connection, _("Look")),) if connection else ()


def _working(connection: Connection, taken: StepTaken | None, may_change: bool) -> Tile:
    """Active, refused by Lever, or switched off."""
    words = {
        Status.ACTIVE: _("A candidate who comes to the stage “%(stage)s” in Lever gets a check."),
        Status.DISABLED: _("No new checks begin. The people who run Vouch for you switch it on again."),
        Status.INCOMPLETE: _("Something is missing since. The people who run Vouch for you see it, too."),
    }.get(Status(connection.status), "%(problem)s")
    can_mend = may_change and _is(taken, Step.SETTINGS, Step.ADDRESS, Step.ACTIVATE)
    asks_anew = may_change and taken is None and connection.status != Status.ACTIVE
    buttons = (
        *((_request(),) if asks_anew else ()),
        *((_settings(connection, is_quiet=connection.status != Status.FAILING),) if can_mend else ()),
        *_seen(connection),
    )
    said = words % {"stage": connection.stage_name, "problem": connection.problem}
    return Tile(_("Lever"), said, *_state(connection), buttons)


def _not_asked(connection: Connection | None, taken: Any) -> Tile:
    words = _("Ask the people who run Vouch for you. They answer by e-mail.")
    return Tile(_("Lever"), words, "", _("Not connected"), (_request(),))


def _requested(connection: Connection, taken: StepTaken) -> Tile:
    words = _("Requested %(how)s. Nothing to do until the operator writes.") % {"how": how(taken)}
    back = Button(_("Take the request back"), _back(connection, Step.REQUEST), is_post=True)
    return Tile(_("Lever"), words, "moving", _("Requested"), (back,))


def _staged(connection: Connection, taken: StepTaken) -> Tile:
    words = _("The operator has noted the stage “%(stage)s”. Nothing to do until the connection is enabled.")
    return Tile(_("Lever"), words % {"stage": connection.stage_name}, "moving", _("Requested"))


def _enabled(connection: Connection, taken: StepTaken) -> Tile:
    words = _("Enabled. Two values from Lever are still needed.")
    return Tile(_("Lever"), words, "warn", _missing(2), (_settings(connection, is_quiet=False),))


def _saved(connection: Connection, taken: StepTaken) -> Tile:
    words = _("Saved %(how)s. The operator sends you the address for Lever.") % {"how": how(taken)}
    return Tile(_("Lever"), words, "moving", _("Saved"), (_settings(connection), _forget(connection)))


def _handed_out(connection: Connection, taken: StepTaken) -> Tile:
    words = _("One step is left, in Lever. When its first event arrives, the connection is active.")
    address = connection.webhook_url(Webhook.STAGE_CHANGE)
    return Tile(_("Lever"), words, "warn", _("One step left"), (_settings(connection),), address)


def _request() -> Button:
    return Button(_("Request connection"), reverse(f"{PAGE}_request"), is_post=True, is_quiet=False)


def _settings(connection: Connection, *, is_quiet: bool = True) -> Button:
    url = reverse(f"{PAGE}_settings", args=[connection.pk])
    return Button(_("Settings"), url, is_quiet=is_quiet, opens=SETTINGS)


def _forget(connection: Connection) -> Button:
    return Button(_("Take them back…"), _back(connection, Step.SETTINGS))


def _back(connection: Connection, step: str) -> str:
    return reverse(f"{PAGE}_step_back", args=[connection.pk, step])


def how(taken: StepTaken) -> str:
    """By whom and when."""
    words = {"who": taken.by, "when": date_format(localtime(taken.at), "j F, H:i")}
    return (_("by %(who)s on %(when)s") if taken.by else _("on %(when)s")) % words


MOMENTS: dict[str, Callable[[Any, Any], Tile]] = {
    "": _not_asked,
    Step.REQUEST: _requested,
    Step.STAGE: _staged,
    Step.ENABLE: _enabled,
    Step.SETTINGS: _saved,
    Step.ADDRESS: _handed_out,
}
