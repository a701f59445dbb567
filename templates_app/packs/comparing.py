"""Where what an organization has and what a file brings differ, in words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import models
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from templates_app.models import CustomNotification, Question, ReferenceTemplate, Survey
from templates_app.packs.fields import MESSAGE, NEVER, QUESTION, REQUEST, SURVEY, TEMPLATE, Table
from templates_app.packs.reading import PackedSurvey, PackedTemplate

_SHORT = 40  # characters of a value that can be read in a sentence


class Kind(models.TextChoices):
    SURVEY = "survey", SURVEY.noun
    TEMPLATE = "template", TEMPLATE.noun
    DEFAULT = "default", gettext_lazy("default")


@dataclass(frozen=True)
class Difference:
    """`what` differs, from what is `here` to what is in the file. Both empty: there is no more to say of it."""

    what: str
    here: str = ""
    there: str = ""

    def __str__(self) -> str:
        """With both values where they are short enough to be read in a sentence."""
        values = (self.here, self.there)
        if not any(values) or any(len(value) > _SHORT or "\n" in value for value in values):
            return self.what
        words = {"what": self.what, "here": self.here, "there": self.there}
        return _("%(what)s (“%(here)s” here, “%(there)s” in the file)") % words


@dataclass(frozen=True)
class Finding:
    """A survey or template of the file, beside the one of its name that is here; or that the default changes hands."""

    kind: Kind
    name: str
    line: int
    differences: tuple[Difference, ...] = ()
    brings: tuple[str, ...] = ()  # what is in it, when nothing of its name is here

    @property
    def is_new(self) -> bool:
        return bool(self.brings)

    @property
    def noun(self) -> str:
        return str(self.kind.label)

    @property
    def is_same(self) -> bool:
        return not self.is_new and not self.differences

    @property
    def is_different(self) -> bool:
        return bool(self.differences)

    @property
    def mark(self) -> str:
        """Stands for exactly these differences: whoever agrees to them agrees to no others."""
        told = repr((self.kind.value, self.name, self.differences))
        return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def content(packed: PackedSurvey | PackedTemplate) -> tuple[str, ...]:
    """The questions of a survey, or whom a template asks: a line for each, and at least one."""
    if isinstance(packed, PackedSurvey):
        return tuple(question.text for question in packed.questions) or ("",)
    return tuple(f"{request}: {request.note}" if request.note else str(request) for request in packed.requests) or ("",)


def survey_differences(here: Survey, packed: PackedSurvey) -> tuple[Difference, ...]:
    return (*_fields(SURVEY, here, packed.survey), *question_differences(in_order(here.questions), packed.questions))


def template_differences(here: ReferenceTemplate, packed: PackedTemplate) -> tuple[Difference, ...]:
    differences = list(_fields(TEMPLATE, here, packed.template))
    if here.is_archived:
        differences.append(Difference(_("it is archived here")))
    if here.survey.name != packed.survey_name:
        differences.append(Difference("survey", here.survey.name, packed.survey_name))
    differences += _lists("requests", REQUEST, in_order(here.requests), packed.requests)
    differences += _lists("messages", MESSAGE, by_moment(here.notifications.all()), by_moment(packed.messages))
    return tuple(differences)


def question_differences(here: Sequence[Question], there: Sequence[Question]) -> list[Difference]:
    """What changes the questions."""
    old = {question.key: question for question in here}
    new = {question.key: question for question in there}
    return [
        *(Difference(_named(_("%(question)s (new)"), key)) for key in new if key not in old),
        *(Difference(_named(_("%(question)s (not in the file)"), key)) for key in old if key not in new),
        *(each for key in new if key in old for each in _changed(old[key], new[key])),
        *_order([key for key in old if key in new], [key for key in new if key in old]),
    ]


def in_order(rows: Any) -> list[Any]:
    """The questions of a survey, or the requests of a template."""
    return sorted(rows.all(), key=lambda row: (row.position, row.pk))


def by_moment(messages: Iterable[CustomNotification]) -> list[CustomNotification]:
    return sorted(messages, key=lambda message: (message.moment, message.channel, message.language))


def _named(text: str, key: str) -> str:
    return text % {"question": _("question “%(key)s”") % {"key": key}}


def _changed(here: Question, there: Question) -> Iterator[Difference]:
    name = _named("%(question)s", here.key)
    for each in _fields(QUESTION, here, there):
        yield Difference(f"{name}: {each.what}", each.here, each.there)


def _order(here: Sequence[str], there: Sequence[str]) -> list[Difference]:
    if here == there:
        return []
    return [Difference(_("the order of the questions"), "\n".join(here), "\n".join(there))]


def _lists(word: str, table: Table, here: Sequence[Model], there: Sequence[Model]) -> list[Difference]:
    old, new = ("\n\n".join(_written(table, row) for row in rows) for rows in (here, there))
    return [] if old == new else [Difference(word, old, new)]


def _written(table: Table, row: Model) -> str:
    needed = {word: table.values(row)[word] for word in table.needed}
    return "\n".join(f"{word}: {_told(value)}" for word, value in (needed | table.unusual(row)).items())


def _fields(table: Table, here: Model, there: Model) -> Iterator[Difference]:
    old, new = table.values(here), table.values(there)
    for word in old:
        if isinstance(old[word], dict):
            yield from _texts_by_language(old[word], new[word])
        elif old[word] != new[word]:
            yield Difference(word, _told(old[word]), _told(new[word]))


def _texts_by_language(here: dict[str, Any], there: dict[str, Any]) -> Iterator[Difference]:
    old, new = (
        {f"{language}: {word}": text for language, texts in known.items() for word, text in texts.items() if text}
        for known in (here, there)
    )
    for word in dict.fromkeys([*old, *new]):
        if old.get(word) != new.get(word):
            yield Difference(word, _told(old.get(word, "")), _told(new.get(word, "")))


def _told(value: Any) -> str:
    """A value as the file has it."""
    if isinstance(value, list):
        return "\n".join(map(str, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return NEVER if value is None else str(value)
