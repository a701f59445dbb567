"""A scale's answers drawn as dots on a line, a dot per person, and the same as rows of a table behind.

The drawing is inline SVG with places in percent and without a viewBox, so that dots stay round at every width and
all words stay HTML. The colours are the stylesheet's.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from checks import wording
from checks.findings import Figures, Mark, Person, Scale
from templates_app.kinds import RELATIONS

MIDDLE = 20  # the line's height in a strip of 40 pixels
DOT = 13  # from the middle of a dot to the middle of its neighbour
# More equal answers than three make a second row, so that they stay within their column; there is room for three rows.
IN_A_ROW, MOST_ROWS = 3, 3
# Up to these, the words of a scale fit above their columns, also on a telephone; longer ones are listed below.
MOST_COLUMNS, LONGEST_LABEL, LONGEST_WORD = 5, 26, 11
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Step:
    """One answer of a scale in full, from the top down, and the people who gave it."""

    number: int
    label: str
    who: str


@dataclass(frozen=True)
class Row:
    """One scale: its strip, how many answered, its cells in the table behind, and its steps in full."""

    name: str
    question: str
    strip: SafeString
    count: str
    cells: tuple[str, ...]
    mean: str
    apart: tuple[str, ...]
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


def charts(scales: Sequence[Scale], people: Sequence[Person]) -> list[Chart]:
    """A chart for each set of short labels and each number of long ones, in the order of the survey."""
    by_axis: dict[tuple[str, ...], list[Scale]] = {}
    for scale in scales:
        by_axis.setdefault(_axis(scale.labels), []).append(scale)
    return [_chart(axis, same, tuple(people)) for axis, same in by_axis.items()]


def _axis(labels: tuple[str, ...]) -> tuple[str, ...]:
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
        mean=mean_in_figures(scale.figures),
        apart=tuple(mean_in_figures(scale.apart.get(group, Figures())) for group in groups),
        own=_cell(scale.own) if scale.own else _("not asked"),
        after=wording.after(scale.after) if scale.after else "",
        steps=tuple(reversed([_step(scale, people, number) for number in range(1, len(scale.labels) + 1)])),
    )


def _step(scale: Scale, people: Sequence[Person], number: int) -> Step:
    same = {mark.person for mark in scale.marks if mark.score == number}
    who = "; ".join(wording.with_relation(person) for person in people if person.id in same)
    return Step(number, scale.labels[number - 1], who)


def _cell(mark: Mark) -> str:
    if mark.score is not None:
        return str(mark.score)
    return _("n.o.") if mark.is_unobserved else "–"


# --- words ------------------------------------------------------------------------------------------


def count(figures: Figures) -> str:
    """Such as: 3 of 4, 1 not observed."""
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


def in_words(scale: Scale) -> str:
    """The strip as a sentence, for those who hear it."""
    if scale.own and scale.own.score:
        words = {"marks": _marks_in_words(scale), "own": scale.labels[scale.own.score - 1]}
        return _("%(marks)s; the candidate’s own mark: “%(own)s”") % words
    return _marks_in_words(scale)


def _marks_in_words(scale: Scale) -> str:
    figures, labels = scale.figures, scale.labels
    if figures.mean is None or figures.shown is None or figures.low is None or figures.high is None:
        return _("%(name)s: no answers, %(count)s") % {"name": scale.competency, "count": count(figures)}
    words = {
        "name": scale.competency,
        "count": count(figures),
        "mean": _place(figures.shown, labels),
        "low": labels[figures.low - 1],
        "high": labels[figures.high - 1],
    }
    if figures.low == figures.high:
        return _("%(name)s: %(count)s, all at “%(low)s”") % words
    return _("%(name)s: %(count)s, mean %(mean)s, from “%(low)s” to “%(high)s”") % words


def _place(shown: float, labels: Sequence[str]) -> str:
    below, above = labels[math.floor(shown) - 1], labels[math.ceil(shown) - 1]
    if below == above:
        return _("at “%(label)s”") % {"label": below}
    return _("between “%(below)s” and “%(above)s”") % {"below": below, "above": above}


# --- drawing ----------------------------------------------------------------------------------------


def strip(scale: Scale) -> SafeString:
    """One line of a chart: the steps, from lowest to highest, the mean, and the people in front of all."""
    points, figures = len(scale.labels), scale.figures
    parts = [_vertical("grid", _x(step, points), 4, 36) for step in range(1, points + 1)]
    if figures.mean is not None and figures.low is not None and figures.high is not None:
        if figures.low < figures.high:
            parts.append(_spread(_x(figures.low, points), _x(figures.high, points)))
        parts.append(_vertical("mean", _x(figures.mean, points), 6, 34))
    equal = sorted(Counter(mark.score for mark in scale.marks if mark.score is not None).items())
    parts += [_dots(_x(score, points), people) for score, people in equal]
    if scale.own and scale.own.score:
        parts.append(_own(_x(scale.own.score, points)))
    drawing = format_html_join("", "{}", ((part,) for part in parts))
    label = _NOT_IN_XML.sub("", in_words(scale))
    return format_html('<svg class="strip" role="img" aria-label="{}">{}</svg>', label, drawing)


def _x(place: float, points: int) -> str:
    """A place on the scale, from 1, as a percentage: the middle of its column."""
    return f"{(place - 0.5) / points * 100:.6g}%"


def _vertical(name: str, x: str, top: int, bottom: int) -> SafeString:
    return format_html('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', name, x, x, top, bottom)


def _spread(low: str, high: str) -> SafeString:
    return format_html('<line class="spread" x1="{}" x2="{}" y1="{}" y2="{}"/>', low, high, MIDDLE, MIDDLE)


def _dots(x: str, people: int) -> SafeString:
    """Equal answers side by side, in rows; none hides another."""
    circles = format_html_join("", '<circle class="dot" cx="{}" cy="{}" r="6.5"/>', _places(people))
    return format_html('<svg x="{}" overflow="visible">{}</svg>', x, circles)


def _own(x: str) -> SafeString:
    """The candidate's own mark: a hollow diamond below the line."""
    return format_html(
        '<svg x="{}" y="34" overflow="visible"><path class="selfmark" d="M0-6.5 6 0 0 6.5-6 0z"/></svg>', x
    )


def _places(people: int) -> Iterator[tuple[str, str]]:
    """Where the dots stand, in pixels, around the middle of the column and of the line."""
    rows = min(MOST_ROWS, math.ceil(people / IN_A_ROW))
    for row in range(rows):
        in_this_row = people // rows + (row < people % rows)
        for place in range(in_this_row):
            across, down = place - (in_this_row - 1) / 2, row - (rows - 1) / 2
            yield f"{across * DOT:g}", f"{MIDDLE + down * DOT:g}"


def people(count: int, everybody: int) -> SafeString:
    """So many of so many people: as many filled dots, and the rest as rings."""
    parts = [
        format_html(
            '<circle class="{}" cx="{}" cy="10" r="{}"/>', *(("dot", x, 8) if place < count else ("ring", x, 7.2))
        )
        for place, x in enumerate(range(10, 22 * everybody, 22))
    ]
    drawing = format_html_join("", "{}", ((part,) for part in parts))
    box = f"0 0 {max(22 * everybody, 1)} 20"
    return format_html('<svg viewBox="{}" preserveAspectRatio="xMinYMid" aria-hidden="true">{}</svg>', box, drawing)
