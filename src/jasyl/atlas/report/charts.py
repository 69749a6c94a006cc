"""Pictures of a report as SVG: bars of the months, a table of month by hour, the place in the country."""

import math
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any

import msgspec

from jasyl.places.boundaries import Boundaries
from jasyl.texts import Language, say, write_number

from ..colour import ramp
from ..scale import AMBER

# Texts take the colour of what is around them, so that they can be read on light and dark pages and on paper.
INK, SOFT, BAR = "currentColor", "currentColor", "#1f8a52"
HEAT = tuple(f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in ramp(AMBER, 64))
EDGES = (46.4, 40.4, 87.4, 55.5)
Numbers = Sequence[Decimal | None]


def month_bars(values: Numbers, language: Language, *, width: int = 360, height: int = 130) -> str:
    """Bars of January to December from a zero line; a missing month has none."""
    known = [float(value) for value in values if value is not None]
    top, bottom = max([*known, 0.0]), min([*known, 0.0])
    span = (top - bottom) or 1.0
    left, right, head, foot = 6, 6, 18, 16
    step, room = (width - left - right) / 12, height - head - foot
    zero = head + top / span * room
    parts = [_open(width, height)]
    for number, value in enumerate(values):
        middle = left + step * (number + 0.5)
        name = escape(say(language, f"month-short-{number + 1}"))
        parts.append(f'<text x="{middle:.1f}" y="{height - 4}" text-anchor="middle" fill="{SOFT}">{name}</text>')
        if value is None:
            parts.append(f'<text x="{middle:.1f}" y="{zero - 3:.1f}" text-anchor="middle" fill="{SOFT}">—</text>')
            continue
        tall = abs(float(value)) / span * room
        upper = zero - tall if value >= 0 else zero
        written = escape(write_number(language, value, _digits(max(abs(top), abs(bottom)))))
        parts.append(
            f'<rect x="{middle - step * 0.36:.1f}" y="{upper:.1f}" width="{step * 0.72:.1f}" height="{tall:.1f}" '
            f'fill="{BAR}"/><text x="{middle:.1f}" y="{(upper if value >= 0 else upper + tall + 11) - 3:.1f}" '
            f'text-anchor="middle" font-size="9.5" fill="{INK}">{written}</text>'
        )
    parts.append(f'<line x1="{left}" x2="{width - right}" y1="{zero:.1f}" y2="{zero:.1f}" stroke="{SOFT}"/></svg>')
    return "".join(parts)


def hour_table(hours: Sequence[Numbers], language: Language, *, width: int = 360, height: int = 190) -> str:
    """Twelve months by twenty-four hours in colours from light (least) to dark (greatest), with both in words."""
    known = [float(value) for row in hours for value in row if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    left, head, foot = 34, 4, 30
    wide, tall = (width - left - 4) / 24, (height - head - foot) / 12
    parts = [_open(width, height)]
    for month, row in enumerate(hours):
        y = head + tall * month
        name = escape(say(language, f"month-short-{month + 1}"))
        parts.append(f'<text x="{left - 4}" y="{y + tall - 3:.1f}" text-anchor="end" fill="{SOFT}">{name}</text>')
        for hour, value in enumerate(row):
            if value is not None:
                shade = HEAT[round((float(value) - low) / ((high - low) or 1) * (len(HEAT) - 1))]
                parts.append(_rect(left + wide * hour, y, wide, tall, shade))
    for hour in range(0, 25, 6):
        x, y = left + wide * hour, head + tall * 12 + 11
        anchor = "middle" if 0 < hour < 24 else "start" if hour == 0 else "end"
        parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{SOFT}">{hour}</text>')
    parts += _ramp_key(left, height - 9, low, high, language)
    return "".join([*parts, "</svg>"])


def _ramp_key(left: float, y: float, low: float, high: float, language: Language) -> list[str]:
    digits = _digits(max(abs(low), abs(high)))
    least, most = (escape(write_number(language, value, digits)) for value in (low, high))
    swatches = [_rect(left + 40 + 2 * number, y, 2.2, 7, colour) for number, colour in enumerate(HEAT)]
    return [
        f'<text x="{left + 36}" y="{y + 7}" text-anchor="end" fill="{INK}">{least}</text>',
        *swatches,
        f'<text x="{left + 44 + 2 * len(HEAT)}" y="{y + 7}" fill="{INK}">{most}</text>',
    ]


def locator(borders: Boundaries, longitude: float, latitude: float, *, width: int = 360) -> str:
    """The regions of the country with a mark at the place."""
    scale = width / (EDGES[2] - EDGES[0])
    height = round((_mercator(EDGES[3]) - _mercator(EDGES[1])) * scale)
    x, y = _projected(longitude, latitude, scale)
    mark = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="none" stroke="#a3201b" stroke-width="2"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="#a3201b"/>'
    )
    return f"{_open(width, height)}{_outlines(borders, scale)}{mark}</svg>"


@lru_cache(maxsize=4)
def _outlines(borders: Boundaries, scale: float) -> str:
    found: list[str] = []
    for feature in msgspec.json.decode(borders.as_geojson("region", "coarse"))["features"]:
        geometry: Any = feature["geometry"]
        polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
        path = "".join(_ring(ring, scale) for polygon in polygons for ring in polygon)
        found.append(f'<path d="{path}" fill="#fafbf7" stroke="#8fa096" stroke-width="0.6"/>')
    return "".join(found)


def _ring(ring: Sequence[Sequence[float]], scale: float) -> str:
    points = (_projected(point[0], point[1], scale) for point in ring[:-1])
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z"


def _projected(longitude: float, latitude: float, scale: float) -> tuple[float, float]:
    return (longitude - EDGES[0]) * scale, (_mercator(EDGES[3]) - _mercator(latitude)) * scale


def _mercator(latitude: float) -> float:
    return math.degrees(math.asinh(math.tan(math.radians(latitude))))


def _open(width: float, height: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="Inter, system-ui, sans-serif" font-size="10.5">'
    )


def _rect(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" fill="{colour}"/>'


def _digits(size: float) -> int:
    return 0 if size >= 100 else 1 if size >= 10 else 2
