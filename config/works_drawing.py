"""An interval as inline SVG: a line from its lower to its upper end with a dot where the figure is, on a ruled ground.

As in a report's charts, places are in percent and there is no viewBox; all words stay HTML, and shapes alone carry
the meaning: a dot, a line with feet, and an upright line for what the figure is compared with.
"""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

MIDDLE = 20  # the line's height in a strip of 40 pixels
FOOT = 6  # pixels up and down from there
CORRELATIONS = (-1.0, 1.0)
RATES = (0.0, 1.0)


def interval(
    ends: tuple[float, float], at: float, label: str, scale: tuple[float, float], beside: float | None
) -> SafeString:
    """`scale` is what the drawing's two sides stand for; `beside`, where the upright line is. `label` says it all."""
    low, high, middle = (_x(place, scale) for place in (*ends, at))
    parts = [
        *(_upright("grid", _x(scale[0] + (scale[1] - scale[0]) * step / 4, scale)) for step in range(5)),
        *([_upright("beside", _x(beside, scale))] if beside is not None else []),
        format_html('<line class="reach" x1="{}" x2="{}" y1="{}" y2="{}"/>', low, high, MIDDLE, MIDDLE),
        *(_upright("reach", x, MIDDLE - FOOT, MIDDLE + FOOT) for x in (low, high)),
        format_html('<circle class="dot" cx="{}" cy="{}" r="6.5"/>', middle, MIDDLE),
    ]
    return _drawn(parts, label)


def _drawn(parts: Iterable[SafeString], label: str) -> SafeString:
    drawing = format_html_join("", "{}", ((part,) for part in parts))
    return format_html('<svg class="strip" role="img" aria-label="{}">{}</svg>', label, drawing)


def _x(place: float, scale: tuple[float, float]) -> str:
    within = min(max(place, scale[0]), scale[1])
    return f"{(within - scale[0]) / (scale[1] - scale[0]) * 100:.6g}%"


def _upright(name: str, x: str, top: int = 4, bottom: int = 36) -> SafeString:
    return format_html('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', name, x, x, top, bottom)
