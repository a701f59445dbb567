"""What the import's page asks for: a file, and after the preview the same once more, without asking."""

import base64
import binascii
import zlib

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.upload_forms import Upload, UploadForm
from prospects.sheet import LONGEST


class ImportForm(UploadForm):
    """Vouch keeps no file: it travels with the page from the preview to the import."""

    file = Upload(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"class": "input", "accept": ".csv,.txt,text/csv"}),
        help_text=_("CSV, of up to 5 MB and 10,000 lines."),
    )
    packed = forms.CharField(required=False)

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
