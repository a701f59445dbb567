"""A template as it was when a check began to use it: plain values, so that later edits change nothing.

Stored as JSON with the check, and rebuilt from it. The shape only grows: a missing field has its default.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from templates_app.kinds import Kind, Look, Relationship


@dataclass(frozen=True)
class FrozenQuestion:
    key: str
    kind: str
    text: str
    help: str = ""
    competency: str = ""
    labels: tuple[str, ...] = ()  # of a scale from the bottom up, or of a choice
    look: str = Look.WORDS
    is_required: bool = True
    may_be_unobserved: bool = False
    reason_label: str = ""  # asks "why?" in a text field beside a choice
    relationships: tuple[str, ...] = ()  # empty: everybody

    def is_for(self, relationship: str) -> bool:
        return not self.relationships or relationship in self.relationships

    @property
    def is_scale(self) -> bool:
        return self.kind == Kind.SCALE


@dataclass(frozen=True)
class FrozenRequest:
    relationship: str = Relationship.ANY
    note: str = ""


@dataclass(frozen=True)
class FrozenTemplate:
    """What a check asks and of whom. `survey_version` counts the survey's editions."""

    name: str = ""
    position: str = ""
    survey: str = ""
    survey_version: int = 1
    minimum: int = 0  # answers that are enough to conclude; 0 means all
    days_until_overdue: int = 7
    days_until_expired: int = 30
    hiring_manager_name: str = ""
    hiring_manager_email: str = ""
    requests: tuple[FrozenRequest, ...] = ()
    questions: tuple[FrozenQuestion, ...] = ()
    tag: str = field(default="")

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "FrozenTemplate":
        known = {name: data[name] for name in cls.__dataclass_fields__ if name in data}
        known["requests"] = tuple(FrozenRequest(**request) for request in data.get("requests", ()))
        known["questions"] = tuple(_question(question) for question in data.get("questions", ()))
        return cls(**known)

    def questions_for(self, relationship: str) -> tuple[FrozenQuestion, ...]:
        return tuple(question for question in self.questions if question.is_for(relationship))


def _question(data: Mapping[str, Any]) -> FrozenQuestion:
    return FrozenQuestion(**{**data, **{name: tuple(data.get(name, ())) for name in ("labels", "relationships")}})
