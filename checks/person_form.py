"""What a candidate says of one person: who it is, how to reach them, and how and when they worked together."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.forms.utils import ErrorDict
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from checks.asking import request_of
from checks.fields import TOO_LONG, Line, Month, Sentence, Text
from checks.models import Check, Reference
from checks.reach_form import NOBODY, Known, ReachForm, folded, known_in
from checks.references import Named
from checks.said import number
from templates_app.frozen import FrozenRequest
from templates_app.kinds import Language, Relationship

ASKED_FOR = {
    Relationship.ANY: _("Anyone who knows your work well. A client, a teacher or someone from voluntary work will do."),
    Relationship.MANAGER: _("Someone who was your manager."),
    Relationship.PEER: _("Someone who worked beside you."),
    Relationship.REPORT: _("Someone who reported to you."),
    Relationship.CLIENT: _("A client of yours."),
    Relationship.TEACHER: _("Someone who taught or trained you."),
    Relationship.VOLUNTEER: _("Someone who knows you from voluntary work."),
}
AS_ASKED, OTHER, EMPTY = "", "other", "empty"  # what becomes of a place
OF_OTHER = ("relationship", "why_other")
OPTIONAL = ("company", "title", "personal_line", "language")  # folded away until there is something in them
PERSONAL_LINE = 500  # characters
WEB_ADDRESS = re.compile(r"https?:|www\.", re.IGNORECASE)


class PersonForm(ReachForm):
    """One person who can speak for the candidate's work.

    The beginning is required, the end is not: an empty end says that they still work together, which it could not
    say beside an empty beginning. A month told from memory is good enough, and the help says so.
    """

    place = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    name = Line(
        label=_("Full name"),
        max_length=120,
        error_messages={"required": _("Please give the name of this person.")},
    )
    relationship = forms.ChoiceField(
        label=_("How do you know this person?"),
        widget=forms.Select(attrs={"class": "select"}),
        error_messages={"required": _("Please choose how you know this person.")},
    )
    why_other = Sentence(label=_("Why this person instead? A few words are enough."), required=False)
    company = Line(label=_("Where you worked together"), max_length=160, required=False)
    title = Line(label=_("Your title then"), max_length=160, required=False)
    worked_from = Month(
        label=_("Worked together from"),
        help_text=_("Year and month. About is good enough."),
        error_messages={"required": _("Please say since when, such as 2020-04. About is good enough.")},
    )
    worked_until = Month(label=_("Until"), help_text=_("Leave it empty if you still do."), required=False)
    personal_line = Text(
        label=_("A line to them, in your own words"),
        rows=2,
        help_text=_("Only if you like. It stands in our mail to them, with your name. People answer sooner then."),
        required=False,
    )
    language = forms.ChoiceField(
        label=_("Language to write to them in"),
        choices=Language,
        required=False,
        widget=forms.Select(attrs={"class": "select"}),
    )
    field_order = ("place", *OF_OTHER, "name", "email", "phone")

    def __init__(
        self,
        asked: FrozenRequest,
        check: Check,
        taken: Known = NOBODY,
        *,
        legend: str | Promise = "",
        may_be_empty: bool = False,
        **kwargs: Any,
    ) -> None:
        """`taken` are people who were named before. `may_be_empty`: others are asked for, too."""
        super().__init__(check, taken, **kwargs)
        self.asked, self.legend, self.wanted = asked, legend, ASKED_FOR[Relationship(asked.relationship)]
        self.is_fixed, self.may_be_empty = asked.relationship != Relationship.ANY, may_be_empty
        self.fields["language"].initial = check.spoken
        self._offer(self.fields)
        self.fields["personal_line"].validators[:] = [MaxLengthValidator(PERSONAL_LINE, TOO_LONG)]

    def _offer(self, fields: dict[str, Any]) -> None:
        fields["place"].choices = list(self._places())
        others = [each for each in Relationship.named() if each[0] != self.asked.relationship]
        fields["relationship"].choices = [("", _("Choose one")), *others]
        fields["relationship"].required = not self.is_fixed
        if not self.is_fixed:
            del fields["why_other"]
        if len(fields["place"].choices) == 1:
            del fields["place"]

    def _places(self) -> Iterable[tuple[str, Any]]:
        yield AS_ASKED, _("I name somebody like this")
        if self.is_fixed:
            yield OTHER, _("I name somebody else who knows my work")
        if self.may_be_empty:
            yield EMPTY, _("I leave this place empty")

    # --- what becomes of the place ------------------------------------------------------------------

    @property
    def chosen(self) -> str:
        """As it was sent or saved."""
        return str(self["place"].value() or AS_ASKED) if "place" in self.fields else AS_ASKED

    @property
    def is_left_empty(self) -> bool:
        return self.may_be_empty and self.chosen == EMPTY

    @property
    def is_other(self) -> bool:
        return self.is_fixed and self.chosen == OTHER

    @property
    def says_more(self) -> bool:
        """Whether there is anything in the fields that are left to them: a text, a choice of theirs, or an error."""
        fields = [self[name] for name in OPTIONAL]
        return any(field.errors or field.value() not in (None, "", field.field.initial) for field in fields)

    def relationship_so_far(self) -> str:
        if self.is_fixed and not self.is_other:
            return self.asked.relationship
        return str(self["relationship"].value() or "")

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
        otherwise = gettext("Is there nobody? Then name somebody from before: the reader sees when it was.")
        return f"{wish % words} {otherwise}"

    # --- what is right ------------------------------------------------------------------------------

    def full_clean(self) -> None:
        """Nothing is asked of a place that is left empty, whatever else stands in its fields."""
        if self.is_bound and self.is_left_empty:
            self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
            return
        super().full_clean()

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        words = {"name": name}
        if folded(name) in self.own.names:
            sentence = _("This is your own name. Please name somebody else, or add what tells the two of you apart.")
            raise forms.ValidationError(sentence)
        if folded(name) in self.taken.names:
            sentence = _("You have named %(name)s before. Please name somebody else, or add what tells the two apart.")
            raise forms.ValidationError(sentence, params=words)
        return name

    def clean_personal_line(self) -> str:
        line = " ".join(str(self.cleaned_data["personal_line"]).split())
        if WEB_ADDRESS.search(line):
            words = _("Please leave web addresses out: a mail with an unexpected one is easily taken for a fraud.")
            raise forms.ValidationError(words)
        return line

    def clean(self) -> None:
        super().clean()
        begun, ended = self.cleaned_data.get("worked_from"), self.cleaned_data.get("worked_until")
        if begun and ended and ended < begun:
            self.add_error("worked_until", _("This is before the month in which you began."))
        if self.is_other:
            self._ask_about_other()
        elif self.is_fixed:
            for name in OF_OTHER:
                self.errors.pop(name, None)

    def _ask_about_other(self) -> None:
        needed = {
            "relationship": _("Please choose how you know this person."),
            "why_other": _("Please say in a few words why you name somebody else. It is no disadvantage."),
        }
        for name, words in needed.items():
            if name not in self.errors and not self.cleaned_data.get(name):
                self.add_error(name, words)

    def named(self) -> Named | None:
        """None for a place that is left empty."""
        if self.is_left_empty:
            return None
        said = {name: value for name, value in self.cleaned_data.items() if name != "place"}
        if self.is_fixed and not self.is_other:
            said |= {"relationship": self.asked.relationship, "why_other": ""}
        return Named(**said)


class InsteadForm(PersonForm):
    """Somebody else in the place of a reference who declined, whom we cannot reach, or who is silent."""

    def __init__(self, gone: Reference, check: Check, data: Mapping[str, Any] | None = None) -> None:
        known = known_in(check)
        if gone.status == Reference.Status.BOUNCED:  # the same person may be named again, at another address
            known = replace(known, names=known.names - {folded(gone.name)})
        super().__init__(request_of(gone), check, known, data=data)

    def only_named(self) -> Named:
        """There is one place, which is not left empty."""
        (person,) = filter(None, [self.named()])
        return person

    @classmethod
    def of_what_was_typed(cls, check: Check, data: Mapping[str, Any]) -> PersonForm:
        """Where nobody is to be replaced any more: a form that only shows."""
        return PersonForm(FrozenRequest(), check, initial={name: data.get(name, "") for name in cls.base_fields})
