"""What one line of the doctor is: a name, how it stands, one sentence, and what puts it right."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.models import Connection

Words = str | Promise


class Level(StrEnum):
    WELL = "well"
    LOOK = "look"
    BROKEN = "broken"
    OPEN = "open"  # neither: not asked, or nothing that anybody has to do


# The shape that the design has for it, and the word.
LEVELS: dict[Level, tuple[str, Words]] = {
    Level.WELL: ("done", gettext_lazy("Well")),
    Level.LOOK: ("warn", gettext_lazy("Look")),
    Level.BROKEN: ("bad", gettext_lazy("Broken")),
    Level.OPEN: ("", gettext_lazy("Open")),
}


@dataclass(frozen=True)
class Remedy:
    """The way to where it is put right."""

    label: Words
    url: str


@dataclass(frozen=True)
class Finding:
    """How one thing stands."""

    level: Level
    sentence: str
    remedy: Remedy | None = None


@dataclass(frozen=True)
class Line:
    """A finding under its name."""

    name: str
    title: Words
    finding: Finding
    is_brief: bool = False  # two of them stand side by side where there is room

    @property
    def level(self) -> Level:
        return self.finding.level

    @property
    def shape(self) -> str:
        return LEVELS[self.level][0]

    @property
    def word(self) -> Words:
        return LEVELS[self.level][1]


def well(sentence: str) -> Finding:
    return Finding(Level.WELL, sentence)


def look(sentence: str, remedy: Remedy | None = None) -> Finding:
    return Finding(Level.LOOK, sentence, remedy)


def broken(sentence: str, remedy: Remedy | None = None) -> Finding:
    return Finding(Level.BROKEN, sentence, remedy)


def left_open(sentence: str) -> Finding:
    return Finding(Level.OPEN, sentence)


def on_the_page(label: Words, connection: Connection, control: str = "") -> Remedy:
    """The connection's own page; `control` is the id of the field there."""
    page = reverse("admin:integrations_connection_change", args=[connection.pk])
    return Remedy(label, f"{page}#{control}" if control else page)


def in_the_list(label: Words, model: str, query: str) -> Remedy:
    """The list of a model such as "integrations_delivery", with a filter."""
    return Remedy(label, f"{reverse(f'admin:{model}_changelist')}?{query}")


def ago(moment: datetime, now: datetime) -> str:
    """Such as: 12 minutes ago."""
    if (now - moment).total_seconds() < 60:
        return _("a moment ago")
    return _("%(time)s ago") % {"time": timesince(moment, now, depth=1)}
