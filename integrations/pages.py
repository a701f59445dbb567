"""What the portal's pages say about a connection and about what came from Lever."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.forms import ConnectionForm, token_name
from integrations.models import Connection, Webhook

# What is missing, in the words of `Connection.missing`: what to enter, where, and how to come by it.
MISSING: dict[str, tuple[Any, str, Any]] = {
    "api-key": (
        gettext_lazy("Lever API token"),
        "id_new_api_key",
        gettext_lazy("In Lever: Settings, Integrations and API, API credentials."),
    ),
    "stage": (
        gettext_lazy("The stage that starts checks"),
        "id_stage_id",
        gettext_lazy("Chosen from your account’s own stages."),
    ),
    "perform-as": (
        gettext_lazy("Whom Vouch writes as"),
        "id_perform_as_id",
        gettext_lazy("Tags, links and notes bear this person’s name."),
    ),
    "stage-change-token": (
        gettext_lazy("Signature token for stage changes"),
        f"id_{token_name(Webhook.STAGE_CHANGE)}",
        gettext_lazy("Lever shows it beside the webhook, once the address is pasted there."),
    ),
}
# What a webhook is for, and under which switch it stands in Lever.
USES = {
    Webhook.STAGE_CHANGE: (gettext_lazy("Starts checks."), "Candidate Stage Change"),
    Webhook.HIRED: (gettext_lazy("Kept in the inbox; nothing else happens on it yet."), "Candidate Hired"),
    Webhook.ARCHIVED: (
        gettext_lazy("Kept in the inbox; nothing else happens on it yet."),
        "Candidate Archive State Change",
    ),
    Webhook.DELETED: (gettext_lazy("Kept in the inbox; nothing else happens on it yet."), "Candidate Deleted"),
    Webhook.APPLIED: (
        gettext_lazy("Starts checks of people who apply straight into the stage."),
        "Application Created",
    ),
}
LATELY = 500  # deliveries that are looked at for signs of life
SECRETS = {"signature", "token"}


@dataclass(frozen=True)
class Step:
    """One thing that a connection needs."""

    words: str
    field: str  # the id of the control where it is entered
    how: str
    is_done: bool


@dataclass(frozen=True)
class Hook:
    """One webhook on the connection's page."""

    name: str
    words: str
    use: str
    switch: str  # Lever's own words for it
    url: str
    shape: str
    state: str
    token: Any  # the form's field


def steps(connection: Connection) -> list[Step]:
    """All that is needed, what is missing first."""
    missing = connection.missing()
    found = [Step(str(words), field, str(how), name not in missing) for name, (words, field, how) in MISSING.items()]
    return sorted(found, key=lambda step: step.is_done)


def hooks(connection: Connection, form: ConnectionForm) -> Iterator[Hook]:
    """The webhooks, and whether they are heard from. `form` has no token fields for those who may only look."""
    heard = set(connection.deliveries.order_by("-pk").values_list("webhook", flat=True)[:LATELY])
    known = set(connection.webhook_tokens.values_list("webhook", flat=True))
    for webhook in Webhook:
        shape, state = _hook_state(webhook in known, webhook in heard)
        name = token_name(webhook)
        use, switch = USES[webhook]
        yield Hook(
            name=webhook.value,
            words=str(webhook.label),
            use=str(use),
            switch=switch,
            url=connection.webhook_url(webhook),
            shape=shape,
            state=state,
            token=form[name] if name in form.fields else None,
        )


def _hook_state(is_known: bool, is_heard: bool) -> tuple[str, str]:
    if not is_known:
        return "warn", _("No token")
    return ("done", _("Heard from")) if is_heard else ("", _("Not heard from"))


def readable(body: bytes) -> str:
    """A delivery's body for people's eyes: set out in lines, whatever is in it, and without its signature."""
    try:
        found = _without_secrets(json.loads(body.decode(errors="replace")))
        text = json.dumps(found, indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return _("%(count)d bytes that cannot be set out as JSON.") % {"count": len(body)} if body else ""
    return text.encode("utf-8", "replace").decode()  # half surrogate pairs fit into JSON, and into no page


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: "…" if key in SECRETS else _without_secrets(part) for key, part in value.items()}
    return [_without_secrets(part) for part in value] if isinstance(value, list) else value
