"""The figures of "Does it work here?" as lines that can be read: a question or competency, figures, what they say."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checks.validity import CHANCE, ENOUGH, SMALLEST, Finding, Relation
from checks.validity_items import Item, Wording
from checks.validity_marks import Gathered, Marks
from config.works_drawing import CORRELATIONS, interval
from config.works_figures import figure
from templates_app.kinds import Kind

MOST_QUESTIONS, MOST_COMPETENCIES = 120, 60  # lines


@dataclass(frozen=True)
class Criterion:
    """What marks are compared with: the two groups by name, and what a line of figures says, by finding."""

    slug: str
    title: Any
    about: Any
    inside: Any
    outside: Any
    relation: Callable[[Marks], Relation]
    says: dict[Finding, Any]


SHAPES = {Finding.HIGHER: "done", Finding.LOWER: "warn", Finding.NOT_SEEN: "stopped"}
COMMON: dict[Finding, Any] = {
    Finding.TOO_FEW: gettext_lazy("Too few: it takes %(smallest)d checks in each group."),
    Finding.ALL_ALIKE: gettext_lazy("All marks are the same, so nothing can be told from them."),
    Finding.NOT_SEEN_YET: gettext_lazy("Nothing clear yet. With so few, a relation that is there can be missed."),
    Finding.NOT_SEEN: gettext_lazy("No relation seen here: a candidate for retiring."),
}
KEPT = Criterion(
    "kept",
    gettext_lazy("Who is still employed"),
    gettext_lazy("Among those who were hired. The better test: nobody reads a report to decide it."),
    gettext_lazy("Still employed"),
    gettext_lazy("Not any more"),
    Marks.against_kept,
    COMMON
    | {
        Finding.HIGHER: gettext_lazy("Those still employed had higher marks."),
        Finding.LOWER: gettext_lazy("Those still employed had lower marks. Read its words again."),
    },
)
HIRED = Criterion(
    "hired",
    gettext_lazy("Who was hired"),
    gettext_lazy("The report itself had a part in it, so some relation is to be expected."),
    gettext_lazy("Hired"),
    gettext_lazy("Not hired"),
    Marks.against_hired,
    COMMON
    | {
        Finding.HIGHER: gettext_lazy("Those hired had higher marks."),
        Finding.LOWER: gettext_lazy("Those hired had lower marks. Read its words again."),
    },
)


@dataclass(frozen=True)
class Line:
    """One question, one answer to choose from, or one competency."""

    name: str
    about: str
    relation: Relation
    says: str
    points: int = 0  # steps of its scale; 0: marks are shown as they are, from 0 to 1

    @property
    def shape(self) -> str:
        return SHAPES.get(self.relation.finding, "")

    @property
    def mean_in(self) -> str:
        return self._mean(self.relation.mean_in)

    @property
    def mean_out(self) -> str:
        return self._mean(self.relation.mean_out)

    def _mean(self, mark: float | None) -> str:
        if mark is None:
            return "–"
        return figure(1 + mark * (self.points - 1), 1) if self.points else figure(mark, 2)

    @property
    def figures(self) -> str:
        """Such as: 0.31, between 0.12 and 0.48."""
        found = self.relation
        if found.r is None or found.low is None or found.high is None:
            return ""
        words = {"r": figure(found.r, 2), "low": figure(found.low, 2), "high": figure(found.high, 2)}
        return _("%(r)s, between %(low)s and %(high)s") % words

    @property
    def strip(self) -> SafeString | str:
        found = self.relation
        if found.r is None or found.low is None or found.high is None:
            return ""
        label = _("%(name)s: correlation %(figures)s") % {"name": self.name, "figures": self.figures}
        return interval((found.low, found.high), found.r, label, CORRELATIONS, beside=0.0)


class Table:
    """All lines for one criterion."""

    def __init__(self, found: Gathered, criterion: Criterion) -> None:
        self.found, self.criterion = found, criterion

    @cached_property
    def questions(self) -> list[Line]:
        """In the order of the surveys and of their questions."""
        items = sorted(self.found.items, key=lambda item: _order(item, self.found.wordings[item]))
        return [self._question(item) for item in items[:MOST_QUESTIONS]]

    @cached_property
    def competencies(self) -> list[Line]:
        return [self._competency(name) for name in sorted(self.found.competencies)[:MOST_COMPETENCIES]]

    @property
    def is_cut(self) -> bool:
        return len(self.found.items) > MOST_QUESTIONS or len(self.found.competencies) > MOST_COMPETENCIES

    @property
    def lines(self) -> list[Line]:
        return [*self.competencies, *self.questions]

    @property
    def parts(self) -> Iterator[tuple[str, list[Line]]]:
        yield _("Competency"), self.competencies
        yield _("Question"), self.questions

    @property
    def has_figures(self) -> bool:
        return any(line.relation.mean_in is not None for line in self.lines)

    @property
    def by_chance(self) -> str:
        """How many intervals would stand clear of 0 if nothing were true."""
        several = [line for line in self.competencies if self.found.is_of_several(line.name)]
        intervals = sum(line.relation.r is not None for line in (*several, *self.questions))
        words = {"count": intervals, "chance": figure(intervals * CHANCE, 1)}
        return (
            _(
                "%(count)d different intervals stand here. If no mark told anything, about one in twenty would stand "
                "clear of 0 all the same: %(chance)s of these."
            )
            % words
        )

    def _question(self, item: Item) -> Line:
        wording = self.found.wordings[item]
        name = f"{wording.text} – {item.option}" if item.option else wording.text
        relation = self.criterion.relation(self.found.items[item])
        return Line(name, " ".join(_about(item, wording)), relation, self._says(relation), item.points)

    def _competency(self, name: str) -> Line:
        relation, points = self.criterion.relation(self.found.competencies[name]), self.found.points_of(name)
        about = _("From 1 to %(points)d.") % {"points": points} if points else _("From 0, the lowest answer, to 1.")
        return Line(name, about, relation, self._says(relation), points)

    def _says(self, relation: Relation) -> str:
        says = str(self.criterion.says[relation.finding]) % {"smallest": SMALLEST}
        if not relation.is_few:
            return says
        return _("%(says)s Fewer than %(enough)d checks: take it for a hint.") % {"says": says, "enough": ENOUGH}


def _order(item: Item, wording: Wording) -> tuple[Any, ...]:
    return wording.survey.casefold(), item.survey, wording.place, item.points, item.option


def _about(item: Item, wording: Wording) -> Iterator[str]:
    yield _("%(survey)s.") % {"survey": wording.survey}
    if item.kind == Kind.SCALE:
        yield _("From 1 to %(points)d.") % {"points": item.points}
    else:
        yield _("Yes is 1, unsure ½, no 0.") if item.kind == Kind.YES_NO else _("Who chose it is 1, who did not 0.")
    if wording.is_follow_up:
        yield _("Asked after certain answers alone.")
