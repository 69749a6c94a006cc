"""A line over years with gaps, and the target it should reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .drawing import line, opened, text

WIDTH, HEIGHT = 360.0, 190.0
_LEFT, _RIGHT, _HEAD, _FOOT = 46.0, 30.0, 18.0, 20.0
_COLOUR = "#1d5a9e"


@dataclass(frozen=True)
class Mark:
    """A value of a year; None where nothing was reported. ``open`` draws a hollow mark: not verified, or not
    observed."""

    year: int
    value: float | None
    written: str = ""
    open: bool = False


def trend(marks: Sequence[Mark], *, alternative: str, target: Mark | None = None, projected: Mark | None = None,
          missing: str = "—") -> str:  # fmt: skip
    """The picture as SVG text: known years joined, broken at gaps, which are written as ``missing``.

    ``target`` is a dashed line with a diamond in its year, ``projected`` the end of a dotted line from the last value.
    """
    seen = [one for one in (*marks, target, projected) if one is not None]
    years = sorted({one.year for one in seen})
    values = [one.value for one in seen if one.value is not None]
    if not years or not values:
        return (
            opened(WIDTH, HEIGHT, alternative, size=11)
            + text(WIDTH / 2, HEIGHT / 2, missing, anchor="middle")
            + "</svg>"
        )
    low, high = min([*values, 0.0]), max([*values, 0.0])
    span, stretch = (high - low) or 1.0, (years[-1] - years[0]) or 1

    def at(year: float, value: float) -> tuple[float, float]:
        return (
            _LEFT + (year - years[0]) / stretch * (WIDTH - _LEFT - _RIGHT),
            HEIGHT - _FOOT - (value - low) / span * (HEIGHT - _HEAD - _FOOT),
        )

    parts = [opened(WIDTH, HEIGHT, alternative, size=11)]
    parts.append(line(_LEFT - 4, at(0, 0)[1], WIDTH - _RIGHT + 4, at(0, 0)[1], faint=True))
    if target is not None and target.value is not None:
        x, y = at(target.year, target.value)
        parts.append(line(_LEFT - 4, y, x, y, dash="5 3"))
        parts.append(f'<path d="M{x:.2f} {y - 5:.2f}l5 5l-5 5l-5 -5Z" fill="currentColor"/>')
        parts.append(text(_LEFT - 6, y + 3, target.written, anchor="end"))
    known = [one for one in marks if one.value is not None]
    if projected is not None and projected.value is not None and known:
        parts.append(
            line(*at(known[-1].year, known[-1].value or 0.0), *at(projected.year, projected.value), dash="1 3")
        )
        x, y = at(projected.year, projected.value)
        parts.append(text(x + 2, y + 14, projected.written, anchor="end"))
    for one, other in pairwise(marks):
        if one.value is not None and other.value is not None:
            (ax, ay), (bx, by) = at(one.year, one.value), at(other.year, other.value)
            parts.append(
                f'<line x1="{ax:.2f}" y1="{ay:.2f}" x2="{bx:.2f}" y2="{by:.2f}" stroke="{_COLOUR}" stroke-width="2"/>'
            )
    for one in marks:
        if one.value is None:
            parts.append(text(at(one.year, 0)[0], at(0, 0)[1] - 4, missing, anchor="middle"))
            continue
        x, y = at(one.year, one.value)
        fill = "none" if one.open else _COLOUR
        parts.append(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="3.5" fill="{fill}" stroke="{_COLOUR}" stroke-width="2"/>')
        parts.append(text(x, y - 7, one.written, anchor="middle"))
    parts += [text(at(year, 0)[0], HEIGHT - 5, str(year), anchor="middle") for year in years]
    return "".join([*parts, "</svg>"])
