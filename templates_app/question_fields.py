"""Fields of a form for texts and lists of texts, as a question has them."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from templates_app.answering import LONGEST

MOST_ANSWERS = 20
_BREAK = re.compile(r"\s*[\r\n\t]\s*")


class LinesField(forms.CharField):
    """A list of short texts, one on each line."""

    widget = forms.Textarea(attrs={"rows": 5})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        # Stored as JSON, in which PostgreSQL takes no NUL.
        lines = value if isinstance(value, list) else str(value or "").replace("\0", "").splitlines()
        return [line.strip() for line in lines if line.strip()]

    def validate(self, value: Any) -> None:
        super().validate(value)
        if too_long := next((line for line in value if len(line) > LONGEST), None):
            words = {"answer": f"{too_long[:40]}…", "most": LONGEST}
            raise forms.ValidationError(_("“%(answer)s” is longer than %(most)d characters.") % words)
        if len(value) > MOST_ANSWERS:
            raise forms.ValidationError(_("More than %(most)d answers: nobody reads so many.") % {"most": MOST_ANSWERS})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(self.to_python(initial) != self.to_python(data))


class OneLineField(forms.CharField):
    """A text of one line, in a field that is high enough to read it whole."""

    widget = forms.Textarea(attrs={"rows": 2})

    def to_python(self, value: Any) -> str:
        return _BREAK.sub(" ", str(super().to_python(value)))  # other spaces stay: French has some that do not break


class AnswersField(forms.MultipleChoiceField):
    """Answers to an earlier question. Which there are depends on another row, so the formset looks at them."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: str) -> bool:
        return "\0" not in value
