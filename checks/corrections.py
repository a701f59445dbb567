"""What references put right of what the candidate had said of them: both versions, and whose they are."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checks.findings import Person
from templates_app.kinds import RELATIONS, Fact

WHAT: Mapping[str, Any] = {
    "relationship": gettext_lazy("How they know each other"),
    "company": gettext_lazy("Where they worked together"),
    "title": gettext_lazy("The title at the time"),
    "worked_from": gettext_lazy("Since when they worked together"),
    "worked_until": gettext_lazy("Until when they worked together"),
    Fact.PERIOD: gettext_lazy("When they worked together"),
}


def put_right(person: Person, name: str) -> list[tuple[str, str]]:
    """What, and both versions. `name` is the candidate's first name."""
    return [
        (
            str(WHAT[what]),
            _("“%(said)s”, where %(name)s gave “%(told)s”")
            % {"said": _in_words(what, said), "told": _told(person, what), "name": name},
        )
        for what in WHAT  # JSON in PostgreSQL keeps no order
        if (said := person.corrections.get(what)) is not None
    ]


def _told(person: Person, what: str) -> str:
    if what == "relationship":
        return _in_words(what, person.told_relationship or person.relationship)
    return _in_words(what, getattr(person, what))


def _in_words(what: str, value: Any) -> str:
    if what == "relationship":
        return str(RELATIONS.get(value, value))
    if what in ("worked_from", "worked_until"):
        day = date.fromisoformat(value) if isinstance(value, str) and value else value
        return formats.date_format(day, "YEAR_MONTH_FORMAT") if day else _still(what)
    return str(value) or _("nothing")


def _still(what: str) -> str:
    return _("still") if what == "worked_until" else _("nothing")
