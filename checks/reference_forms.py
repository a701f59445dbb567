"""What a reference fills in beside the questions: what is right, why not, where to call, whether to hear of jobs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from checks.fields import Line, Month, Phone, Text
from checks.forms import PublicForm
from checks.interest import JobInterest
from checks.models import Reference
from checks.replying import FACTS, DeclineKind
from checks.said import period
from checks.sheets import Sheet
from templates_app.kinds import Fact, Kind, Relationship

MONTHS = ("worked_from", "worked_until")
# What the survey asks for itself is not asked for twice.
ASKED_THERE: Mapping[str, tuple[str, ...]] = {Fact.TITLE: ("title",), Fact.PERIOD: MONTHS}


@dataclass(frozen=True)
class Told:
    """One thing that the candidate said, and what the reference says instead, if they do."""

    label: str
    candidate: str
    reference: str = ""


class CorrectionsForm(PublicForm):
    """What the candidate said of the two of them; the reference may put it right."""

    prefix = "right"
    relationship = forms.ChoiceField(choices=Relationship.named(), widget=forms.Select(attrs={"class": "select"}))
    company = Line(label=_("Where you worked together"), max_length=160, required=False)
    title = Line(max_length=160, required=False)
    worked_from = Month(
        label=_("Worked together from"), help_text=_("Year and month. About is good enough."), required=False
    )
    worked_until = Month(label=_("Until"), help_text=_("Leave it empty if you still do."), required=False)

    def __init__(self, reference: Reference, sheet: Sheet, data: Mapping[str, Any] | None = None) -> None:
        self.reference, self.name = reference, {"name": reference.for_check.first_name}
        is_sent = data is not None and any(name.startswith(f"{self.prefix}-") for name in data)
        said = said_by(reference)
        super().__init__(data if is_sent else None, initial=said)
        self.fields["relationship"].label = gettext("What you were to %(name)s") % self.name
        self.fields["title"].label = gettext("%(name)s’s title then") % self.name
        facts = {question.fact for question in sheet.asked if question.kind == Kind.FACT}
        for name in (name for fact in facts for name in ASKED_THERE.get(fact, ())):
            del self.fields[name]

    def clean(self) -> None:
        begun, ended = self.cleaned_data.get("worked_from"), self.cleaned_data.get("worked_until")
        if begun and ended and ended < begun:
            self.add_error("worked_until", _("This is before the month in which you began."))

    @property
    def is_fine(self) -> bool:
        """Right as it is, or not sent at all."""
        return not self.is_bound or self.is_valid()

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields} if self.is_bound else {}

    def told(self) -> list[Told]:
        """Both versions, for the reference alone."""
        reference, said = self.reference, said_by(self.reference)
        theirs = {name: getattr(reference, name) for name in FACTS}
        lines = [
            Told(str(self[name].label), *_versions(str(_read(name, theirs)), str(_read(name, said))))
            for name in ("relationship", "company", "title")
            if name in self.fields
        ]
        if MONTHS[0] in self.fields:
            months = (period(*(each[name] for name in MONTHS)) for each in (theirs, said))
            lines.append(Told(gettext("When you worked together"), *_versions(*months)))
        return [line for line in lines if line.candidate or line.reference]


def said_by(reference: Reference) -> dict[str, Any]:
    """By the reference's own word, else by the candidate's."""
    found: dict[str, Any] = {name: getattr(reference, name) for name in FACTS} | reference.corrections
    return found | {name: _day(found[name]) for name in MONTHS}


def _day(value: Any) -> date | None:
    """A correction is kept as text; an empty one is no day."""
    return parse_date(value) if isinstance(value, str) else value


def _read(name: str, said: Mapping[str, Any]) -> Any:
    return dict(Relationship.named()).get(said[name], "") if name == "relationship" else said[name]


def _versions(candidate: str, reference: str) -> tuple[str, str]:
    return candidate, reference if reference != candidate else ""


class DeclineForm(PublicForm):
    kind = forms.ChoiceField(label=_("Why?"), choices=DeclineKind.choices, required=False, widget=forms.RadioSelect)
    reason = Text(label=_("In your own words"), rows=3, required=False)


class CallForm(PublicForm):
    """Where and when to call. The number that we know stands there, to be confirmed."""

    number = Phone(
        label=_("Your telephone number"),
        max_length=40,
        help_text=_("With the country’s code: +44 20 7183 8750."),
        error_messages={"required": _("Please give the number at which we can call you.")},
    )
    when = Line(
        label=_("When does it suit you?"),
        max_length=200,
        required=False,
        help_text=_("Such as: weekdays after 4 pm. A time and a day, or what you like."),
    )

    def __init__(self, reference: Reference, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={"number": reference.number, "when": reference.call_when})


class InterestForm(PublicForm):
    """Whether they wish to hear of jobs: a question of its own, never ticked beforehand."""

    PERIODS = (6, 12, 24)  # months
    prefix = "jobs"
    agrees = forms.BooleanField(required=False)
    topics = Line(
        label=_("About what?"),
        max_length=300,
        required=False,
        help_text=_("In a few words, such as: data and engineering. Empty means any job."),
    )
    months = forms.TypedChoiceField(
        label=_("For how long?"), coerce=int, initial=12, widget=forms.Select(attrs={"class": "select"})
    )

    def __init__(self, reference: Reference, data: Mapping[str, Any] | None = None) -> None:
        self.reference, self.given = reference, JobInterest.of(reference)
        known = {name: getattr(self.given, name) for name in ("topics", "months")} if self.given else {}
        super().__init__(data, initial={**known, "agrees": self.given is not None})
        lengths: Any = self.fields["months"]
        lengths.choices = [(count, gettext("%(count)d months") % {"count": count}) for count in self.PERIODS]

    def consent(self) -> str:
        """What they agree to. Kept with their answer, word for word, in the language in which they read it."""
        topics, months = self.cleaned_data["topics"], self.cleaned_data["months"]
        words = {
            "company": self.reference.for_check.organization.name,
            "address": self.reference.email,
            "months": months,
            "topics": topics,
        }
        if topics:
            sentence = gettext(
                "%(company)s may write to me at %(address)s about jobs for %(months)d months from today. I wish to "
                "hear about: %(topics)s. I can take this back at any time. It has nothing to do with the reference."
            )
        else:
            sentence = gettext(
                "%(company)s may write to me at %(address)s about jobs for %(months)d months from today. I can take "
                "this back at any time. It has nothing to do with the reference."
            )
        return sentence % words
