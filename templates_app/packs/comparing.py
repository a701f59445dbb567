"""Where what an organization has and what a file brings differ, in words."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from templates_app.models import Question, ReferenceTemplate, Survey
from templates_app.packs.fields import QUESTION, REQUEST, SURVEY, TEMPLATE, Table
from templates_app.packs.reading import PackedSurvey, PackedTemplate


def survey_differences(here: Survey, packed: PackedSurvey) -> list[str]:
    return [*_fields(SURVEY, here, packed.survey), *question_differences(questions_of(here), packed.questions)]


def template_differences(here: ReferenceTemplate, packed: PackedTemplate) -> list[str]:
    differences = list(_fields(TEMPLATE, here, packed.template))
    if here.survey.name != packed.survey_name:
        differences.append(_told("survey", here.survey.name, packed.survey_name))
    requests = here.requests.order_by("position", "pk")
    if [REQUEST.values(each) for each in requests] != [REQUEST.values(each) for each in packed.requests]:
        differences.append("requests")
    return differences


def question_differences(here: Sequence[Question], there: Sequence[Question]) -> list[str]:
    """What changes the questions, and with them the survey's version."""
    old = {question.key: question for question in here}
    new = {question.key: question for question in there}
    return [
        *(_("question “%(key)s” (new)") % {"key": key} for key in new if key not in old),
        *(_("question “%(key)s” (not in the file)") % {"key": key} for key in old if key not in new),
        *(_changed(old[key], new[key]) for key in new if key in old and any(_fields(QUESTION, old[key], new[key]))),
        *_order([key for key in old if key in new], [key for key in new if key in old]),
    ]


def questions_of(survey: Survey) -> list[Question]:
    return list(survey.questions.order_by("position", "pk"))


def _changed(here: Question, there: Question) -> str:
    return _("question “%(key)s”: %(fields)s") % {
        "key": here.key,
        "fields": ", ".join(_fields(QUESTION, here, there)),
    }


def _order(here: Sequence[str], there: Sequence[str]) -> list[str]:
    return [] if here == there else [_("the order of the questions")]


def _fields(table: Table, here: Model, there: Model) -> Iterator[str]:
    new = table.values(there)
    return (_told(word, value, new[word]) for word, value in table.values(here).items() if value != new[word])


def _told(word: str, here: Any, there: Any) -> str:
    """The field's name, and both values where they are short enough to be read in a sentence."""
    if any(isinstance(value, bool | list) or len(str(value)) > 40 for value in (here, there)):
        return word
    return _("%(word)s (“%(here)s” here, “%(there)s” in the file)") % {"word": word, "here": here, "there": there}
