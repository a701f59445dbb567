from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.utils.translation import gettext_lazy as _


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
