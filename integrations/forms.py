"""The connection's form. Secrets go in and never come out: a stored one shows by its last four characters."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from integrations.archive_choice import REASONS, faults, is_archiving
from integrations.changes import in_words, same_key, same_tokens
from integrations.lever.hosts import is_levers
from integrations.models import Connection, Webhook
from integrations.offers import MOST, WHILE_SAVING, Choices, Offer, ask, remembered, snapshot

FIELDS = (
    "environment",
    "stage_id",
    "perform_as_id",
    "tag_prefix",
    "starts_after_completion",
    "attaches_pdf",
    "outcome_writes",
    "hired_reason_id",
    "not_hired_reason_id",
    "exports_existing_prospects",
    "exports_new_prospects",
)
# The drop-downs: the part of an Offer that each is filled from, and the column of the name that belongs to the id.
CHOSEN = {
    "stage_id": ("stages", "stage_name"),
    "perform_as_id": ("people", "perform_as_name"),
    "hired_reason_id": ("hired_reasons", "hired_reason_name"),
    "not_hired_reason_id": ("not_hired_reasons", "not_hired_reason_name"),
}
# The switches for prospects, and the column that says since when each is on: who confirmed before it is "existing".
SWITCHES = {
    "exports_existing_prospects": "exports_existing_since",
    "exports_new_prospects": "exports_new_since",
}
SHORTEST_NAME = 120  # characters that fit into either column
ACCOUNT = ("new_api_key", "environment")  # what decides which account it is
TOKEN_LABELS = {
    Webhook.STAGE_CHANGE: gettext_lazy("Webhook signature token"),
    Webhook.HIRED: gettext_lazy("Webhook hired signature token"),
    Webhook.ARCHIVED: gettext_lazy("Webhook archived signature token"),
    Webhook.DELETED: gettext_lazy("Webhook deleted signature token"),
    Webhook.APPLIED: gettext_lazy("Webhook applied signature token"),
}


def token_name(webhook: str) -> str:
    return f"{webhook}-token"


def stored(ending: str) -> str:
    return _("Stored, ends in %(ending)s") % {"ending": ending} if ending else ""


def without_spaces(secret: str) -> None:
    """Spaces come along when one copies; no key or token has any within."""
    if len(secret.split()) > 1:
        raise ValidationError(_("There are spaces in it. Copy it from Lever again."))


def secret_field(label: Any, **how: Any) -> forms.CharField:
    """Never filled in by us. `new-password`, because browsers ignore `off` and would fill in somebody's own."""
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "spellcheck": "false"})
    return forms.CharField(
        label=label, required=False, max_length=500, widget=widget, validators=[without_spaces], **how
    )


class ConnectionForm(forms.ModelForm[Connection]):
    """Bound, it asks Lever about what was changed; unbound, it shows what Lever told last and asks nobody.

    Each field carries what it showed when the page was opened. So only what this person changed is saved, and two
    people who have the page open at the same time do not undo each other's work.
    """

    new_api_key = secret_field(
        gettext_lazy("Lever API token"),
        help_text=gettext_lazy(
            "Lever shows it once: copy it before you close that window. Stored encrypted and never shown again."
        ),
    )

    class Meta:
        model = Connection
        fields = FIELDS
        labels = {
            "stage_id": gettext_lazy("Lever interview stage"),
            "perform_as_id": gettext_lazy("Vouch writes in Lever as"),
            "starts_after_completion": gettext_lazy("start another check on re-entry"),
            "attaches_pdf": gettext_lazy("attach the report as a PDF"),
            "outcome_writes": gettext_lazy("when somebody says how it ended, Vouch writes"),
            "hired_reason_id": gettext_lazy("archive reason for hired"),
            "not_hired_reason_id": gettext_lazy("archive reason for not hired"),
        }
        help_texts = {
            "environment": gettext_lazy("Where your Lever account lives. Most live in production."),
            "stage_id": gettext_lazy("Moving a candidate here starts a check."),
            "perform_as_id": gettext_lazy("A person who stays: whoever leaves Lever can write there no more."),
            "outcome_writes": gettext_lazy(
                "The tag reads “Vouch - Hired” or “Vouch - Not hired”; the note says who said so, and when."
            ),
            "hired_reason_id": gettext_lazy("Of your account’s reasons that mean hired. Needed to archive."),
            "not_hired_reason_id": gettext_lazy("Of your account’s other reasons. Needed to archive."),
            "attaches_pdf": gettext_lazy(
                "When a check is completed. Whoever sees the candidate’s files in Lever can read it there, and what is "
                "attached stays there. A private report is never attached. The key needs the permission to write files."
            ),
        }
        widgets = dict.fromkeys(CHOSEN, forms.Select)

    def __init__(self, *args: Any, offer: Offer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer = offer or remembered(self.instance)
        self.asked: Offer | None = None
        if not is_levers(settings.LEVER_API_URL):
            self.fields.pop("environment", None)
        for name in set(FIELDS) & set(self.fields):
            self.fields[name].show_hidden_initial = True
        self._fill()
        self.fields["new_api_key"].widget.attrs["placeholder"] = stored(self.instance.api_key_hint)
        for webhook in Webhook:
            self.fields[token_name(webhook)] = field = secret_field(TOKEN_LABELS[webhook])
            field.widget.attrs["placeholder"] = stored(self.tokens.get(webhook, "")[-4:])

    @cached_property
    def tokens(self) -> dict[str, str]:
        """The signature token of each webhook that has one: the newest."""
        rows = self.instance.webhook_tokens.good_at(timezone.now()) if self.instance.pk else ()
        return {row.webhook: row.token for row in sorted(rows, key=lambda row: row.created_at)}

    def _fill(self) -> None:
        for name in set(CHOSEN) & set(self.fields):
            self.fields[name].widget.choices = self._choices(name)

    def _choices(self, name: str) -> list[tuple[str, str]]:
        """What is stored, or was chosen before Lever lost it, stays among them, also when Lever does not answer."""
        kept = getattr(self.instance, name)
        chosen = str(self.data.get(name, "")) if self.is_bound else ""
        offered = self._offered(name) or ()
        known = dict(offered[:MOST])
        for value in filter(None, (kept, chosen)):
            text = dict(offered).get(value) or self._name(name, value)
            gone = offered and value not in dict(offered)
            known.setdefault(value, _("%(name)s (not in Lever any more)") % {"name": text} if gone else text)
        return [*([] if kept else [("", _("Choose"))]), *known.items()]

    def _offered(self, name: str) -> Choices | None:
        choices: Choices | None = getattr(self.offer, CHOSEN[name][0])
        return choices

    def _name(self, field: str, value: str) -> str:
        """By what we remember, when the account does not tell."""
        part, column = CHOSEN[field]
        known = dict(getattr(remembered(self.instance), part) or ())
        own = getattr(self.instance, column) if value == getattr(self.instance, field) else ""
        return str(own or known.get(value) or value)

    @property
    def seen(self) -> dict[str, SafeString]:
        """Hidden fields with what the page shows: only what differs from them was changed by this person."""
        hidden = {name: self[name].as_hidden(only_initial=True) for name in FIELDS if name in self.fields}
        choices = SafeString("".join(hidden.pop(name, "") for name in CHOSEN))
        return {"choices": choices, "rest": SafeString("".join(hidden.values()))}

    # --- checking ---------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in set(FIELDS) & set(data) - set(self.changed):
            data[name] = self.initial[name]  # somebody else may have saved another value meanwhile
        if "new_api_key" in data and self.concerns_lever:
            self._compare_with_lever(data)
        for name, fault in [*faults(data, self.changed, self._offered)]:
            if name in data:  # not refused already
                self.add_error(name, fault)
        return data

    @cached_property
    def changed(self) -> list[str]:
        """The fields that this person changed, of those that could be read; the tokens are apart."""
        data, typed = self.cleaned_data, self.cleaned_data.get("new_api_key")
        names = [name for name in FIELDS if name in self.changed_data and name in data]
        differing = [name for name in names if data[name] != self.initial[name] and (data[name] or name not in CHOSEN)]
        return [*(["new_api_key"] if typed and typed != self.instance.api_key else []), *differing]

    @property
    def changed_tokens(self) -> dict[str, str]:
        """The webhooks for which another token was entered, and these."""
        entered = {webhook.value: self.cleaned_data.get(token_name(webhook), "") for webhook in Webhook}
        return {webhook: token for webhook, token in entered.items() if token and token != self.tokens.get(webhook)}

    @property
    def is_other_account(self) -> bool:
        return bool(set(self.changed) & set(ACCOUNT))

    def _compare_with_lever(self, data: dict[str, Any]) -> None:
        key = data["new_api_key"] or self.instance.api_key
        environment = data.get("environment") or self.instance.environment
        if key:
            account = Connection(api_key=key, environment=environment)
            self._take(ask(account, WHILE_SAVING, thoroughly=self.is_other_account))
        for name in CHOSEN:
            if name not in REASONS or name in self.changed or is_archiving(data):
                self._must_be_there(name, data)

    def _take(self, asked: Offer) -> None:
        """What Lever answered: a key that is of no use is refused, and the drop-downs show what it opens."""
        self.asked = asked
        if self.is_other_account and (asked.is_key_wrong or asked.forbidden):
            at_fault = "new_api_key" if "new_api_key" in self.changed else "environment"
            self.add_error(at_fault, asked.problem or asked.forbidden)
        if not asked.problem:
            self.offer = asked
            self._fill()

    def _must_be_there(self, name: str, data: dict[str, Any]) -> None:
        """What was chosen, if it was; and what is stored, if the account became another one."""
        offered, chosen = self._offered(name), data.get(name)
        if not chosen or chosen in dict(offered or ()):
            return
        if name in self.changed:
            self.add_error(name, _("Your Lever account does not have it. Choose another one."))
        elif self.is_other_account and self.asked and not self.asked.problem and offered is not None:
            words = _("The account of this key does not have “%(name)s”. Choose another one, and enter the key again.")
            self.add_error(name, words % {"name": self._name(name, chosen)})

    def warnings(self) -> list[str]:
        """What may be amiss with what was saved."""
        unchecked = (self.asked.problem or self.asked.forbidden) if self.asked else ""
        tokens = {**self.tokens, **self.changed_tokens}
        return [
            *([_("What you chose could not be compared with your Lever account.") + f" {unchecked}"] * bool(unchecked)),
            *(same_key(self.instance) if "new_api_key" in self.changed else ()),
            *same_tokens(tokens, self.changed_tokens),
        ]

    @property
    def has_news(self) -> bool:
        return bool(self.changed or self.changed_tokens)

    @property
    def concerns_lever(self) -> bool:
        """Whether it may mend what Lever refused."""
        return bool(set(self.changed) & {*ACCOUNT, *CHOSEN})

    @property
    def lost_secrets(self) -> bool:
        """Whether something was typed that the page does not give back."""
        return self.is_bound and any(self.data.get(name) for name in ("new_api_key", *map(token_name, Webhook)))

    # --- saving -----------------------------------------------------------------------------------------

    def store(self, by: User, now: datetime) -> str:
        """Write what was changed here, and nothing else. Returns it in words."""
        tokens = self.changed_tokens
        if self.has_news:
            connection, values = self.instance, {**self._news(now), "saved_by": by, "saved_at": now}
            for name, value in values.items():
                setattr(connection, name, value)
            with transaction.atomic():
                connection.save(update_fields={*values, *(set(self.changed) & set(FIELDS))})
                for webhook, token in tokens.items():
                    connection.set_token(webhook, token, now)
        return in_words(self.instance, self.changed, tokens)

    def _news(self, now: datetime) -> dict[str, Any]:
        """What follows from what was entered: the key, the names, and what the account has to choose from."""
        found: dict[str, Any] = {}
        if self.is_other_account:
            found |= {"sees_confidential": None, "offer": {}, "offered_at": None}
        if "new_api_key" in self.changed:
            found["api_key"] = self.cleaned_data["new_api_key"]
        for name in set(CHOSEN) & set(self.changed):
            column = CHOSEN[name][1]
            found[column] = dict(self._offered(name) or ())[self.cleaned_data[name]][:SHORTEST_NAME]
        put_on = [name for name in SWITCHES if name in self.changed and self.cleaned_data[name]]
        for name, since in SWITCHES.items() if put_on else ():
            if self.cleaned_data[name]:  # also the one that was on before: with both on, nobody falls in between
                found[since] = now
        return found | (snapshot(self.asked, now) if self.asked and not self.asked.problem else {})
