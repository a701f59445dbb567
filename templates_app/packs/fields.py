"""The fields of a question pack: one table for reading, comparing and writing.

What a field may hold (a text and how long, a number, a word from a closed list) is asked of the model's field, so
that a file obeys the same rules as the portal's forms.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Field, Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from templates_app.models import Question, ReferenceTemplate, RequestedReference, Survey


@dataclass(frozen=True)
class Table:
    """What the file says of one model. `attributes`: the file's word to the model's, in the order of writing."""

    noun: Promise
    model: type[Model]
    attributes: Mapping[str, str]
    needed: tuple[str, ...] = ()
    others: tuple[str, ...] = ()  # words that are read apart: lists of further entries, notes for people

    @property
    def words(self) -> tuple[str, ...]:
        return (*self.attributes, *self.others)

    def word(self, attribute: str) -> str:
        return next(word for word, known in self.attributes.items() if known == attribute)

    def field(self, word: str) -> "Field[Any, Any]":
        return cast("Field[Any, Any]", self.model._meta.get_field(self.attributes[word]))

    def values(self, row: Model) -> dict[str, Any]:
        return {word: getattr(row, attribute) for word, attribute in self.attributes.items()}

    def copy(self, row: Model, to: Model) -> None:
        for attribute in self.attributes.values():
            setattr(to, attribute, getattr(row, attribute))

    def unusual(self, row: Model) -> dict[str, Any]:
        """What has to be written: every value that is not the default."""
        return {word: value for word, value in self.values(row).items() if value != self.field(word).get_default()}


def _same(*words: str) -> dict[str, str]:
    return dict(zip(words, words, strict=True))


NOTES = ("pack", "language", "licence", "evidence")  # for people: read, but not kept

PACK = Table(_("pack"), Organization, {"organization": "name"}, others=(*NOTES, "surveys", "templates"))
SURVEY = Table(
    _("survey"),
    Survey,
    _same("name", "description"),
    needed=("name", "questions"),
    others=("evidence", "questions"),
)
QUESTION = Table(
    _("question"),
    Question,
    _same("key", "kind", "look", "text", "help", "competency", "labels")
    | {"required": "is_required"}
    | _same("may_be_unobserved", "reason_label", "relationships"),
    needed=("key", "kind", "text"),
    others=("evidence",),
)
TEMPLATE = Table(
    _("template"),
    ReferenceTemplate,
    _same("name", "ats_tag", "description", "priority")
    | {"default": "is_default"}
    | _same("position", "minimum", "days_until_overdue", "days_until_expired")
    | _same("hiring_manager_name", "hiring_manager_email"),
    needed=("name", "survey", "requests"),
    others=("evidence", "survey", "requests"),
)
REQUEST = Table(_("request"), RequestedReference, _same("relationship", "note"), needed=("relationship",))
