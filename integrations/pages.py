"""What the portal's pages say about a connection and its webhooks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.changes import twins
from integrations.doctor import troubles
from integrations.forms import ConnectionForm, token_name
from integrations.listed_hooks import EVENTS
from integrations.models import Connection, Decision, Delivery, Webhook

# What is missing, in the words of `Connection.missing`: what to enter, the id of its control, and how to come by it.
MISSING: dict[str, tuple[Any, str, Any]] = {
    "api-key": (
        gettext_lazy("Lever API token"),
        "id_new_api_key",
        gettext_lazy("In Lever: Settings, Integrations and API, API credentials. Lever shows it once."),
    ),
    "stage": (
        gettext_lazy("The stage that starts checks"),
        "id_stage_id",
        gettext_lazy("Chosen from your account’s own stages."),
    ),
    "perform-as": (
        gettext_lazy("Whom Vouch writes as"),
        "id_perform_as_id",
        gettext_lazy("Tags, links and notes in Lever bear this person’s name."),
    ),
    "stage-change-token": (
        gettext_lazy("Signature token for stage changes"),
        f"id_{token_name(Webhook.STAGE_CHANGE)}",
        gettext_lazy("Vouch can create the webhooks and store it. By hand: Lever shows it beside the webhook."),
    ),
}
# What a webhook is for.
USES: dict[str, Any] = {
    Webhook.STAGE_CHANGE: gettext_lazy("Starts a check when somebody comes to the stage."),
    Webhook.HIRED: gettext_lazy("Keeps who was hired in step, and concludes a check that is still on its way."),
    Webhook.ARCHIVED: gettext_lazy("Keeps who was not hired in step, and stops a check that is still on its way."),
    Webhook.DELETED: gettext_lazy("Erases here, too, what is known of a candidate who was deleted in Lever."),
    Webhook.APPLIED: gettext_lazy("Starts a check when somebody applies straight into the stage, which is rare."),
}
ADDRESS_LABELS = {
    Webhook.STAGE_CHANGE: gettext_lazy("Lever webhook URL"),
    Webhook.HIRED: gettext_lazy("Lever webhook hired URL"),
    Webhook.ARCHIVED: gettext_lazy("Lever webhook archived URL"),
    Webhook.DELETED: gettext_lazy("Lever webhook deleted URL"),
    Webhook.APPLIED: gettext_lazy("Lever webhook applied URL"),
}
OPTIONAL = (Webhook.APPLIED,)


@dataclass(frozen=True)
class Hook:
    """One webhook on the connection's page."""

    name: str
    words: str
    use: str
    switch: str  # Lever's own words for it
    label: str  # of its address
    url: str
    shape: str
    state: str
    note: str  # what is amiss with its token or its address
    is_known: bool  # whether there is a token
    is_heard: bool  # whether Lever has sent anything that was signed
    is_optional: bool
    token: Any  # the form's field; None for those who may only look


def hooks(connection: Connection, form: ConnectionForm, now: datetime) -> Iterator[Hook]:
    """The webhooks, and whether they are heard from. `form` has no token fields for those who may only look."""
    refused = dict(connection.refusals.values_list("webhook", "last_at"))
    for webhook in Webhook:
        last = _last(connection, webhook)
        is_known = webhook in form.tokens
        shape, state = _hook_state(webhook, is_known, last, refused.get(webhook), now)
        yield Hook(
            name=webhook.value,
            words=str(webhook.label),
            use=str(USES[webhook]),
            switch=EVENTS[webhook].switch,
            label=str(ADDRESS_LABELS[webhook]),
            url=connection.webhook_url(webhook),
            shape=shape,
            state=state,
            note=_note(form, webhook, last),
            is_known=is_known,
            is_heard=last is not None,
            is_optional=webhook in OPTIONAL,
            token=form[token_name(webhook)],
        )


def _last(connection: Connection, webhook: str) -> Delivery | None:
    """What Lever itself sent last."""
    rows = troubles.heard(connection.deliveries.filter(webhook=webhook)).order_by("-pk")
    return rows.only("created_at", "decision", "webhook", "connection").first()


def _hook_state(
    webhook: Webhook, is_known: bool, last: Delivery | None, refused_at: datetime | None, now: datetime
) -> tuple[str, str]:
    if not is_known:
        return ("", _("Not used")) if webhook in OPTIONAL else ("warn", _("No token"))
    if refused_at and (last is None or refused_at > last.created_at):
        return "bad", _("Signature refused %(when)s") % {"when": moment(refused_at, now)}
    if last is None:
        return "", _("Not heard from yet")
    when = {"when": moment(last.created_at, now)}
    if last.decision == Decision.WRONG_ADDRESS:
        return "bad", _("Another event came %(when)s") % when
    if last.decision == Decision.TEST:
        return "done", _("A test arrived %(when)s") % when
    return "done", _("Heard from %(when)s") % when


def _note(form: ConnectionForm, webhook: Webhook, last: Delivery | None) -> str:
    if last and last.decision == Decision.WRONG_ADDRESS:
        return _("In Lever, another event has this address. Paste the address that stands here under that event.")
    if alike := twins(form.tokens, webhook):
        names = ", ".join(f"“{each.label}”" for each in alike)
        words = _("The same token stands at %(names)s. In Lever each address has its own: copy this one’s again.")
        return words % {"names": names}
    return ""


def moment(when: datetime, now: datetime) -> str:
    """Such as: today at 11:04."""
    local, today = timezone.localtime(when), timezone.localtime(now).date()
    names = {today: _("today"), today - timedelta(days=1): _("yesterday")}
    day = names.get(local.date()) or _("on %(date)s") % {"date": date_format(local, "DATE_FORMAT")}
    return _("%(day)s at %(time)s") % {"day": day, "time": time_format(local.time(), "TIME_FORMAT")}


def saved(connection: Connection, now: datetime) -> str:
    """Who saved the page last, and when; empty when nobody has."""
    if connection.saved_at is None:
        return ""
    words = {"when": moment(connection.saved_at, now), "name": connection.saved_by}
    return (_("Saved last by %(name)s, %(when)s.") if connection.saved_by else _("Saved last %(when)s.")) % words
