"""What the portal's import page asks: a file or a shipped pack, and (of the operator) for whom."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from templates_app.packs import catalogue

LONGEST = 256 * 1024  # bytes of a file


class Upload(forms.FileField):
    """Asked for like any other, and there may be something else in its place."""

    def validate(self, value: Any) -> None:
        return


class PackForm(forms.Form):
    """`source` is the pack as bytes, wherever it comes from; `whose` it becomes."""

    organization = forms.ModelChoiceField(
        label=_("For"), queryset=Organization.objects.none(), widget=forms.Select(attrs={"class": "select"})
    )
    file = Upload(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"class": "input", "accept": ".yaml,.yml,.txt,text/plain"}),
        help_text=_("A text in YAML, of up to 256 kB, such as one that was exported here."),
    )
    pack = forms.CharField(required=False)
    text = forms.CharField(required=False, strip=False)  # of a file that has been looked at

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
