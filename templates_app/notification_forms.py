"""Forms of messages in own words: which words are meant, and what they say."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organization, User
from notifications.phones import e164
from templates_app.kinds import Channel, Language
from templates_app.models import CustomNotification, ReferenceTemplate
from templates_app.moments import ABOUT, Moment
from templates_app.wordings import Wording


class WhoseForm(forms.Form):
    """An organization or one of its templates, out of an address; without either, the reader's own organization."""

    organization = forms.ModelChoiceField(Organization.objects.none(), required=False)
    template = forms.ModelChoiceField(ReferenceTemplate.objects.none(), required=False)

    def __init__(self, user: User, data: Any) -> None:
        super().__init__(data)
        self.user = user
        for name, model in (("organization", Organization), ("template", ReferenceTemplate)):
            field: Any = self.fields[name]
            field.queryset = model._default_manager.visible_to(user)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        template, organization = data.get("template"), data.get("organization")
        if template and organization and template.organization_id != organization.pk:
            raise ValidationError(_("This template belongs to another organization."))
        data["organization"] = template.organization if template else organization or self.user.organization
        return data


class WordingForm(WhoseForm):
    """One place in the table, out of an address."""

    moment = forms.ChoiceField(choices=Moment)
    channel = forms.ChoiceField(choices=Channel)
    language = forms.ChoiceField(choices=Language)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("channel") and data.get("moment") and data["channel"] not in ABOUT[data["moment"]].channels:
            raise ValidationError(_("At this moment we write by e-mail only."))
        return data

    @property
    def wording(self) -> Wording:
        return Wording(**{name: self.cleaned_data[name] for name in self.fields})


class WordsForm(forms.ModelForm[CustomNotification]):
    """What is said; `wording` is the place in which it is said."""

    wording: Wording

    class Meta:
        model = CustomNotification
        fields = ("subject", "text")

    @classmethod
    def at(cls, wording: Wording) -> "type[WordsForm]":
        return type(cls.__name__, (cls,), {"wording": wording})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self._begin()
        if self.wording.is_text:
            self.fields.pop("subject", None)
        for name, field in self.fields.items():
            self._tell(name, field)

    def _tell(self, name: str, field: Any) -> None:
        """What the script needs to know of the field, and the person of a subject."""
        known = self.wording.samples()
        if name == "subject":
            known.pop("link", None)
            field.required, field.error_messages["required"] = True, _("An e-mail needs a subject.")
        field.widget.attrs["data-fields"] = json.dumps(known)
        if self.wording.is_text:
            field.widget.attrs["data-counted"] = "yes"
        elif name == "text":
            field.widget.attrs["class"] = "long"
            field.help_text = _("Paragraphs are divided by empty lines.")
            if "link" in known:
                field.help_text += " " + _("The button stands where a line holds only {link}.")

    def _begin(self) -> None:
        """With what is said now, so that nobody has to begin with nothing."""
        for name, value in self.wording.columns.items():
            setattr(self.instance, name, value)
        now = self.wording.beginning()
        self.initial = {"subject": now.subject, "text": now.text, **self.initial}


class NumberForm(forms.Form):
    """Where a test of a text message goes. It is not kept."""

    number = forms.CharField(
        label=gettext_lazy("telephone"),
        max_length=40,
        error_messages={"required": gettext_lazy("A test needs a telephone number to go to.")},
    )

    def clean_number(self) -> str:
        try:
            return e164(self.cleaned_data["number"])
        except ValueError as error:
            raise ValidationError(str(error)) from error
