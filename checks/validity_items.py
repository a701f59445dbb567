"""What is marked: the questions of surveys through all their versions, and one mark of each for each check.

A question is the same as long as its survey, its key, its kind and the number of its steps are: its words may change,
and the newest stand on the page. A mark is a place from 0 (the lowest answer) to 1 (the highest):

- a scale of so many steps: (mean - 1) / (steps - 1);
- yes, unsure, no: 1, a half, 0;
- one of several answers: of each the share of those who chose it. Of two, the first alone: the second mirrors it.

Facts, several answers at once, and words have no mark.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from templates_app.answering import LONGEST
from templates_app.frozen import FrozenQuestion
from templates_app.kinds import NO, UNSURE, YES, Kind
from templates_app.models import SurveyVersion

CHOSEN = (Kind.CHOICE, Kind.FORCED)
PLACE = {YES: 1.0, UNSURE: 0.5, NO: 0.0}


@dataclass(frozen=True)
class Item:
    """One thing that has marks. `points` are the steps of a scale, else 0; `option` is an answer to choose."""

    survey: int
    key: str
    kind: str
    points: int = 0
    option: str = ""


@dataclass(frozen=True)
class Wording:
    """How an item reads in the newest version that has it, and where it stands there."""

    survey: str
    version: int
    place: int
    text: str
    competency: str
    is_follow_up: bool


class Edition:
    """The questions of one published version, by key."""

    def __init__(self, version: SurveyVersion) -> None:
        self.survey, self.number, self.name = version.survey_id, version.number, version.survey.name
        self.questions: Mapping[str, FrozenQuestion] = {each.key: each for each in version.questions}
        self.by_key = {each.key: self._of(each) for each in version.questions}

    def items(self) -> Iterator[tuple[Item, Wording]]:
        for place, question in enumerate(self.questions.values()):
            competency = (question.competency or question.text) if question.kind == Kind.SCALE else ""
            follows = bool(question.shown_if)
            wording = Wording(self.name, self.number, place, question.text, competency, follows)
            yield from ((item, wording) for item in self.by_key[question.key])

    def _of(self, question: FrozenQuestion) -> list[Item]:
        """None for a question without a mark; one for each answer to choose."""
        if question.kind == Kind.SCALE and len(question.labels) > 1:
            return [Item(self.survey, question.key, question.kind, len(question.labels))]
        if question.kind == Kind.YES_NO:
            return [Item(self.survey, question.key, question.kind)]
        if question.kind not in CHOSEN:
            return []
        options = question.labels[:1] if len(question.labels) == 2 else question.labels
        return [Item(self.survey, question.key, question.kind, option=option) for option in options]

    def marks(self, key: str, said: Sequence["Voices"]) -> Iterator[tuple[Item, float]]:
        """Of one question in one check, from what its references answered."""
        for item in self.by_key.get(key, ()):
            if (mark := _mark(item, self.questions[key].labels, said)) is not None:
                yield item, mark


@dataclass(frozen=True)
class Voices:
    """So many people who chose the same, or whose scores come to `total`."""

    people: int
    choice: str = ""
    total: float | None = None


def _mark(item: Item, labels: tuple[str, ...], voices: Sequence[Voices]) -> float | None:
    if item.kind == Kind.SCALE:
        scored = [each for each in voices if each.total is not None]
        people = sum(each.people for each in scored)
        mean = sum(each.total or 0 for each in scored) / people if people else 0
        return (mean - 1) / (item.points - 1) if 1 <= mean <= item.points else None
    worth = PLACE if item.kind == Kind.YES_NO else {label[:LONGEST]: float(label == item.option) for label in labels}
    counted = [each for each in voices if each.choice in worth]
    people = sum(each.people for each in counted)
    return sum(worth[each.choice] * each.people for each in counted) / people if people else None
