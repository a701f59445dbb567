"""What people chose and wrote, in a report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checks.marks import After
from checks.persons import known


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
        return cls(**{**known(cls, data), "choices": tuple(data.get("choices", ()))})


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
    people: int = 0  # who answered, where `said` does not tell
    is_withheld: bool = False  # too few answered for anything to be shown

    @property
    def everybody(self) -> int:
        """How many answered."""
        return self.people or len(self.said)

    def count(self, option: str) -> int:
        return dict(zip(self.options, self.counts, strict=False)).get(option, 0)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Tally":
        parts = {name: tuple(data.get(name, ())) for name in ("options", "counts")}
        return cls(**{**known(cls, data), **parts, **_voices(data)})


@dataclass(frozen=True)
class Words:
    """A question and what people wrote, word for word."""

    key: str
    question: str = ""
    said: tuple[Said, ...] = ()
    own: Said | None = None  # the candidate's
    after: After | None = None
    theme: str = ""  # the competency, else the section
    is_withheld: bool = False  # too few wrote for anything to be shown
    left_out: int = 0  # texts that would tell who wrote them

    @property
    def everybody(self) -> int:
        """How many wrote something that is shown."""
        return len(self.said)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Words":
        return cls(**{**known(cls, data), **_voices(data)})


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
    counts: Mapping[str, int] = field(default_factory=dict)  # answer -> people, where `said` does not tell
    is_withheld: bool = False  # too few answered for anything to be shown

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Confirmation":
        return cls(**{**known(cls, data), "said": _said(data), "after": After.from_json(data.get("after"))})


def _said(data: Mapping[str, Any]) -> tuple[Said, ...]:
    return tuple(map(Said.from_json, data.get("said", ())))


def _voices(data: Mapping[str, Any]) -> dict[str, Any]:
    own = Said.from_json(data["own"]) if data.get("own") else None
    return {"said": _said(data), "own": own, "after": After.from_json(data.get("after"))}
