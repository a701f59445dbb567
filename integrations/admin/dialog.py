"""The dialog of the managed way: two values from Lever."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.changes import same_key
from integrations.first_look import FirstLook, first_look
from integrations.forms import secret_field, stored
from integrations.models import Connection, Webhook


class SettingsForm(forms.Form):
    """Empty keeps what is stored; what was typed never comes back. A key is tried in Lever before it is stored."""

    api_key = secret_field(gettext_lazy("API key"))
    signature_token = secret_field(gettext_lazy("Webhook signature token"))

    def __init__(self, connection: Connection, data: Any = None) -> None:
        super().__init__(data, auto_id="settings-%s")
        self.connection = connection
        self.look: FirstLook | None = None
        tokens = connection.tokens_for(Webhook.STAGE_CHANGE)
        helps = {
            "api_key": _("Lever shows it once. Stored encrypted, never shown again."),
            "signature_token": _("Shown in Lever under Webhooks, Candidate Stage Change."),
        }
        endings = {"api_key": connection.api_key_hint, "signature_token": tokens[0][-4:] if tokens else ""}
        for name, ending in endings.items():
            field = self.fields[name]
            field.required = not ending
            field.help_text = helps[name]
            field.widget.attrs["placeholder"] = stored(ending)
        self.fields["api_key"].widget.attrs["autofocus"] = True

    def clean_api_key(self) -> str:
        key: str = self.cleaned_data["api_key"]
        if key:
            self.look = first_look(self.connection, key)
            if self.look.is_key_wrong:
                raise forms.ValidationError(self.look.problem)
        return key

    def warnings(self) -> Iterator[str]:
        """What may be amiss with what was saved."""
        if self.look and self.look.problem:
            yield _("The key is stored, but could not be tried: %(problem)s") % {"problem": self.look.problem}
        if self.look:
            yield from same_key(self.connection)
