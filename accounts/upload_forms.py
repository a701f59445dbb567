"""Forms by which a file comes in, for one organization, and whose page before the last click carries the file along."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User


class Upload(forms.FileField):
    """Asked for like any other; where the page carries what was in it, nothing is chosen anew."""

    def validate(self, value: Any) -> None:
        return


class UploadForm(forms.Form):
    """`source` is the file as bytes, which `clean` of a subclass puts there; `whose` it becomes."""

    organization = forms.ModelChoiceField(
        label=_("For"), queryset=Organization.objects.none(), widget=forms.Select(attrs={"class": "select"})
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["organization"]
        choice.queryset = Organization.objects.visible_to(user).order_by("name")
        if not user.is_operator:  # not a question for staff
            del self.fields["organization"]
            self._own: Any = user.organization

    @property
    def whose(self) -> Organization:
        found: Organization = self.cleaned_data["organization"] if "organization" in self.fields else self._own
        return found

    @property
    def source(self) -> bytes:
        found: bytes = self.cleaned_data["source"]
        return found
