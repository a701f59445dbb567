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
from templates_app.kinds import Language
from templates_app.models import CustomNotification, Question, ReferenceTemplate, RequestedReference, Survey

NEVER = "never"  # for a number that may be absent, where absent is not the default


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
        """The file's word for a column; empty for what no file says, and for the row as a whole."""
        return next((word for word, known in self.attributes.items() if known == attribute), "")

    def field(self, word: str) -> "Field[Any, Any]":
        return cast("Field[Any, Any]", self.model._meta.get_field(self.attributes[word]))

    def values(self, row: Model) -> dict[str, Any]:
        return {word: _said(getattr(row, attribute)) for word, attribute in self.attributes.items()}

    def copy(self, row: Model, to: Model) -> None:
        for attribute in self.attributes.values():
            setattr(to, attribute, getattr(row, attribute))

    def unusual(self, row: Model) -> dict[str, Any]:
        """What has to be written: every value that is not the default."""
        values = {word: value for word, value in self.values(row).items() if value != self.field(word).get_default()}
        return {word: NEVER if value is None else value for word, value in values.items()}


def _said(value: Any) -> Any:
    """As it is written: a browser ends lines as no file does, and a database turns the words of a translation about."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, dict):
        return {language: _texts(value[language]) for language in sorted(value) if _texts(value[language])}
    return value


def _texts(texts: Mapping[str, Any]) -> dict[str, Any]:
    return {word: _said(texts[word]) for word in TRANSLATION.attributes if texts.get(word)}


def _same(*words: str) -> dict[str, str]:
    return dict(zip(words, words, strict=True))


NOTES = ("pack", "language", "licence", "evidence")  # for people: read, but not kept

PACK = Table(_("pack"), Organization, {"organization": "name"}, others=(*NOTES, "surveys", "templates"))
SURVEY = Table(
    _("survey"),
    Survey,
    _same("name", "description", "language", "evidence"),
    needed=("name", "questions"),
    others=("questions",),
)
# The texts of a question in another language.
TRANSLATION = Table(_("translation"), Question, _same("section", "text", "help", "labels", "reason_label"))
TRANSLATIONS = Table(
    _("list of translations, which go by de, en, es or fr"), Question, {}, others=tuple(sorted(Language.values))
)
QUESTION = Table(
    _("question"),
    Question,
    _same("key", "section", "kind", "look", "fact", "text", "help", "competency", "labels")
    | {"required": "is_required"}
    | _same("may_be_unobserved", "reason_label", "relationships", "shown_if", "shown_for", "evidence", "translations"),
    needed=("key", "kind", "text"),
)
TEMPLATE = Table(
    _("template"),
    ReferenceTemplate,
    _same("name", "ats_tag", "description", "priority")
    | {"default": "is_default"}
    | _same("position", "language", "minimum", "concludes_after_days", "days_until_overdue", "days_until_expired")
    | _same("hiring_manager_name", "hiring_manager_email", "tells_hiring_manager", "tells_owner")
    | _same("asks_candidate", "sends_texts")
    | _same("reminders_at_most", "first_reminder_hours", "next_reminder_hours", "only_office_hours")
    | _same("confidentiality", "candidate_reads")
    | {"private": "is_private"},
    needed=("name", "survey", "requests"),
    others=("evidence", "survey", "requests", "messages"),
)
REQUEST = Table(
    _("request"),
    RequestedReference,
    _same("relationship", "note", "how_many", "recent_years") | {"must_answer": "is_needed"},
    needed=("relationship",),
)
MESSAGE = Table(
    _("message"),
    CustomNotification,
    _same("moment", "channel", "language", "subject", "text"),
    needed=("moment", "text"),
)
