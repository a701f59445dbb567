"""The connection's form. Secrets go in and never come out: a stored one shows by its last four characters."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.models import Connection, Webhook


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
        fields = (
            "stage_name",
            "stage_id",
            "perform_as_name",
            "perform_as_id",
            "tag_prefix",
            "starts_after_completion",
        )
        labels = {
            "stage_id": gettext_lazy("Its id in Lever"),
            "perform_as_name": gettext_lazy("Vouch writes in Lever as"),
            "perform_as_id": gettext_lazy("Their id in Lever"),
        }
        help_texts = {
            "stage_name": gettext_lazy("Moving a candidate here starts a check."),
            "stage_id": gettext_lazy("Such as lead-new, or a long row of letters and digits."),
            "perform_as_name": gettext_lazy("A person who stays: whoever leaves Lever can write there no more."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_api_key"].widget.attrs["placeholder"] = stored(self.instance.api_key_hint)
        for webhook in Webhook:
            self.fields[token_name(webhook)] = secret_field(_("Signature token from Lever"))
            tokens = self.instance.tokens_for(webhook) if self.instance.pk else []
            self.fields[token_name(webhook)].widget.attrs["placeholder"] = stored(tokens[0][-4:] if tokens else "")

    def clean(self) -> dict[str, Any]:
        """Spaces come along when one copies; no key or token has any."""
        data = super().clean() or self.cleaned_data
        for name in ("new_api_key", *map(token_name, Webhook)):
            if len(data.get(name, "").split()) > 1:
                self.add_error(name, _("There are spaces in it. Copy it from Lever again."))
        return data

    def save(self, commit: bool = True) -> Connection:
        if self.cleaned_data["new_api_key"]:
            self.instance.api_key = self.cleaned_data["new_api_key"]
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
