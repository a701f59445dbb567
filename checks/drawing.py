"""Charts as inline SVG: dots on a line, a dot per person.

Places are in percent and there is no viewBox, so that dots stay round at every width and all words stay HTML. The
colours are the stylesheet's.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from checks.marks import Scale

MIDDLE = 20  # the line's height in a strip of 40 pixels
DOT = 13  # from the middle of a dot to the middle of its neighbour
# More equal answers than three make a second row, so that they stay within their column; there is room for three rows.
IN_A_ROW, MOST_ROWS = 3, 3
_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def strip(scale: Scale, label: str) -> SafeString:
    """One line of a chart: the steps, from lowest to highest, the mean, and the people in front of all.

    `label` is the same as a sentence, for those who hear it.
    """
    points, figures = len(scale.labels), scale.figures
    parts = [*_grid(points), *_bar(figures.low, figures.high, points), *_mean(figures.mean, points)]
    equal = sorted(Counter(mark.score for mark in scale.marks if mark.score is not None).items())
    parts += [_dots(_x(score, points), people) for score, people in equal]
    if scale.own and scale.own.score:
        parts.append(_own(_x(scale.own.score, points)))
    return _drawn(parts, label)


def among(mean: float, quarters: tuple[float, float], points: int, label: str) -> SafeString:
    """Where one mean lies among others': the bar is the middle half of them."""
    return _drawn([*_grid(points), *_bar(*quarters, points), *_mean(mean, points)], label)


def _drawn(parts: Iterable[SafeString], label: str) -> SafeString:
    drawing = format_html_join("", "{}", ((part,) for part in parts))
    label = _NOT_IN_XML.sub("", label)
    return format_html('<svg class="strip" role="img" aria-label="{}">{}</svg>', label, drawing)


def _grid(points: int) -> list[SafeString]:
    return [_vertical("grid", _x(step, points), 4, 36) for step in range(1, points + 1)]


def _bar(low: float | None, high: float | None, points: int) -> list[SafeString]:
    """None where all agree, or where it is not told."""
    is_bar = low is not None and high is not None and low < high
    return [_spread(_x(low, points), _x(high, points))] if is_bar and low is not None and high is not None else []


def _mean(mean: float | None, points: int) -> list[SafeString]:
    return [_vertical("mean", _x(mean, points), 6, 34)] if mean is not None else []


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
