"""With whom a report is shared, and who reads a private one."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from checks import readership
from checks.models import Check
from checks.shares import LONGEST
from notifications.addresses import LONGEST_ADDRESS, receiver
from templates_app.kinds import CandidateReads

USUAL_DAYS = 7


class ShareForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=LONGEST_ADDRESS,
        help_text=_("The link goes there, and so does the code that it asks for."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    days = forms.IntegerField(
        label=_("Days"),
        min_value=1,
        max_value=LONGEST,
        initial=USUAL_DAYS,
        help_text=_("From 1 to %(most)d. Then the link opens nothing any more.") % {"most": LONGEST},
    )

    def __init__(self, check: Check, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.check = check

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        is_candidates = receiver(email) == receiver(self.check.candidate_email)
        if is_candidates and self.check.frozen.candidate_reads == CandidateReads.NO:
            words = gettext(
                "This is %(name)s’s own address, and the references were told that %(name)s does not read it."
            )
            raise forms.ValidationError(words % {"name": self.check.first_name})
        return email


class ReaderForm(forms.Form):
    """One of the organization's people who is not named yet."""

    reader = forms.ModelChoiceField(User.objects.none(), label=_("Person"), empty_label=_("Choose"))

    def __init__(self, check: Check, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        named = check.readers.values("pk")
        field: Any = self.fields["reader"]
        field.queryset = readership.people(check).exclude(pk__in=named)
        shown = [(user.pk, f"{user.name}, {user.email}" if user.name else user.email) for user in self.people(field)]
        field.widget.choices = [("", _("Choose")), *shown]

    def people(self, field: Any) -> Any:
        return field.queryset[: readership.AT_MOST]
