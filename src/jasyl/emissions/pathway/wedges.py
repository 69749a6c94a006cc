"""A scenario as a picture: what is left, and above it a wedge for each measure up to the baseline; targets as marks."""

from collections.abc import Callable
from html import escape
from typing import Any

from jasyl.texts import Language, write_number

from .document import Pathway
from .scenario import Course, reached

_COLOURS = (
    "#1f8a52", "#3f7fb5", "#b8860b", "#7a5195", "#c0552d", "#2a9d8f", "#8d6e63", "#5c6bc0", "#9e9d24", "#ad1457",
)  # fmt: skip
Place = Callable[[Any], float]
_LEFT, _RIGHT, _HEAD, _FOOT = 46.0, 8.0, 12.0, 22.0
_WIDTH, _HEIGHT, _LINE = 640.0, 260.0, 15.0
_COLUMNS = 2


def wedges_svg(plan: Pathway, course: Course, language: Language, left_name: str) -> str:
    """SVG text, readable on light and dark ground; the legend names every wedge in the order of interaction."""
    top = max(float(value) for value in course.baseline) or 1.0
    names = {one.id: plan.told(one.name, language) for one in plan.measures}
    rows = -(-(len(course.scenario.measures) + 1) // _COLUMNS)
    height = _HEIGHT + rows * _LINE + 6

    def x(number: int) -> float:
        return _LEFT + number / (len(course.years) - 1) * (_WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return _HEAD + (1 - value / top) * (_HEIGHT - _HEAD - _FOOT)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {height:.0f}" width="{_WIDTH:.0f}" '
        f'height="{height:.0f}" font-family="Inter, system-ui, sans-serif" font-size="10">'
    ]
    parts += _grid(course, language, top, x, y)
    lower = [float(value) for value in course.left]
    parts.append(_area(lower, [0.0] * len(lower), "#9aa79f", x, y))
    for number, name in enumerate(reversed(course.scenario.measures)):
        upper = [low + float(value) for low, value in zip(lower, course.abated[name], strict=True)]
        parts.append(_area(upper, lower, _colour(len(course.scenario.measures) - 1 - number), x, y))
        lower = upper
    for one in reached(plan, course):
        at = course.years.index(one.target.year)
        parts.append(
            f'<circle cx="{x(at):.1f}" cy="{y(float(one.allowed)):.1f}" r="4" fill="none" stroke="#a3201b" '
            f'stroke-width="2"/>'
        )
    entries = [(left_name, "#9aa79f"), *((names[one], _colour(at)) for at, one in enumerate(course.scenario.measures))]
    return "".join([*parts, *_legend(entries), "</svg>"])


def _colour(number: int) -> str:
    return _COLOURS[number % len(_COLOURS)]


def _area(upper: list[float], lower: list[float], colour: str, x: Place, y: Place) -> str:
    over = [f"{x(at):.1f} {y(value):.1f}" for at, value in enumerate(upper)]
    under = [f"{x(at):.1f} {y(value):.1f}" for at, value in reversed(list(enumerate(lower)))]
    return f'<path d="M{"L".join([*over, *under])}Z" fill="{colour}" fill-opacity="0.85"/>'


def _grid(course: Course, language: Language, top: float, x: Place, y: Place) -> list[str]:
    found: list[str] = []
    for quarter in range(5):
        value = top * quarter / 4
        found.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="currentColor" '
            f'stroke-opacity="0.2"/><text x="{_LEFT - 4}" y="{y(value) + 3:.1f}" text-anchor="end" '
            f'fill="currentColor">{escape(write_number(language, value / 10**6, 0))}</text>'
        )
    step = 5 if len(course.years) > 12 else 1
    for at, year in enumerate(course.years):
        if year % step == 0 or at == 0:
            anchor = "start" if at == 0 else "end" if at == len(course.years) - 1 else "middle"
            if at and at < 3 and step > 1:
                continue  # too near to the base year
            found.append(
                f'<text x="{x(at):.1f}" y="{_HEIGHT - _FOOT + 14:.1f}" text-anchor="{anchor}" '
                f'fill="currentColor">{year}</text>'
            )
    return found


def _legend(entries: list[tuple[str, str]]) -> list[str]:
    found: list[str] = []
    for number, (name, colour) in enumerate(entries):
        left = _LEFT + (number % _COLUMNS) * (_WIDTH - _LEFT) / _COLUMNS
        top = _HEIGHT + 4 + (number // _COLUMNS) * _LINE
        found.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="10" height="10" fill="{colour}" fill-opacity="0.85"/>'
            f'<text x="{left + 15:.1f}" y="{top + 9:.1f}" fill="currentColor">{escape(name)}</text>'
        )
    return found
