"""What the import's page asks for: a file, and after the preview the same once more, without asking."""

import base64
import binascii
import zlib
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from prospects.sheet import LONGEST


class Upload(forms.FileField):
    """Asked for like any other; the page of the preview carries what was in it instead."""

    def validate(self, value: Any) -> None:
        return


class ImportForm(forms.Form):
    """`source` is the file as bytes. Vouch keeps no file: it travels with the page from the preview to the import."""

    organization = forms.ModelChoiceField(label=_("For"), queryset=Organization.objects.none())
    file = Upload(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"class": "input", "accept": ".csv,.txt,text/csv"}),
        help_text=_("CSV, of up to 5 MB and 10,000 lines."),
    )
    packed = forms.CharField(required=False)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visible = Organization.objects.visible_to(user).order_by("name")
        self.fields["organization"].queryset = visible  # type: ignore[attr-defined]  # a ModelChoiceField
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

    def clean(self) -> None:
        packed, file = self.cleaned_data.get("packed"), self.cleaned_data.get("file")
        source = unpacked(packed) if packed else file.read(LONGEST + 1) if file is not None else None
        if source is None:
            self.add_error("file", _("Choose a file."))
        self.cleaned_data["source"] = source


def packed(source: bytes) -> str:
    return base64.b64encode(zlib.compress(source)).decode()


def unpacked(text: str) -> bytes | None:
    """None when it is not what `packed` made. Never more than a little above what a file may have."""
    try:
        return zlib.decompressobj().decompress(base64.b64decode(text, validate=True), LONGEST + 1)
    except (binascii.Error, ValueError, zlib.error):
        return None
