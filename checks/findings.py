"""The shape of a report: figures and people's own words, as they are stored with a check.

The shape only grows: when an older one is read, a missing field has its default, and an unknown one is passed over.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime

FORMULA = 1
WORK_AGAIN = "work-again"  # the key of the question on which the report opens
FAR_APART = 2  # steps between the lowest and the highest mark


@dataclass(frozen=True)
class Person:
    """Somebody who was named, whether they answered or not. Company and months are the candidate's word."""

    id: str
    name: str = ""
    relationship: str = ""
    company: str = ""
    worked_from: date | None = None
    worked_until: date | None = None  # None beside a beginning: still
    asked_at: datetime | None = None
    submitted_at: datetime | None = None
    status: str = ""
    title: str = ""  # the candidate's own at the time, as the candidate says
    gives_dates_only: bool = False

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Person":
        days = {name: parse_date(data.get(name) or "") for name in ("worked_from", "worked_until")}
        moments = {name: parse_datetime(data.get(name) or "") for name in ("asked_at", "submitted_at")}
        return cls(**{**_known(cls, data), **days, **moments})


@dataclass(frozen=True)
class Figures:
    """What the marks of one scale come to. Without a mark everything but the counts is None."""

    n: int = 0
    unobserved: int = 0
    left_open: int = 0
    mean: float | None = None  # exact
    shown: float | None = None  # as people read it
    low: int | None = None
    high: int | None = None
    spread: int | None = None

    @property
    def asked(self) -> int:
        return self.n + self.unobserved + self.left_open

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Figures":
        return cls(**_known(cls, data))


@dataclass(frozen=True)
class Mark:
    """What one person answered on one scale: a score from 1, or not observed, or neither when it was left open."""

    person: str
    score: int | None = None
    is_unobserved: bool = False


@dataclass(frozen=True)
class After:
    """Which answers to which earlier question led to a follow-up; `key` is that question's."""

    key: str
    question: str = ""
    answers: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> "After | None":
        return cls(**{**_known(cls, data), "answers": tuple(data.get("answers", ()))}) if data else None


@dataclass(frozen=True)
class Scale:
    """A question answered on a scale, by everybody who was asked it. `labels` name the steps from the bottom up."""

    key: str
    competency: str = ""
    question: str = ""
    labels: tuple[str, ...] = ()
    is_comparative: bool = False
    marks: tuple[Mark, ...] = ()
    figures: Figures = Figures()
    apart: Mapping[str, Figures] = field(default_factory=dict)  # by relationship, where there are enough
    own: Mark | None = None  # the candidate's, which is in no figure
    after: "After | None" = None

    @property
    def is_far_apart(self) -> bool:
        return (self.figures.spread or 0) >= FAR_APART

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Scale":
        parts = {
            "labels": tuple(data.get("labels", ())),
            "marks": tuple(Mark(**_known(Mark, mark)) for mark in data.get("marks", ())),
            "figures": Figures.from_json(data.get("figures", {})),
            "apart": {group: Figures.from_json(figures) for group, figures in data.get("apart", {}).items()},
            "own": Mark(**_known(Mark, data["own"])) if data.get("own") else None,
            "after": After.from_json(data.get("after")),
        }
        return cls(**{**_known(cls, data), **parts})


@dataclass(frozen=True)
class Said:
    """What one person chose, and wrote; `choices` where several could be chosen."""

    person: str
    choice: str = ""
    text: str = ""
    choices: tuple[str, ...] = ()

    def chose(self, option: str) -> bool:
        return option == self.choice or option in self.choices

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Said":
        return cls(**{**_known(cls, data), "choices": tuple(data.get("choices", ()))})


@dataclass(frozen=True)
class Tally:
    """A question with a few answers to choose from. `counts` says how many people chose each of the `options`.

    Its `kind` is one of templates_app's; where several could be chosen, the counts come to more than the people.
    """

    key: str
    question: str = ""
    options: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    said: tuple[Said, ...] = ()
    kind: str = ""
    own: Said | None = None  # the candidate's, which is not counted
    after: After | None = None

    def count(self, option: str) -> int:
        return dict(zip(self.options, self.counts, strict=False)).get(option, 0)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Tally":
        parts = {name: tuple(data.get(name, ())) for name in ("options", "counts")}
        return cls(**{**_known(cls, data), **parts, **_voices(data)})


@dataclass(frozen=True)
class Words:
    """A question and what people wrote, word for word."""

    key: str
    question: str = ""
    said: tuple[Said, ...] = ()
    own: Said | None = None  # the candidate's
    after: After | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Words":
        return cls(**{**_known(cls, data), **_voices(data)})


@dataclass(frozen=True)
class Confirmation:
    """A fact, and what each person said of what the candidate had told: right, not quite (and what instead), or
    neither. Where the candidate had told nothing there is only what they wrote. What was told stands with the person.
    """

    key: str
    question: str = ""
    fact: str = ""
    said: tuple[Said, ...] = ()
    after: After | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Confirmation":
        return cls(**{**_known(cls, data), "said": _said(data), "after": After.from_json(data.get("after"))})


@dataclass(frozen=True)
class Report:
    """Everybody who was named and all that was answered. `days` run from the first request to the last answer."""

    formula: int = FORMULA
    survey: str = ""
    survey_version: int = 1
    asked: int = 0
    answered: int = 0
    days: int | None = None
    people: tuple[Person, ...] = ()
    scales: tuple[Scale, ...] = ()
    yes_no: tuple[Tally, ...] = ()
    choices: tuple[Tally, ...] = ()
    words: tuple[Words, ...] = ()
    facts: tuple[Confirmation, ...] = ()
    asks_candidate: bool = False  # for a self-assessment
    has_own: bool = False  # and there is one

    @property
    def work_again(self) -> Tally | None:
        return next((tally for tally in self.yes_no if tally.key == WORK_AGAIN), None)

    @property
    def answerers(self) -> tuple[Person, ...]:
        return tuple(person for person in self.people if person.status == "submitted")

    @property
    def far_apart(self) -> tuple[Scale, ...]:
        """The widest difference first, then in the order of the survey."""
        found = [scale for scale in self.scales if scale.is_far_apart]
        return tuple(sorted(found, key=lambda scale: -(scale.figures.spread or 0)))

    def person(self, person_id: str) -> Person:
        return next((person for person in self.people if person.id == person_id), Person(person_id))

    def as_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=lambda moment: moment.isoformat()))
        return plain

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Report":
        parts = {
            "people": tuple(map(Person.from_json, data.get("people", ()))),
            "scales": tuple(map(Scale.from_json, data.get("scales", ()))),
            "yes_no": tuple(map(Tally.from_json, data.get("yes_no", ()))),
            "choices": tuple(map(Tally.from_json, data.get("choices", ()))),
            "words": tuple(map(Words.from_json, data.get("words", ()))),
            "facts": tuple(map(Confirmation.from_json, data.get("facts", ()))),
        }
        return cls(**{**_known(cls, data), **parts})


def _known(cls: type[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    return {field.name: data[field.name] for field in fields(cls) if field.name in data}


def _said(data: Mapping[str, Any]) -> tuple[Said, ...]:
    return tuple(map(Said.from_json, data.get("said", ())))


def _voices(data: Mapping[str, Any]) -> dict[str, Any]:
    own = Said.from_json(data["own"]) if data.get("own") else None
    return {"said": _said(data), "own": own, "after": After.from_json(data.get("after"))}
