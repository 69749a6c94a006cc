"""A radar: values from 0 to 100 on axes around a centre."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .drawing import line, opened, polar, text, wrapped

WIDTH, HEIGHT = 640.0, 360.0
_SIZE = 11.0
_CENTRE, _RADIUS = WIDTH / 2, 128.0
_DOWN = (WIDTH - HEIGHT) / 2  # how much of the square is left out above
# (colour, dashes) of series: told apart without colour as well. Their marks are square, circle and triangle.
_LOOKS = (("#1d5a9e", ""), ("#a6500a", "6 3"), ("#5d3a94", "2 3"))


@dataclass(frozen=True)
class Ray:
    """An axis: its name and the value of each series (0 to 100), None where there is none."""

    label: str
    values: tuple[float | None, ...]
    written: str = ""


def radar(rays: Sequence[Ray], names: Sequence[str], *, rings: Mapping[int, str], alternative: str) -> str:
    """The picture as SVG text. ``rings`` are circles at values with their words.

    Neighbouring values are joined by a line; where one is missing the line is broken, and the axis says so with a
    dash. Up to three series. An axis of one series carries its value in words.
    """
    keys = len(names) if len(names) > 1 else 0
    parts = [opened(WIDTH, HEIGHT + 18 * keys, alternative, size=_SIZE), f'<g transform="translate(0 -{_DOWN:g})">']
    for value, words in rings.items():
        parts.append(
            f'<circle cx="{_CENTRE:g}" cy="{_CENTRE:g}" r="{_RADIUS * value / 100:.2f}" fill="none" '
            f'stroke="currentColor" stroke-opacity="0.3"/>'
        )
        parts.append(text(_CENTRE + 2, _CENTRE - _RADIUS * value / 100 - 1, words, size=8))
    angles = [2 * math.pi * number / max(1, len(rays)) for number in range(len(rays))]
    for ray, angle in zip(rays, angles, strict=True):
        parts += _axis(ray, angle)
    for number in range(len(names)):
        parts += _series([ray.values[number] for ray in rays], angles, number)
    parts.append("</g>")
    parts += [_key(number, names[number]) for number in range(keys)]
    return "".join([*parts, "</svg>"])


def _axis(ray: Ray, angle: float) -> list[str]:
    x, y = polar(_CENTRE, _RADIUS, angle)
    spoke = line(_CENTRE, _CENTRE, x, y, faint=True)
    x, y = polar(_CENTRE, _RADIUS + 10, angle)
    side, up = math.sin(angle), math.cos(angle)
    anchor = "middle" if abs(side) < 0.2 else "start" if side > 0 else "end"
    room = (WIDTH - x if side > 0 else x) if abs(side) >= 0.2 else 160.0
    words = wrapped(ray.label, room, _SIZE, 3)
    if ray.written:
        words.append(ray.written)
    step = _SIZE * 1.15
    # Above the circle the last line stands at the point, below it the first, beside it the middle.
    upper = y + _SIZE * 0.35 - (len(words) - 1) * step * (1 + up) / 2
    return [
        spoke,
        *(
            text(x, upper + step * number, one, anchor=anchor, bold=number == len(words) - 1 and bool(ray.written))
            for number, one in enumerate(words)
        ),
    ]


def _series(values: Sequence[float | None], angles: Sequence[float], number: int) -> list[str]:
    colour, dash = _LOOKS[number % len(_LOOKS)]
    points = [
        None if value is None else polar(_CENTRE, _RADIUS * value / 100, angle)
        for value, angle in zip(values, angles, strict=True)
    ]
    found: list[str] = []
    if len(points) > 2 and all(point is not None for point in points):
        corners = " ".join(f"{point[0]:.2f},{point[1]:.2f}" for point in points if point)
        found.append(f'<polygon points="{corners}" fill="{colour}" fill-opacity="0.13" stroke="none"/>')
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    pairs = zip(points, [*points[1:], points[0]], strict=True) if len(points) > 1 else ()
    for one, other in pairs:
        if one and other:
            found.append(
                f'<line x1="{one[0]:.2f}" y1="{one[1]:.2f}" x2="{other[0]:.2f}" y2="{other[1]:.2f}" '
                f'stroke="{colour}" stroke-width="2"{dashes}/>'
            )
    return found + [sign(point[0], point[1], number) for point in points if point]


def sign(x: float, y: float, number: int) -> str:
    """The mark of a series at a point: square, circle, triangle."""
    colour, _ = _LOOKS[number % len(_LOOKS)]
    match number % len(_LOOKS):
        case 0:
            return f'<rect x="{x - 3:.2f}" y="{y - 3:.2f}" width="6" height="6" fill="{colour}"/>'
        case 1:
            return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="3.4" fill="{colour}"/>'
        case _:
            path = f"M{x:.2f} {y - 4:.2f}L{x + 4:.2f} {y + 3:.2f}L{x - 4:.2f} {y + 3:.2f}Z"
            return f'<path d="{path}" fill="{colour}"/>'


def _key(number: int, name: str) -> str:
    colour, dash = _LOOKS[number % len(_LOOKS)]
    y = HEIGHT + 8 + 18 * number
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="8" x2="40" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2"{dashes}/>'
        f"{sign(24, y, number)}{text(48, y + 3, name)}"
    )
