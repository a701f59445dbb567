"""A survey and its questions as one form: their order, and what no question can know of itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from templates_app import followups, translating
from templates_app.answering import answers_of
from templates_app.cautions import Caution, cautions_of
from templates_app.frozen import FrozenQuestion
from templates_app.kinds import Language, Relationship
from templates_app.models import Survey
from templates_app.question_forms import QuestionForm, texts_of
from templates_app.ways import Way

MOST = 100  # questions of a survey
AS_DRAFT = "_draft"  # the button that does not publish


@dataclass(frozen=True)
class Row:
    """A question as the page shows it."""

    form: QuestionForm
    number: int
    section: str
    heading: str  # the section's name above its first question
    way: str
    text: str
    competency: str
    whom: str
    cautions: tuple[Caution, ...]

    @property
    def is_new(self) -> bool:
        return not self.form.instance.pk


class SurveyForm(forms.ModelForm[Survey]):
    def clean_language(self) -> str:
        """What was a translation would stand beside itself, and nobody would read it."""
        language: str = self.cleaned_data["language"]
        is_another = self.instance.pk and language != self.initial.get("language")
        if is_another and language in translating.begun(self.instance.drafted()):
            words = _("There are translations into %(language)s already. Take them out first, and save.")
            raise forms.ValidationError(words % {"language": Language(language).label})
        return language


class Questions(forms.BaseInlineFormSet[Any, Any, QuestionForm]):
    """`live` are the questions that there will be, in the order in which their numbers put them."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "language": self.instance.language, "taken": self.taken}

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if index is not None and not form.instance.pk:
            form.initial["position"] = index + 1

    @cached_property
    def taken(self) -> set[str]:
        """The keys that are in the form, so that a new one is made that is not."""
        ends = f"{self.prefix}-", "-key"
        return {str(self.data[name]) for name in self.data if name.startswith(ends[0]) and name.endswith(ends[1])}

    # --- order ----------------------------------------------------------------------------------------

    @cached_property
    def in_order(self) -> list[QuestionForm]:
        """All rows by their numbers, blank ones last, those of the same number as they stand."""
        return sorted(self.forms, key=_place)

    @cached_property
    def live(self) -> list[QuestionForm]:
        gone = {id(form) for form in self.forms if self.can_delete and form["DELETE"].value()}
        there = (form for form in self.in_order if form.instance.pk or form.has_changed())
        return [form for form in there if id(form) not in gone]

    def save(self, commit: bool = True) -> Any:
        """Numbers become 1, 2, 3. A question that changes only with the others is saved for that as well."""
        stale = self._put_in_order() | self._share_section_names()
        for form in self.live:
            if commit and id(form) in stale and form.instance.pk and not form.has_changed():
                form.instance.save(update_fields=["position", "translations"])
        return super().save(commit)

    def _put_in_order(self) -> set[int]:
        stale = set()
        for number, form in enumerate(self.live, start=1):
            if form.instance.position != number or form.initial.get("position") != number:
                stale.add(id(form))
            form.instance.position = number
        return stale

    def _share_section_names(self) -> set[int]:
        """A section's name in another language is written once, and kept with each of its questions."""
        stale = set()
        for section, forms_ in groupby(self.live, key=lambda form: str(form.instance.section)):
            run = list(forms_) if section else []
            for language in translating.others(self.instance.language):
                name = _section_name(run, language)
                stale |= {id(form) for form in run if name and _name_section(form.instance, language, name)}
        return stale

    # --- what is wrong --------------------------------------------------------------------------------

    def clean(self) -> None:
        """Not Django's own look at what must be unique: its sentence names columns, and belongs to no row."""
        if not self.live and AS_DRAFT not in self.data:
            raise forms.ValidationError(
                _("A survey is published with at least one question. Add one, or save it as a draft.")
            )
        if len(self.live) > MOST:
            raise forms.ValidationError(_("A survey has at most %(most)d questions.") % {"most": MOST})
        self._refuse_double_keys()
        self._refuse_wrong_follow_ups()

    def _refuse_double_keys(self) -> None:
        """Nor may a key pass from one question to another in one go: rows are written one by one."""
        before = {form.initial["key"]: form for form in self.initial_forms}
        first: dict[str, int] = {}
        for number, form in enumerate(self.live, start=1):
            key = getattr(form, "cleaned_data", {}).get("key", "")
            words = {"key": key, "number": first.setdefault(key, number)}
            if key and words["number"] != number:
                form.add_error("key", _("Question %(number)d has the key “%(key)s” already. Each has its own.") % words)
            elif key and before.get(key, form) is not form:
                form.add_error("key", _("Another question had the key “%(key)s” so far. Save that first.") % words)

    def _refuse_wrong_follow_ups(self) -> None:
        questions = [form.instance.freeze() for form in self.live]
        broken = {question.key for question, form in zip(questions, self.live, strict=True) if form.errors}
        for place, field, sentence in followups.problems(questions):
            if field != "shown_for" or questions[place].shown_if not in broken:
                self.live[place].add_error(field, sentence)

    # --- what is shown --------------------------------------------------------------------------------

    def rows(self) -> Iterator[Row]:
        """With the choices of each follow-up, which only the rows before it know."""
        before: list[FrozenQuestion] = []
        heading = ""
        for number, form in enumerate(self.in_order, start=1):
            question = form.instance.freeze()
            _offer(form, before)
            section = str(form["section"].value() or "")
            yield self._row(form, number, section, "" if section == heading else section, question)
            heading = section
            if form.instance.pk or form.has_changed():
                before.append(question)

    def blank(self) -> Row:
        """For the script, which makes new rows of it."""
        form: QuestionForm = self.empty_form
        _offer(form, [])
        return self._row(form, 0, "", "", form.instance.freeze())

    def sections(self) -> list[str]:
        return texts_of(str(form["section"].value() or "") for form in self.in_order)

    def _row(self, form: QuestionForm, number: int, section: str, heading: str, question: FrozenQuestion) -> Row:
        chosen = [str(words) for value, words in Relationship.named() if value in (form["relationships"].value() or [])]
        return Row(
            form=form,
            number=number,
            section=section,
            heading=heading,
            way=str(Way(form.way).label),
            text=Truncator(str(form["text"].value() or "")).chars(110),
            competency=str(form["competency"].value() or ""),
            whom=", ".join(chosen),
            cautions=tuple(cautions_of(question)),
        )


def _section_name(run: list[QuestionForm], language: str) -> str:
    """What one of the forms says anew, else what the first says at all."""
    field = f"{language}_section"
    said = sorted(run, key=lambda form: field not in form.changed_data)
    names = (form.instance.translations.get(language, {}).get("section", "") for form in said)
    return next(filter(None, names), "")


def _name_section(question: Any, language: str, name: str) -> bool:
    """Whether that was different."""
    texts = question.translations.get(language, {})
    question.translations = {**question.translations, language: {**texts, "section": name}}
    return bool(texts.get("section") != name)


def _place(form: QuestionForm) -> tuple[bool, int]:
    """Where a row stands: blank ones at the end."""
    value = str(form["position"].value())
    is_blank = not form.instance.pk and not form.has_changed()
    return is_blank, int(value) if value.isdecimal() and len(value) < 9 else MOST


def _offer(form: QuestionForm, before: list[FrozenQuestion]) -> None:
    leading = [question for question in before if answers_of(question)]
    chosen = str(form["shown_if"].value() or "")
    choices = [("", _("Always")), *((question.key, followups.called(question)) for question in leading)]
    if chosen and chosen not in dict(choices):
        choices.append((chosen, _("%(key)s: not before this question") % {"key": chosen}))
    parent = next((question for question in leading if question.key == chosen), None)
    widgets = {name: form.fields[name].widget for name in ("shown_if", "shown_for")}
    widgets["shown_if"].choices = choices
    widgets["shown_for"].choices = answers_of(parent) if parent else []
