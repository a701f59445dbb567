"""One question as the survey editor's form shows it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from templates_app import merging, translating
from templates_app.kinds import Language, Relationship
from templates_app.models import Question
from templates_app.question_fields import AnswersField, LinesField, OneLineField
from templates_app.ways import MEANINGS, PARTICULAR, Way, standard_words, way_of

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
# What somebody types to add a question. Nothing of it, and the row is left out.
TYPED = ("text", "help", "competency", "labels", "reason_label", "key", "evidence")
# Texts that a reference reads, in any language.
READ = ("section", "text", "help", "labels", "reason_label")


class Part(NamedTuple):
    """One text of a question in another language; `part` is a word of translating.PARTS."""

    part: str
    bound: BoundField


class QuestionForm(forms.ModelForm[Question]):
    answer = forms.ChoiceField(label=gettext_lazy("kind of answer"), choices=Way.choices, initial=Way.DESCRIBED)
    text = OneLineField(label=gettext_lazy("question"), max_length=300)
    help = OneLineField(
        label=gettext_lazy("help"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Stands below the question, in smaller letters."),
    )
    labels = LinesField(
        label=gettext_lazy("answers"),
        required=False,
        help_text=gettext_lazy(
            "One on each line: the words of a scale from the bottom up, or the answers to choose from. A comparison or "
            "a frequency without words of its own has the usual ones."
        ),
    )
    relationships = forms.MultipleChoiceField(
        label=gettext_lazy("asked of"),
        required=False,
        choices=Relationship.named(),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Tick none, and everybody is asked."),
    )
    key = forms.SlugField(
        label=gettext_lazy("key"),
        required=False,
        max_length=60,
        help_text=gettext_lazy(
            "By it answers stay comparable when the words change. Empty: made from the competency or the question."
        ),
    )
    shown_if = forms.CharField(
        label=gettext_lazy("ask only after"),
        required=False,
        max_length=60,
        widget=forms.Select,
        help_text=gettext_lazy("An earlier question of this survey."),
    )
    shown_for = AnswersField(label=gettext_lazy("and only after these answers"), required=False)

    class Meta:
        model = Question
        fields = (
            "position",
            "section",
            "text",
            "help",
            "competency",
            "labels",
            "may_be_unobserved",
            "reason_label",
            "is_required",
            "relationships",
            "shown_if",
            "shown_for",
            "evidence",
            "key",
        )
        widgets = {"evidence": forms.Textarea(attrs={"rows": 3})}

    def __init__(
        self, *args: Any, language: str = Language.ENGLISH, taken: set[str] | None = None, **kwargs: Any
    ) -> None:
        """`language` is the survey's own; `taken` the keys of its other questions, to which this one adds its own."""
        super().__init__(*args, **kwargs)
        self.language, self.taken = language, set() if taken is None else taken
        self.fields["position"].label, self.fields["position"].required = _("order"), False
        self.fields["section"].widget.attrs["list"] = "sections"
        if self.instance.pk:
            self.initial["answer"] = way_of(self.instance).value
        self.fields["labels"].widget.attrs["placeholder"] = "\n".join(standard_words(self.way))
        for language_, part in self.translated():
            self.fields[f"{language_}_{part}"] = _translated_field(part)
            self.initial[f"{language_}_{part}"] = self.instance.translations.get(language_, {}).get(part, "")

    @property
    def way(self) -> str:
        value = str(self["answer"].value())
        return value if value in MEANINGS else Way.DESCRIBED

    def translated(self) -> Iterator[tuple[str, str]]:
        """Language and part of each field for a translation."""
        yield from ((each.value, part) for each in translating.others(self.language) for part in translating.PARTS)

    def by_language(self) -> list[tuple[str, list[Part]]]:
        """The fields of the translations of what the question says, as the page shows them."""
        said = [part for part in translating.PARTS if self._says(part)]
        return [
            (each.label, [Part(part, self[f"{each.value}_{part}"]) for part in said])
            for each in translating.others(self.language)
            if said
        ]

    def has_wrong_translation(self) -> bool:
        return any(f"{language}_{part}" in self.errors for language, part in self.translated())

    def has_changed(self) -> bool:
        """A new row in which nobody has typed anything is none, whatever is chosen in it."""
        return super().has_changed() and (bool(self.instance.pk) or any(self._says(name) for name in TYPED))

    def _says(self, name: str) -> bool:
        return bool(str(self[name].value() or "").strip())

    # --- what was sent --------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if meaning := MEANINGS.get(data.get("answer", "")):
            self.instance.kind, self.instance.look, self.instance.fact = meaning.kind, meaning.look, meaning.fact
            for name in set(PARTICULAR) - meaning.uses - {"may_be_unobserved"}:
                self._leave_out(name)
        if not data.get("shown_if"):
            self._leave_out("shown_for")
        if not data.get("key") and "key" not in self.errors:
            data["key"] = self._new_key(data)
        self._look_at_texts(data)
        self._translate(data)
        return data

    def _leave_out(self, name: str) -> None:
        """What does not matter for this way of answering is not kept, and not complained of either."""
        self.errors.pop(name, None)
        self.cleaned_data[name] = [] if name in ("labels", "shown_for") else ""

    def _new_key(self, data: Mapping[str, Any]) -> str:
        wish = slugify(data.get("competency") or data.get("text") or "")[:50].strip("-") or "question"
        number, key = 1, wish
        while key in self.taken:
            number += 1
            key = f"{wish}-{number}"
        self.taken.add(key)
        return key

    def _look_at_texts(self, data: Mapping[str, Any]) -> None:
        for name in (*READ, *(f"{language}_{part}" for language, part in self.translated())):
            text = "\n".join(data[name]) if isinstance(data.get(name), list) else data.get(name, "")
            if sentence := merging.problem(text, merging.IN_QUESTIONS) or _markup(text):
                self.add_error(name, sentence)

    # --- translations ---------------------------------------------------------------------------------

    def _translate(self, data: Mapping[str, Any]) -> None:
        """The texts by language, without those of parts that the question has not."""
        if "labels" not in data:
            return
        kept = {language: dict(texts) for language, texts in self.instance.translations.items()}
        for language, part in self.translated():
            value = data.get(f"{language}_{part}") if data.get(part) else None
            if part == "labels" and value and len(value) != len(data["labels"]):
                self._complain_of_number(language, len(value), len(data["labels"]))
                value = None
            texts = kept.setdefault(language, {})
            texts[part] = value
        said = {language: {part: text for part, text in texts.items() if text} for language, texts in kept.items()}
        self.instance.translations = {language: texts for language, texts in said.items() if texts}

    def _complain_of_number(self, language: str, found: int, wanted: int) -> None:
        sentence = ngettext(
            "The question has %(wanted)d answer, its translation %(found)d. Give as many, in the same order.",
            "The question has %(wanted)d answers, its translation %(found)d. Give as many, in the same order.",
            wanted,
        )
        self.add_error(f"{language}_labels", sentence % {"wanted": wanted, "found": found})


def _translated_field(part: str) -> forms.Field:
    label = _named(part)
    if part == "labels":
        return LinesField(label=label, required=False)
    longest = getattr(Question._meta.get_field(part), "max_length", None)
    return (OneLineField if part in ("text", "help") else forms.CharField)(
        label=label, required=False, max_length=longest
    )


def _named(part: str) -> str:
    return str(getattr(Question._meta.get_field(part), "verbose_name", part))


def _markup(text: str) -> str:
    found = _TAG.search(text)
    words = _("Write plain words: %(tag)s would be shown as it stands here, and not as a mark of the text.")
    return words % {"tag": found[0]} if found else ""


def texts_of(names: Iterable[str]) -> list[str]:
    """The names, each once and without empty ones: for lists to choose from."""
    return [name for name in dict.fromkeys(names) if name]
