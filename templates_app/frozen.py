"""A template as it was when a check began to use it: plain values, so that later edits change nothing.

Stored as JSON with the check, and rebuilt from it. The shape only grows: a missing field has its default.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from django.utils.translation import gettext, override

from templates_app.kinds import STANDARD, CandidateReads, Confidentiality, Kind, Language, Look, Relationship


@dataclass(frozen=True)
class FrozenQuestion:
    key: str
    kind: str
    text: str
    help: str = ""
    section: str = ""  # questions of one section, one after another, stand under its name
    competency: str = ""
    labels: tuple[str, ...] = ()  # of a scale from the bottom up, or of a choice
    look: str = Look.WORDS
    fact: str = ""
    is_required: bool = True
    may_be_unobserved: bool = False
    reason_label: str = ""  # asks "why?" in a text field beside a choice
    relationships: tuple[str, ...] = ()  # empty: everybody
    shown_if: str = ""  # key of an earlier question; empty: always asked
    shown_for: tuple[str, ...] = ()  # the answers to it, as a form sends them
    translations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def is_for(self, relationship: str) -> bool:
        return not self.relationships or relationship in self.relationships

    @property
    def is_scale(self) -> bool:
        return self.kind == Kind.SCALE

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def said_in(self, language: str) -> "FrozenQuestion":
        """The same with its texts in a language, as far as they are translated. The keys and their order stay."""
        texts = dict(self.translations.get(language, {}))
        if not texts.get("labels"):
            texts["labels"] = self._standard_labels(language)
        texts["labels"] = tuple(texts["labels"])
        names = ("text", "help", "section", "labels", "reason_label")
        return replace(self, **{name: texts[name] for name in names if texts.get(name)})

    def _standard_labels(self, language: str) -> tuple[str, ...]:
        with override("en"):
            standard = tuple(str(label) for label in STANDARD.get(Look(self.look), ()))
        if self.labels != standard:
            return self.labels
        with override(language):
            return tuple(gettext(label) for label in standard)


@dataclass(frozen=True)
class FrozenRequest:
    """One person whom the candidate is asked to name."""

    relationship: str = Relationship.ANY
    note: str = ""
    recent_years: int | None = None  # worked together within so many years; None: whenever
    is_needed: bool = False  # the check is not concluded by itself before this one has answered


@dataclass(frozen=True)
class FrozenTemplate:
    """What a check asks and of whom. `survey_version` counts the survey's editions.

    Each request is one person: a row of a template that asks for three is here three times.
    """

    name: str = ""
    position: str = ""
    survey: str = ""
    survey_version: int = 1
    survey_id: int = 0  # 0: it began before Vouch kept it
    survey_language: str = Language.ENGLISH
    minimum: int = 0  # answers that are enough to conclude; 0 means all
    concludes_after_days: int | None = 0  # since the beginning, once enough is in; 0: at once, None: only by hand
    days_until_overdue: int = 7
    days_until_expired: int = 30
    hiring_manager_name: str = ""
    hiring_manager_email: str = ""
    tells_hiring_manager: bool = False
    tells_owner: bool = False
    asks_candidate: bool = False  # to answer the same questions about themselves
    sends_texts: bool = False  # text messages beside the e-mails, to who gave a number
    language: str = Language.ENGLISH  # of what we write to people whose language is not known
    reminders_at_most: int = 3
    first_reminder_hours: int = 24
    next_reminder_hours: int = 48
    only_office_hours: bool = True
    confidentiality: str = Confidentiality.NAMED
    candidate_reads: str = CandidateReads.NO
    is_private: bool = False  # only the owner, the hiring manager and named people read the report
    requests: tuple[FrozenRequest, ...] = ()
    questions: tuple[FrozenQuestion, ...] = ()
    tag: str = field(default="")

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "FrozenTemplate":
        known = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        known["requests"] = tuple(FrozenRequest(**request) for request in data.get("requests", ()))
        known["questions"] = tuple(question_from_json(question) for question in data.get("questions", ()))
        return cls(**known)

    @property
    def is_averages_only(self) -> bool:
        return self.confidentiality == Confidentiality.AVERAGES

    def questions_for(self, relationship: str) -> tuple[FrozenQuestion, ...]:
        return tuple(question for question in self.questions if question.is_for(relationship))


_LISTS = ("labels", "relationships", "shown_for")
_KNOWN = frozenset(each.name for each in fields(FrozenQuestion))


def question_from_json(data: Mapping[str, Any]) -> FrozenQuestion:
    """What `as_json` wrote, now or in an earlier version of Vouch."""
    known = {name: value for name, value in data.items() if name in _KNOWN}
    return FrozenQuestion(**{**known, **{name: tuple(data.get(name, ())) for name in _LISTS}})
