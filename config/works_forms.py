"""What the pages of "Does it work here?" ask: which checks to look at, and a file of groups."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from checks.impact_file import LONGEST
from checks.validity_marks import Choice
from templates_app.models import ReferenceTemplate, Survey


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"class": "input", "type": "date"})
    return forms.DateField(label=label, required=False, widget=widget, input_formats=["%Y-%m-%d"])


class PeriodForm(forms.Form):
    """Whose checks, and from when; `choice` is all of them where what was typed cannot be read."""

    template = forms.ModelChoiceField(
        label=_("Template"), queryset=ReferenceTemplate.objects.none(), required=False, empty_label=_("All")
    )
    since = _day(_("Completed from"))
    until = _day(_("Until"))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("template", ReferenceTemplate.objects.visible_to(user).order_by("name", "pk"))

    def _offer(self, name: str, rows: Any) -> None:
        field: Any = self.fields[name]
        field.queryset = rows

    @property
    def choice(self) -> Choice:
        return Choice(**{name: self.cleaned_data.get(name) for name in ("survey", "template", "since", "until")})

    def clean(self) -> None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day is before the first."))


class ChoiceForm(PeriodForm):
    survey = forms.ModelChoiceField(
        label=_("Survey"), queryset=Survey.objects.none(), required=False, empty_label=_("All")
    )
    field_order = ("survey", "template", "since", "until")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self._offer("survey", Survey.objects.visible_to(user).published().order_by("name", "pk"))


class GroupsForm(PeriodForm):
    file = forms.FileField(
        label=_("File of groups"),
        allow_empty_file=True,
        error_messages={"required": _("Choose a file of up to 1 MB.")},
        widget=forms.FileInput(attrs={"class": "input", "accept": ".csv,text/csv,text/plain"}),
        help_text=_(
            "CSV of two columns: an e-mail address or the opportunity’s id in Lever, and the name of a group. "
            "Up to 1 MB. It is read once and not kept."
        ),
    )
    field_order = ("file", "template", "since", "until")

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > LONGEST:
            raise forms.ValidationError(_("It is longer than 1 MB. Choose a shorter one, such as of one year."))
        return bytes(file.read())
