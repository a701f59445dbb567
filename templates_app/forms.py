"""Forms of the portal for what we ask."""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from templates_app.kinds import Relationship
from templates_app.models import Question, RequestedReference


class LinesField(forms.CharField):
    """A list of short texts, one on each line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        # Stored as JSON, in which PostgreSQL takes no NUL.
        lines = value if isinstance(value, list) else str(value or "").replace("\0", "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))


class InOrder(forms.BaseInlineFormSet[Any, Any, Any]):
    """Rows of a form that have an order; a new one stands at the end."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["position"].label = _("order")
        if index is not None and not form.instance.pk:
            form.initial["position"] = index + 1


class RequestedReferenceForm(forms.ModelForm[RequestedReference]):
    """A blank row says nothing, not even *any*: otherwise nobody could add an *any* by choosing it."""

    relationship = forms.ChoiceField(
        label=_("relationship"), choices=[("", _("Choose")), *Relationship.choices], initial=""
    )

    class Meta:
        model = RequestedReference
        fields = ("position", "relationship", "note")


class QuestionForm(forms.ModelForm[Question]):
    labels = LinesField(
        label=_("answers"),
        required=False,
        help_text=_("One on each line: the words of a scale from the bottom up, or the answers to choose from."),
    )
    relationships = forms.MultipleChoiceField(
        label=_("asked of"),
        required=False,
        choices=Relationship.named(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick none, and everybody is asked."),
    )
    key = forms.SlugField(
        label=_("key"),
        required=False,
        max_length=60,
        help_text=_("Stays the same when the words change. Empty: made from the competency or the question."),
    )

    class Meta:
        model = Question
        fields = (
            "position",
            "kind",
            "text",
            "help",
            "competency",
            "labels",
            "look",
            "relationships",
            "reason_label",
            "is_required",
            "may_be_unobserved",
            "key",
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("key"):
            data["key"] = slugify(data.get("competency") or data.get("text") or "")[:60].strip("-")
        return data
