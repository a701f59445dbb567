"""What a candidate fills in: an agreement, and the people who can speak for their work."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from checks.asking import request_of
from checks.fields import Email, Line, Month, Phone, Text
from checks.models import Check, Reference
from checks.references import Named
from checks.wording import number
from templates_app.frozen import FrozenRequest
from templates_app.kinds import Language, Relationship

# Where more are asked for, all of them have figures.
ORDINALS = (
    _("First reference"),
    _("Second reference"),
    _("Third reference"),
    _("Fourth reference"),
    _("Fifth reference"),
    _("Sixth reference"),
)
ASKED_FOR = {
    Relationship.ANY: _("Anyone who knows your work well. A client, a teacher or someone from voluntary work will do."),
    Relationship.MANAGER: _("Someone who was your manager."),
    Relationship.PEER: _("Someone who worked beside you."),
    Relationship.REPORT: _("Someone who reported to you."),
    Relationship.CLIENT: _("A client of yours."),
    Relationship.TEACHER: _("Someone who taught or trained you."),
    Relationship.VOLUNTEER: _("Someone who knows you from voluntary work."),
}


class PublicForm(forms.Form):
    """A form that can say, above all else, what is to be corrected."""

    legend: str | Promise = ""

    def problems(self) -> list[tuple[str, str]]:
        """Where something is missing or wrong: the id of its field, and what."""
        start = f"{self.legend}: " if self.legend else ""
        return [(field.id_for_label, f"{start}{error}") for field in self for error in field.errors]


class PersonForm(PublicForm):
    """One person who can speak for the candidate's work.

    The beginning is required, the end is not: an empty end says that they still work together, which it could not
    say beside an empty beginning. A month told from memory is good enough, and the help says so.
    """

    name = Line(
        label=_("Full name"),
        max_length=120,
        error_messages={"required": _("Please give the name of this person.")},
    )
    email = Email(
        label=_("E-mail address"),
        max_length=254,
        error_messages={"required": _("Please give the e-mail address of this person.")},
    )
    relationship = forms.ChoiceField(
        label=_("How do you know this person?"),
        choices=[("", _("Choose one")), *Relationship.named()],
        widget=forms.Select(attrs={"class": "select"}),
        error_messages={"required": _("Please choose how you know this person.")},
    )
    phone = Phone(
        label=_("Their telephone number"),
        max_length=40,
        required=False,
        help_text=_(
            "Only if you like, and with the country’s code: +44 20 7183 8750. They get a text message as well."
        ),
    )
    company = Line(label=_("Where you worked together"), max_length=160, required=False)
    title = Line(label=_("Your title then"), max_length=160, required=False)
    worked_from = Month(
        label=_("Worked together from"),
        help_text=_("Year and month. About is good enough."),
        error_messages={"required": _("Please say since when, such as 2020-04. About is good enough.")},
    )
    worked_until = Month(label=_("Until"), help_text=_("Leave it empty if you still do."), required=False)
    language = forms.ChoiceField(
        label=_("Language to write to them in"),
        choices=Language,
        required=False,
        widget=forms.Select(attrs={"class": "select"}),
    )

    def __init__(
        self,
        asked: FrozenRequest,
        check: Check,
        taken: Iterable[str] = (),
        *,
        legend: str | Promise = "",
        **kwargs: Any,
    ) -> None:
        """`taken` are the addresses of people who were named before."""
        super().__init__(**kwargs)
        self.asked, self.legend, self.wanted = asked, legend, ASKED_FOR[Relationship(asked.relationship)]
        self.own, self.taken = check.candidate_email.casefold(), {address.casefold() for address in taken}
        self.fields["language"].initial = check.language
        if asked.relationship != Relationship.ANY:
            del self.fields["relationship"]
        if not check.frozen.sends_texts:
            del self.fields["phone"]

    @property
    def recently(self) -> str:
        """How long ago the work may be; asked for, and not insisted on."""
        if not self.asked.recent_years:
            return ""
        words = {"count": number(self.asked.recent_years)}
        wish = ngettext(
            "You should have worked together within the last year.",
            "You should have worked together within the last %(count)s years.",
            self.asked.recent_years,
        )
        return (
            f"{wish % words} {gettext('Is there nobody? Then name somebody from before: the reader sees when it was.')}"
        )

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if email.casefold() == self.own:
            raise forms.ValidationError(_("This is your own address. Please give theirs."))
        if email.casefold() in self.taken:
            raise forms.ValidationError(_("You have named this address before. Please name another person."))
        return email

    def clean(self) -> None:
        begun, ended = self.cleaned_data.get("worked_from"), self.cleaned_data.get("worked_until")
        if begun and ended and ended < begun:
            self.add_error("worked_until", _("This is before the month in which you began."))

    def named(self) -> Named:
        return Named(**{"relationship": self.asked.relationship, **self.cleaned_data})


class AgreementForm(PublicForm):
    consent = forms.BooleanField(
        error_messages={"required": _("Nobody is asked without your agreement. Please tick the box, or write to us.")}
    )


class Naming:
    """The candidate's whole page: the agreement, and one form for each person whom the template asks for."""

    def __init__(self, check: Check, data: Mapping[str, Any] | None = None) -> None:
        self.check = check
        self.agreement = AgreementForm(data)
        self.people = [
            PersonForm(
                asked,
                check,
                legend=_legend(position, len(check.frozen.requests)),
                prefix=f"reference-{position}",
                data=data,
            )
            for position, asked in enumerate(check.frozen.requests, 1)
        ]

    @property
    def many(self) -> str:
        """How many people, as a word."""
        return number(len(self.people))

    @property
    def terms(self) -> str:
        """What the candidate agrees to. Kept with the check, word for word."""
        words = {"company": self.check.organization.name, "position": self.check.position}
        if self.check.position:
            sentence = gettext(
                "%(company)s may write to the people I name, ask them about my work, and use their answers to decide "
                "on my application as %(position)s."
            )
        else:
            sentence = gettext(
                "%(company)s may write to the people I name, ask them about my work, and use their answers to decide "
                "on my application."
            )
        return sentence % words

    def is_valid(self) -> bool:
        valid = [self.agreement.is_valid()]
        before: set[str] = set()
        for person in self.people:
            person.taken |= before
            valid.append(person.is_valid())
            before.add(person.cleaned_data.get("email", "").casefold())
        return all(valid)

    def named(self) -> list[Named]:
        return [person.named() for person in self.people]

    def problems(self) -> list[tuple[str, str]]:
        return [found for form in (self.agreement, *self.people) for found in form.problems()]


def _legend(position: int, many: int) -> str | Promise:
    if many <= len(ORDINALS):
        return ORDINALS[position - 1]
    return gettext("Reference %(number)d") % {"number": position}


class InsteadForm(PersonForm):
    """Somebody else in the place of a reference who declined, or whose address was wrong."""

    def __init__(self, gone: Reference, check: Check, data: Mapping[str, Any] | None = None) -> None:
        # A wrong address is mostly the right person: what was entered is there to be corrected.
        bounced = gone.status == Reference.Status.BOUNCED
        names = (
            "name",
            "email",
            "phone",
            "relationship",
            "company",
            "title",
            "worked_from",
            "worked_until",
            "language",
        )
        super().__init__(
            request_of(gone),
            check,
            check.references.values_list("email", flat=True),
            initial={name: getattr(gone, name) for name in names} if bounced else {},
            data=data,
        )


class DeclineForm(PublicForm):
    reason = Text(label=_("Why?"), rows=3, required=False)
