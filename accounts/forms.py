from functools import cache
from itertools import groupby
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from accounts import logos
from accounts.models import Organization


class LinkForm(forms.Form):
    """Asks for a link by mail."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "email"}),
        error_messages={
            "required": _("Enter your work address."),
            "invalid": _("Enter a whole address, such as name@example.com."),
        },
    )


class CodeForm(forms.Form):
    """A code of the authenticator app, or one from paper."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"class": "input", "autocomplete": "one-time-code", "inputmode": "text", "spellcheck": "false"}
        ),
        error_messages={"required": _("Enter the six figures that the app shows.")},
    )

    def refuse(self) -> None:
        self.add_error(
            "code",
            _(
                "This code is not right, or was used before. The app shows a new one every thirty seconds. After ten "
                "wrong ones none is taken for an hour."
            ),
        )


class PasswordForm(AuthenticationForm):
    """For those who have a password. The fields keep Django's names, by which guesses are counted."""

    username = UsernameField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "username"}),
        error_messages={"required": _("Enter your work address.")},
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "current-password"}),
        error_messages={"required": _("Enter your password.")},
    )
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("Address and password do not match. If you have no password, ask for a link instead."),
    }

    def clean_username(self) -> str:
        """Small letters: an address written in another way must not be another five guesses."""
        return str(self.cleaned_data["username"]).lower()


@cache
def time_zones() -> list[Any]:
    """All of them as choices, by continent; the names without a place, such as CET, are left out."""
    placed = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
    grouped = groupby(placed, key=lambda name: name.partition("/")[0])
    return [("UTC", "UTC"), *((group, [(name, _place(name)) for name in names]) for group, names in grouped)]


def _place(name: str) -> str:
    return name.partition("/")[2].replace("_", " ")


def field_of(column: models.Field[Any, Any], **more: Any) -> forms.Field | None:
    """A web address that is typed without its scheme is one over https."""
    scheme: Any = {"assume_scheme": "https"} if isinstance(column, models.URLField) else {}
    return column.formfield(**scheme, **more)


class OrganizationForm(forms.ModelForm[Organization]):
    """What an organization says of itself. Its logo is made from a file, and is not the file."""

    new_logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/gif,image/webp"}),
        help_text=_("PNG, JPEG, GIF or WebP, best about 480 pixels wide. Mails carry it with them, at most 240 × 80."),
    )
    takes_logo_off = forms.BooleanField(label=_("Show no logo any more"), required=False)

    class Meta:
        model = Organization
        fields = (
            "name",
            "colour",
            "time_zone",
            "contact_name",
            "contact_email",
            "contact_phone",
            "postal_address",
            "keeps_months",
            "lawful_basis",
            "privacy_url",
            "privacy_email",
        )
        formfield_callback = field_of

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "time_zone" in self.fields:
            self.fields["time_zone"] = self._zone_field(self.instance.time_zone)
        if not self.instance.logo:
            self.fields.pop("takes_logo_off", None)

    def _zone_field(self, current: str) -> forms.ChoiceField:
        known = {name for _group, names in time_zones()[1:] for name, _label in names} | {"UTC"}
        own = [] if current in known else [(current, current)]
        told = self.fields["time_zone"]
        return forms.ChoiceField(label=told.label, help_text=told.help_text, choices=[*own, *time_zones()])

    def clean_new_logo(self) -> bytes | None:
        upload = self.cleaned_data["new_logo"]
        return logos.made_from(upload) if isinstance(upload, UploadedFile) else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("new_logo") and cleaned.get("takes_logo_off"):
            self.add_error("takes_logo_off", say("Either a new logo or none: take the tick off, or the file."))
        return cleaned

    def save(self, commit: bool = True) -> Organization:
        if self.cleaned_data.get("new_logo"):
            self.instance.logo = self.cleaned_data["new_logo"]
        elif self.cleaned_data.get("takes_logo_off"):
            self.instance.logo = None
        return super().save(commit)
