"""What people type, forgiven as far as it can be understood."""

import re
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from notifications.phones import e164

LONGEST_TEXT, LONGEST_LINE = 50_000, 300  # characters
TOO_LONG = _("This has %(show_value)d characters, and %(limit_value)d fit. Please shorten it.")


class Line(forms.CharField):
    """One line of text. Whatever white space was pasted, a line break among it, becomes single spaces.

    Too long is said, and never cut by the browser: so there is no `maxlength`.
    """

    widget: forms.Widget = forms.TextInput(attrs={"class": "input", "autocomplete": "off", "dir": "auto"})

    def __init__(self, *, max_length: int | None = None, **kwargs: Any) -> None:
        limits = [MaxLengthValidator(max_length, TOO_LONG)] if max_length else []
        super().__init__(**{**kwargs, "validators": [*limits, *kwargs.get("validators", ())]})

    def to_python(self, value: Any) -> str:
        return " ".join(str(value or "").replace("\0", "").split())


class Sentence(Line):
    """A few words in answer to a question."""

    widget = forms.TextInput(attrs={"class": "input", "autocomplete": "off", "dir": "auto"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=[MaxLengthValidator(LONGEST_LINE, TOO_LONG)], **kwargs)


class Phone(Line):
    """A telephone number with its country's code; becomes one such as +442079460155."""

    widget = forms.TextInput(attrs={"class": "input", "type": "tel", "autocomplete": "off"})

    def clean(self, value: Any) -> str:
        number = super().clean(value)
        try:
            return e164(number) if number else ""
        except ValueError as problem:
            raise forms.ValidationError(str(problem)) from None


class Email(Line):
    widget = forms.EmailInput(attrs={"class": "input", "autocomplete": "off"})
    default_validators = forms.EmailField.default_validators
    default_error_messages = {"invalid": _("This is no whole e-mail address. One looks like name@example.com.")}


class Text(forms.CharField):
    """Words as they were written, in any script. Too long is said, and never cut: so there is no `maxlength`."""

    def __init__(self, rows: int = 6, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"class": "area", "rows": rows, "dir": "auto"})
        super().__init__(widget=widget, validators=[MaxLengthValidator(LONGEST_TEXT, TOO_LONG)], **kwargs)

    def to_python(self, value: Any) -> str:
        return str(value or "").replace("\0", "").replace("\r\n", "\n").strip()


class Month(forms.Field):
    """A month as people write it (2020-04, 202004, 04/2020, April 2020); becomes the date of its first day.

    A text field, because `<input type="month">` is a bare text field in half of the browsers anyway.
    """

    widget = forms.TextInput(attrs={"class": "input", "autocomplete": "off", "placeholder": "2020-04"})
    default_error_messages = {
        "invalid": _("Please write year and month, such as 2020-04."),
        "future": _("This month is still to come."),
    }
    ways = (
        r"(?P<year>\d{4})\W?(?P<month>\d{1,2})",
        r"(?P<month>\d{1,2})\W(?P<year>\d{4})",
        r"(?P<word>\D+)(?P<year>\d{4})",
    )

    def to_python(self, value: Any) -> date | None:
        text = str(value or "").strip()
        if not text:
            return None
        for found in filter(None, (re.fullmatch(way, text) for way in self.ways)):
            with suppress(ValueError):
                return _first_day(**found.groupdict())
        raise forms.ValidationError(self.error_messages["invalid"], code="invalid")

    def validate(self, value: Any) -> None:
        super().validate(value)
        # A day's grace: where the candidate sits, the month may have begun already.
        if value and value > timezone.now().date() + timedelta(days=1):
            raise forms.ValidationError(self.error_messages["future"], code="future")

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, date) else value


def _first_day(year: str, month: str = "", word: str = "") -> date:
    """ValueError for what is no month of this or the last century."""
    if int(year) < 1900:
        raise ValueError(year)
    return date(int(year), int(month) if month else _month_called(word.strip(" .,")), 1)


def _month_called(word: str) -> int:
    """April, apr and Apr alike, in the reader's language."""
    starting = [number for number, name in MONTHS.items() if str(name).casefold().startswith(word.casefold())]
    if len(starting) != 1:
        raise ValueError(word)
    return starting[0]
