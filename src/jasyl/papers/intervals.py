"""Values with what is not known about them: a range, a point, and words where there is nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from .drawing import cut, line, opened, text

WIDTH = 640.0
_LEFT, _RIGHT, _ROW, _HEAD = 150.0, 196.0, 26.0, 8.0
_COLOUR = "#1d5a9e"


@dataclass(frozen=True)
class Interval:
    """One line: ``low`` and ``high`` bound what ``value`` may be; without a value ``note`` stands in their place."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    note: str = ""


def intervals(rows: Sequence[Interval], *, low: float, high: float, ticks: Sequence[tuple[float, str]],
              alternative: str) -> str:  # fmt: skip
    """The picture as SVG text: one row a line on an axis from ``low`` to ``high``; ranges are pale, values dark."""
    height = _HEAD + _ROW * len(rows) + 22

    def x(value: float) -> float:
        return _LEFT + (value - low) / ((high - low) or 1) * (WIDTH - _LEFT - _RIGHT)

    parts = [opened(WIDTH, height, alternative, size=10)]
    for value, words in ticks:
        parts.append(line(x(value), _HEAD, x(value), height - 20, faint=True))
        parts.append(text(x(value), height - 7, words, anchor="middle", size=9))
    for number, row in enumerate(rows):
        middle = _HEAD + _ROW * (number + 0.5)
        parts.append(text(_LEFT - 8, middle + 3.5, cut(row.label, _LEFT - 12, 10), anchor="end"))
        if row.low is not None and row.high is not None:
            wide = max(1.0, x(row.high) - x(row.low))
            parts.append(
                f'<rect x="{x(row.low):.2f}" y="{middle - 6:.2f}" width="{wide:.2f}" height="12" fill="{_COLOUR}" '
                f'fill-opacity="0.25" stroke="{_COLOUR}" stroke-width="0.8"/>'
            )
        if row.value is not None:
            parts.append(
                f'<rect x="{x(row.value) - 2:.2f}" y="{middle - 8:.2f}" width="4" height="16" fill="{_COLOUR}"/>'
            )
        if row.note:
            place = _LEFT + 4 if row.high is None and row.value is None else WIDTH - _RIGHT + 8
            parts.append(text(place, middle + 3.5, row.note, size=9))
    return "".join([*parts, "</svg>"])
