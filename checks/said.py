"""What pages, mails and the report say in the same words: small numbers, and the months that people worked together."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from templates_app.kinds import Fact

if TYPE_CHECKING:
    from checks.findings import Person
    from checks.references import Reference

_NUMBERS = (
    pgettext_lazy("people", "nobody"),
    pgettext_lazy("people", "one"),
    pgettext_lazy("people", "two"),
    pgettext_lazy("people", "three"),
    pgettext_lazy("people", "four"),
    pgettext_lazy("people", "five"),
    pgettext_lazy("people", "six"),
    pgettext_lazy("people", "seven"),
    pgettext_lazy("people", "eight"),
    pgettext_lazy("people", "nine"),
    pgettext_lazy("people", "ten"),
)


def number(count: int) -> str:
    """In words up to ten."""
    return str(_NUMBERS[count]) if count < len(_NUMBERS) else str(count)


def told(person: "Person | Reference", fact: str) -> str:
    """What the candidate says of a fact; empty where it was left out."""
    return person.title if fact == Fact.TITLE else period(person.worked_from, person.worked_until)


def period(start: date | None, end: date | None) -> str:
    """Such as: April 2020 to May 2023."""
    if not start:
        return ""
    words = {
        "start": formats.date_format(start, "YEAR_MONTH_FORMAT"),
        "end": formats.date_format(end, "YEAR_MONTH_FORMAT") if end else "",
    }
    return (_("%(start)s to %(end)s") if end else _("%(start)s until now")) % words
