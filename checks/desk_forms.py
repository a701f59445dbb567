"""What those who hire fill in on the desk: a candidate whom the ATS does not know, an address, a reference."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from checks.fields import Email, Line, Month, Phone
from checks.models import Reference
from checks.references import Named
from templates_app.kinds import Language, Relationship
from templates_app.models import ReferenceTemplate


class StartForm(forms.Form):
    """`number` stands in the place of the ATS's id: who sends the form twice has begun one check."""

    number = forms.RegexField(r"^by-hand-[0-9a-f-]{36}\Z", widget=forms.HiddenInput())
    name = Line(label=_("Candidate’s name"), max_length=160)
    email = Email(label=_("Candidate’s e-mail address"), max_length=254, help_text=_("The request goes there."))
    phone = Phone(
        label=_("Candidate’s telephone number"),
        max_length=40,
        required=False,
        help_text=_("With the country’s code, such as +44 20 7183 8750."),
    )
    position = Line(label=_("Position"), max_length=160, help_text=_("What they apply for. References read it."))
    template = forms.ModelChoiceField(
        label=_("Template"), queryset=ReferenceTemplate.objects.none(), empty_label=_("Choose one")
    )

    def __init__(self, user: User, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        choice: Any = self.fields["template"]
        choice.queryset = ReferenceTemplate.objects.visible_to(user).in_use().in_order()
        choice.initial = choice.queryset.filter(is_default=True).first()

    def clean_template(self) -> ReferenceTemplate:
        template: ReferenceTemplate = self.cleaned_data["template"]
        if not template.requests.exists():
            raise forms.ValidationError(_("This template asks for nobody. Choose another, or add whom to ask."))
        return template


class AddressForm(forms.Form):
    email = Email(label=_("Candidate’s e-mail address"), max_length=254)


class InsteadForm(forms.Form):
    """Somebody in the place of a reference, whom the candidate has told to somebody who hires."""

    name = Line(label=_("Full name"), max_length=120)
    email = Email(label=_("E-mail address"), max_length=254)
    phone = Phone(label=_("Telephone number"), max_length=40, required=False)
    relationship = forms.ChoiceField(label=_("How they know the candidate"), choices=Relationship.named)
    company = Line(label=_("Where they worked together"), max_length=160, required=False)
    worked_from = Month(label=_("Worked together from"), help_text=_("A month, such as 2020-04."), required=False)
    worked_until = Month(label=_("Until"), help_text=_("Empty if they still do."), required=False)
    language = forms.ChoiceField(label=_("Language to write to them in"), choices=Language)
    told = forms.BooleanField(
        label=_("The candidate has named this person to me, and agrees that we ask them."),
        error_messages={"required": _("Nobody is asked without the candidate’s agreement.")},
    )

    def __init__(self, gone: Reference, **kwargs: Any) -> None:
        initial = {"relationship": gone.asked_relationship, "language": gone.language or gone.for_check.language}
        super().__init__(initial=initial, **kwargs)
        self.check = gone.for_check
        for name in ("worked_from", "worked_until"):
            self.fields[name].required = False

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if email.casefold() == self.check.candidate_email.casefold():
            raise forms.ValidationError(_("This is the candidate’s own address."))
        if self.check.references.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("This address has been named in this check before."))
        return email

    def clean(self) -> None:
        begun, ended = self.cleaned_data.get("worked_from"), self.cleaned_data.get("worked_until")
        if begun and ended and ended < begun:
            self.add_error("worked_until", _("This is before the month in which they began."))

    def named(self) -> Named:
        return Named(**{name: value for name, value in self.cleaned_data.items() if name != "told"})
