"""The closed lists of what we ask: kinds of question, and how a reference knows the candidate."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Relationship(models.TextChoices):
    ANY = "any", _("Any: the candidate decides")
    MANAGER = "manager", _("Manager")
    PEER = "peer", _("Colleague")
    REPORT = "report", _("Direct report")
    CLIENT = "client", _("Client")
    TEACHER = "teacher", _("Teacher or trainer")
    VOLUNTEER = "volunteer", _("Someone from voluntary work")

    @classmethod
    def named(cls) -> list[tuple[str, str]]:
        """What a candidate can choose from: everything but *any*."""
        return [(value, str(label)) for value, label in cls.choices if value != cls.ANY]


# What somebody is to the candidate, within a sentence.
RELATIONS: dict[str, Any] = {
    Relationship.MANAGER: _("manager"),
    Relationship.PEER: _("colleague"),
    Relationship.REPORT: _("direct report"),
    Relationship.CLIENT: _("client"),
    Relationship.TEACHER: _("teacher or trainer"),
    Relationship.VOLUNTEER: _("fellow volunteer"),
}


class Kind(models.TextChoices):
    SCALE = "scale", _("Scale of words")
    YES_NO = "yes-no", _("Yes, unsure or no")
    CHOICE = "choice", _("One of several")
    CHOICES = "choices", _("Any of several")
    FORCED = "forced", _("Which fits better")
    FACT = "fact", _("A fact to confirm")
    LINE = "line", _("A few words")
    TEXT = "text", _("In their own words")


class Look(models.TextChoices):
    """What a scale compares, and how it is drawn."""

    WORDS = "words", _("Described behaviour: the words of each step")
    BANDS = "bands", _("Comparison: against others seen in this job")
    FREQUENCY = "frequency", _("Frequency: how often it was seen")


class Fact(models.TextChoices):
    """What the candidate has said of a reference, and the reference confirms or puts right."""

    TITLE = "title", _("The candidate’s title at the time")
    PERIOD = "period", _("From when until when they worked together")


class Confidentiality(models.TextChoices):
    """How those who read a report see the answers. It is promised to the references, so it is kept with a check."""

    NAMED = "named", _("Names beside the answers")
    AVERAGES = "averages", _("Averages only, of three answers or more")


class CandidateReads(models.TextChoices):
    """Whether the candidate gets to read what the references say. The references are told."""

    NO = "no", _("No, as far as the law allows")
    ON_REQUEST = "on-request", _("Yes, when the candidate asks")


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    TEXT = "text", _("text message")


class Language(models.TextChoices):
    """What we write in. A language's name is written in the language itself."""

    ENGLISH = "en", "English"
    GERMAN = "de", "Deutsch"
    FRENCH = "fr", "Français"
    SPANISH = "es", "Español"


# From the bottom up. Uneven on purpose: most people get marks above the middle, so there is more room there.
COMPARATIVE = (
    _("Bottom half"),
    _("Upper half"),
    _("Top quarter"),
    _("Top tenth"),
    _("Top few I have ever seen"),
)
FREQUENCY = (_("Hardly ever"), _("Sometimes"), _("Often"), _("Nearly always"), _("Always"))
# A scale without words of its own has these.
STANDARD = {Look.BANDS: COMPARATIVE, Look.FREQUENCY: FREQUENCY}
YES, UNSURE, NO = "yes", "unsure", "no"
