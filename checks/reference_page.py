"""The reference's page: what stands on it, and what comes back from it.

All that is typed on it is one form, so that no button of it loses what was typed for another.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from typing import Any

from django.forms import CharField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone

from checks import sheets, watching
from checks.answers import Given
from checks.asking import dates_only, possible
from checks.doorways import View, behind_a_door, filled_in, show
from checks.models import Reference
from checks.questionnaire import Asked, Questionnaire
from checks.reference_forms import CorrectionsForm
from templates_app.effort import minutes

# The form's fields beside the answers: the keys of the questions on the page, and the fields that were written in
# since they were saved last, where it is saved by itself.
ON_THE_PAGE, TOUCHED = "asked", "touched"


def page_of_reference(view: View) -> View:
    """A page behind a reference's door: from where something is sent there is noted, and days are as they have them."""

    @behind_a_door(Reference)
    @wraps(view)
    def page(request: HttpRequest, reference: Reference) -> HttpResponse:
        watching.note(request, reference.for_check, reference, now=timezone.now())
        with timezone.override(reference.zone):
            return view(request, reference)

    return page


def draw(request: HttpRequest, page: str, reference: Reference, *, status: int = 200, **context: Any) -> HttpResponse:
    response = show(request, page, reference.for_check, reference=reference, **context)
    response.status_code = status
    return response


@dataclass(frozen=True)
class Page:
    reference: Reference
    questionnaire: Questionnaire
    right: CorrectionsForm

    def context(self, now: datetime) -> dict[str, Any]:
        found = filled_in(self.questionnaire)
        left = [one.question for one in found["asked"] if one.is_fitting and not one.is_answered]
        return found | {
            "reference": self.reference,
            "right": self.right,
            "problems": [*self.right.problems(), *found["problems"]],
            "minutes": minutes(left) if left else 0,
            "contents": _parts(found["asked"]),
            "on_the_page": " ".join(question.key for question in self.questionnaire.sheet.asked),
            "opened": watching.stamp(self.reference, now),
        }


def _parts(asked: list[Asked]) -> list[tuple[str, str]]:
    """The names of the parts in their order, each with its language where it is another than the page's."""
    return list({one.part: (one.section, one.language) for one in asked if one.part}.values())


def empty(reference: Reference) -> Page:
    """As it is first shown, or with what was kept."""
    sheet = sheets.of_reference(reference, reference.given() if reference.pk else {})
    return Page(reference, Questionnaire(sheet), CorrectionsForm(reference, sheet))


@dataclass(frozen=True)
class Returned(Page):
    """`beside`: answers to questions that were on the page and are not asked any more, as after another relationship
    was chosen. They are kept, for it may be chosen again.
    """

    beside: Mapping[str, Given]
    touched: Collection[str]

    @property
    def is_fine(self) -> bool:
        """Nothing is to be corrected in it."""
        return self.right.is_fine and self.questionnaire.is_valid()

    @property
    def is_news(self) -> bool:
        """Whether it says something else than what is kept, or something that could not be."""
        kept = self.questionnaire.sheet.answers
        return not self.is_fine or any(kept.get(key, Given()) != answer for key, answer in self.given().items())

    def typed(self) -> list[tuple[str, str]]:
        """Each question with the words that were written to it, as they came."""
        fields = ((one.text, field) for one in self.questionnaire.asked() for field in (one.answer, one.more) if field)
        return [(text, field.data) for text, field in fields if isinstance(field.field, CharField) and field.data]

    def given(self) -> dict[str, Given]:
        self.questionnaire.is_valid()
        given = {**self.beside, **self.questionnaire.given()}
        if not self.touched:
            return given
        return {key: answer for key, answer in given.items() if self.questionnaire.add_prefix(key) in self.touched}


def returned(
    reference: Reference, data: QueryDict, now: datetime, *, is_draft: bool, is_too_late: bool = False
) -> Returned:
    """What was sent, after what they put right has been taken: it decides which questions follow."""
    touched = {name.removesuffix(".reason") for name in data.getlist(TOUCHED)}
    right = CorrectionsForm(reference, sheets.of_reference(reference, {}), data)
    is_about_right = not touched or any(name.startswith(right.prefix) for name in touched)
    if is_about_right and right.is_fine and not is_too_late:
        reference.correct(right.said(), now)
    sheet = sheets.of_reference(reference, reference.given())
    shown = set(str(data[ON_THE_PAGE]).split()) if ON_THE_PAGE in data else None
    questionnaire = Questionnaire(sheet, data, is_draft=is_draft, shown=shown)
    right = CorrectionsForm(reference, sheet) if right.is_fine and not is_too_late else right
    return Returned(reference, questionnaire, right, _beside(reference, sheet, data, shown or ()), touched)


def _beside(reference: Reference, sheet: sheets.Sheet, data: QueryDict, shown: Collection[str]) -> dict[str, Given]:
    gone = set(shown) - {question.key for question in sheet.asked}
    known = (*reference.for_check.frozen.questions, *dates_only(()))
    before = Questionnaire(
        replace(sheet, asked=possible(question for question in known if question.key in gone)), data, is_draft=True
    )
    before.is_valid()
    return before.given()
