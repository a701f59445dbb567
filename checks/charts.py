"""A scale's answers as a line of a chart, as a sentence, and as a row of the table behind."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from checks import drawing, wording
from checks.findings import Figures, Mark, Person, Scale
from templates_app.kinds import RELATIONS

# Up to these, the words of a scale fit above their columns, also on a telephone; longer ones are listed below.
MOST_COLUMNS, LONGEST_LABEL, LONGEST_WORD = 5, 26, 11


@dataclass(frozen=True)
class Step:
    """One answer of a scale in full, from the top down, and the people who gave it."""

    number: int
    label: str
    who: str


@dataclass(frozen=True)
class Group:
    """The same scale as managers, colleagues and so on answered it."""

    name: str
    strip: SafeString
    count: str
    mean: str


@dataclass(frozen=True)
class Row:
    """One scale: its strip, how many answered, its cells in the table behind, and its steps in full."""

    name: str
    question: str
    strip: SafeString
    count: str
    cells: tuple[str, ...]
    range: str
    mean: str
    apart: tuple[str, ...]
    groups: tuple[Group, ...]
    own: str  # the candidate's
    after: str  # what led to it, where it is a follow-up
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Chart:
    """Scales one below the other. Where their words are short they share them; else as many steps, and figures."""

    labels: tuple[str, ...]
    is_in_figures: bool
    people: tuple[Person, ...]
    groups: tuple[str, ...]  # relationships with a mean of their own
    rows: tuple[Row, ...]
    has_own: bool = False  # the candidate's own marks stand beside
    is_averages_only: bool = False  # then `people` is empty


def charts(scales: Sequence[Scale], people: Sequence[Person], *, is_averages_only: bool = False) -> list[Chart]:
    """A chart for each set of short labels and each number of long ones, in the order of the survey."""
    people = () if is_averages_only else tuple(people)
    by_axis: dict[tuple[str, ...], list[Scale]] = {}
    for scale in scales:
        by_axis.setdefault(axis_of(scale.labels), []).append(scale)
    return [replace(_chart(axis, same, people), is_averages_only=is_averages_only) for axis, same in by_axis.items()]


def axis_of(labels: tuple[str, ...]) -> tuple[str, ...]:
    """What stands above the columns: the words themselves, or figures where the words are too long."""
    words = [word for label in labels for word in label.split()]
    is_short = max(map(len, labels), default=0) <= LONGEST_LABEL and max(map(len, words), default=0) <= LONGEST_WORD
    return labels if is_short and len(labels) <= MOST_COLUMNS else tuple(map(str, range(1, len(labels) + 1)))


def _chart(axis: tuple[str, ...], scales: Sequence[Scale], people: tuple[Person, ...]) -> Chart:
    groups = tuple(sorted({group for scale in scales for group in scale.apart}))
    return Chart(
        labels=axis,
        is_in_figures=axis != scales[0].labels,
        people=people,
        groups=tuple(str(RELATIONS.get(group, group)) for group in groups),
        rows=tuple(_row(scale, people, groups) for scale in scales),
        has_own=any(scale.own for scale in scales),
    )


def _row(scale: Scale, people: Sequence[Person], groups: Sequence[str]) -> Row:
    marks = {mark.person: mark for mark in scale.marks}
    cells = [_cell(marks[person.id]) if person.id in marks else _("not asked") for person in people]
    return Row(
        name=scale.competency,
        question=scale.question,
        strip=strip(scale),
        count=count(scale.figures),
        cells=tuple(cells),
        range=_range(scale.figures),
        mean=mean_in_figures(scale.figures),
        apart=tuple(mean_in_figures(scale.apart.get(group, Figures())) for group in groups),
        groups=tuple(_group(scale, group, people) for group in groups if group in scale.apart),
        own=_cell(scale.own) if scale.own else _("not asked"),
        after=wording.after(scale.after) if scale.after else "",
        steps=tuple(reversed([_step(scale, people, number) for number in range(1, len(scale.labels) + 1)])),
    )


def _group(scale: Scale, group: str, people: Sequence[Person]) -> Group:
    theirs = {person.id for person in people if person.relationship == group}
    figures, name = scale.apart[group], str(RELATIONS.get(group, group))
    same = replace(
        scale,
        competency=f"{scale.competency}, {name}",
        marks=tuple(mark for mark in scale.marks if mark.person in theirs),
        figures=figures,
        own=None,
    )
    answers = _("%(n)d answers") % {"n": figures.n}
    return Group(name, strip(same), answers, mean_in_figures(figures))


def _step(scale: Scale, people: Sequence[Person], number: int) -> Step:
    same = {mark.person for mark in scale.marks if mark.score == number}
    who = "; ".join(wording.with_relation(person) for person in people if person.id in same)
    return Step(number, scale.labels[number - 1], who)


def _cell(mark: Mark) -> str:
    if mark.score is not None:
        return str(mark.score)
    return _("n.o.") if mark.is_unobserved else "–"


# --- words ------------------------------------------------------------------------------------------


def strip(scale: Scale) -> SafeString:
    return drawing.strip(scale, in_words(scale))


def count(figures: Figures) -> str:
    """Such as: 3 of 4, 1 not observed."""
    if figures.is_withheld:
        return _("fewer than three")
    words = {"n": figures.n, "asked": figures.asked, "unobserved": figures.unobserved, "open": figures.left_open}
    parts = [_("%(n)d of %(asked)d") % words]
    if figures.unobserved:
        parts.append(_("%(unobserved)d not observed") % words)
    if figures.left_open:
        parts.append(_("%(open)d left open") % words)
    return ", ".join(parts)


def mean_in_figures(figures: Figures) -> str:
    """The mean as it may be read: 4½ of a few, 4.3 of ten or more."""
    if figures.shown is None:
        return "–"
    whole, part = divmod(figures.shown, 1)
    if part == 0.5 and figures.n < 10:
        return f"{int(whole)}½"
    return formats.number_format(figures.shown, 0 if part == 0 and figures.n < 10 else 1)


def _range(figures: Figures) -> str:
    if figures.low is None or figures.high is None:
        return "–"
    return _("%(low)d to %(high)d") % {"low": figures.low, "high": figures.high}


def in_words(scale: Scale) -> str:
    """The strip as a sentence, for those who hear it."""
    if scale.own and scale.own.score:
        words = {"marks": _marks_in_words(scale), "own": scale.labels[scale.own.score - 1]}
        return _("%(marks)s; the candidate’s own mark: “%(own)s”") % words
    return _marks_in_words(scale)


def _marks_in_words(scale: Scale) -> str:
    figures, labels = scale.figures, scale.labels
    words = {"name": scale.competency, "count": count(figures)}
    if figures.is_withheld:
        return _("%(name)s: fewer than three answers, so none is shown") % words
    if figures.mean is None or figures.shown is None:
        return _("%(name)s: no answers, %(count)s") % words
    words["mean"] = place(figures.shown, labels)
    if figures.low is None or figures.high is None:
        return _("%(name)s: %(count)s, mean %(mean)s") % words
    words |= {
        "low": labels[figures.low - 1],
        "high": labels[figures.high - 1],
    }
    if figures.low == figures.high:
        return _("%(name)s: %(count)s, all at “%(low)s”") % words
    return _("%(name)s: %(count)s, mean %(mean)s, from “%(low)s” to “%(high)s”") % words


def place(shown: float, labels: Sequence[str]) -> str:
    below, above = labels[math.floor(shown) - 1], labels[math.ceil(shown) - 1]
    if below == above:
        return _("at “%(label)s”") % {"label": below}
    return _("between “%(below)s” and “%(above)s”") % {"below": below, "above": above}
