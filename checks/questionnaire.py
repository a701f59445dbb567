"""A sheet of questions as a form."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.text import get_text_list
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from checks.asking import NOT_QUITE, answers_before, fitting, sent
from checks.fields import Sentence, Text
from checks.forms import PublicForm
from checks.references import Given
from checks.sheets import Sheet
from templates_app.answering import UNSEEN
from templates_app.frozen import FrozenQuestion
from templates_app.kinds import Kind, Look

# Where each of the five comparative answers lies among everybody, in percent: start and width.
BANDS = ((0, 50), (50, 25), (75, 15), (90, 7), (97, 3))
# What is said below a question that says nothing itself.
HELP: dict[str, Any] = {
    Look.BANDS: _("The bar is everyone you have seen; the filled part is where {name} stands."),
    Kind.CHOICES: _("Choose all that fit."),
    Kind.FORCED: _("Choose the one that fits better, even where both do."),
}
WRITTEN = (Kind.TEXT, Kind.LINE)


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
    """A question as it stands on the page.

    `more` is a second field: for the reason of a choice, or for what is right instead of what the candidate told.
    `after` is the field of the earlier question of a follow-up, `answers` are those after which it is asked, as JSON,
    and `only_if` says the same for who sees all of them at once.
    """

    question: FrozenQuestion
    text: str
    help: str
    told: str
    section: str
    part: str  # the section as the survey names it, so that one half translated stays one
    is_optional: bool
    language: str  # where it is another one than the page's
    answer: BoundField
    more: BoundField | None
    is_fitting: bool
    after: str = ""
    answers: str = ""
    only_if: str = ""

    @property
    def is_answered(self) -> bool:
        return any(field.value() for field in (self.answer, self.more) if field)

    @property
    def is_corrected_by(self) -> str:
        """The answer beside which the second field is asked for; empty: beside each."""
        return json.dumps([NOT_QUITE]) if self.told else ""


class Questionnaire(PublicForm):
    """Fields by the questions' keys; a second field's name has a dot, which no key has.

    As a draft nothing is required, nor in a candidate's own, nor a follow-up that the answers do not ask for. Browsers
    are not told what is required either: one that holds the form back would keep the answers from being kept.

    `shown` are the keys of the questions that were on the page which was sent, where these may be others than the
    sheet's: those that were not on it stand as they were kept.
    """

    use_required_attribute = False

    def __init__(
        self,
        sheet: Sheet,
        data: QueryDict | None = None,
        *,
        is_draft: bool = False,
        shown: Collection[str] | None = None,
    ) -> None:
        self.sheet, self.is_draft = sheet, is_draft
        super().__init__(data, prefix="q", initial=self._initial())
        if data is not None and shown is not None:
            self.data = self._with_what_was_not_shown(data, shown)
        for position, question in enumerate(sheet.questions):
            self.fields[question.key] = self._field(position, question)
            if label := self._label_of_more(question):
                self.fields[_more(question)] = self._more(question, label)
        self.fitting = fitting(sheet.asked, self._sent())
        for question in sheet.asked:
            self.fields[question.key].required = question.is_required and self._must(question)

    def _must(self, question: FrozenQuestion) -> bool:
        return not (self.is_draft or self.sheet.is_own) and question.key in self.fitting

    # --- fields -----------------------------------------------------------------------------------------

    def _field(self, position: int, question: FrozenQuestion) -> forms.Field:
        """One of the field's own kind for what is written; else lines to tap."""
        if question.kind == Kind.TEXT:
            return Text(label=self._said(question, _("In your own words")), error_messages=MISSING["text"])
        if question.kind == Kind.LINE or (question.kind == Kind.FACT and not self.sheet.told_of(question)):
            return Sentence(label=self._said(question, _("In a few words")), error_messages=MISSING["text"])
        offered = self.sheet.options(position)
        if question.kind == Kind.CHOICES:
            several = forms.CheckboxSelectMultiple
            return forms.MultipleChoiceField(choices=offered, widget=several, error_messages=MISSING["several"])
        has_bands = question.look == Look.BANDS and len(question.labels) == len(BANDS)
        widget = Lines(has_bands=has_bands) if question.is_scale else forms.RadioSelect
        return forms.ChoiceField(choices=offered, widget=widget, error_messages=MISSING["one"])

    def _said(self, question: FrozenQuestion, text: object) -> str:
        """One of our own texts in the language of the question."""
        with self.sheet.spoken(question):
            return str(text)

    def _label_of_more(self, question: FrozenQuestion) -> str:
        if question.kind == Kind.FACT:
            label = self._said(question, _("What was it, as you know it?"))
            return label if self.sheet.told_of(question) else ""
        return self.sheet.filled(question, question.reason_label) if question.kind not in WRITTEN else ""

    def _more(self, question: FrozenQuestion, label: str) -> forms.Field:
        if question.kind == Kind.FACT:
            return Sentence(label=label, required=False)
        return Text(rows=3, label=label, required=False)

    def _initial(self) -> dict[str, Any]:
        known = [(q, self.sheet.answers[q.key]) for q in self.sheet.asked if q.key in self.sheet.answers]
        more = {_more(question): given.text for question, given in known}
        return {**more, **{question.key: self._value(question, given) for question, given in known}}

    def _value(self, question: FrozenQuestion, given: Given) -> Any:
        """An answer that was kept, as its field has it."""
        if self._is_written(question):
            return given.text
        return list(sent(given)) if question.kind == Kind.CHOICES else "".join(sent(given)[:1])

    def _is_written(self, question: FrozenQuestion) -> bool:
        return question.kind in WRITTEN or (question.kind == Kind.FACT and not self.sheet.told_of(question))

    def _with_what_was_not_shown(self, data: QueryDict, shown: Collection[str]) -> QueryDict:
        data = data.copy()
        for question in self.sheet.asked:
            for name in (question.key, _more(question)) if question.key not in shown else ():
                value = self.initial.get(name, "")
                data.setlist(self.add_prefix(name), value if isinstance(value, list) else [value])
        return data

    # --- answers ----------------------------------------------------------------------------------------

    def _sent(self) -> dict[str, list[str]]:
        """What stands in the fields, by key: sent just now, or kept before."""
        found = {question.key: self[question.key].value() for question in self.sheet.asked}
        return {key: value if isinstance(value, list) else [value] for key, value in found.items() if value}

    def clean(self) -> None:
        for question in self.sheet.asked:
            if question.key not in self.fitting:
                self.errors.pop(question.key, None)
                self.errors.pop(_more(question), None)
            elif question.is_required and self._must(question) and self._lacks_correction(question):
                self.add_error(_more(question), _("Please write what it was, as you know it."))

    def _lacks_correction(self, question: FrozenQuestion) -> bool:
        answer, more = self.cleaned_data.get(question.key), self.cleaned_data.get(_more(question), "")
        return _more(question) in self.fields and question.kind == Kind.FACT and answer == NOT_QUITE and not more

    def given(self) -> dict[str, Given]:
        """The answers, to be kept. What has a fault stays as it was kept before; what is empty leaves no answer.

        A follow-up that the answers do not ask for leaves none either.
        """
        found = {q.key: self._given(q) if q.key in self.fitting else Given() for q in self.sheet.asked}
        return {key: given for key, given in found.items() if not given.is_empty or key in self.sheet.answers}

    def _given(self, question: FrozenQuestion) -> Given:
        value, more = self._sound(question.key), self._sound(_more(question))
        if self._is_written(question):
            return Given(text=value)
        if question.kind == Kind.FACT:
            return Given(choice=value, text=more if value == NOT_QUITE else "")
        if question.kind == Kind.CHOICES:
            return Given(choices=tuple(value), text=more)
        if not question.is_scale:
            return Given(choice=value, text=more)
        if value == UNSEEN:
            return Given(is_unobserved=True, text=more)
        return Given(score=int(value) if value else None, text=more)

    def _sound(self, field: str) -> Any:
        return self.cleaned_data.get(field, self.initial.get(field, ""))

    def problems(self) -> list[tuple[str, str]]:
        return [
            (field.id_for_label or f"{field.auto_id}_0", f"{asked.text} {error}")
            for asked in self.asked()
            for field in (asked.answer, asked.more)
            if field
            for error in field.errors
        ]

    # --- the page ---------------------------------------------------------------------------------------

    def asked(self) -> list[Asked]:
        return [self._asked(position, question) for position, question in enumerate(self.sheet.questions)]

    def _asked(self, position: int, question: FrozenQuestion) -> Asked:
        sheet, language = self.sheet, self.sheet.language_of(question)
        ours = HELP.get(question.look) or HELP.get(question.kind) or ""
        return Asked(
            question,
            text=sheet.filled(question, question.text),
            help=sheet.filled(question, question.help or self._said(question, ours)),
            told=sheet.told_of(question),
            section=sheet.filled(question, question.section),
            part=sheet.asked[position].section,
            is_optional=not (question.is_required or sheet.is_own),
            language="" if language == get_language() else language,
            answer=self[question.key],
            more=self[_more(question)] if _more(question) in self.fields else None,
            is_fitting=question.key in self.fitting,
            **(self._follow_up(position, question) if question.shown_if else {}),
        )

    def _follow_up(self, position: int, question: FrozenQuestion) -> dict[str, str]:
        places = {asked.key: place for place, asked in enumerate(self.sheet.asked)}
        place, wanted = places[question.shown_if], answers_before(question)
        earlier = self.sheet.questions[place]
        labels = [label for value, label in self.sheet.options(place) if value in wanted]
        with self.sheet.spoken(question):
            read = [gettext("“%(answer)s”") % {"answer": label} for label in labels]
            named = {
                "answers": get_text_list(read, gettext("or")),
                "question": self.sheet.filled(earlier, earlier.text),
            }
            sentence = (
                gettext("Only if you answered %(answers)s above.")
                if place == position - 1
                else gettext("Only if you answered %(answers)s to “%(question)s”")
            )
        return {"after": self[earlier.key].html_name, "answers": json.dumps(wanted), "only_if": sentence % named}


def _more(question: FrozenQuestion) -> str:
    return f"{question.key}.reason"


MISSING = {
    "text": {"required": _("Please write a few words.")},
    "one": {"required": _("Please choose an answer.")},
    "several": {"required": _("Please choose at least one answer.")},
}
