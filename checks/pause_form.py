"""On which day somebody wants to be written to again."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from checks.forms import PublicForm
from checks.pausing import Pausing

AT_MOST = 60  # days ahead that are looked at for the last one


def day_of(day: date) -> str:
    """Such as: Monday, 9 November."""
    words = {"weekday": date_format(day, "l"), "day": date_format(day, "MONTH_DAY_FORMAT")}
    return gettext("%(weekday)s, %(day)s") % words


class LaterForm(PublicForm):
    """A few days by name, and any other. It is empty of days when none is left of the check's time."""

    day = forms.TypedChoiceField(coerce=date.fromisoformat, empty_value=None, required=False, widget=forms.RadioSelect)
    other = forms.DateField(
        label=_("Or on another day"),
        required=False,
        input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "input", "type": "date"}),
        error_messages={"invalid": _("Please write a day, such as 2026-11-09.")},
    )

    def __init__(self, row: Pausing, now: datetime, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.row, self.now = row, now
        today = now.astimezone(row.zone).date()
        named: Any = self.fields["day"]
        named.choices = [(day.isoformat(), words) for day, words in self._named(today)]
        days = [today + timedelta(days=ahead) for ahead in range(1, AT_MOST)]
        self.open = [day for day in days if row.is_open_on(day, now)]
        if self.open:
            self.fields["other"].widget.attrs |= {"min": self.open[0].isoformat(), "max": self.open[-1].isoformat()}

    def _named(self, today: date) -> list[tuple[date, str]]:
        """Each day once, and none that would become another because nobody works on it."""
        monday = today + timedelta(days=7 - today.weekday())
        names = {
            today + timedelta(days=1): gettext("Tomorrow: %(day)s"),
            today + timedelta(days=3): gettext("In three days: %(day)s"),
        }
        names.setdefault(monday, gettext("Next week: %(day)s"))
        return [
            (day, words % {"day": day_of(day)})
            for day, words in names.items()
            if self.row.is_open_on(day, self.now) and self._comes_on(day) == day
        ]

    def _comes_on(self, day: date) -> date:
        return self.row.moment_on(day).astimezone(self.row.zone).date()

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        day = cleaned.get("other") or cleaned.get("day")
        if not self.errors and day is None:
            self.add_error("day", _("Please choose a day."))
        elif day and not self.row.is_open_on(day, self.now):
            self.add_error("other", self._out_of_range())
        return {**cleaned, "day": day}

    def _out_of_range(self) -> str:
        if not self.open:
            return gettext("The time for this is nearly over: no day is left to wait for.")
        words = {"first": day_of(self.open[0]), "last": day_of(self.open[-1])}
        return gettext("Please choose a day from %(first)s to %(last)s.") % words
