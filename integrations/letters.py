"""What Vouch writes about a connection, to the operator and to the organization's super admins: no secret is in it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from integrations.managed import Step, StepTaken
from integrations.tokens import Webhook
from notifications.addresses import address_of
from notifications.letters import Letter, Link, render
from notifications.models import Message

if TYPE_CHECKING:
    from integrations.models import Connection

AT_MOST = 50  # people who get one letter


def write(step: StepTaken, connection: "Connection", now: datetime) -> int:
    """Queue the letters that belong to a step, once; how many they are. The caller wakes the sender."""
    if step.step not in LETTERS:
        return 0
    return _queue(step, connection, step.by or _who_handed_out(connection), key_of(step), now)


def write_again(step: StepTaken, connection: "Connection", by: User, now: datetime) -> int:
    """The same letters, for what was saved anew in a step that had been taken."""
    return _queue(step, connection, by, f"{key_of(step)}:{now:%Y%m%d%H%M%S%f}", now)


def key_of(step: StepTaken) -> str:
    """How the keys of all letters about a step begin. Taken back and taken anew it is another row, and mailed anew."""
    return f"connection-{step.step}:{step.pk}"


def topic_of(connection: "Connection") -> str:
    return f"connection:{connection.pk}"


def _queue(step: StepTaken, connection: "Connection", by: User | None, key: str, now: datetime) -> int:
    readers, compose = LETTERS[step.step]
    letter = replace(compose(connection, by), reply_to=by.email if by else "")
    return send(connection, letter, readers(connection), f"connection-{step.step}", key, now)


def send(connection: "Connection", letter: Letter, readers: QuerySet[User], kind: str, key: str, now: datetime) -> int:
    """Queue a letter of Vouch's own to each of the readers, once for each `key`; how many they are."""
    found = list(readers[:AT_MOST])
    for reader in found:
        own = replace(letter, greeting=_("Dear %(name)s,") % {"name": reader}, from_name="Vouch")
        Message.queue(
            connection.organization,
            key=f"{key}:{reader.pk}",
            kind=kind,
            topic=topic_of(connection),
            to=(reader.name, reader.email),
            letter=render(own, connection.organization),
            now=now,
        )
    return len(found)


# --- to whom ------------------------------------------------------------------------------------------------


def operators(connection: "Connection") -> QuerySet[User]:
    return User.objects.active().filter(is_superuser=True).order_by("pk")


def super_admins(connection: "Connection") -> QuerySet[User]:
    rows = User.objects.active().filter(organization=connection.organization_id, role=Role.SUPER_ADMIN)
    return rows.filter(is_superuser=False).order_by("pk")


def _who_handed_out(connection: "Connection") -> User | None:
    """Whom answers go to when nobody took the step: an event from Lever did."""
    rows = connection.steps_taken.standing().filter(step=Step.ADDRESS)
    handed_out = rows.select_related("by").first()
    return handed_out.by if handed_out else None


# --- the letters --------------------------------------------------------------------------------------------


def _requested(connection: "Connection", by: User | None) -> Letter:
    words = {"who": by or _("Somebody"), "company": connection.organization}
    return Letter(
        subject=_("%(company)s asks to be connected to Lever") % words,
        heading=_("%(company)s asks to be connected") % words,
        opening=(
            _("%(who)s of %(company)s asks you to connect their Lever account.") % words,
            _(
                "Ask which stage in Lever starts a reference check, and store it on the connection’s page. Then enable "
                "the connection; Vouch tells them what to do next."
            ),
        ),
        action=Link(_("Open the connection"), _page(connection)),
        closing=(_("Your answer to this mail reaches %(who)s.") % words,),
        footnote=to_the_operator(),
    )


def _enabled(connection: "Connection", by: User | None) -> Letter:
    return Letter(
        subject=_("Your connection to Lever: two values are needed"),
        preheader=_("An API key and a signature token, both from Lever."),
        heading=_("Settings is there now"),
        opening=(
            _("The connection to Lever is enabled. Under Connections the Lever tile has a button now: Settings."),
            _("It asks for two values from Lever. A super admin of Lever finds both under Integrations and API:"),
            _("1. The API key. Lever shows it once, so copy it before you close that window."),
            _("2. The webhook signature token: under Webhooks, Candidate Stage Change, press Add webhook and copy it."),
        ),
        action=Link(_("Enter the two values"), _page(connection, "settings")),
        closing=(
            _("When you have saved them, you get the address that is pasted into Lever last."),
            _("Key and token belong in these two fields, and not in a mail."),
        ),
        footnote=to_super_admins(connection),
        links=(Link(_("How it is done, step by step"), address_of("admin:help-part", slug="managed")),),
    )


def _settings_saved(connection: "Connection", by: User | None) -> Letter:
    words = {"who": by or _("Somebody"), "company": connection.organization}
    return Letter(
        subject=_("%(company)s saved the settings for Lever") % words,
        heading=_("Key and token are saved"),
        opening=(
            _("%(who)s of %(company)s has entered the values from Lever. They are stored encrypted.") % words,
            _("Look at what the connection’s page says about the stage, then hand out the webhook address."),
        ),
        action=Link(_("Open the connection"), _page(connection)),
        footnote=to_the_operator(),
    )


def _address(connection: "Connection", by: User | None) -> Letter:
    return Letter(
        subject=_("Your connection to Lever: one step is left"),
        preheader=_("One address, to be pasted into Lever."),
        heading=_("The webhook address"),
        opening=(
            _("This is the last step, and it is done in Lever, by a super admin there:"),
            _("1. Open Settings, Integrations and API, Webhooks."),
            _(
                "2. Paste the address below into the field under Candidate Stage Change: the place where the "
                "signature token was copied."
            ),
            connection.webhook_url(Webhook.STAGE_CHANGE),
            _("3. Turn the switch Candidate Stage Change on. Without it, Lever sends nothing."),
        ),
        action=Link(_("Copy it from Connections"), address_of("admin:integrations_connection_changelist")),
        closing=(_("From the first event that arrives, the connection is active. You get a mail then."),),
        footnote=to_super_admins(connection),
        links=(Link(_("How it is done, step by step"), address_of("admin:help-part", slug="managed")),),
    )


def _active(connection: "Connection", by: User | None) -> Letter:
    words = {"stage": connection.stage_name}
    return Letter(
        subject=_("Your connection to Lever is active"),
        heading=_("Lever and Vouch are connected"),
        opening=(
            _("From now on a candidate who is moved to the stage “%(stage)s” in Lever gets a reference check.") % words,
            _("Its progress shows as tags on the candidate’s profile in Lever, and its report as a link there."),
        ),
        action=Link(_("Open Vouch"), address_of("admin:index")),
        footnote=to_super_admins(connection),
    )


def _page(connection: "Connection", page: str = "change") -> str:
    return address_of(f"admin:integrations_connection_{page}", object_id=connection.pk)


def to_the_operator() -> str:
    return _("You get this mail because you run this installation of Vouch.")


def to_super_admins(connection: "Connection") -> str:
    return _("You get this mail because you are a super admin of %(company)s in Vouch.") % {
        "company": connection.organization
    }


Readers = Callable[["Connection"], QuerySet[User]]
LETTERS: dict[str, tuple[Readers, Callable[["Connection", User | None], Letter]]] = {
    Step.REQUEST: (operators, _requested),
    Step.ENABLE: (super_admins, _enabled),
    Step.SETTINGS: (operators, _settings_saved),
    Step.ADDRESS: (super_admins, _address),
    Step.ACTIVATE: (super_admins, _active),
}
