"""The connection's form. Secrets go in and never come out: a stored one shows by its last four characters."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.models import Connection, Webhook
from integrations.offers import Choices, offer


def secret_field(label: Any, **how: Any) -> forms.CharField:
    """Never filled in by us. `new-password`, because browsers ignore `off` and would fill in somebody's own."""
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password", "spellcheck": "false"})
    return forms.CharField(label=label, required=False, max_length=500, widget=widget, **how)


class ConnectionForm(forms.ModelForm[Connection]):
    new_api_key = secret_field(
        gettext_lazy("Lever API token"),
        help_text=gettext_lazy(
            "Lever shows it once: copy it before you close that window. Stored encrypted and never shown again. "
            "Empty keeps what is stored."
        ),
    )

    class Meta:
        model = Connection
        fields = ("stage_id", "perform_as_id", "tag_prefix", "starts_after_completion")
        labels = {
            "stage_id": gettext_lazy("Lever interview stage"),
            "perform_as_id": gettext_lazy("Vouch writes in Lever as"),
        }
        help_texts = {
            "stage_id": gettext_lazy("Moving a candidate here starts a check."),
            "perform_as_id": gettext_lazy("A person who stays: whoever leaves Lever can write there no more."),
        }
        widgets = {"stage_id": forms.Select, "perform_as_id": forms.Select}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "stage_id" in self.fields:  # not for those who may only look
            self._ask_lever()
        self.fields["new_api_key"].widget.attrs["placeholder"] = stored(self.instance.api_key_hint)
        for webhook in Webhook:
            self.fields[token_name(webhook)] = secret_field(_("Signature token from Lever"))
            tokens = self.instance.tokens_for(webhook) if self.instance.pk else []
            self.fields[token_name(webhook)].widget.attrs["placeholder"] = stored(tokens[0][-4:] if tokens else "")

    def _ask_lever(self) -> None:
        """Fill the drop-downs from the account itself; with a key that was just typed, from that one's account."""
        typed = str(self.data.get("new_api_key", "")).strip() if self.is_bound else ""
        self.offer = offer(typed or self.instance.api_key)
        self._fill("stage_id", self.offer.stages, self.instance.stage_name)
        self._fill("perform_as_id", self.offer.people, self.instance.perform_as_name)

    def _fill(self, name: str, choices: Choices, stored_name: str) -> None:
        """What is stored can always be kept, also when Lever does not answer or no longer has it."""
        kept = getattr(self.instance, name)
        known = dict(choices)
        if kept and kept not in known:
            gone = _("%(name)s (not in Lever any more)") if choices else "%(name)s"
            known[kept] = gone % {"name": stored_name or kept}
        field = self.fields[name]
        field.widget.choices = [("", _("Choose")), *known.items()]
        if self.offer.problem:
            field.help_text = self.offer.problem

    def clean(self) -> dict[str, Any]:
        """Spaces come along when one copies; no key or token has any."""
        data = super().clean() or self.cleaned_data
        for name in ("new_api_key", *map(token_name, Webhook)):
            if len(data.get(name, "").split()) > 1:
                self.add_error(name, _("There are spaces in it. Copy it from Lever again."))
        if data.get("new_api_key") and self.offer.is_key_wrong:
            self.add_error("new_api_key", self.offer.problem)
        for name, choices in (("stage_id", self.offer.stages), ("perform_as_id", self.offer.people)):
            chosen = data.get(name)
            if chosen and chosen != getattr(self.instance, name) and chosen not in dict(choices):
                self.add_error(name, _("Your Lever account does not have it. Choose another one."))
        return data

    def save(self, commit: bool = True) -> Connection:
        if self.cleaned_data["new_api_key"]:
            self.instance.api_key = self.cleaned_data["new_api_key"]
        stages, people = dict(self.offer.stages), dict(self.offer.people)
        self.instance.stage_name = stages.get(self.instance.stage_id, self.instance.stage_name)[:120]
        self.instance.perform_as_name = people.get(self.instance.perform_as_id, self.instance.perform_as_name)[:160]
        connection: Connection = super().save(commit)
        return connection

    def save_tokens(self, now: datetime) -> None:
        """To be called when the connection is stored."""
        for webhook in Webhook:
            if token := self.cleaned_data[token_name(webhook)]:
                self.instance.set_token(webhook, token, now)


def token_name(webhook: str) -> str:
    return f"{webhook}-token"


def stored(ending: str) -> str:
    return _("Stored, ends in %(ending)s") % {"ending": ending} if ending else ""
