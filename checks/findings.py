"""The shape of a report: figures and people's own words, as they are stored with a check.

The shape only grows: when an older one is read, a missing field has its default, and an unknown one is passed over.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from checks.marks import FAR_APART, After, Figures, Mark, Scale
from checks.persons import Person, known
from checks.voices import Confirmation, Said, Tally, Words

__all__ = [
    "FAR_APART",
    "After",
    "Confirmation",
    "Figures",
    "Mark",
    "Person",
    "Report",
    "Said",
    "Scale",
    "Tally",
    "Words",
]

# 1: the first. 2: a person stands in the group that they name themselves, if they put the candidate's word right.
FORMULA = 2
WORK_AGAIN = "work-again"  # the key of the question on which the report opens


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
    wanted: int = 0  # how many people the candidate was asked to name
    fewer_because: str = ""  # why they named fewer
    is_averages_only: bool = False  # then nothing in it tells who gave an answer
    # Averages only. Whose answers are in the figures: id -> when they were sent. What has come since and is held
    # back, and whether there are no figures any more: see `averages.kept`.
    counted: Mapping[str, str] = field(default_factory=dict)
    held_back: int = 0
    is_taken_down: bool = False

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
        return cls(**{**known(cls, data), **parts})
