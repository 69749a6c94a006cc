"""Horizontal bars with a mark: amounts against what they are measured by, and amounts under several choices."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from .drawing import TONES, cut, line, opened, text, width_of

WIDTH = 420.0
_MARGIN, _RIGHT, _ROW, _HIGH = 4.0, 96.0, 38.0, 14.0
_LETTERS = 12


@dataclass(frozen=True)
class Bar:
    """One row: ``label`` above, ``value`` as a bar, ``said`` the value in words behind it.

    ``mark`` is a line across the bar; ``strong`` a bar that is meant above others; ``over`` one that went beyond its
    mark. Without a value the row says ``said`` only.
    """

    label: str
    value: float | None
    said: str
    mark: float | None = None
    strong: bool = True
    over: bool = False


def bars(rows: Sequence[Bar], *, alternative: str) -> str:
    """The picture as SVG text: bars from zero on one scale; negative values run to the left of zero.

    Labels stand above their bars, so that the picture is read on a telephone as on a sheet.
    """
    known = [each for row in rows for each in (row.value, row.mark) if each is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    height = _ROW * len(rows)

    def x(value: float) -> float:
        return _MARGIN + (value - low) / ((high - low) or 1) * (WIDTH - _MARGIN - _RIGHT)

    parts = [opened(WIDTH, height, alternative, size=_LETTERS), line(x(0), 0, x(0), height, faint=True)]
    for number, row in enumerate(rows):
        parts += _row(row, _ROW * number, x)
    return "".join([*parts, "</svg>"])


def _row(row: Bar, top: float, x: Callable[[float], float]) -> list[str]:
    middle = top + 24
    label = text(_MARGIN, top + 13, cut(row.label, WIDTH - 2 * _MARGIN, _LETTERS), bold=row.strong)
    parts = [f"<g><title>{escape(f'{row.label}: {row.said}')}</title>", label]
    if row.value is not None:
        tone = TONES[0] if row.over else TONES[3] if row.strong else TONES[2]
        left, right = sorted((x(0), x(row.value)))
        parts.append(
            f'<rect x="{left:.2f}" y="{middle - _HIGH / 2:.2f}" width="{max(1.0, right - left):.2f}" '
            f'height="{_HIGH:g}" fill="{tone.fill}"/>'
        )
    if row.mark is not None:
        parts.append(line(x(row.mark), middle - 10, x(row.mark), middle + 10, width=2.5))
    reach = max([x(0), *(x(each) for each in (row.value, row.mark) if each is not None)])
    place = min(reach + 6, WIDTH - width_of(row.said, _LETTERS))
    parts.append(text(place, middle + 4, row.said))
    return [*parts, "</g>"]
