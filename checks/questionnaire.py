"""The questions for one reference, as a form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from checks.fields import Text
from checks.forms import PublicForm
from checks.references import Given, Reference
from templates_app.frozen import FrozenQuestion
from templates_app.kinds import NO, UNSURE, YES, Kind, Look

UNSEEN = "unseen"
# Where each of the five comparative answers lies among everybody, in percent: start and width.
BANDS = ((0, 50), (50, 25), (75, 15), (90, 7), (97, 3))


BANDS_HELP = _("The bar is everyone you have seen; the filled part is where {name} stands.")


class Lines(forms.RadioSelect):
    """The answers of a scale as lines to tap: one may stand apart, and a stretch of a bar may go with each other."""

    def __init__(self, *, has_bands: bool) -> None:
        super().__init__()
        self.has_bands = has_bands

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["is_apart"] = value == UNSEEN
        option["band"] = BANDS[int(value) - 1] if self.has_bands and value != UNSEEN else None
        return option


@dataclass(frozen=True)
class Asked:
    """A question as it stands on the page: the answer's field, and the one for the reason where it asks for one."""

    question: FrozenQuestion
    text: str
    help: str
    answer: BoundField
    reason: BoundField | None

    @property
    def is_answered(self) -> bool:
        return any(field.value() for field in (self.answer, self.reason) if field)


class Questionnaire(PublicForm):
    """Fields by the questions' keys; a reason's name has a dot, which no key has.

    As a draft nothing is required. Browsers are not told what is required either: a browser that holds the form
    back would keep the answers from being kept.
    """

    use_required_attribute = False

    def __init__(self, reference: Reference, data: Mapping[str, Any] | None = None, *, is_draft: bool = False) -> None:
        self.questions = reference.questions()
        self.before = reference.given()
        self.first_name = reference.for_check.first_name
        super().__init__(data, prefix="q", initial=self._initial())
        for question in self.questions:
            self.fields[question.key] = self._field(question, is_required=question.is_required and not is_draft)
            if question.reason_label:
                self.fields[_reason(question)] = Text(rows=3, required=False, label=self.named(question.reason_label))

    def _field(self, question: FrozenQuestion, *, is_required: bool) -> forms.Field:
        if question.kind == Kind.TEXT:
            missing = {"required": _("Please write a few words.")}
            return Text(label=_("In your own words"), required=is_required, error_messages=missing)
        has_bands = question.look == Look.BANDS and len(question.labels) == len(BANDS)
        return forms.ChoiceField(
            choices=[(value, self.named(label)) for value, label in _choices(question)],
            required=is_required,
            widget=Lines(has_bands=has_bands) if question.is_scale else forms.RadioSelect,
            error_messages={"required": _("Please choose an answer.")},
        )

    def named(self, text: str) -> str:
        """The candidate's first name in place of {name}; nothing else in the text means anything."""
        return text.replace("{name}", self.first_name)

    def _initial(self) -> dict[str, str]:
        known = [(question, self.before[question.key]) for question in self.questions if question.key in self.before]
        reasons = {_reason(question): given.text for question, given in known if question.kind != Kind.TEXT}
        return {**reasons, **{question.key: _value(question, given) for question, given in known}}

    def asked(self) -> list[Asked]:
        return [
            Asked(
                question,
                self.named(question.text),
                self.named(question.help or (str(BANDS_HELP) if question.look == Look.BANDS else "")),
                self[question.key],
                self[_reason(question)] if question.reason_label else None,
            )
            for question in self.questions
        ]

    def given(self) -> dict[str, Given]:
        """The answers, to be kept. What has a fault stays as it was kept before; what is empty leaves no answer."""
        found = {
            question.key: _given(question, self._sound(question.key), self._sound(_reason(question)))
            for question in self.questions
        }
        return {key: given for key, given in found.items() if not given.is_empty or key in self.before}

    def _sound(self, field: str) -> str:
        return str(self.cleaned_data.get(field, self.initial.get(field, "")))

    def problems(self) -> list[tuple[str, str]]:
        return [
            (field.id_for_label or f"{field.auto_id}_0", f"{asked.text} {error}")
            for asked in self.asked()
            for field in (asked.answer, asked.reason)
            if field
            for error in field.errors
        ]


def _reason(question: FrozenQuestion) -> str:
    return f"{question.key}.reason"


def _choices(question: FrozenQuestion) -> list[tuple[str, str]]:
    """What is sent, and what is read."""
    if question.kind == Kind.YES_NO:
        return [(YES, gettext("Yes")), (UNSURE, gettext("Unsure")), (NO, gettext("No"))]
    if not question.is_scale:
        return [(label[:300], label) for label in question.labels]  # as much as the column holds
    unseen = [(UNSEEN, gettext("I did not see this"))] if question.may_be_unobserved else []
    return [(str(number), label) for number, label in enumerate(question.labels, 1)] + unseen


def _given(question: FrozenQuestion, value: str, reason: str) -> Given:
    if question.kind == Kind.TEXT:
        return Given(text=value)
    if not question.is_scale:
        return Given(choice=value, text=reason)
    if value == UNSEEN:
        return Given(is_unobserved=True, text=reason)
    return Given(score=int(value) if value else None, text=reason)


def _value(question: FrozenQuestion, given: Given) -> str:
    """The same the other way round."""
    if question.kind == Kind.TEXT:
        return given.text
    if not question.is_scale:
        return given.choice
    return UNSEEN if given.is_unobserved else str(given.score or "")
