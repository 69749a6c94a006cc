"""Charts over years as SVG text: the same picture stands in a page, in a PDF and as a file of its own.

Pure functions of numbers and words. Colours are written as attributes (a page forbids inline styles), letters and
lines take the colour of the text around them. Values that are missing leave a gap, never a line through it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from jasyl.texts import Language, write_number

# ``points``: a line with a dot at every value.
Shape = Literal["line", "points", "area", "dots", "bars"]
# Okabe and Ito (2008): told apart by people with colour blindness, on white and on black.
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8a8a8a", "#b8a800")
_DASH = "6 3"
_LETTER = 6.7  # width of a digit at the size of the axis, in units of the picture
_LINE = 17


@dataclass(frozen=True)
class Curve:
    """One series: a point or None a year. ``low`` and ``high`` give a band around it."""

    label: str
    years: Sequence[float]
    values: Sequence[float | None]
    shape: Shape = "line"
    dashed: bool = False
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()


@dataclass(frozen=True)
class Break:
    """Where a series changes its definition: a line across, with a word beside it."""

    year: float
    label: str


@dataclass(frozen=True)
class Chart:
    """What a chart shows. Curves of shape ``area`` are stacked in their order."""

    title: str
    description: str
    unit: str
    curves: Sequence[Curve]
    breaks: Sequence[Break] = ()
    width: int = 640
    height: int = 340


@dataclass(frozen=True)
class _Frame:
    left: float
    right: float
    top: float
    bottom: float
    first: float
    last: float
    low: float
    high: float

    def x(self, year: float) -> float:
        return self.left + (self.right - self.left) * (year - self.first) / (self.last - self.first)

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * (value - self.low) / (self.high - self.low)


def line_chart(chart: Chart, language: Language) -> str:
    """The chart as SVG text, in ``language`` as to its numbers; its words come with the chart."""
    stacked = _stacked(chart.curves)
    ticks = _ticks(chart, stacked)
    written = [write_number(language, tick) for tick in ticks]
    legend = _legend_rows(chart)
    left = max(len(text) for text in written) * _LETTER + 14
    years = [year for curve in chart.curves for year in curve.years] or [0.0, 1.0]
    spread = (max(years) - min(years)) or 1.0
    edge = 0.6 if any(curve.shape == "bars" for curve in chart.curves) else 0.02 * spread
    frame = _Frame(
        left, chart.width - 12, 30, chart.height - 34 - _LINE * len(legend),
        min(years) - edge, max(years) + edge, ticks[0], ticks[-1],
    )  # fmt: skip
    parts = [*_axes(chart, frame, ticks, written), *_breaks(chart, frame)]
    for number, curve in enumerate(chart.curves):
        parts += _drawn(curve, frame, PALETTE[number % len(PALETTE)], number, stacked.get(number))
    parts += _legend(chart, frame, legend)
    return _svg(chart, parts)


def _svg(chart: Chart, parts: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {chart.width} {chart.height}" role="img"'
        f' width="100%" font-family="sans-serif" font-size="12" fill="currentColor"'
        f' aria-label="{escape(chart.title)}">'
    )
    said = f"<title>{escape(chart.title)}</title><desc>{escape(chart.description)}</desc>"
    return "".join((head, said, *parts, "</svg>"))


def _stacked(curves: Sequence[Curve]) -> dict[int, tuple[list[float], list[float]]]:
    """Lower and upper edge of each area, by the number of its curve; a missing value is no height."""
    below: dict[float, float] = {}
    found: dict[int, tuple[list[float], list[float]]] = {}
    for number, curve in enumerate(curves):
        if curve.shape != "area":
            continue
        low = [below.get(year, 0.0) for year in curve.years]
        high = [under + (value or 0.0) for under, value in zip(low, curve.values, strict=True)]
        below.update(zip(curve.years, high, strict=True))
        found[number] = low, high
    return found


def _ticks(chart: Chart, stacked: dict[int, tuple[list[float], list[float]]]) -> list[float]:
    values = [
        value for curve in chart.curves for value in (*curve.values, *curve.low, *curve.high) if value is not None
    ]
    values += [value for _, high in stacked.values() for value in high]
    low, high = min([0.0, *values]), max([0.0, *values])
    if high == low:
        high = low + 1.0
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [number * step for number in range(first, last + 1)]


def _axes(chart: Chart, frame: _Frame, ticks: Sequence[float], written: Sequence[str]) -> list[str]:
    parts = [_text(2, 14, chart.unit, "start")]
    for tick, text in zip(ticks, written, strict=True):
        y = frame.y(tick)
        faint = "0.6" if tick == 0 else "0.15"
        parts.append(_line(frame.left, y, frame.right, y, f'stroke="currentColor" stroke-opacity="{faint}"'))
        parts.append(_text(frame.left - 6, y + 4, text, "end"))
    room = max(1, int((frame.right - frame.left) / 46))
    first, last = math.ceil(frame.first), math.floor(frame.last)
    step = next(each for each in (1, 2, 5, 10, 20, 25, 50, 100, 200) if (last - first) / each <= room)
    start = first if step == 1 else -(-first // step) * step
    parts += [_text(frame.x(year), frame.bottom + 16, str(year), "middle") for year in range(start, last + 1, step)]
    return parts


def _breaks(chart: Chart, frame: _Frame) -> list[str]:
    parts: list[str] = []
    for number, one in enumerate(chart.breaks):
        x = frame.x(one.year)
        stroke = 'stroke="#d55e00" stroke-width="1.5" stroke-dasharray="5 4"'
        parts.append(_line(x, frame.top, x, frame.bottom, stroke))
        # Beside the line, on the side with more room; neighbours stand on lines of their own.
        anchor, shift = ("start", 4) if x < (frame.left + frame.right) / 2 else ("end", -4)
        parts.append(_text(x + shift, frame.top + 10 + 14 * (number % 3), f"≠ {one.label}", anchor, 'fill="#d55e00"'))
    return parts


def _drawn(
    curve: Curve, frame: _Frame, colour: str, number: int, edges: tuple[list[float], list[float]] | None
) -> list[str]:
    if edges is not None:
        return _area(curve, frame, colour, *edges)
    parts = _band(curve, frame, colour) if curve.low else []
    known = [
        (frame.x(year), frame.y(value), value)
        for year, value in zip(curve.years, curve.values, strict=True)
        if value is not None
    ]
    if curve.shape == "bars":
        base = frame.y(0)
        wide = (frame.right - frame.left) / (frame.last - frame.first) * 0.6
        return parts + [
            f'<rect x="{x - wide / 2:.1f}" y="{min(y, base):.1f}" width="{wide:.1f}" height="{abs(base - y):.1f}"'
            f' fill="{colour}"/>'
            for x, y, _ in known
        ]
    if curve.shape in ("line", "points"):
        for run in _runs(curve, frame):
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
            dashes = f' stroke-dasharray="{_DASH}"' if curve.dashed else ""
            parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>')
    if curve.shape in ("dots", "points") or len(known) < 3:
        parts += [_dot(x, y, colour, number) for x, y, _ in known]
    return parts


def _runs(curve: Curve, frame: _Frame) -> list[list[tuple[float, float]]]:
    """Stretches without a gap."""
    runs: list[list[tuple[float, float]]] = [[]]
    for year, value in zip(curve.years, curve.values, strict=True):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((frame.x(year), frame.y(value)))
    return [run for run in runs if run]


def _area(curve: Curve, frame: _Frame, colour: str, low: Sequence[float], high: Sequence[float]) -> list[str]:
    up = [f"{frame.x(year):.1f},{frame.y(value):.1f}" for year, value in zip(curve.years, high, strict=True)]
    down = [f"{frame.x(year):.1f},{frame.y(value):.1f}" for year, value in zip(curve.years, low, strict=True)]
    points = " ".join((*up, *reversed(down)))
    return [f'<polygon points="{points}" fill="{colour}" fill-opacity="0.75"/>']


def _band(curve: Curve, frame: _Frame, colour: str) -> list[str]:
    ends = [
        (frame.x(year), frame.y(low), frame.y(high))
        for year, low, high in zip(curve.years, curve.low, curve.high, strict=True)
        if low is not None and high is not None
    ]
    points = " ".join(
        (*(f"{x:.1f},{high:.1f}" for x, _, high in ends), *(f"{x:.1f},{low:.1f}" for x, low, _ in reversed(ends)))
    )
    return [f'<polygon points="{points}" fill="{colour}" fill-opacity="0.18"/>']


def _dot(x: float, y: float, colour: str, number: int) -> str:
    """A mark whose form differs as well as its colour."""
    match number % 4:
        case 0:
            return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>'
        case 1:
            return f'<rect x="{x - 3.5:.1f}" y="{y - 3.5:.1f}" width="7" height="7" fill="{colour}"/>'
        case 2:
            points = f"{x:.1f},{y - 5:.1f} {x + 5:.1f},{y + 4:.1f} {x - 5:.1f},{y + 4:.1f}"
            return f'<polygon points="{points}" fill="{colour}"/>'
        case _:
            points = f"{x:.1f},{y - 5:.1f} {x + 5:.1f},{y:.1f} {x:.1f},{y + 5:.1f} {x - 5:.1f},{y:.1f}"
            return f'<polygon points="{points}" fill="{colour}"/>'


def _legend_rows(chart: Chart) -> list[list[int]]:
    """Numbers of curves, in lines that fit the width."""
    rows: list[list[int]] = [[]]
    used = 0.0
    for number, curve in enumerate(chart.curves):
        wide = len(curve.label) * _LETTER + 34
        if used + wide > chart.width - 16 and rows[-1]:
            rows.append([])
            used = 0.0
        rows[-1].append(number)
        used += wide
    return rows


def _legend(chart: Chart, frame: _Frame, rows: Sequence[Sequence[int]]) -> list[str]:
    parts: list[str] = []
    for line, row in enumerate(rows):
        x, y = 8.0, frame.bottom + 36 + _LINE * line
        for number in row:
            curve, colour = chart.curves[number], PALETTE[number % len(PALETTE)]
            if curve.shape in ("area", "bars"):
                parts.append(f'<rect x="{x:.1f}" y="{y - 9:.1f}" width="14" height="10" fill="{colour}"/>')
            elif curve.shape == "dots":
                parts.append(_dot(x + 7, y - 4, colour, number))
            else:
                dash = f' stroke-dasharray="{_DASH}"' if curve.dashed else ""
                parts.append(_line(x, y - 4, x + 18, y - 4, f'stroke="{colour}" stroke-width="2.5"{dash}'))
            parts.append(_text(x + 22, y, curve.label, "start"))
            x += len(curve.label) * _LETTER + 34
    return parts


def _line(x1: float, y1: float, x2: float, y2: float, stroke: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {stroke}/>'


def _text(x: float, y: float, text: str, anchor: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{" " + more if more else ""}>{escape(text)}</text>'
