"""What the portal's import page asks: a file or a shipped pack, and (of the operator) for whom."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.upload_forms import Upload, UploadForm
from templates_app.packs import catalogue

LONGEST = 256 * 1024  # bytes of a file


class PackForm(UploadForm):
    """`source` is the pack as bytes, wherever it comes from."""

    file = Upload(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"class": "input", "accept": ".yaml,.yml,.txt,text/plain"}),
        help_text=_("A text in YAML, of up to 256 kB, such as one that was exported here."),
    )
    pack = forms.CharField(required=False)
    text = forms.CharField(required=False, strip=False)  # of a file that has been looked at

    def clean(self) -> None:
        source = self._chosen()
        if source is None:
            self.add_error("file", _("Choose a file, or one of the packs below."))
        elif len(source) > LONGEST:
            self.add_error("file", _("It is longer than 256 kB. The command manage.py import_templates takes it."))
        self.cleaned_data["source"] = source

    def _chosen(self) -> bytes | None:
        file, text = self.cleaned_data.get("file"), self.cleaned_data.get("text")
        shipped = {each.file: each for each in catalogue()}.get(self.cleaned_data.get("pack") or "")
        if shipped:
            return shipped.source()
        if text:  # as a browser sends it, with ends of lines that no file has
            return str(text).replace("\r\n", "\n").encode("utf-8", "surrogatepass")
        return bytes(file.read(LONGEST + 1)) if file is not None else None
