"""How a question is answered, in the editor's words: one choice that stands for kind, look and fact together."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy

from templates_app.frozen import FrozenQuestion
from templates_app.kinds import STANDARD, Fact, Kind, Look
from templates_app.models import Question


class Way(models.TextChoices):
    COMPARED = "compared", gettext_lazy("Comparison with others they have seen in this job")
    DESCRIBED = "described", gettext_lazy("Described behaviour, step by step")
    FREQUENCY = "frequency", gettext_lazy("How often it was seen")
    YES_NO = "yes-no", gettext_lazy("Yes, unsure or no")
    CHOICE = "choice", gettext_lazy("One of several answers")
    CHOICES = "choices", gettext_lazy("Any of several answers")
    FORCED = "forced", gettext_lazy("Which answer fits better")
    LINE = "line", gettext_lazy("A few words")
    TEXT = "text", gettext_lazy("Their own words, as many as they like")
    TITLE = "title", gettext_lazy("A fact to confirm: the candidate’s title")
    PERIOD = "period", gettext_lazy("A fact to confirm: from when until when")


# Fields of a question that matter for some ways of answering, and for others do not.
PARTICULAR = ("competency", "labels", "may_be_unobserved", "reason_label")
_CHOOSING = frozenset({"competency", "labels", "reason_label"})


@dataclass(frozen=True)
class Meaning:
    kind: Kind
    look: Look = Look.WORDS
    fact: str = ""
    uses: frozenset[str] = frozenset({"competency"})  # of the particular fields


MEANINGS: dict[str, Meaning] = {
    Way.COMPARED: Meaning(Kind.SCALE, Look.BANDS, uses=frozenset(PARTICULAR)),
    Way.DESCRIBED: Meaning(Kind.SCALE, uses=frozenset(PARTICULAR)),
    Way.FREQUENCY: Meaning(Kind.SCALE, Look.FREQUENCY, uses=frozenset(PARTICULAR)),
    Way.YES_NO: Meaning(Kind.YES_NO, uses=_CHOOSING - {"labels"}),
    Way.CHOICE: Meaning(Kind.CHOICE, uses=_CHOOSING),
    Way.CHOICES: Meaning(Kind.CHOICES, uses=_CHOOSING),
    Way.FORCED: Meaning(Kind.FORCED, uses=_CHOOSING),
    Way.LINE: Meaning(Kind.LINE),
    Way.TEXT: Meaning(Kind.TEXT),
    Way.TITLE: Meaning(Kind.FACT, fact=Fact.TITLE, uses=frozenset()),
    Way.PERIOD: Meaning(Kind.FACT, fact=Fact.PERIOD, uses=frozenset()),
}


def way_of(question: Question | FrozenQuestion) -> Way:
    look = question.look if question.kind == Kind.SCALE else Look.WORDS
    found = (way for way, it in MEANINGS.items() if (it.kind, it.look, it.fact) == (question.kind, look, question.fact))
    return Way(next(found, Way.TEXT))


def standard_words(way: str) -> tuple[str, ...]:
    """What a scale says from the bottom up where it has no words of its own; none for other ways."""
    return tuple(str(word) for word in STANDARD.get(MEANINGS[way].look, ()))
